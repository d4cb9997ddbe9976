//! Which of the first records is the header.
//!
//! The first record is, unless the file itself says otherwise: it is narrower than a later one that looks like a
//! header, or it is data like all below it. What is known of names counts more than form. It must never take a row
//! for a part of the header without evidence in several columns.

use super::HeaderJudge;
use super::class::Class;
use super::held::{Looked, Sample};
use crate::ingest::columns::is_reserved;
use crate::model::names::loose_key;

/// How many records behind a place the header is looked for, and how many of those above it may be wider than a title.
const LOOKED_AHEAD: usize = 30;
const MOST_WIDE_ABOVE: usize = 3;
/// How many records below a header show what its columns hold.
const SHOWN_BELOW: usize = 40;
/// The most bytes of a header's cell.
const LONGEST_NAME: usize = 1000;

/// The sample with what is known of names.
pub(super) struct Finder<'s> {
    records: &'s [Looked],
    judge: &'s dyn HeaderJudge,
    width: usize,
}

impl<'s> Finder<'s> {
    /// A look at a sample.
    pub(super) fn new(sample: &'s Sample, judge: &'s dyn HeaderJudge) -> Self {
        let width = sample.records.iter().map(Looked::len).max().unwrap_or_default();
        Self { records: &sample.records, judge, width }
    }

    /// The place of the header; None where the first record is data like all others.
    pub(super) fn find(&self) -> Option<usize> {
        let first = self.records.first()?;
        if is_ours(first) {
            return Some(0);
        }
        if let Some(named) = self.with_all_names() {
            return Some(named);
        }
        let mut place = 0;
        while let Some(better) = self.better_than(place) {
            place = better;
        }
        (place > 0 || !self.is_data(first)).then_some(place)
    }

    /// The first record that has all the names that the caller gives a meaning.
    fn with_all_names(&self) -> Option<usize> {
        let names: Vec<String> = self.judge.named().into_iter().map(loose_key).collect();
        let has =
            |record: &Looked, name: &String| (0..record.len()).any(|at| loose_key(record.cell(at)) == *name);
        let is_it = |record: &Looked| names.iter().all(|name| has(record, name));
        if names.is_empty() { None } else { self.records.iter().take(LOOKED_AHEAD).position(is_it) }
    }

    /// The next record that looks like a header, where all from `place` up to it look like a preamble of it.
    fn better_than(&self, place: usize) -> Option<usize> {
        let ahead = (place + 1..self.records.len()).take(LOOKED_AHEAD);
        ahead.into_iter().find(|header| {
            let above = self.records.get(place..*header).unwrap_or_default();
            self.is_header(*header) && self.is_preamble(above, *header)
        })
    }

    /// Whether a record has the form of a header with rows below it.
    fn is_header(&self, place: usize) -> bool {
        let Some(record) = self.records.get(place) else { return false };
        let fits = |column: usize| match record.class(column) {
            Class::Number => false,
            Class::When => self.below(place, column).is_some_and(|below| below != Class::When),
            _ => record.cell(column).len() <= LONGEST_NAME,
        };
        record.filled >= 2 && (0..record.len()).all(fits) && !self.has_names_below(place)
    }

    /// Whether names that the kind knows stand in the first column rather than in the record: one account's own
    /// sheet, a name and a value on each line.
    fn has_names_below(&self, place: usize) -> bool {
        let known_in_row = self.records.get(place).map_or(0, |record| self.known(record));
        let column = self.records.iter().skip(place).take(SHOWN_BELOW).map(|record| record.cell(0));
        known_in_row < 2 && column.filter(|cell| self.knows(cell)).take(2).count() == 2
    }

    /// Whether records are what stands above a header.
    fn is_preamble(&self, above: &[Looked], place: usize) -> bool {
        let Some(header) = self.records.get(place) else { return false };
        let known = self.known(header);
        let contrasts = self.contrasts(place);
        let is_usual = self.is_usual_width(place);
        let is_narrow = |record: &Looked| {
            let differs = record.len() != header.len();
            let is_title = record.filled == 1 || record.filled * 2 <= header.filled || (contrasts && differs);
            is_comment(record)
                || (is_usual && is_title)
                || (known > 1 && (differs || record.filled < header.filled))
                || (known > 1 && known * 2 > header.filled && self.known(record) == 0)
        };
        let is_parted =
            |record: &Looked| header.after_gap || record.len() < header.len() || is_comment(record);
        let wide = above.iter().filter(|record| record.filled > 1).count();
        (wide <= MOST_WIDE_ABOVE || known > 1)
            && (known > 1 || contrasts || above.iter().all(is_parted))
            && above.iter().all(|record| is_narrow(record) && self.known(record) < known.max(1))
            && (known > 1 || place + 1 < self.records.len())
    }

    /// How many cells of a record are names of something that the kind knows; dates are names of nothing.
    pub(super) fn known(&self, record: &Looked) -> usize {
        let is_known =
            |column: &usize| record.class(*column) == Class::Text && self.knows(record.cell(*column));
        (0..record.len()).filter(is_known).count()
    }

    /// Whether the kind knows this name.
    pub(super) fn knows(&self, cell: &str) -> bool {
        !cell.is_empty() && self.judge.knows(cell)
    }

    /// Whether a column holds something of another form than its header.
    fn contrasts(&self, place: usize) -> bool {
        let Some(record) = self.records.get(place) else { return false };
        let differs = |column: usize| {
            let class = record.class(column);
            matches!(class, Class::Text | Class::When)
                && self.below(place, column).is_some_and(|below| below.is_data() && below != class)
        };
        (0..record.len()).any(differs)
    }

    /// What most cells of a column below a record look like.
    pub(super) fn below(&self, place: usize, column: usize) -> Option<Class> {
        let below = self.records.iter().skip(place + 1).take(SHOWN_BELOW).map(|record| record.class(column));
        let counts = [Class::Number, Class::When, Class::Text].map(|class| {
            let alike = below.clone().filter(|found| *found == class).count();
            (alike, class)
        });
        let all: usize = counts.iter().map(|(alike, _)| alike).sum();
        counts.into_iter().find(|(alike, _)| alike * 2 > all).map(|(_, class)| class)
    }

    /// Whether most records from here on have as many cells.
    fn is_usual_width(&self, place: usize) -> bool {
        let width = self.records.get(place).map(Looked::len);
        let here = self.records.get(place..).unwrap_or_default();
        here.iter().filter(|record| Some(record.len()) == width).count() * 2 > here.len()
    }

    /// Whether the first record is data: some column goes on as it begins, and none begins as a header would.
    fn is_data(&self, first: &Looked) -> bool {
        let continues = |column: usize| {
            let class = first.class(column);
            class.is_data() && self.below(0, column) == Some(class)
        };
        self.records.len() > 2
            && self.known(first) == 0
            && !self.contrasts_as_text(first)
            && (0..self.width).any(continues)
    }

    fn contrasts_as_text(&self, first: &Looked) -> bool {
        let is_name = |column: usize| {
            first.class(column) == Class::Text && self.below(0, column).is_some_and(Class::is_data)
        };
        (0..self.width).any(is_name)
    }
}

/// Whether a record is a lone remark, as programs write them above a table.
fn is_comment(record: &Looked) -> bool {
    record.filled == 1 && record.cell(0).starts_with('#')
}

/// Whether a record is the header of a rejects file: it has the columns that one adds.
pub(super) fn is_ours(record: &Looked) -> bool {
    record.held.record().cells().any(is_reserved)
}
