//! What rows of a rejects file have to say of how they were read, from all that is known of their file.

use super::reading::{RowReading, RowsFlags, TableSaid};
use crate::ingest::columns::{column_at, is_reserved};
use crate::ingest::convention::{ColumnConvention, SettledConventions};
use crate::ingest::options::TableRead;
use crate::model::reading::Layout;
use crate::model::value::DecimalMark;

/// By what a file was read.
#[derive(Debug, Clone, Copy)]
pub struct ReadBy<'a> {
    /// What the caller said of all its rows.
    pub flags: &'a RowsFlags,
    /// The layout that the caller said its tables have.
    pub layout: Layout,
    /// Its tables.
    pub tables: &'a [TableRead],
    /// How their columns are written.
    pub conventions: &'a SettledConventions,
}

/// What is written of a table's rows.
#[derive(Debug, Default)]
pub(super) struct TableRows {
    /// For each column of the rejects file, the table's own, from 0; None where it has none such.
    pub(super) places: Vec<Option<usize>>,
    /// What each row says of how it was read; empty where that goes without saying.
    pub(super) reading: String,
    /// The same with what goes without saying: a row that is silent among others would be read by theirs.
    in_full: String,
    /// The columns that hold the values of a wide table.
    values: Vec<usize>,
}

impl TableRows {
    /// Whether a cell is written of a row of which only the values in some columns were set aside; empty: all of it.
    pub(super) fn has(&self, place: usize, set_aside: &[u16]) -> bool {
        set_aside.is_empty()
            || !self.values.contains(&place)
            || set_aside.iter().any(|column| usize::from(*column) == place)
    }

    /// Has them say also what goes without saying.
    pub(super) fn say_in_full(&mut self) {
        self.reading.clone_from(&self.in_full);
    }
}

impl ReadBy<'_> {
    /// What is written of the rows of a table, under these headers; `delimiter` parts their cells, and `earlier` is
    /// what they said of themselves before.
    pub(super) fn rows_of(
        &self,
        number: usize,
        headers: &[String],
        places: Vec<Option<usize>>,
        delimiter: u8,
        earlier: Option<&TableSaid>,
    ) -> TableRows {
        let unread = TableRead::default();
        let table = self.tables.iter().find(|table| table.number == number).unwrap_or(&unread);
        let mut said = self.written(table, number, earlier);
        said.layout = self.layout_of(table);
        said.passed_over = self.passed_over(table, headers, &places);
        let text = |table| RowReading { flags: self.flags.clone(), table }.to_text();
        let in_full = text(with_points(said.clone(), table));
        let was_said = self.conventions.given_decimal.is_some()
            || earlier.is_some_and(|earlier| earlier.decimal.is_some() || !earlier.decimals.is_empty());
        // A lone point needs no word where a comma parts the cells.
        if delimiter == b',' && !was_said && has_points_alone(&said) {
            (said.decimal, said.decimals) = (None, Vec::new());
        }
        TableRows { places, reading: text(said), in_full, values: table.values.clone() }
    }

    /// The layout, unless its headers alone say so whatever stands beside it.
    fn layout_of(&self, table: &TableRead) -> Layout {
        let layout = table.layout.unwrap_or_default();
        let is_plain = layout == Layout::Long
            && self.layout == Layout::Auto
            && self.tables.iter().all(|other| other.layout == table.layout);
        if is_plain { Layout::Auto } else { layout }
    }

    /// How dates and numbers are written.
    fn written(&self, table: &TableRead, number: usize, earlier: Option<&TableSaid>) -> TableSaid {
        let none = TableSaid::default();
        let earlier = earlier.unwrap_or(&none);
        let columns = || self.conventions.columns.iter().filter(|column| column.table == number);
        let orders: Vec<_> =
            columns().filter_map(|column| Some((name_of(column), column.date_order?))).collect();
        let marks: Vec<_> = columns().filter_map(|column| Some((name_of(column), column.decimal?))).collect();
        let (date_order, date_orders) =
            one_or_each(self.conventions.given_order, earlier.date_order, &earlier.date_orders, orders);
        let given = self.conventions.given_decimal;
        let apart = [earlier.decimals.as_slice(), &marks].concat();
        let (decimal, decimals) = match given.or(earlier.decimal) {
            None if !are_all_values(table, &apart) => (None, apart),
            _ => one_or_each(given, earlier.decimal, &earlier.decimals, marks),
        };
        TableSaid { date_order, date_orders, decimal, decimals, ..TableSaid::default() }
    }

    /// The columns of the rejects file that the table does not have, or of which nothing was read that looks like
    /// values; not those that the caller passes over, which the caller's words name already.
    fn passed_over(&self, table: &TableRead, headers: &[String], places: &[Option<usize>]) -> Vec<String> {
        let is_passed = |place: Option<usize>| {
            let Some(column) = place.and_then(|place| table.columns.columns.get(place)) else {
                return place.is_none();
            };
            is_reserved(&column.header) || (!table.values.is_empty() && column.field.is_none())
        };
        let by_caller = self.flags.maps.iter().filter(|(_, field)| field.is_empty());
        let by_caller: Vec<_> = by_caller.filter_map(|(column, _)| column_at(headers, column)).collect();
        let named = headers.iter().enumerate().filter(|(_, header)| !header.trim().is_empty());
        let passed = named.filter(|(at, _)| is_passed(places.get(*at).copied().flatten()));
        let passed = passed.filter(|(at, _)| !by_caller.contains(at));
        passed.map(|(at, header)| called(headers, at, header.trim())).collect()
    }
}

