//! The table in a file: its header, and the records that are its rows.
//!
//! What stands above, between and below (titles, units, repeated headers, totals, footnotes, blank records) is set
//! aside here, and told; nothing of it is ever a row, and no row is ever taken for it in silence. A second pass over
//! the same source finds the same table.
//!
//! | room | says |
//! |---|---|
//! | `held` | the first records, bounded |
//! | `class` | what a cell looks like |
//! | `header`, `header_rows`, `found` | which of them are the header |
//! | `fate`, `words` | what a record below it is |
//! | `aside` | what was set aside |
//! | `head` | what is kept for a second pass |

mod aside;
mod class;
mod fate;
mod found;
mod head;
mod header;
mod header_rows;
mod held;
mod words;

use std::collections::VecDeque;

use super::note::Notes;
use super::records::Records;
use super::refusal;
use super::source::Source;
use super::table::Record;
use crate::error::Result;
use crate::model::reading::HeaderRow;
pub(super) use aside::SetAside;
use aside::{AsideKind, Asides};
use fate::{Fate, Teller};
pub(super) use head::Head;
use held::{Held, Sample};
use words::{is_note, is_sentence};

/// How many records may wait for what follows them.
const MOST_WAITING: usize = 64;

/// Whether a text is what a header of the kind that is asked for says.
pub(super) trait HeaderJudge {
    /// Whether the cell is the name of something that the kind knows.
    fn knows(&self, cell: &str) -> bool;

    /// The names that the caller gives a meaning: the header has them all.
    fn named(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// The names that maps of columns to fields give a meaning, but for those that count columns.
pub(super) fn named_by(maps: &[(String, String)]) -> Vec<&str> {
    let names = maps.iter().map(|(column, _)| column.trim());
    names.filter(|name| !name.contains('#') && !name.to_lowercase().starts_with("column ")).collect()
}

/// The table in a text, or in one sheet of a workbook.
pub(super) struct Region<'a> {
    name: &'a str,
    records: Records<'a>,
    teller: Teller,
    /// Records of the sample that were not looked at, records that wait for what follows, and rows to be given.
    sample: VecDeque<Held>,
    waiting: Vec<Waiting>,
    ready: VecDeque<Held>,
    current: Option<Held>,
    asides: Asides,
    blank_records: u64,
    /// The line on which the next record begins, where no blank one stands before it.
    next_line: u64,
    /// Whether another table has begun.
    is_over: bool,
    /// Which rows are given; None for all of them.
    only: Option<Only>,
}

/// The rows of one part of a rejects file, by what stands in the column that tells the parts apart.
pub(super) struct Only {
    pub(super) column: usize,
    pub(super) text: String,
    /// The other parts, where this is the first: it has the rows, too, that are of none.
    pub(super) others: Option<Vec<String>>,
}

impl Only {
    fn holds(&self, record: &Record<'_>) -> bool {
        let cell = record.cell(self.column).trim();
        match &self.others {
            Some(others) => others.iter().all(|other| other != cell),
            None => cell == self.text,
        }
    }
}

/// A record of which only what follows tells what it is.
struct Waiting {
    held: Held,
    after_gap: bool,
}

/// Where the next row lies.
enum Next {
    Records,
    Current,
    End,
}

impl<'a> Region<'a> {
    /// Finds the table of a source.
    ///
    /// # Errors
    /// It cannot be read, holds no table, or no header that fits its rows.
    #[cfg(test)]
    pub(super) fn open(
        source: &'a Source,
        judge: &dyn HeaderJudge,
        on_progress: &'a mut (dyn FnMut(u64) + Send),
    ) -> Result<Self> {
        Self::of(source, 0, Records::open(source, on_progress)?, judge)
    }

