//! KPI files: values of KPIs, of accounts that a column or the caller names, in whatever layout they come.
//!
//! Values become a compact batch, and what cannot be taken becomes rejections: read = values + rejections. Whether an
//! account exists, and whether a value is new, is not decided here.

mod compact;
mod context;
mod date;
pub(super) mod duplicates;
pub(super) mod fields;
mod long;
mod places;
mod plan;
mod reader;
mod series;
mod unit_word;
mod wide;

use chrono::NaiveDate;

use super::columns::Ranks;
use super::convention::{Conventions, SettledConventions, settled};
use super::note::{Note, Notes};
use super::options::TableRead;
use super::refusal::{self, quoted};
use super::region::{HeaderJudge, named_by};
use super::rows::is_json;
use super::source::Source;
use super::tables::{OpenTable, each_table};
use crate::error::Result;
use crate::model::kpi::batch::{GivenAccount, KpiBatch};
use crate::model::kpi::dictionary::KpiDictionary;
use crate::model::rejection::Rejections;
use crate::model::value::{ValueError, ValueReader, ValueTarget};
use fields::KpiField;
use plan::Plan;
use reader::{KpiReader, RowsRead, Rules};

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
    pub on_progress: &'a mut (dyn FnMut(u64) + Send),
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
    /// How many values it has, blank ones too: the records of a long file, the cells of a wide one.
    pub records_read: u64,
    /// How many rows of the batch have a blank value.
    pub blanks: u64,
    /// What else is to be said about the reading.
    pub notes: Vec<Note>,
    /// Its tables, and what each column was read as.
    pub tables: Vec<TableRead>,
    /// How its columns write dates and decimals.
    pub conventions: SettledConventions,
}

/// Reads a KPI file.
///
/// # Errors
/// The file as a whole cannot be read: it is no table, lacks a column or rows, or its quotes do not close.
pub fn read_kpis(source: &Source, mut options: KpiReadOptions<'_>) -> Result<KpiFile> {
    if is_json(source)? {
        return Err(refusal::file(
            source.name(),
            "is JSON, of which no KPIs are read",
            "KPIs come as a table, as CSV or in a workbook; JSON of other kinds: ingest profiles, playbooks, health \
             or notes",
        ));
    }
    settled(source, |conventions| read_once(source, &mut options, conventions))
}

fn read_once(
    source: &Source,
    options: &mut KpiReadOptions<'_>,
    conventions: &Conventions,
) -> Result<KpiFile> {
    let KpiReadOptions { dictionary, values, given_account, period, today, column_aliases, maps, .. } =
        *options;
    let mut notes = Notes::default();
    let rules = Rules { dictionary, values, given_account, period, today, conventions };
    let judge = KpiJudge { ranks: Ranks::new(column_aliases), dictionary, values, maps };
    let mut reader = KpiReader::new(&rules);
    let mut tables = Vec::new();
    let fit = |table: &mut OpenTable<'_>, notes: &mut Notes| {
        table.tell(conventions);
        let plan = Plan::of(source, table, &judge.ranks, maps, &rules)?;
        plan.note(&rules, notes);
        Ok(plan)
    };
    let sha256 = each_table(source, &judge, options.on_progress, &mut notes, fit, |table, plan, notes| {
        plan.read(table, &mut reader, notes)?;
        if let Some(sheet) = table.sheet {
            reader.name_sheet(table.number, sheet);
        }
        let (layout, columns) = (Some(plan.layout()), plan.reading());
        let examples = reader.examples(table.number, columns.columns.len());
        tables.push(TableRead { layout, columns, values: plan.values(), examples, ..table.read() });
        Ok(())
    })?;
    let RowsRead { batch, rejections, records_read, blanks } = reader.finish();
    note_totals(&batch, &mut notes);
    if records_read == 0 {
        return Err(refusal::file(
            source.name(),
            "has a header but no rows",
            "give a file with one value a row",
        ));
    }
    let (notes, conventions) = (notes.finish(), SettledConventions::default());
    Ok(KpiFile { sha256, batch, rejections, records_read, blanks, notes, tables, conventions })
}

/// Points out accounts that by their names may be the total of others: nothing in a file tells them from one.
fn note_totals(batch: &KpiBatch, notes: &mut Notes) {
    let names = batch.accounts.iter().filter_map(|account| account.name.as_deref());
    for name in names.filter(|name| name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("all "))) {
        notes.add("maybe_total", || {
            format!("{} may be the total of other accounts: it was read as one", quoted(name))
        });
    }
}

/// What headers of KPI files say: a field, a KPI by its name, or a period.
struct KpiJudge<'a> {
    ranks: Ranks<KpiField>,
    dictionary: &'a KpiDictionary,
    values: &'a ValueReader,
    maps: &'a [(String, String)],
}

impl HeaderJudge for KpiJudge<'_> {
    fn knows(&self, cell: &str) -> bool {
        self.ranks.find(cell).is_some()
            || self.dictionary.find(cell).is_some()
            || is_period(cell, self.values)
    }

    fn named(&self) -> Vec<&str> {
        named_by(self.maps)
    }
}

/// The digits of a month and its year.
const PERIOD_DIGITS: usize = 6;

/// Whether a text is a month or a quarter. Days are none: they stand in rows as often as in headers.
fn is_period(cell: &str, values: &ValueReader) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    (1..=PERIOD_DIGITS).contains(&digits)
        && matches!(values.read(cell, ValueTarget::default()), Err(ValueError::Date))
}
