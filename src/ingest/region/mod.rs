//! The table in a file: its header, and the records that are its rows.
//!
//! What stands above, between and below (titles, units, repeated headers, totals, footnotes, blank records) is set
//! aside here, and told; nothing of it is ever a row, and no row is ever taken for it in silence. A second pass over
//! the same source finds the same table.

use super::note::Notes;
use super::records::Records;
use super::refusal;
use super::source::Source;
use super::table::Record;
use crate::error::Result;

/// Whether a text is what a header of the kind that is asked for says.
pub(super) trait HeaderJudge {
    /// Whether the cell is the name of something that the kind knows.
    fn knows(&self, cell: &str) -> bool;
}

/// The table in a text, or in one sheet of a workbook.
pub(super) struct Region<'a> {
    name: &'a str,
    records: Records<'a>,
    header: Vec<String>,
    blank_records: u64,
}

impl<'a> Region<'a> {
    /// Finds the table of a source.
    ///
    /// # Errors
    /// It cannot be read, or holds no table.
    pub(super) fn open(
        source: &'a Source,
        _judge: &dyn HeaderJudge,
        on_progress: &'a mut dyn FnMut(u64),
    ) -> Result<Self> {
        let name = source.name();
        let mut records = Records::open(source, on_progress)?;
        if !records.advance()? {
            return Err(refusal::file(name, "is empty", "give a file with a header and one record a row"));
        }
        let header = records.record()?;
        if header.is_blank() {
            let what = "has nothing but empty cells in its first record, where the header should be";
            return Err(refusal::file(name, what, "take out what stands above the header"));
        }
        let header = header.cells().map(|cell| cell.trim().to_owned()).collect();
        Ok(Self { name, records, header, blank_records: 0 })
    }

    /// The file's name, for messages.
    pub(super) fn name(&self) -> &'a str {
        self.name
    }

    /// The headers, as they stand, trimmed.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// The next row; a record that is not blank.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn next_row(&mut self) -> Result<Option<Record<'_>>> {
        while self.records.advance()? {
            if !self.records.record()?.is_blank() {
                return self.records.record().map(Some);
            }
            self.blank_records += 1;
        }
        Ok(None)
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
            notes.add("blank_records", || {
                format!("{count} records have nothing but empty cells and are no rows")
            });
        }
    }

    /// Reads on to the end without looking, and gives the SHA-256 of the file.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn finish(self) -> Result<[u8; 32]> {
        self.records.finish()
    }
}
