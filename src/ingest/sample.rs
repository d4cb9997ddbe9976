//! The first rows of a table, kept so that they can be looked at before they are read.
//! It must stay small whatever the file: so many rows, and no more text than that.

use std::ops::Range;

use super::region::Region;
use super::table::Record;
use crate::error::Result;

/// How many rows are looked at: enough for columns that are mostly blank.
const MOST_ROWS: usize = 1000;
/// No further row is looked at once they have so many bytes.
const MOST_BYTES: usize = 1 << 20;

/// Rows that were taken from a table and are yet to be read.
#[derive(Debug, Default)]
pub(super) struct Sample {
    text: String,
    bounds: Vec<(usize, usize)>,
    rows: Vec<Kept>,
    /// The row to be read next.
    next: usize,
}

/// Where a row lies in the sample.
#[derive(Debug)]
struct Kept {
    line: u64,
    line_breaks: u64,
    text: Range<usize>,
    bounds: Range<usize>,
}

impl Sample {
    /// Takes the first rows of a table, unless it has them already.
    ///
    /// # Errors
    /// They cannot be read.
    pub(super) fn fill(&mut self, region: &mut Region<'_>) -> Result<()> {
        while self.next == 0 && self.rows.len() < MOST_ROWS && self.text.len() < MOST_BYTES {
            let Some(record) = region.next_row()? else { return Ok(()) };
            self.keep(&record);
        }
        Ok(())
    }

    fn keep(&mut self, record: &Record<'_>) {
        let (text, bounds) = (self.text.len(), self.bounds.len());
        for cell in record.cells() {
            let start = self.text.len() - text;
            self.text.push_str(cell);
            self.bounds.push((start, self.text.len() - text));
        }
        self.rows.push(Kept {
            line: record.line,
            line_breaks: record.line_breaks,
            text: text..self.text.len(),
            bounds: bounds..self.bounds.len(),
        });
    }

    /// Every row that was kept.
    pub(super) fn rows(&self) -> impl Iterator<Item = Record<'_>> + Clone {
        self.rows.iter().map(|kept| self.record(kept))
    }

    /// The cells of a column.
    pub(super) fn column(&self, column: usize) -> impl Iterator<Item = &str> + Clone {
        self.rows().map(move |row| row.cell(column))
    }

    /// Whether a row is left to be read.
    pub(super) fn has_next(&self) -> bool {
        self.next < self.rows.len()
    }

    /// The next row to be read.
    pub(super) fn next_row(&mut self) -> Option<Record<'_>> {
        let next = self.next;
        self.next += 1;
        self.rows.get(next).map(|kept| self.record(kept))
    }

    fn record(&self, kept: &Kept) -> Record<'_> {
        let text = self.text.get(kept.text.clone()).unwrap_or_default();
        let bounds = self.bounds.get(kept.bounds.clone()).unwrap_or_default();
        Record::new(kept.line, kept.line_breaks, text, bounds)
    }
}
