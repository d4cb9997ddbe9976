//! Records of a CSV file with their physical lines, in bounded memory.
//!
//! What a record is, csv's own parser decides; most lines are so plain that [`plain`] cuts them in place, which
//! is several times as fast and must never give anything else. A record that is not bounded (a quote that is
//! never closed, a line without end) ends the reading with an error, it never fills the memory.

mod limits;
mod plain;

use std::io::Read;

use csv_core::ReadRecordResult;

use super::encoding::{BLOCK, Blocks};
use super::refusal;
use crate::error::{Error, Result};
use limits::{MAX_FIELDS, MAX_RECORD};

/// One record; it stands until the next one is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'t> {
    /// The physical line on which it begins, from 1.
    pub(super) line: u64,
    /// How many line ends stand inside it.
    pub(super) line_breaks: u64,
    text: &'t str,
    bounds: &'t [(usize, usize)],
}

impl<'t> Record<'t> {
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
pub(super) struct Table<'a, R> {
    blocks: Blocks<'a, R>,
    core: csv_core::Reader,
    /// What csv's parser wrote: the cells' text, and where each ends.
    output: Vec<u8>,
    ends: Vec<usize>,
    bounds: Vec<(usize, usize)>,
    /// The line on which the next byte stands, and on which the last record began.
    line: u64,
    record_line: u64,
}

/// Where the text of a record lies.
enum Place {
    /// In the block, this many bytes before its position, of which these are the record.
    Block { consumed: usize, text: usize },
    /// In the parser's output, up to here.
    Output(usize),
}

impl<'a, R: Read> Table<'a, R> {
    /// The records of a file called `name`.
    pub(super) fn new(reader: R, name: &'a str, on_progress: &'a mut dyn FnMut(u64)) -> Self {
        Self::with_block_size(reader, name, BLOCK, on_progress)
    }

    fn with_block_size(reader: R, name: &'a str, size: usize, on_progress: &'a mut dyn FnMut(u64)) -> Self {
        Self {
            blocks: Blocks::new(reader, name, size, on_progress),
            core: csv_core::Reader::new(),
            output: vec![0; 1 << 10],
            ends: vec![0; 1 << 6],
            bounds: Vec::new(),
            line: 1,
            record_line: 0,
        }
    }

    /// Whether the file began with a byte order mark; known once a record was read.
    pub(super) fn has_bom(&self) -> bool {
        self.blocks.has_bom()
    }

    /// Reads the next record; lines without a single character are none.
    ///
    /// # Errors
    /// The file cannot be read, is no UTF-8 text, or breaks one of the limits.
    pub(super) fn next_record(&mut self) -> Result<Option<Record<'_>>> {
        if !self.skip_line_ends()? {
            return Ok(None);
        }
        let line = self.line;
        if line == self.record_line {
            let what = "the line holds a carriage return without a line feed";
            let hint = "save the file with the line ends of Unix or Windows";
            return Err(refusal::line(self.blocks.name(), line, "bare_carriage_return", what, hint));
        }
        self.record_line = line;
        let place = match self.read_plain() {
            Some(place) => place,
            None => Place::Output(self.read_any()?),
        };
        limits::check_fields(self.blocks.name(), line, self.bounds.len())?;
        let (text, line_breaks) = match place {
            Place::Block { consumed, text } => {
                (self.blocks.consumed(consumed).and_then(|line| line.get(..text)), 0)
            }
            Place::Output(length) => {
                let output = self.output.get(..length).unwrap_or_default();
                (std::str::from_utf8(output).ok(), memchr::memchr_iter(b'\n', output).count() as u64)
            }
        };
        let text = text.ok_or_else(|| limits::not_text(self.blocks.name(), line))?;
        Ok(Some(Record { line, line_breaks, text, bounds: &self.bounds }))
    }

    /// Reads on to the end without looking, and gives the SHA-256 of all bytes.
    pub(super) fn finish(self) -> Result<[u8; 32]> {
        self.blocks.finish()
    }

    /// Goes to the next byte that is no line end; false where there is none.
    fn skip_line_ends(&mut self) -> Result<bool> {
        loop {
            let bytes = self.blocks.bytes();
            let ends = bytes.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
            let (length, lines) =
                ends.fold((0, 0), |(length, lines), byte| (length + 1, lines + u64::from(*byte == b'\n')));
            let found = length < bytes.len();
            self.line += lines;
            self.blocks.consume(length);
            if found {
                return Ok(true);
            }
            if !self.blocks.fill()? {
                return Ok(false);
            }
        }
    }

    /// Cuts the next line in place, if it lies whole in the block and is plain.
    fn read_plain(&mut self) -> Option<Place> {
        let bytes = self.blocks.bytes();
        let consumed = memchr::memchr(b'\n', bytes)? + 1;
        let line = bytes.get(..consumed - 1)?;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !plain::split(line, &mut self.bounds) {
            return None;
        }
        let text = line.len();
        self.blocks.consume(consumed);
        self.line += 1;
        Some(Place::Block { consumed, text })
    }

    /// Reads any record through csv's parser; returns the length of its text.
    fn read_any(&mut self) -> Result<usize> {
        let (mut read, mut written, mut fields) = (0_usize, 0, 0);
        loop {
            let at_end = self.blocks.bytes().is_empty() && !self.blocks.fill()?;
            // At the end the parser is given one more line end: only inside quotes does that not end the record.
            let input = if at_end { b"\n" } else { self.blocks.bytes() };
            let output = self.output.get_mut(written..).unwrap_or_default();
            let ends = self.ends.get_mut(fields..).unwrap_or_default();
            let lines = self.core.line();
            let (result, taken, put, ended) = self.core.read_record(input, output, ends);
            if at_end && taken > 0 && !matches!(result, ReadRecordResult::Record) {
                return Err(self.open_quote(written, fields));
            }
            if !at_end {
                self.line += self.core.line() - lines;
            }
            self.blocks.consume(taken);
            read += taken;
            written += put;
            fields += ended;
            self.check_limits(read, written, fields)?;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => grow(&mut self.output, MAX_RECORD),
                ReadRecordResult::OutputEndsFull => grow(&mut self.ends, MAX_FIELDS),
                ReadRecordResult::Record | ReadRecordResult::End => break,
            }
        }
        self.take_bounds(fields);
        Ok(written)
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
        limits::check(self.blocks.name(), self.record_line, self.line, read, written, ends)
    }

    /// The error of a file that ends inside quotes: the cell is what was written since the last whole one.
    fn open_quote(&self, written: usize, fields: usize) -> Error {
        let start = self.ends.get(..fields).and_then(<[usize]>::last).copied().unwrap_or(0);
        let cell = self.output.get(start..written).unwrap_or_default();
        let inside = memchr::memchr_iter(b'\n', cell).count() as u64;
        limits::open_quote(self.blocks.name(), self.line.saturating_sub(inside))
    }
}

fn grow<T: Clone + Default>(buffer: &mut Vec<T>, most: usize) {
    // One beyond the limit, so that the limit itself is what stops.
    let length = buffer.len().saturating_mul(2).min(most + 1);
    buffer.resize(length, T::default());
}

#[cfg(test)]
mod tests;