    /// Finds the table in the records of one of the tables of a source, counted from 0.
    ///
    /// # Errors
    /// It cannot be read, holds no table, or no header that fits its rows.
    pub(super) fn of(
        source: &'a Source,
        number: usize,
        mut records: Records<'a>,
        judge: &dyn HeaderJudge,
    ) -> Result<Self> {
        let (name, said) = (source.name(), source.table().header);
        let mut asides = Asides::default();
        let from = if let HeaderRow::Row(line) = said { u64::from(line) } else { 0 };
        let sample = Sample::read(&mut records, from, &mut asides)?;
        if sample.records.is_empty() && from == 0 {
            return Err(match sample.blanks.is_empty() {
                true => refusal::file(name, "is empty", "give a file with a header and one record a row"),
                false => refusal::file(
                    name,
                    "has nothing but empty cells",
                    "give a file with a header and one record a row",
                ),
            });
        }
        let blank_records = sample.blanks.len() as u64;
        let found = found::find(name, sample, judge, said, &mut asides)?;
        source.keep_head(number, found.head.clone());
        Ok(Self { blank_records, asides, ..Self::new(name, records, found.head, found.rows) })
    }

    /// The table of a source as it was found when it was read before; found anew where it was not.
    ///
    /// # Errors
    /// It cannot be read, holds no table, or no header that fits its rows.
    pub(super) fn open_again(
        source: &'a Source,
        on_progress: &'a mut (dyn FnMut(u64) + Send),
    ) -> Result<Self> {
        Self::again(source, 0, Records::open(source, on_progress)?)
    }

    /// The same of the records of one of the tables of a source, counted from 0.
    ///
    /// # Errors
    /// It cannot be read, holds no table, or no header that fits its rows.
    pub(super) fn again(source: &'a Source, number: usize, mut records: Records<'a>) -> Result<Self> {
        let Some(head) = source.head(number) else { return Self::of(source, number, records, &Nothing) };
        let mut first = Vec::new();
        while first.is_empty() && records.advance()? {
            let record = records.record()?;
            if record.line > head.last_line {
                first.push(Held::of(&record, records.is_cut()));
            }
        }
        Ok(Self::new(source.name(), records, head, first))
    }

    fn new(name: &'a str, records: Records<'a>, head: Head, first: Vec<Held>) -> Self {
        Self {
            name,
            records,
            next_line: head.next_line,
            teller: Teller::new(head),
            sample: first.into(),
            waiting: Vec::new(),
            ready: VecDeque::new(),
            current: None,
            asides: Asides::default(),
            blank_records: 0,
            is_over: false,
            only: None,
        }
    }

    /// Gives the rows of one part alone.
    pub(super) fn keep_only(&mut self, only: Only) {
        self.only = Some(only);
    }

    /// The file's name, for messages.
    pub(super) fn name(&self) -> &'a str {
        self.name
    }

    /// The headers, as they stand; those of several rows joined.
    pub(super) fn header(&self) -> &[String] {
        self.teller.header()
    }

    /// The line on which the header begins; None where there is none.
    pub(super) fn header_line(&self) -> Option<u64> {
        self.teller.header_line()
    }

    /// What was set aside up to now: the first thousand records.
    pub(super) fn set_aside(&self) -> &[SetAside] {
        self.asides.kept()
    }

