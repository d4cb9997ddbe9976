//! How numbers and dates are written, settled a column at a time from all of its values, never cell by cell.
//!
//! A file is read, and what its cells say about each column is kept as [`Evidence`]. Where they settle a column
//! otherwise than its cells were read so far, what was read is dropped and the file is read once more; where they
//! contradict each other, or leave open what would change a value, the file is refused in words that name the flag.
//! What a caller says beforehand holds for every column, and cells that it does not fit are no dates or numbers.
//!
//! A cell of digits alone, and a date as year-month-day, pass through here without leaving a trace.

mod damage;
mod dates;
mod evidence;
mod marks;
mod numeral;
mod outcome;
mod sighting;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::columns::column_at;
use super::date::{Written, WrittenDate, is_no_day, is_serial};
use super::refusal;
use super::rejects::TableSaid;
use super::source::Source;
use super::table_options::TableOptions;
use crate::error::Result;
use crate::model::reading::DateOrder;
use crate::model::time::Timestamp;
use crate::model::value::DecimalMark;
pub(super) use damage::is_excel_number;
use evidence::{Evidence, TableFacts};
use marks::other;
use numeral::{Shows, shows};
pub(super) use outcome::ReadUnder;
pub use outcome::{ColumnConvention, SettledConventions};

/// How a column is written, where its rows say so.
type OfColumn = (Option<DateOrder>, Option<DecimalMark>);

/// What one pass settles may let the next one see more cells, but hardly ever a third.
const PASSES: usize = 3;

/// A column of a table of a file, both from 0; a column beyond the end stands for the header itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) table: usize,
    pub(super) column: usize,
}

/// How the columns of a file are read, and what their cells say about that.
#[derive(Debug, Default)]
pub(super) struct Conventions {
    /// What the caller said of every column of every table.
    given: (Option<DateOrder>, Option<DecimalMark>),
    /// What holds for every column of the table that is being read: that, or what its rows say of themselves.
    order: Cell<Option<DateOrder>>,
    decimal: Cell<Option<DecimalMark>>,
    /// What rows say of themselves where columns differ; whether there is any of it.
    of_columns: RefCell<HashMap<Place, OfColumn>>,
    has_columns: Cell<bool>,
    evidence: RefCell<Evidence>,
    /// The columns of the first table, one bit each, of which a cell with a decimal point was kept.
    pointed: Cell<u64>,
}

impl Conventions {
    /// What the caller said of every column.
    fn given(source: &Source) -> Self {
        let TableOptions { date_order, decimal, .. } = *source.table();
        let (order, mark) = (Cell::new(date_order), Cell::new(decimal));
        Self { given: (date_order, decimal), order, decimal: mark, ..Self::default() }
    }

