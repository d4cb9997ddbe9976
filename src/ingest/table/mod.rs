//! Records of a CSV file with their physical lines, in bounded memory.
//!
//! How the file is written, [`dialect`] finds in its first block. What a record is, csv's own parser decides; most
//! lines are so plain that [`plain`] cuts them in place, which is several times as fast and must never give anything
//! else. A record that is not bounded (a quote that is never closed, a line without end) ends the reading with an
//! error, it never fills the memory.

mod dialect;
mod limits;
mod plain;
mod quotes;

use csv_core::ReadRecordResult;

use super::encoding::Blocks;
use super::lines::Lines;
use super::source::Source;
use crate::error::Result;
pub(super) use dialect::Dialect;
use limits::{MAX_FIELDS, MAX_RECORD};
use quotes::Quotes;

/// One record; it stands until the next one is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'t> {
    /// The physical line on which it begins, from 1.
    pub(super) line: u64,
    /// How many line ends stand inside it.
    pub(super) line_breaks: u64,
    /// Whether text stands behind the quote that closes one of its cells, so that no one knows where cells end.
    pub(super) has_stray_quote: bool,
    text: &'t str,
    bounds: &'t [(usize, usize)],
}

impl<'t> Record<'t> {
    /// A record on a line, of a text and where its cells begin and end in it.
    pub(super) fn new(line: u64, line_breaks: u64, text: &'t str, bounds: &'t [(usize, usize)]) -> Self {
        Self { line, line_breaks, has_stray_quote: false, text, bounds }
    }

    /// Its text and the places of its cells, as [`Self::new`] takes them.
    pub(super) fn parts(&self) -> (&'t str, &'t [(usize, usize)]) {
        (self.text, self.bounds)
    }

    /// How many cells it has.
    pub(super) fn len(&self) -> usize {
        self.bounds.len()
    }

    /// The text of a cell, as it stands in the file without its quotes; empty where there is no such cell.
    pub(super) fn cell(&self, index: usize) -> &'t str {
        self.bounds.get(index).and_then(|(start, end)| self.text.get(*start..*end)).unwrap_or_default()
    }

    /// Every cell.
    pub(super) fn cells(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        let text = self.text;
        self.bounds.iter().map(move |(start, end)| text.get(*start..*end).unwrap_or_default())
    }

    /// The record without the cells from a place on, where all of those are empty; else as it is.
    pub(super) fn without_spare(self, width: usize) -> Self {
        let is_spare = self.cells().skip(width).all(|cell| cell.trim().is_empty());
        let bounds = self.bounds.get(..width).filter(|_| is_spare).unwrap_or(self.bounds);
        Self { bounds, ..self }
    }

    /// Whether no cell says anything.
    pub(super) fn is_blank(&self) -> bool {
        // The first byte settles nearly every cell.
        let is_blank = |cell: &str| {
            !cell.bytes().next().is_some_and(|byte| byte.is_ascii_graphic()) && cell.trim().is_empty()
        };
        self.cells().all(is_blank)
    }
}

/// The records of a file, one after the other.
pub(super) struct Table<'a> {
    blocks: Blocks<'a>,
    dialect: Dialect,
    core: csv_core::Reader,
    /// What csv's parser wrote: the cells' text, and where each ends.
    output: Vec<u8>,
    ends: Vec<usize>,
    bounds: Vec<(usize, usize)>,
    /// Where the next byte stands, and the line on which the last record began.
    lines: Lines,
    record_line: u64,
    /// What is to be said of the dialect, where it was found and not given.
    note: Option<String>,
    /// Whether the first line was `sep=` and a delimiter.
    has_separator_line: bool,
    /// Where the text of the record that was read last lies.
    place: Place,
}

/// Where the text of a record lies.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// In the block, this many bytes before its position, of which these are the record.
    Block { consumed: usize, text: usize },
    /// In the parser's output, up to here; with text behind a closing quote, and cut off by the end of the file.
    Output { text: usize, has_stray_quote: bool, is_cut: bool },
}