    /// The next row; a record that is not blank.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn next_row(&mut self) -> Result<Option<Record<'_>>> {
        loop {
            let next = self.advance()?;
            let Some(only) = &self.only else { return self.row_at(&next) };
            let Some(row) = self.row_at(&next)? else { return Ok(None) };
            if only.holds(&row) {
                return self.row_at(&next);
            }
        }
    }

    /// The row that was gone to.
    fn row_at(&self, next: &Next) -> Result<Option<Record<'_>>> {
        let row = match next {
            Next::Records => Some(self.records.record()?),
            Next::Current => self.current.as_ref().map(Held::record),
            Next::End => None,
        };
        Ok(row.map(|row| self.teller.without_spare(row)))
    }

    /// Goes to the next row.
    fn advance(&mut self) -> Result<Next> {
        loop {
            if let Some(row) = self.ready.pop_front() {
                self.current = Some(row);
                return Ok(Next::Current);
            }
            if let Some(held) = self.sample.pop_front() {
                let (fate, after_gap) = self.tell(&held.record());
                self.settle(fate, held, after_gap);
                continue;
            }
            if !self.records.advance()? {
                self.end();
                if self.ready.is_empty() {
                    return Ok(Next::End);
                }
                continue;
            }
            let record = self.records.record()?;
            let after_gap = record.line > self.next_line;
            let next_line = record.line + record.line_breaks + 1;
            let fate = self.teller.tell(&record, after_gap || !self.waiting.is_empty());
            if fate == Fate::Row && self.waiting.is_empty() && !self.is_over {
                self.next_line = next_line;
                return Ok(Next::Records);
            }
            let held = Held::of(&record, self.records.is_cut());
            let (fate, after_gap) = self.tell(&held.record());
            self.settle(fate, held, after_gap);
        }
    }

    /// What a record is, and whether a blank record or line stands before it, or before those that wait.
    fn tell(&mut self, record: &Record<'_>) -> (Fate, bool) {
        let after_gap = record.line > self.next_line || self.waiting.iter().any(|waiting| waiting.after_gap);
        let fate = self.teller.tell(record, after_gap);
        if fate != Fate::Blank {
            self.next_line = record.line + record.line_breaks + 1;
        }
        (fate, after_gap)
    }

    fn settle(&mut self, fate: Fate, held: Held, after_gap: bool) {
        match fate {
            Fate::Blank => self.blank_records += 1,
            _ if self.is_over => self.asides.add(&held.record(), AsideKind::OtherTable),
            Fate::Aside(kind) => {
                match kind {
                    AsideKind::OtherTable => {
                        self.end();
                        self.is_over = true;
                    }
                    AsideKind::RepeatedHeader => {
                        self.end_with(|waiting| waiting.after_gap, AsideKind::Preamble);
                    }
                    _ => {}
                }
                self.asides.add(&held.record(), kind);
            }
            Fate::Waits => {
                self.waiting.push(Waiting { held, after_gap });
                if self.waiting.len() > MOST_WAITING {
                    self.ready.extend(self.waiting.drain(..).map(|waiting| waiting.held));
                }
            }
            Fate::Row => {
                self.ready.extend(self.waiting.drain(..).map(|waiting| waiting.held));
                self.ready.push_back(held);
            }
        }
    }

    /// Nothing follows: of the records that wait, those from the first on that speaks of the table stand below it.
    fn end(&mut self) {
        let is_below = |waiting: &Waiting| {
            let record = waiting.held.record();
            let first = record.cells().map(str::trim).find(|cell| !cell.is_empty()).unwrap_or_default();
            // A file that was cut off within its last record has no note there.
            // A lone word may be an account of which nothing is said, and a lone number is somebody's value.
            let has_words = first.split_whitespace().nth(1).is_some();
            is_note(first) || is_sentence(first) || (waiting.after_gap && !waiting.held.is_cut && has_words)
        };
        self.end_with(is_below, AsideKind::Footer);
    }

    /// Of the records that wait, those before the first of which this holds are rows; the others are set aside.
    fn end_with(&mut self, is_aside: impl Fn(&Waiting) -> bool, kind: AsideKind) {
        let rows = self.waiting.iter().position(is_aside).unwrap_or(self.waiting.len());
        for (place, waiting) in self.waiting.drain(..).enumerate() {
            if place < rows {
                self.ready.push_back(waiting.held);
            } else {
                self.asides.add(&waiting.held.record(), kind);
            }
        }
    }

    /// What has to stand before the header, and parts the cells, so that rows written so are read back.
    pub(super) fn dialect(&self) -> (String, u8) {
        self.records.dialect()
    }

    /// Says how the file is written, where that was found and is not what everyone expects.
    pub(super) fn note_dialect(&self, notes: &mut Notes) {
        self.records.note_dialect(notes);
    }

    /// Says what was set aside; once its rows are read.
    pub(super) fn note(&self, notes: &mut Notes) {
        if self.blank_records > 0 {
            let count = self.blank_records;
            notes.add("blank_records", || match count {
                1 => "1 record has nothing but empty cells and is no row".to_owned(),
                _ => format!("{count} records have nothing but empty cells and are no rows"),
            });
        }
        if let Some(spare) = self.teller.spare() {
            notes.add("spare_cells", || {
                format!("rows have {spare} more than the header, which was passed over")
            });
        }
        self.asides.note(notes);
    }

    /// Reads on to the end without looking, and gives the SHA-256 of the file; None of a sheet, which is not the file.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn finish(self) -> Result<Option<[u8; 32]>> {
        self.records.finish()
    }
}

/// Knows no name.
struct Nothing;

impl HeaderJudge for Nothing {
    fn knows(&self, _: &str) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod pollock;
