//! The first values of each column, as they stand and as they were read: for those who look before they read.
//!
//! It must never grow with the file: a few values of each column of each table, shortened.

use std::collections::BTreeMap;

use super::convention::Place;
use super::options::Example;

/// How many values of a column are kept.
const KEPT: usize = 3;
/// How many characters of a value are kept.
const CHARACTERS: usize = 40;
/// How many columns are looked at.
const COLUMNS: usize = 1000;
/// How many rows of a table are looked at.
const ROWS: u32 = 100;

/// The first values of each column.
#[derive(Debug, Default)]
pub(super) struct Examples {
    columns: BTreeMap<Place, Vec<Example>>,
    /// The table that is looked at, and how many of its rows have been.
    table: usize,
    rows: u32,
}

impl Examples {
    /// Goes to the next row of a table; false once enough of its rows were looked at.
    pub(super) fn next_row(&mut self, table: usize) -> bool {
        if self.table != table {
            (self.table, self.rows) = (table, 0);
        }
        self.rows = self.rows.saturating_add(1);
        self.rows <= ROWS
    }

    /// Whether a value of a column is kept, or another one would be: of a row that is looked at.
    pub(super) fn is_looked_at(&self, at: Place) -> bool {
        self.rows <= ROWS && at.column < COLUMNS
    }

    /// Keeps a value as it stands, and as it was read where it was; each text once.
    pub(super) fn add(&mut self, at: Place, raw: &str, read: Option<&str>) {
        let short = |text: &str| text.trim().chars().take(CHARACTERS).collect::<String>();
        let raw = short(raw);
        if raw.is_empty() || !self.is_looked_at(at) {
            return;
        }
        let kept = self.columns.entry(at).or_default();
        let read = read.map(short);
        if let Some(known) = kept.iter_mut().find(|example| example.raw == raw) {
            known.read = known.read.take().or(read);
        } else if kept.len() < KEPT {
            kept.push(Example { raw, read });
        }
    }

    /// The values of each column of a table, by its place.
    pub(super) fn of_table(&mut self, table: usize, columns: usize) -> Vec<Vec<Example>> {
        let places = (0..columns).map(|column| Place { table, column });
        places.map(|place| self.columns.remove(&place).unwrap_or_default()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rows_of_each_table_are_looked_at() {
        let mut examples = Examples::default();
        assert!((0..ROWS).all(|_| examples.next_row(0)) && !examples.next_row(0));
        assert!(!examples.is_looked_at(Place { table: 0, column: 0 }));
        assert!(examples.next_row(1) && examples.is_looked_at(Place { table: 1, column: 0 }));
    }

    #[test]
    fn a_few_values_of_a_column_are_kept_once_each() {
        let at = Place { table: 1, column: 0 };
        let mut examples = Examples::default();
        for raw in ["a", "", "a", " b", "c", "d"] {
            examples.add(at, raw, None);
            examples.add(at, raw, Some(&raw.to_uppercase()));
        }
        examples.add(Place { table: 1, column: COLUMNS }, "x", None);
        let kept = examples.of_table(1, 2);
        let kept: Vec<_> =
            kept[0].iter().map(|example| example.read.as_deref().unwrap_or_default()).collect();
        assert_eq!(kept, ["A", "B", "C"]);
    }
}