impl<'a> Table<'a> {
    /// The records of a source from its start.
    ///
    /// # Errors
    /// The file cannot be read, or its first block is no text.
    pub(super) fn open(source: &'a Source, on_progress: &'a mut (dyn FnMut(u64) + Send)) -> Result<Self> {
        let given = source.text()?.delimiter;
        let blocks = Blocks::open(source, on_progress)?;
        let separator = dialect::separator_line(blocks.bytes());
        let length = separator.map_or(0, |(_, length)| length);
        let said = given.or(separator.map(|(delimiter, _)| delimiter));
        let sample = blocks.bytes().get(length..).unwrap_or_default();
        let dialect = Dialect::find(sample, blocks.is_last(), said);
        let mut table = Self::new(blocks, dialect);
        table.has_separator_line = separator.is_some();
        table.note = if given.is_none() { dialect.describe() } else { None };
        table.lines.pass(table.blocks.bytes().get(..length).unwrap_or_default());
        table.blocks.consume(length);
        Ok(table)
    }

    /// The records of a text that is written so.
    fn new(blocks: Blocks<'a>, dialect: Dialect) -> Self {
        Self {
            blocks,
            dialect,
            core: dialect.parser(),
            output: vec![0; 1 << 10],
            ends: vec![0; 1 << 6],
            bounds: Vec::new(),
            lines: Lines::start(),
            record_line: 0,
            note: None,
            has_separator_line: false,
            place: Place::Output { text: 0, has_stray_quote: false, is_cut: false },
        }
    }

