//! Records one after the other, whether they are lines of a text or rows of a sheet.

use std::thread::Scope;

use super::ahead::{self, Ahead};
use super::note::Notes;
use super::source::Source;
use super::table::{Record, Table};
use super::workbook::Sheet;
use crate::error::Result;

/// The records of one table.
pub(super) enum Records<'a> {
    /// Of a text file.
    Text(Box<Table<'a>>),
    /// Of a large text file, cut ahead.
    Ahead {
        /// The records.
        ahead: Box<Ahead>,
        /// What the table says of how it is written.
        dialect: (String, u8),
        /// What is to be said of that.
        note: Option<String>,
    },
    /// Of a sheet of a workbook: its rows, by the numbers that they have there.
    Sheet {
        /// The sheet.
        sheet: &'a Sheet,
        /// How many of its rows were read.
        read: usize,
        /// Where the cells of the last one lie: as many as the widest row has, because a sheet is a rectangle.
        bounds: Vec<(usize, usize)>,
    },
}

impl<'a> Records<'a> {
    /// The records of a table of a source, from its start.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn open(source: &'a Source, on_progress: &'a mut (dyn FnMut(u64) + Send)) -> Result<Self> {
        Table::open(source, on_progress).map(Box::new).map(Self::Text)
    }

    /// The same, of a large file cut by a thread of its own.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn open_ahead<'scope>(
        scope: &'scope Scope<'scope, 'a>,
        source: &'a Source,
        on_progress: &'a mut (dyn FnMut(u64) + Send),
    ) -> Result<Self> {
        let table = Box::new(Table::open(source, on_progress)?);
        if source.size() < ahead::LARGE {
            return Ok(Self::Text(table));
        }
        let (dialect, note) = ((table.preamble(), table.dialect().delimiter), table.dialect_note());
        let started = Ahead::start(scope, table);
        Ok(started.map_or_else(Self::Text, |ahead| Self::Ahead { ahead: Box::new(ahead), dialect, note }))
    }

    /// The rows of a sheet.
    pub(super) fn of_sheet(sheet: &'a Sheet) -> Self {
        let width = (0..sheet.rows()).filter_map(|place| sheet.row(place)).map(|row| row.bounds.len()).max();
        Self::Sheet { sheet, read: 0, bounds: vec![(0, 0); width.unwrap_or(0)] }
    }

    /// Reads the next record; false at the end.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn advance(&mut self) -> Result<bool> {
        match self {
            Self::Text(table) => table.advance(),
            Self::Ahead { ahead, .. } => ahead.advance(),
            Self::Sheet { sheet, read, bounds } => {
                let Some(row) = sheet.row(*read) else { return Ok(false) };
                let cells = row.bounds.iter().copied().chain(std::iter::repeat((0, 0)));
                bounds.iter_mut().zip(cells).for_each(|(bound, cell)| *bound = cell);
                *read += 1;
                Ok(true)
            }
        }
    }

    /// The record that was read last.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn record(&self) -> Result<Record<'_>> {
        match self {
            Self::Text(table) => table.record(),
            Self::Ahead { ahead, .. } => Ok(ahead.record()),
            Self::Sheet { sheet, read, bounds } => {
                let row = read.checked_sub(1).and_then(|place| sheet.row(place));
                let (number, text) = row.map_or((0, ""), |row| (row.number, row.text));
                Ok(Record::new(u64::from(number), 0, text, bounds))
            }
        }
    }

    /// Whether the file ends before the line of the record that was read last does.
    pub(super) fn is_cut(&self) -> bool {
        match self {
            Self::Text(table) => table.is_cut(),
            Self::Ahead { ahead, .. } => ahead.is_cut(),
            Self::Sheet { .. } => false,
        }
    }

    /// Says how it is written, where that was found and is not what everyone expects.
    pub(super) fn note_dialect(&self, notes: &mut Notes) {
        let note = match self {
            Self::Text(table) => table.dialect_note(),
            Self::Ahead { note, .. } => note.clone(),
            Self::Sheet { .. } => None,
        };
        if let Some(note) = note {
            notes.add("dialect", || note);
        }
    }

    /// What has to stand before the header, and parts the cells, so that rows written so are read back.
    pub(super) fn dialect(&self) -> (String, u8) {
        match self {
            Self::Text(table) => (table.preamble(), table.dialect().delimiter),
            Self::Ahead { dialect, .. } => dialect.clone(),
            Self::Sheet { .. } => (String::new(), b','),
        }
    }

    /// Reads on to the end without looking, and gives the SHA-256 of the file; None of a sheet, which is not the file.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn finish(self) -> Result<Option<[u8; 32]>> {
        match self {
            Self::Text(table) => table.finish().map(Some),
            Self::Ahead { ahead, .. } => ahead.finish().map(Some),
            Self::Sheet { .. } => Ok(None),
        }
    }
}
