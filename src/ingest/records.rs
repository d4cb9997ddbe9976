//! Records one after the other, whether they are lines of a text or rows of a sheet.

use super::note::Notes;
use super::source::Source;
use super::table::{Record, Table};
use crate::error::Result;

/// The records of one table.
pub(super) enum Records<'a> {
    /// Of a text file.
    Text(Box<Table<'a>>),
}

impl<'a> Records<'a> {
    /// The records of a table of a source, from its start.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn open(source: &'a Source, on_progress: &'a mut dyn FnMut(u64)) -> Result<Self> {
        Table::open(source, on_progress).map(Box::new).map(Self::Text)
    }

    /// Reads the next record; false at the end.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn advance(&mut self) -> Result<bool> {
        match self {
            Self::Text(table) => table.advance(),
        }
    }

    /// The record that was read last.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn record(&self) -> Result<Record<'_>> {
        match self {
            Self::Text(table) => table.record(),
        }
    }

    /// Whether the file ends before the line of the record that was read last does.
    pub(super) fn is_cut(&self) -> bool {
        match self {
            Self::Text(table) => table.is_cut(),
        }
    }

    /// Says how it is written, where that was found and is not what everyone expects.
    pub(super) fn note_dialect(&self, notes: &mut Notes) {
        match self {
            Self::Text(table) => table.note_dialect(notes),
        }
    }

    /// What has to stand before the header, and parts the cells, so that rows written so are read back.
    pub(super) fn dialect(&self) -> (String, u8) {
        match self {
            Self::Text(table) => (table.preamble(), table.dialect().delimiter),
        }
    }

    /// Reads on to the end without looking, and gives the SHA-256 of the file.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn finish(self) -> Result<[u8; 32]> {
        match self {
            Self::Text(table) => table.finish(),
        }
    }
}