    /// How the file is written.
    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The WHATWG name of its encoding.
    pub(super) fn encoding(&self) -> Option<&'static str> {
        self.blocks.encoding()
    }

    /// What has to stand before the header, so that rows written in the same dialect are read back: a byte order
    /// mark, and Excel's line that names the delimiter.
    pub(super) fn preamble(&self) -> String {
        let mark = if self.blocks.needs_mark() { "\u{feff}" } else { "" };
        let separator = self.has_separator_line.then(|| char::from(self.dialect.delimiter));
        let separator = separator.map(|delimiter| format!("sep={delimiter}\n")).unwrap_or_default();
        format!("{mark}{separator}")
    }

    /// What is to be said of how the file is written, where that was found and is not what everyone expects.
    pub(super) fn dialect_note(&self) -> Option<String> {
        self.note.clone()
    }

    /// Reads the next record; lines without a single character are none. False at the end.
    ///
    /// # Errors
    /// The file cannot be read, is no UTF-8 text, or breaks one of the limits.
    pub(super) fn advance(&mut self) -> Result<bool> {
        if !self.skip_line_ends()? {
            return Ok(false);
        }
        self.record_line = self.lines.line;
        self.place = match self.read_plain() {
            Some(place) => place,
            None => self.read_any()?,
        };
        limits::check_fields(self.blocks.name(), self.record_line, self.bounds.len())?;
        Ok(true)
    }

    /// The record that was read last.
    ///
    /// # Errors
    /// Its text is no UTF-8.
    pub(super) fn record(&self) -> Result<Record<'_>> {
        let (text, line_breaks, has_stray_quote) = match self.place {
            Place::Block { consumed, text } => {
                (self.blocks.consumed(consumed).and_then(|line| line.get(..text)), 0, false)
            }
            Place::Output { text, has_stray_quote, .. } => {
                let output = self.output.get(..text).unwrap_or_default();
                let line_breaks = memchr::memchr2_iter(b'\n', b'\r', output).count() as u64;
                (std::str::from_utf8(output).ok(), line_breaks, has_stray_quote)
            }
        };
        let text = text.ok_or_else(|| limits::not_text(self.blocks.name(), self.record_line))?;
        Ok(Record { line: self.record_line, line_breaks, has_stray_quote, text, bounds: &self.bounds })
    }

    /// Whether the file ends before the line of the record that was read last does.
    pub(super) fn is_cut(&self) -> bool {
        matches!(self.place, Place::Output { is_cut: true, .. })
    }

    /// Reads the next record and gives it; None at the end.
    ///
    /// # Errors
    /// Those of [`Self::advance`].
    #[cfg(test)]
    pub(super) fn next_record(&mut self) -> Result<Option<Record<'_>>> {
        if self.advance()? { self.record().map(Some) } else { Ok(None) }
    }

    /// Reads on to the end without looking, and gives the SHA-256 of all bytes.
    pub(super) fn finish(self) -> Result<[u8; 32]> {
        self.blocks.finish()
    }

    /// Goes to the next byte that is no line end; false where there is none.
    fn skip_line_ends(&mut self) -> Result<bool> {
        loop {
            let bytes = self.blocks.bytes();
            let length = bytes.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            let found = length < bytes.len();
            if length > 0 {
                self.lines.pass(bytes.get(..length).unwrap_or_default());
                self.blocks.consume(length);
            }
            if found {
                return Ok(true);
            }
            if !self.blocks.fill(self.lines)? {
                return Ok(false);
            }
        }
    }

    /// Cuts the next line in place, if it lies whole in the block and is plain.
    fn read_plain(&mut self) -> Option<Place> {
        let bytes = self.blocks.bytes();
        let text = memchr::memchr2(b'\n', b'\r', bytes)?;
        let (line, behind) = bytes.split_at_checked(text)?;
        let consumed = match behind {
            [b'\r', b'\n', ..] => text + 2,
            // What follows in the next block belongs to it or not.
            [b'\r'] => return None,
            _ => text + 1,
        };
        if !plain::split(line, self.dialect, &mut self.bounds) {
            return None;
        }
        self.blocks.consume(consumed);
        self.lines.pass_line();
        Some(Place::Block { consumed, text })
    }

    /// Reads any record through csv's parser.
    fn read_any(&mut self) -> Result<Place> {
        let (mut read, mut written, mut fields) = (0_usize, 0, 0);
        let mut quotes = Quotes::at(self.lines, self.dialect);
        loop {
            let at_end = self.blocks.bytes().is_empty() && !self.blocks.fill(self.lines)?;
            // At the end the parser is given one more line end: only inside quotes does that not end the record.
            let input = if at_end { b"\n" } else { self.blocks.bytes() };
            let output = self.output.get_mut(written..).unwrap_or_default();
            let ends = self.ends.get_mut(fields..).unwrap_or_default();
            let (result, taken, put, ended) = self.core.read_record(input, output, ends);
            if at_end && taken > 0 && !matches!(result, ReadRecordResult::Record) {
                return Err(limits::open_quote(self.blocks.name(), quotes.opened_on));
            }
            if !at_end {
                let input = input.get(..taken).unwrap_or_default();
                self.lines.pass(input);
                quotes.pass(input);
            }
            self.blocks.consume(taken);
            read += taken;
            written += put;
            fields += ended;
            if let Some(line) = quotes.swallowed_from {
                return Err(limits::swallowed(self.blocks.name(), line));
            }
            self.check_limits(read, written, fields)?;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => grow(&mut self.output, MAX_RECORD),
                ReadRecordResult::OutputEndsFull => grow(&mut self.ends, MAX_FIELDS),
                ReadRecordResult::Record | ReadRecordResult::End => {
                    self.take_bounds(fields);
                    let has_stray_quote = quotes.has_stray;
                    return Ok(Place::Output { text: written, has_stray_quote, is_cut: at_end });
                }
            }
        }
    }

    fn take_bounds(&mut self, fields: usize) {
        self.bounds.clear();
        let mut start = 0;
        for end in self.ends.iter().take(fields) {
            self.bounds.push((start, *end));
            start = *end;
        }
    }

    /// Refuses what has grown too large so far: the record, a cell, the lines it runs over.
    fn check_limits(&self, read: usize, written: usize, fields: usize) -> Result<()> {
        let ends = self.ends.get(..fields).unwrap_or_default();
        limits::check(self.blocks.name(), self.record_line, self.lines.line, read, written, ends)
    }
}

fn grow<T: Clone + Default>(buffer: &mut Vec<T>, most: usize) {
    // One beyond the limit, so that the limit itself is what stops.
    let length = buffer.len().saturating_mul(2).min(most + 1);
    buffer.resize(length, T::default());
}

#[cfg(test)]
mod tests;
