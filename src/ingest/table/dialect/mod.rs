//! How the cells of a CSV file are parted and quoted, found in the first part of it.
//!
//! The finding is about the *form* of records alone, how many cells each has; it never looks at what cells mean.
//! Where nothing speaks clearly for another delimiter, it is the comma.

mod count;
mod separator;

use std::cmp::Ordering;

use super::quotes::Quotes;
use count::{Count, count_cells};
pub(super) use separator::separator_line;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) struct Dialect {
    /// What parts the cells.
    pub(in crate::ingest) delimiter: u8,
    /// What stands around cells.
    pub(in crate::ingest) quote: u8,
    /// Whether a quote inside of quotes may have a backslash before it; doubled quotes are always read.
    pub(in crate::ingest) escapes: bool,
}

/// The delimiters that are looked for; of equal ones the first wins.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

impl Dialect {
    /// That of RFC 4180.
    pub(in crate::ingest) const COMMA: Self = Self { delimiter: b',', quote: b'"', escapes: false };

    /// The dialect of a file that begins with this sample; `is_whole` where the file has nothing else.
    pub(in crate::ingest) fn find(sample: &[u8], is_whole: bool, given: Option<u8>) -> Self {
        if let Some(delimiter) = given {
            return Self::of_delimiter(sample, delimiter);
        }
        let present = DELIMITERS.into_iter().filter(|delimiter| memchr::memchr(*delimiter, sample).is_some());
        let counted = present.map(|delimiter| {
            let dialect = Self::of_delimiter(sample, delimiter);
            (count_cells(sample, is_whole, dialect), dialect)
        });
        let mut best: Option<(Count, Self)> = None;
        for (count, dialect) in
            counted.filter(|(count, dialect)| dialect.delimiter == b',' || count.is_clear())
        {
            if best.as_ref().is_none_or(|(than, _)| count.is_better(than)) {
                best = Some((count, dialect));
            }
        }
        best.map_or_else(|| Self::of_delimiter(sample, b','), |(_, dialect)| dialect)
    }

    /// How cells are quoted where this parts them.
    fn of_delimiter(sample: &[u8], delimiter: u8) -> Self {
        let plain = Self { delimiter, ..Self::COMMA };
        if memchr::memchr2(b'"', b'\'', sample).is_none() {
            return plain;
        }
        let double = Quotes::scan(sample, plain);
        let single = Self { quote: b'\'', ..plain };
        let dialect = match double.opened {
            0 if Self::is_consistent(sample, single) => single,
            _ => plain,
        };
        dialect.with_escapes(sample)
    }

    /// Whether every cell that begins with the quote also ends with it, and some do.
    fn is_consistent(sample: &[u8], dialect: Self) -> bool {
        let found = Quotes::scan(sample, dialect.with_escapes(sample));
        found.opened > 0 && found.malformed * 4 <= found.opened && !found.is_open()
    }

    /// Backslashes escape quotes where the quotes pair better so, or where they pair both ways and records are more
    /// even so.
    fn with_escapes(self, sample: &[u8]) -> Self {
        if memchr::memmem::find(sample, &[b'\\', self.quote]).is_none() {
            return self;
        }
        let escaping = Self { escapes: true, ..self };
        let misfits = |dialect| {
            let found = Quotes::scan(sample, dialect);
            (found.malformed, found.is_open())
        };
        let is_more_even =
            || count_cells(sample, false, escaping).is_better(&count_cells(sample, false, self));
        match misfits(escaping).cmp(&misfits(self)) {
            Ordering::Less => escaping,
            Ordering::Equal if is_more_even() => escaping,
            _ => self,
        }
    }

    /// What is to be said of it; None of the dialect that everyone expects.
    pub(super) fn describe(self) -> Option<String> {
        let delimiter = match self.delimiter {
            b',' => None,
            b';' => Some("semicolons".to_owned()),
            b'\t' => Some("tabs".to_owned()),
            b'|' => Some("bars (|)".to_owned()),
            other => Some(format!("'{}'", char::from(other))),
        };
        let parts = [
            delimiter.map(|delimiter| format!("cells are parted by {delimiter}")),
            (self.quote == b'\'').then(|| "cells are quoted by '".to_owned()),
            self.escapes.then(|| "quotes inside of cells have a backslash before them".to_owned()),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// csv's parser for it.
    pub(super) fn parser(self) -> csv_core::Reader {
        csv_core::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .quote(self.quote)
            .escape(self.escapes.then_some(b'\\'))
            .build()
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod real_tests;