/// A convention said once where it holds for every column, else of each.
fn one_or_each<T: Copy + PartialEq>(
    given: Option<T>,
    earlier: Option<T>,
    earlier_columns: &[(String, T)],
    found: Vec<(String, T)>,
) -> (Option<T>, Vec<(String, T)>) {
    if let Some(said) = given.or(earlier) {
        return (Some(said), Vec::new());
    }
    let mut columns = earlier_columns.to_vec();
    columns.extend(found);
    match columns.first().map(|(_, first)| *first) {
        Some(first) if columns.iter().all(|(_, other)| *other == first) => (Some(first), Vec::new()),
        _ => (None, columns),
    }
}

fn name_of(column: &ColumnConvention) -> String {
    column.header.clone().unwrap_or_default()
}

/// Whether these are all columns of a table that may hold numbers: only then are they told of at once, for what a
/// column does not show it is not read by.
fn are_all_values(table: &TableRead, columns: &[(String, DecimalMark)]) -> bool {
    let is_told = |header: &String| columns.iter().any(|(name, _)| name == header);
    table.layout == Some(Layout::Long) || (!table.values.is_empty() && values_of(table).all(is_told))
}

/// The headers of the columns that hold the values of a wide table.
fn values_of(table: &TableRead) -> impl Iterator<Item = &String> {
    table.values.iter().filter_map(|place| table.columns.columns.get(*place)).map(|column| &column.header)
}

fn has_points_alone(said: &TableSaid) -> bool {
    let mut all = said.decimals.iter().map(|(_, mark)| *mark).chain(said.decimal);
    all.all(|mark| mark == DecimalMark::Point)
}

/// The same with the point of columns that show no mark.
fn with_points(mut said: TableSaid, table: &TableRead) -> TableSaid {
    if said.decimal.is_none() && said.decimals.is_empty() {
        said.decimal = Some(DecimalMark::Point);
    } else if said.decimal.is_none() {
        let is_untold = |header: &&String| said.decimals.iter().all(|(name, _)| name != *header);
        let untold: Vec<_> = values_of(table).filter(is_untold).cloned().collect();
        said.decimals.extend(untold.into_iter().map(|header| (header, DecimalMark::Point)));
    }
    said
}

/// A column by its header where that is its alone, else by its number.
fn called(headers: &[String], at: usize, header: &str) -> String {
    let bearers = headers.iter().filter(|other| other.trim() == header).count();
    if bearers == 1 { header.to_owned() } else { format!("column {}", at + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::reading::DateOrder;

    #[test]
    fn columns_that_differ_are_told_one_by_one() {
        let column = |name: &str, order| (name.to_owned(), order);
        let (dmy, mdy) = (DateOrder::Dmy, DateOrder::Mdy);
        let alike = vec![column("a", dmy), column("b", dmy)];
        let differing = vec![column("a", dmy), column("b", mdy)];
        assert_eq!(one_or_each(None, None, &[], alike.clone()), (Some(dmy), vec![]));
        assert_eq!(one_or_each(None, None, &[], differing.clone()), (None, differing.clone()));
        assert_eq!(one_or_each(Some(mdy), Some(dmy), &[], alike), (Some(mdy), vec![]));
        assert_eq!(one_or_each(None, None, &differing[..1], differing[1..].to_vec()), (None, differing));
        assert_eq!(one_or_each::<DateOrder>(None, None, &[], vec![]), (None, vec![]));
    }
}
