//! What a file is and how it would be read, as JSON (`acctsnap.inspect/1`) and as the lines that a person sees.

mod text;

use schemars::JsonSchema;
use serde::Serialize;

use crate::error::Detail;
use crate::model::reading::Layout;
use crate::model::upload::UploadKind;
pub use text::{render, render_tables};

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.inspect/1";

/// A value as it stands in the file, and as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExampleView {
    /// As it stands.
    pub raw: String,
    /// As it was read; null where it was not.
    pub read: Option<String>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ColumnView {
    /// Its place, from 1.
    pub number: usize,
    /// Its header.
    pub header: String,
    /// What it was read as; null where it means nothing here.
    pub field: Option<String>,
    /// Its first values.
    pub examples: Vec<ExampleView>,
}

/// A record that is no row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SetAsideView {
    /// The line, or row of the sheet, on which it begins.
    pub line: u64,
    /// What it was taken for.
    pub kind: String,
    /// What it says.
    pub text: String,
}

/// A table of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TableView {
    /// The sheet; null of a text.
    pub sheet: Option<String>,
    /// The line, or row of the sheet, on which its header begins.
    pub header_line: Option<u64>,
    /// How its values are laid out, of a KPI file: long, wide, transposed.
    pub layout: Option<String>,
    /// Its columns.
    pub columns: Vec<ColumnView>,
    /// What is no row of it; the first of it.
    pub set_aside: Vec<SetAsideView>,
}

impl TableView {
    /// The word for a layout.
    #[must_use]
    pub fn layout_name(layout: Option<Layout>) -> Option<String> {
        layout.map(|layout| layout.name().to_owned())
    }
}

/// How a file is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FormView {
    /// `csv`, `json`, `workbook`.
    pub format: String,
    /// `gzip`, `zstd`; null of a plain file.
    pub packing: Option<String>,
    /// The encoding of its text, by its WHATWG name; null of a workbook.
    pub encoding: Option<String>,
    /// What parts its cells; null where there is no such thing.
    pub delimiter: Option<String>,
    /// What stands around cells; null where there is no such thing.
    pub quote: Option<String>,
}

/// What reading the file as one kind would give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KindView {
    /// The kind.
    pub kind: UploadKind,
    /// How many of its rows would be read, the rejected ones too.
    pub rows_read: u64,
    /// How many would be rejected.
    pub rejected: u64,
    /// Whether nothing in it names the account, so that somebody has to: --account, or --map.
    pub needs_account: bool,
    /// Why it cannot be read as this kind, or only once something is settled; null where it can.
    pub refused: Option<String>,
    /// What would change that; null where nothing is known.
    pub hint: Option<String>,
    /// The rejected rows by cause.
    #[serde(skip)]
    pub rejected_by_cause: Vec<String>,
}

/// What somebody has to settle before the file is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChoiceView {
    /// What the file leaves open.
    pub why: Vec<String>,
    /// The commands that read it, each by another choice.
    pub commands: Vec<String>,
}

/// What a file is and how it would be read.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.inspect/1")]
pub struct InspectView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// The file's name.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How it is written.
    pub form: FormView,
    /// The kind that it fits best; null where it fits none.
    pub kind: Option<UploadKind>,
    /// The command that reads it; null where there is none. Where something is to be settled, the first of `choice`.
    pub command: Option<String>,
    /// What somebody has to settle first; null where nothing is open. The counts, the columns and the command are
    /// those of the first way.
    pub choice: Option<ChoiceView>,
    /// The same as a preset for snapshots.toml; null where there is none.
    pub preset: Option<String>,
    /// How many of its rows would be read, the rejected ones too.
    pub rows_read: u64,
    /// How many would be rejected.
    pub rejected_total: u64,
    /// The rows that would be rejected, the first thousand.
    pub rejected: Vec<Detail>,
    /// Its tables.
    pub tables: Vec<TableView>,
    /// What else is to be said about the reading.
    pub notes: Vec<String>,
    /// Every kind, and whether it can be read as that.
    pub kinds: Vec<KindView>,
    /// The rejected rows by cause.
    #[serde(skip)]
    pub rejected_by_cause: Vec<String>,
}