    /// Is told of a table before its rows are read: its headers, what parts its cells, None of a workbook or JSON, and
    /// what its rows say of themselves.
    pub(super) fn open_table<'h>(
        &self,
        number: usize,
        headers: impl IntoIterator<Item = &'h str>,
        delimiter: Option<u8>,
        sheet: Option<&str>,
        said: Option<&TableSaid>,
    ) {
        let headers: Vec<String> = headers.into_iter().map(str::to_owned).collect();
        // Of rows that were told of before: a sheet may hold several kinds of them.
        self.of_columns.borrow_mut().retain(|place, _| place.table != number);
        self.has_columns.set(!self.of_columns.borrow().is_empty());
        self.order.set(self.given.0.or(said.and_then(|said| said.date_order)));
        self.decimal.set(self.given.1.or(said.and_then(|said| said.decimal)));
        if let Some(said) = said {
            self.adopt(number, &headers, said);
        }
        self.evidence
            .borrow_mut()
            .tables
            .insert(number, TableFacts { sheet: sheet.map(str::to_owned), headers, delimiter });
    }

    /// Takes what the rows of a rejects file say of columns that differ.
    fn adopt(&self, table: usize, headers: &[String], said: &TableSaid) {
        let mut of_columns = self.of_columns.borrow_mut();
        let of = |name: &str| {
            // The headers themselves go by no name, and stand beyond the end.
            let column = if name.is_empty() { Some(usize::MAX) } else { column_at(headers, name) };
            column.map(|column| Place { table, column })
        };
        for (place, order) in said.date_orders.iter().filter_map(|(name, order)| Some((of(name)?, *order))) {
            of_columns.entry(place).or_default().0 = Some(order);
        }
        for (place, mark) in said.decimals.iter().filter_map(|(name, mark)| Some((of(name)?, *mark))) {
            of_columns.entry(place).or_default().1 = Some(mark);
        }
        self.has_columns.set(!of_columns.is_empty());
    }

    /// The order in which all dates of a column are read, where that was said.
    fn said_order(&self, place: Place) -> Option<DateOrder> {
        self.order.get().or_else(|| self.of_column(place).0)
    }

    fn of_column(&self, place: Place) -> OfColumn {
        if !self.has_columns.get() {
            return (None, None);
        }
        self.of_columns.borrow().get(&place).copied().unwrap_or_default()
    }

    /// The first and last day of a date, week, month, quarter or year.
    pub(super) fn days(&self, place: Place, line: u32, text: &str) -> Option<(NaiveDate, NaiveDate)> {
        self.dated(place, line, text).map(|(_, days)| days)
    }

    /// The day of a date, with or without a time behind it: the one that is written, whatever the time's offset.
    pub(super) fn day(&self, place: Place, line: u32, text: &str) -> Option<NaiveDate> {
        self.days(place, line, text).filter(|(first, last)| first == last).map(|(day, _)| day)
    }

    /// The instant of a date and time; one without an offset is of `zone`.
    pub(super) fn instant(&self, place: Place, line: u32, text: &str, zone: Tz) -> Option<Timestamp> {
        let (written, (first, last)) = self.dated(place, line, text)?;
        if first == last { written.instant_on(first, zone) } else { None }
    }

    fn dated(&self, place: Place, line: u32, text: &str) -> Option<(Written, (NaiveDate, NaiveDate))> {
        let written = Written::read(text)?;
        let days = match (written.date, self.said_order(place)) {
            (WrittenDate::Days(first, last), _) => (first, last),
            (WrittenDate::Digits(digits), Some(order)) => digits.day(order).map(|day| (day, day))?,
            (WrittenDate::Digits(digits), None) => {
                let mut evidence = self.evidence.borrow_mut();
                let line = evidence.line(place, line);
                let column = evidence.dates.entry(place).or_default();
                column.day(digits, line, text).map(|day| (day, day))?
            }
        };
        Some((written, days))
    }

    /// What to do about a text that is no date here.
    pub(super) fn date_hint(&self, text: &str) -> &'static str {
        match self.order.get() {
            _ if is_serial(text) => {
                "spreadsheets keep a day as such a number: format the column as a date, and save it again"
            }
            _ if is_no_day(text) => "there is no such day, in whatever order: mend it, or empty the cell",
            None => "write dates as year-month-day",
            Some(_) => "write dates in the order that --date-order says, or as year-month-day",
        }
    }

    /// Reads a number from a cell: `read` is given the mark of the column.
    ///
    /// Only cells that are numbers, by one mark or the other, say anything about their column.
    ///
    /// # Errors
    /// Those of `read`.
    pub(super) fn number<T, E>(
        &self,
        place: Place,
        line: u32,
        cell: &str,
        mut read: impl FnMut(DecimalMark) -> Result<T, E>,
    ) -> Result<T, E> {
        if let Some(mark) = self.decimal.get().or_else(|| self.of_column(place).1) {
            return read(mark);
        }
        let shown = shows(cell);
        // Of a column that shows a point, another one says nothing new.
        let bit = if place.table == 0 {
            1_u64.checked_shl(u32::try_from(place.column).unwrap_or(u32::MAX))
        } else {
            None
        };
        let is_pointed = bit.is_some_and(|bit| self.pointed.get() & bit != 0);
        if shown == Shows::Unmarked || (is_pointed && shown == Shows::Mark(DecimalMark::Point)) {
            return read(DecimalMark::Point);
        }
        let mark = self.evidence.borrow_mut().numbers.entry(place).or_default().mark(shown);
        let number = read(mark);
        let is_number = match shown {
            Shows::Mark(_) => number.is_ok(),
            _ => number.is_ok() || read(other(mark)).is_ok(),
        };
        if is_number {
            let mut evidence = self.evidence.borrow_mut();
            let line = evidence.line(place, line);
            evidence.numbers.entry(place).or_default().see(shown, mark, line, cell);
            if mark == DecimalMark::Point && shown == Shows::Mark(DecimalMark::Point) {
                self.pointed.set(self.pointed.get() | bit.unwrap_or_default());
            }
        }
        number
    }
}

/// Reads a file under conventions that its own cells bear out.
///
/// # Errors
/// Those of `read`; a column's cells do not settle how they are written.
pub(super) fn settled<T: ReadUnder>(
    source: &Source,
    mut read: impl FnMut(&Conventions) -> Result<T>,
) -> Result<T> {
    let mut conventions = Conventions::given(source);
    for _ in 0..PASSES {
        let mut file = read(&conventions)?;
        let mut verdict = conventions.evidence.take().settle(source.name())?;
        if !verdict.is_news {
            let notes = verdict.settled.notes();
            (verdict.settled.given_order, verdict.settled.given_decimal) = conventions.given;
            file.take_conventions(verdict.settled, notes);
            return Ok(file);
        }
        conventions.evidence = RefCell::new(verdict.assumed);
        conventions.pointed = Cell::default();
    }
    let what = "says otherwise how its dates and numbers are written each time that it is read";
    Err(refusal::file(source.name(), what, "say so with --date-order and --decimal"))
}

#[cfg(test)]
mod tests;
