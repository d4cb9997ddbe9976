//! The wide layouts: several values a row. What a row does not say of a value, the header of its column does.
//!
//! | layout | a row is | a column is | room |
//! |---|---|---|---|
//! | by KPI | an account, or its state on a day | a KPI, or a KPI on a day | `by_kpi` |
//! | by period | an account's KPI | a month, quarter, year or day | `by_period` |
//! | transposed | a KPI | an account | `transposed` |
//!
//! Which columns hold values is decided before the first row is read, from the headers and the first rows alone, and
//! never changes on the way: a cell that is no value is rejected, its row and its column are not.

mod account;
mod by_kpi;
mod by_period;
#[cfg(test)]
mod headers_tests;
mod identifier;
mod look;
mod percent;
#[cfg(test)]
mod properties;
mod rows;
#[cfg(test)]
mod tests;
mod transposed;
mod twice;
mod unread;
mod yearless;

use super::fields::KpiField;
use super::places::Places;
use super::plan::Seen;
use super::reader::Rules;
use crate::error::{Error, Result};
use crate::ingest::columns::{ColumnReading, Columns};
use crate::ingest::convention::Place;
use crate::ingest::note::Notes;
use crate::model::reading::Layout;
pub(super) use by_kpi::by_kpi;
pub(super) use by_period::by_period;
pub(super) use transposed::transposed;
use unread::Unread;
pub(super) use yearless::refuse as refuse_yearless;

/// Stands for the header as a whole where a column is asked for: all headers of a table write dates in one order.
const HEADER: usize = usize::MAX;
/// The line that stands for the header in messages: it names the header itself.
const HEADER_LINE: u32 = 1;

/// How a table in a wide layout is read.
pub(super) struct Wide {
    table: usize,
    layout: Layout,
    columns: Columns<KpiField>,
    places: Places,
    values: Vec<ValueColumn>,
    unread: Unread,
}

impl Wide {
    /// Whether some column is a KPI that has a definition, or the rows say which KPIs they are.
    pub(super) fn knows_a_kpi(&self, rules: &Rules<'_>) -> bool {
        self.values.iter().any(|value| value.kpi.is_empty() || rules.dictionary.find(&value.kpi).is_some())
    }
}

/// A column of values, and what its header says of them; what is empty the row says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct ValueColumn {
    /// Its place, from 0.
    column: usize,
    account: String,
    kpi: String,
    /// The date or period, as the header has it.
    date: String,
    /// Whether its KPI is kept in percent.
    is_percent: bool,
}

impl Wide {
    /// A plan for columns that hold values; None where there is none.
    ///
    /// # Errors
    /// Two of the columns are of the same values.
    fn new(
        seen: &Seen<'_>,
        layout: Layout,
        columns: Columns<KpiField>,
        values: Vec<ValueColumn>,
        unread: Unread,
    ) -> Result<Option<Self>> {
        if values.is_empty() {
            return Ok(None);
        }
        twice::check(seen, &columns, &values)?;
        let places = Places::of(&columns);
        Ok(Some(Self { table: seen.table, layout, columns, places, values, unread }))
    }

    /// How the table is laid out.
    pub(super) fn layout(&self) -> Layout {
        self.layout
    }

    /// The columns that hold values, from 0.
    pub(super) fn value_columns(&self) -> impl Iterator<Item = usize> {
        self.values.iter().map(|value| value.column)
    }

    /// Tells of the columns that are not read.
    pub(super) fn note(&self, notes: &mut Notes) {
        self.columns.note_unnamed(notes);
        self.unread.note(notes);
    }

    /// What every column was read as.
    pub(super) fn reading(&self) -> ColumnReading {
        let mut reading = self.columns.reading();
        for value in &self.values {
            if let Some(column) = reading.columns.get_mut(value.column) {
                column.field = Some(if value.kpi.is_empty() { "value" } else { "kpi" });
            }
        }
        reading
    }
}

/// The error of a file that was said to be of a wide layout and has no column of values.
///
/// # Errors
/// Its columns cannot be told apart.
pub(super) fn without_values(seen: &Seen<'_>, layout: Layout) -> Result<Error> {
    let columns = seen.columns(&seen.ranks.only(&[]))?;
    let (what, hint) = match layout {
        Layout::Transposed => ("the values of an account", "give each account a column with its name above"),
        _ => ("the values of a KPI", "give each KPI a column with its name above"),
    };
    Ok(columns.missing(what, hint))
}

/// Whether a header is a date, a month, a quarter or a year.
pub(super) fn is_period(seen: &Seen<'_>, header: &str) -> bool {
    let at = Place { table: seen.table, column: HEADER };
    seen.rules.conventions.days(at, HEADER_LINE, header.trim()).is_some()
}
