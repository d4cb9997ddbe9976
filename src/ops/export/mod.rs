//! `export`: snapshots, the history of KPIs or events as a file for other programs.
//!
//! Rows come from one consistent state of the database and go into the file a batch at a time; the file stands whole
//! in its place at the end, or not at all.

mod rows;

use std::collections::HashSet;
use std::path::Path;

use super::Context;
use super::observer::{Level, Message};
use super::output_file::OutputFile;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::{AccountId, CustomerId};
use crate::report::export::{ExportFile, ExportForm, ExportKind, ExportView, Row, SCHEMA};
use crate::report::text::count_as;
use crate::store::Reader;

/// What to export, and whereto.
#[derive(Debug, Clone, Copy)]
pub struct ExportOptions<'a> {
    /// What.
    pub kind: ExportKind,
    /// Into which file; its ending says the form.
    pub file: &'a Path,
    /// CSV as spreadsheets like it.
    pub is_for_excel: bool,
}

/// Writes the file; what stood there before is replaced at the end.
///
/// # Errors
/// `Usage` for a file without an ending that names a form, a folder, or a database; `NoDatabase`, `UnknownCustomer`,
/// `Interrupted`, and anything that the database or the disk says. Nothing is written then.
pub fn export(context: &Context<'_>, options: &ExportOptions<'_>) -> Result<ExportView> {
    let form = form_of(options)?;
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let mut file = OutputFile::create(options.file)?;
    let export = Export { context, reader: &reader, customer, path: options.file, form };
    let written = match options.kind {
        ExportKind::Snapshots => export.write(&mut file, SNAPSHOTS_PER_GROUP, rows::snapshots),
        ExportKind::Kpis => export.write(&mut file, LINES_PER_GROUP, rows::kpis),
        ExportKind::Events => export.write(&mut file, LINES_PER_GROUP, rows::events),
    };
    context.observer.finished();
    let written = written?;
    context.cancel.check()?;
    if !context.dry_run {
        file.commit()?;
    }
    tell_of_formulas(context, form, written.formula_like);
    Ok(ExportView {
        schema: SCHEMA,
        kind: options.kind,
        file: options.file.display().to_string(),
        form,
        customer: reader.customer_name(customer)?,
        as_of: context.clock.now(),
        rows: written.rows,
        accounts: u64::try_from(written.accounts.len()).unwrap_or(u64::MAX),
        columns: written.columns,
        formula_like: written.formula_like,
        dry_run: context.dry_run,
    })
}

/// A row group of Parquet is held in memory: about 30 MB of the wide rows of snapshots, or of the narrow others.
const SNAPSHOTS_PER_GROUP: usize = 8_192;
const LINES_PER_GROUP: usize = 65_536;

fn form_of(options: &ExportOptions<'_>) -> Result<ExportForm> {
    let ending = options.file.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    let form = match ending.as_deref() {
        Some("csv") if options.is_for_excel => return Ok(ExportForm::ExcelCsv),
        Some("csv") => ExportForm::Csv,
        Some("jsonl") => ExportForm::Jsonl,
        Some("parquet") => ExportForm::Parquet,
        _ => {
            let name = options.file.display();
            let what = format!("expected a file that ends in .csv, .jsonl or .parquet, got {name}");
            return Err(Error::new(ErrorKind::Usage, what).with_hint("the ending says what is written"));
        }
    };
    match options.is_for_excel {
        true => Err(Error::new(ErrorKind::Usage, "--excel is for .csv files alone")
            .with_hint("name a .csv file, or leave --excel out")),
        false => Ok(form),
    }
}

fn tell_of_formulas(context: &Context<'_>, form: ExportForm, formula_like: Option<u64>) {
    let texts = match formula_like {
        Some(number) if number > 0 && form == ExportForm::Csv => {
            count_as(number, "text begins", "texts begin")
        }
        _ => return,
    };
    let text = format!(
        "{texts} like a formula (= + - @), written as is: a spreadsheet may run it; --excel puts ' before it"
    );
    context.tell(Level::Warning, &Message::new(text).of("formula_like_texts"));
}

/// What an export is made from and into.
#[derive(Clone, Copy)]
struct Export<'a> {
    context: &'a Context<'a>,
    reader: &'a Reader<'a>,
    customer: CustomerId,
    path: &'a Path,
    form: ExportForm,
}

/// What was written.
struct Written {
    rows: u64,
    accounts: HashSet<AccountId>,
    columns: u64,
    formula_like: Option<u64>,
}

impl Export<'_> {
    /// Has `source` hand over its rows, batch after batch, and writes each.
    fn write<R: Row>(
        &self,
        into: &mut OutputFile,
        rows_per_group: usize,
        source: impl FnOnce(&Self, &mut dyn FnMut(Vec<R>) -> Result<()>) -> Result<()>,
    ) -> Result<Written> {
        let failed = |error| Error::io(self.path, "write", error);
        let mut file = ExportFile::begin(self.form, into, rows_per_group).map_err(failed)?;
        let (mut rows, mut accounts) = (0_u64, HashSet::new());
        source(self, &mut |batch: Vec<R>| {
            self.context.cancel.check()?;
            rows = rows.saturating_add(u64::try_from(batch.len()).unwrap_or(u64::MAX));
            accounts.extend(batch.iter().map(Row::account_id));
            file.write(batch).map_err(failed)
        })?;
        let formula_like = file.finish().map_err(failed)?;
        let columns = u64::try_from(R::COLUMNS.len()).unwrap_or(u64::MAX);
        Ok(Written { rows, accounts, columns, formula_like })
    }
}
