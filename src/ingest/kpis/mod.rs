//! KPI files: one value a row, of an account that a column or the caller names.
//!
//! Rows become a compact batch, and what cannot be taken becomes rejections: read = rows + rejections. Whether an
//! account exists, and whether a value is new, is not decided here.

mod compact;
mod context;
mod date;
pub(super) mod duplicates;
pub(super) mod fields;
mod row;
mod series;
mod unit_word;

use chrono::NaiveDate;

use super::columns::{ColumnReading, Columns, Field, Ranks};
use super::note::{Note, Notes};
use super::refusal;
use super::rows::is_json;
use super::source::Source;
use super::table::Table;
use crate::error::Result;
use crate::model::kpi::batch::{GivenAccount, KpiBatch};
use crate::model::kpi::dictionary::KpiDictionary;
use crate::model::rejection::Rejections;
use crate::model::value::ValueReader;
use fields::KpiField;
use row::{RowReader, RowsRead, Rules};

/// How a KPI file is to be read.
pub struct KpiReadOptions<'a> {
    /// The KPI definitions that hold for the customer.
    pub dictionary: &'a KpiDictionary,
    /// Reads the values.
    pub values: &'a ValueReader,
    /// The account that every row is of; a row whose cells name another is rejected.
    pub given_account: Option<&'a GivenAccount>,
    /// The day, or the last day of the period, of rows without a date.
    pub period: Option<NaiveDate>,
    /// The day on which the file is read, in the customer's time zone.
    pub today: NaiveDate,
    /// Headers that the settings add.
    pub column_aliases: &'a [(KpiField, String)],
    /// Columns that the caller gives a meaning: column, field.
    pub maps: &'a [(String, String)],
    /// Is told how many bytes have been read so far.
    pub on_progress: &'a mut dyn FnMut(u64),
}

/// What a KPI file says.
#[derive(Debug)]
pub struct KpiFile {
    /// The SHA-256 of all its bytes.
    pub sha256: [u8; 32],
    /// Its good rows.
    pub batch: KpiBatch,
    /// Its other rows.
    pub rejections: Rejections,
    /// How many records it has, the header and records of nothing but empty cells aside.
    pub records_read: u64,
    /// How many rows of the batch have a blank value.
    pub blanks: u64,
    /// What else is to be said about the reading.
    pub notes: Vec<Note>,
    /// What each column was read as.
    pub columns: ColumnReading,
}

/// Reads a KPI file in the long layout.
///
/// # Errors
/// The file as a whole cannot be read: it is no UTF-8 CSV, lacks a column or rows, or its quotes do not close.
pub fn read_kpis(source: &Source, options: KpiReadOptions<'_>) -> Result<KpiFile> {
    let KpiReadOptions { dictionary, values, given_account, period, today, on_progress, .. } = options;
    let name = source.name();
    if is_json(source)? {
        return Err(refusal::file(
            name,
            "is JSON, of which no KPIs are read",
            "KPIs come as CSV, one value a row; JSON of other kinds: ingest profiles, playbooks, health or notes",
        ));
    }
    let mut notes = Notes::default();
    let mut table = Table::open(source, on_progress)?;
    source.note_encoding(&mut notes);
    table.note_dialect(&mut notes);
    let ranks = Ranks::new(options.column_aliases);
    let columns = read_header(name, &mut table, &ranks, options.maps)?;
    let columns = require(columns, given_account.is_some())?;
    columns.note_unread(&mut notes);
    let rules = Rules { dictionary, values, given_account, period, today };
    let mut reader = RowReader::new(name, &columns, &rules);
    while let Some(record) = table.next_record()? {
        reader.read(&record, &mut notes)?;
    }
    let RowsRead { batch, rejections, records_read, blanks } = reader.finish(&mut notes);
    if records_read == 0 {
        return Err(refusal::file(name, "has a header but no rows", "give a file with one value a row"));
    }
    let sha256 = table.finish()?;
    source.confirm_sha256(sha256)?;
    let reading = columns.reading();
    Ok(KpiFile { sha256, batch, rejections, records_read, blanks, notes: notes.finish(), columns: reading })
}

/// Reads the first record as the header.
fn read_header(
    name: &str,
    table: &mut Table<'_>,
    ranks: &Ranks<KpiField>,
    maps: &[(String, String)],
) -> Result<Columns<KpiField>> {
    let Some(header) = table.next_record()? else {
        return Err(refusal::file(name, "is empty", "give a CSV file with a header and one value a row"));
    };
    if header.is_blank() {
        let what = "has nothing but empty cells in its first record, where the header should be";
        return Err(refusal::file(name, what, "take out what stands above the header"));
    }
    Columns::of_headers(name, header.cells(), ranks, maps)
}

/// Checks that what a row needs is there: an account, a KPI and a value.
fn require(mut columns: Columns<KpiField>, account_is_given: bool) -> Result<Columns<KpiField>> {
    columns.settle_lone_id();
    for (field, what) in [(KpiField::Kpi, "the KPI"), (KpiField::Value, "the value")] {
        if columns.index(field).is_none() {
            return Err(columns.missing(what, &format!("name one of them {}", field.examples())));
        }
    }
    columns.require_account(account_is_given)?;
    Ok(columns)
}
