//! Records that are held for a while: the first ones of a table, among which the header is found, and those of which
//! only what follows tells what they are. It must never hold more than a bounded part of a file.

use super::aside::{AsideKind, Asides};
use super::class::Class;
use crate::error::Result;
use crate::ingest::columns::is_reserved;
use crate::ingest::records::Records;
use crate::ingest::table::Record;

/// How many records are looked at for the header, and how much text of them.
const MOST_RECORDS: usize = 200;
const MOST_TEXT: usize = 1 << 20;

/// A record with its own text.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) line: u64,
    line_breaks: u64,
    has_stray_quote: bool,
    /// Whether the file ends before a line end does.
    pub(super) is_cut: bool,
    text: String,
    bounds: Vec<(usize, usize)>,
}

impl Held {
    /// A copy of a record.
    pub(super) fn of(record: &Record<'_>, is_cut: bool) -> Self {
        let (text, bounds) = record.parts();
        let (line, line_breaks, has_stray_quote) = (record.line, record.line_breaks, record.has_stray_quote);
        Self { line, line_breaks, has_stray_quote, is_cut, text: text.to_owned(), bounds: bounds.to_vec() }
    }

    /// The line behind its last one.
    pub(super) fn next_line(&self) -> u64 {
        self.line + self.line_breaks + 1
    }

    /// The record.
    pub(super) fn record(&self) -> Record<'_> {
        let mut record = Record::new(self.line, self.line_breaks, &self.text, &self.bounds);
        record.has_stray_quote = self.has_stray_quote;
        record
    }
}

/// A record of the sample, and what its cells look like.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) held: Held,
    pub(super) classes: Vec<Class>,
    /// How many cells say something.
    pub(super) filled: usize,
    /// Whether a blank record or line stands before it.
    pub(super) after_gap: bool,
}

impl Looked {
    fn new(held: Held, after_gap: bool) -> Self {
        let classes: Vec<Class> = held.record().cells().map(Class::of).collect();
        let filled = classes.iter().filter(|class| **class != Class::Blank).count();
        Self { held, classes, filled, after_gap }
    }

    /// How many cells it has.
    pub(super) fn len(&self) -> usize {
        self.classes.len()
    }

    /// The form of a cell.
    pub(super) fn class(&self, column: usize) -> Class {
        self.classes.get(column).copied().unwrap_or(Class::Blank)
    }

    /// The text of a cell, trimmed.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.held.record().cell(column).trim()
    }
}

/// The first records of a table that are not blank.
#[derive(Debug, Default)]
pub(super) struct Sample {
    pub(super) records: Vec<Looked>,
    /// The lines of the blank ones.
    pub(super) blanks: Vec<u64>,
}

impl Sample {
    /// Reads the first records from a line on; those before it are set aside, unless the first of all is the header
    /// of a rejects file.
    pub(super) fn read(records: &mut Records<'_>, from: u64, asides: &mut Asides) -> Result<Self> {
        let mut sample = Self::default();
        let (mut text, mut next_line, mut after_gap, mut is_reached) = (0, 1, false, false);
        while sample.records.len() + sample.blanks.len() < MOST_RECORDS
            && text < MOST_TEXT
            && records.advance()?
        {
            let record = records.record()?;
            after_gap |= record.line > next_line || record.is_blank();
            let is_first = next_line == 1;
            next_line = record.line + record.line_breaks + 1;
            is_reached |= record.line >= from || (is_first && record.cells().any(is_reserved));
            if !is_reached && !record.is_blank() {
                asides.add(&record, AsideKind::Preamble);
            } else if record.is_blank() {
                sample.blanks.push(record.line);
            } else {
                text += record.parts().0.len();
                sample.records.push(Looked::new(Held::of(&record, records.is_cut()), after_gap));
                after_gap = false;
            }
        }
        Ok(sample)
    }
}
