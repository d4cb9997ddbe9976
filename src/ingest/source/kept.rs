//! What one pass over a source found, and the next one needs: its sheets, where its headers are, how it is written.

use std::io::Write;
use std::path::Path;
use std::sync::PoisonError;

use super::{Packing, Source};
use crate::error::{Error, Result};
use crate::ingest::region::Head;
use crate::ingest::workbook::{Workbook, is_workbook};

/// How much of a file is looked at to tell a workbook.
const WORKBOOK_LOOKED_AT: usize = 1 << 16;

impl Source {
    /// Keeps what was found of the header of a table, for the next pass over it.
    pub(in crate::ingest) fn keep_head(&self, table: usize, head: Head) {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).insert(table, head);
    }

    /// What was found of the header of a table when it was read last.
    pub(in crate::ingest) fn head(&self, table: usize) -> Option<Head> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).get(&table).cloned()
    }

    /// Keeps how its dates and numbers turned out to be written.
    pub(in crate::ingest) fn keep_reading(&self, reading: Option<String>) {
        *self.reading.lock().unwrap_or_else(PoisonError::into_inner) = reading;
    }

    /// How its dates and numbers turned out to be written.
    pub(in crate::ingest) fn reading(&self) -> Option<String> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Its sheets, where it is a workbook, packed or not.
    ///
    /// # Errors
    /// It cannot be read; it is a workbook, and encrypted, broken or too large.
    pub(in crate::ingest) fn workbook(&self) -> Result<Option<&Workbook>> {
        if let Some(known) = self.workbook.get() {
            return Ok(known.as_ref());
        }
        let read = self.read_workbook()?;
        Ok(self.workbook.get_or_init(|| read).as_ref())
    }

    fn read_workbook(&self) -> Result<Option<Workbook>> {
        let mut no_progress = |_| {};
        let mut unpacked = self.unpacked(&mut no_progress)?;
        let mut start = Vec::new();
        unpacked.fill(&mut start, WORKBOOK_LOOKED_AT)?;
        if !is_workbook(&start, self.inner_name()) {
            return Ok(None);
        }
        if self.packing()? == Packing::Plain {
            return Workbook::read(&self.name, &self.file, self.size).map(Some);
        }
        let copy = |error| Error::io(Path::new("a temporary file"), "write", error);
        let mut file = tempfile::tempfile().map_err(copy)?;
        let mut size = 0;
        while !start.is_empty() {
            file.write_all(&start).map_err(copy)?;
            size += start.len() as u64;
            start.clear();
            unpacked.fill(&mut start, WORKBOOK_LOOKED_AT)?;
        }
        Workbook::read(&self.name, &file, size).map(Some)
    }
}
