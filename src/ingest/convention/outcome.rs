//! What was found out of how a file's columns are written, for people, for `inspect`, and for a rejects file.

use super::Place;
use super::dates::phrase;
use crate::ingest::kpis::KpiFile;
use crate::ingest::note::{Note, Notes};
use crate::ingest::options::KindFile;
use crate::ingest::refusal::quoted;
use crate::model::reading::DateOrder;
use crate::model::value::DecimalMark;

/// Up to so many columns are told of one by one.
const COLUMNS_APART: usize = 3;

/// How the dates and numbers of a file are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettledConventions {
    /// The order that the caller gave for every column.
    pub given_order: Option<DateOrder>,
    /// The mark that the caller gave for every column.
    pub given_decimal: Option<DecimalMark>,
    /// Each column of which something had to be found out, in order of tables and columns.
    pub columns: Vec<ColumnConvention>,
}

/// How a column is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnConvention {
    /// Its table's place among those of the file, from 0.
    pub table: usize,
    /// Its place in the table, from 0; beyond the end for headers that are dates.
    pub column: usize,
    /// Its header; None where it has none.
    pub header: Option<String>,
    /// The order of its dates, where they could be read in several.
    pub date_order: Option<DateOrder>,
    /// How many of its dates say so by themselves.
    pub dates: u64,
    /// The mark of its numbers, where some bear a point or a comma.
    pub decimal: Option<DecimalMark>,
}

impl ColumnConvention {
    pub(super) fn of(place: Place, header: Option<String>) -> Self {
        let Place { table, column } = place;
        Self { table, column, header, date_order: None, dates: 0, decimal: None }
    }

    fn name(&self) -> String {
        self.header.as_deref().map_or_else(|| "the header".to_owned(), quoted)
    }
}

impl SettledConventions {
    /// The `--date-order` and `--decimal` by which rows of the file alone are read as they were among all: what was
    /// given, else what all columns have in common; None where there is nothing to say, or columns differ.
    #[must_use]
    pub fn flags(&self) -> (Option<DateOrder>, Option<DecimalMark>) {
        let order = common(self.columns.iter().filter_map(|column| column.date_order));
        let decimal = common(self.columns.iter().filter_map(|column| column.decimal));
        (self.given_order.or(order), self.given_decimal.or(decimal))
    }

    /// What is to be said of it: orders, and marks that are no point.
    pub(super) fn notes(&self) -> Vec<Note> {
        let mut notes = Notes::default();
        for column in &self.columns {
            let Some(order) = column.date_order else { continue };
            let say_so = match column.dates {
                0 => "all of its cells together say so".to_owned(),
                1 => "1 cell says so".to_owned(),
                count => format!("{count} cells say so"),
            };
            notes.add("date_order", || {
                format!("dates in {} were read as {} ({say_so})", column.name(), phrase(order))
            });
        }
        let with_comma = |column: &&ColumnConvention| column.decimal == Some(DecimalMark::Comma);
        let commas: Vec<String> =
            self.columns.iter().filter(with_comma).map(ColumnConvention::name).collect();
        match commas.as_slice() {
            names if names.len() <= COLUMNS_APART => names.iter().for_each(|name| {
                notes.add("decimal_comma", || format!("numbers in {name} were read with a decimal comma"));
            }),
            [first, ..] => notes.add("decimal_comma", || {
                format!(
                    "numbers in {} columns, such as {first}, were read with a decimal comma",
                    commas.len()
                )
            }),
            [] => {}
        }
        notes.finish()
    }
}

/// What all have in common; None where there are none, or they differ.
fn common<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

/// What a file gave that was read under conventions.
pub(in crate::ingest) trait ReadUnder {
    /// Takes what was found out, and what is to be said of it.
    fn take_conventions(&mut self, settled: SettledConventions, notes: Vec<Note>);
}

impl ReadUnder for KpiFile {
    fn take_conventions(&mut self, settled: SettledConventions, notes: Vec<Note>) {
        self.conventions = settled;
        self.notes.extend(notes);
    }
}

impl<B> ReadUnder for KindFile<B> {
    fn take_conventions(&mut self, settled: SettledConventions, notes: Vec<Note>) {
        self.conventions = settled;
        self.notes.extend(notes);
    }
}
