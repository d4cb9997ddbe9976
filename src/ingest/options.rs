//! What every kind of file but KPIs is read by, and what reading one gives.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::columns::ColumnReading;
use super::convention::SettledConventions;
use super::note::Note;
use crate::model::kpi::batch::GivenAccount;
use crate::model::reading::Layout;
use crate::model::rejection::Rejections;
use crate::model::value::ValueReader;

/// How a file is to be read.
pub struct RowOptions<'a> {
    /// The account that every row is of; a row whose cells name another is rejected.
    pub given_account: Option<&'a GivenAccount>,
    /// The day, or the last day of the period, of rows without a date.
    pub period: Option<NaiveDate>,
    /// The day on which the file is read, in the customer's time zone.
    pub today: NaiveDate,
    /// The customer's time zone: that of times without one of their own.
    pub zone: Tz,
    /// Reads numbers, by the customer's missing tokens and currency.
    pub values: &'a ValueReader,
    /// What stands for "no value".
    pub missing: &'a [String],
    /// The customer's currency, ISO 4217.
    pub currency: &'a str,
    /// What empties a cell.
    pub clear_token: Option<&'a str>,
    /// Headers that the settings add: field, header.
    pub column_aliases: &'a [(String, String)],
    /// Columns that the caller gives a meaning: column, field.
    pub maps: &'a [(String, String)],
    /// Is told how many bytes have been read so far.
    pub on_progress: &'a mut (dyn FnMut(u64) + Send),
}

/// What a file says.
#[derive(Debug)]
pub struct KindFile<B> {
    /// The SHA-256 of all its bytes.
    pub sha256: [u8; 32],
    /// Its good rows.
    pub batch: B,
    /// Its other rows.
    pub rejections: Rejections,
    /// How many records it has: read = rows of the batch + rejections.
    pub records_read: u64,
    /// What else is to be said about the reading.
    pub notes: Vec<Note>,
    /// Its tables, and what each column was read as.
    pub tables: Vec<TableRead>,
    /// How its columns write dates and decimals.
    pub conventions: SettledConventions,
}

/// A table of a file, as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableRead {
    /// Its place among the tables of the file, from 0.
    pub number: usize,
    /// The sheet that it is; None of a text.
    pub sheet: Option<String>,
    /// The line, or row of the sheet, on which its header begins; None where it has none.
    pub header_line: Option<u64>,
    /// How its values are laid out, of a KPI file.
    pub layout: Option<Layout>,
    /// What each column was read as.
    pub columns: ColumnReading,
    /// The columns that hold its values, from 0, of a wide KPI file.
    pub values: Vec<usize>,
    /// For each column its first values, as they stand and as they were read.
    pub examples: Vec<Vec<Example>>,
    /// What stands above, between and below its rows and is none of them; the first of it.
    pub set_aside: Vec<SetAside>,
}

/// A value as it stands in the file, and as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// As it stands, shortened.
    pub raw: String,
    /// As it was read; None where it was not.
    pub read: Option<String>,
}

/// A record that is no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The line, or row of the sheet, on which it begins.
    pub line: u64,
    /// What it was taken for: `preamble`, `header`, `repeated_header`, `total`, `footer`, ...
    pub kind: &'static str,
    /// What it says, shortened.
    pub text: String,
}
