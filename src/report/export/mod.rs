//! Rows for other programs (snapshots, KPI history, events) as CSV, JSON Lines and Parquet, and what is said of such a
//! file (`acctsnap.export/1`).
//!
//! A batch at a time into whatever is written to: no file is ever held in memory as a whole, and none is opened here.

mod column;
mod csv;
pub mod events;
mod jsonl;
pub mod kpis;
mod parquet;
mod snapshots;

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

pub use column::{Column, Read, Row};
pub use events::EventRow;
pub use kpis::KpiRow;

use self::csv::CsvFile;
use self::jsonl::JsonLinesFile;
use self::parquet::ParquetFile;
use super::text::{count, count_as, escape_text};
use crate::model::time::Timestamp;

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.export/1";

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportKind {
    /// Every snapshot.
    Snapshots,
    /// Every KPI value that was ever known.
    Kpis,
    /// Every event, with what became of it.
    Events,
}

/// The form of an exported file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportForm {
    /// CSV, every cell as it is.
    Csv,
    /// CSV for spreadsheets.
    ExcelCsv,
    /// JSON Lines.
    Jsonl,
    /// Apache Parquet.
    Parquet,
}

/// A file that was exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.export/1")]
pub struct ExportView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// What its rows are.
    pub kind: ExportKind,
    /// Its name, as it was given.
    pub file: String,
    /// Its form.
    pub form: ExportForm,
    /// Whose rows these are.
    pub customer: String,
    /// The instant as of which they were known.
    pub as_of: Timestamp,
    /// How many rows it has, the headers aside.
    pub rows: u64,
    /// Of how many accounts they are.
    pub accounts: u64,
    /// How many columns each has.
    pub columns: u64,
    /// Of CSV: how many texts a spreadsheet would take for formulas; with `excel_csv` each has a `'` before it.
    pub formula_like: Option<u64>,
    /// Whether nothing was written, because this was a dry run.
    pub dry_run: bool,
}

/// A file of rows that is being written.
pub enum ExportFile<R, W: Write> {
    /// CSV of either form.
    Csv(CsvFile<R, W>),
    /// JSON Lines.
    Jsonl(JsonLinesFile<W>),
    /// Parquet.
    Parquet(ParquetFile<R, W>),
}

impl<R: Row, W: Write + Send> ExportFile<R, W> {
    /// Begins a file; Parquet holds `rows_per_group` rows in memory.
    ///
    /// # Errors
    /// What the writer said.
    pub fn begin(form: ExportForm, into: W, rows_per_group: usize) -> io::Result<Self> {
        Ok(match form {
            ExportForm::Csv => Self::Csv(CsvFile::plain(into)?),
            ExportForm::ExcelCsv => Self::Csv(CsvFile::for_spreadsheet(into)?),
            ExportForm::Jsonl => Self::Jsonl(JsonLinesFile::new(into)),
            ExportForm::Parquet => Self::Parquet(ParquetFile::new(into, rows_per_group)?),
        })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// What the writer said.
    pub fn write(&mut self, rows: Vec<R>) -> io::Result<()> {
        match self {
            Self::Csv(file) => file.write(&rows),
            Self::Jsonl(file) => file.write(&rows),
            Self::Parquet(file) => file.write(rows),
        }
    }

    /// Ends the file; says of CSV how many texts look like formulas.
    ///
    /// # Errors
    /// What the writer said.
    pub fn finish(self) -> io::Result<Option<u64>> {
        match self {
            Self::Csv(file) => file.finish().map(Some),
            Self::Jsonl(file) => file.finish().map(|()| None),
            Self::Parquet(file) => file.finish().map(|()| None),
        }
    }
}

/// One line for people.
#[must_use]
pub fn render(view: &ExportView) -> String {
    let noun = match view.kind {
        ExportKind::Snapshots => "snapshot",
        ExportKind::Kpis => "KPI value",
        ExportKind::Events => "event",
    };
    let verb = if view.dry_run { "would hold" } else { "holds" };
    let rows = count(view.rows, noun);
    let accounts = count(view.accounts, "account");
    let guarded = match view.formula_like {
        Some(texts) if texts > 0 && view.form == ExportForm::ExcelCsv => {
            format!(", ' before {}", count_as(texts, "text like a formula", "texts like formulas"))
        }
        _ => String::new(),
    };
    format!("{} {verb} {rows} of {accounts}{guarded}\n", escape_text(&view.file))
}
