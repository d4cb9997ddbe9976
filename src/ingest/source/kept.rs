//! What one pass over a source found, and the next one needs: its sheets, where its headers are, how it is written.

use std::io::Write;
use std::path::Path;
use std::sync::PoisonError;

use super::{Packing, Source};
use crate::error::{Error, Result};
use crate::ingest::region::Head;
use crate::ingest::rejects::Said;
use crate::ingest::workbook::{Workbook, is_workbook};

/// How much of a file is looked at to tell a workbook.
const WORKBOOK_LOOKED_AT: usize = 1 << 16;
/// How much of a file is searched at once.
const BLOCK: usize = 1 << 18;

impl Source {
    /// Keeps what was found of the header of a table, for the next pass over it.
    pub(in crate::ingest) fn keep_head(&self, table: usize, head: Head) {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).insert(table, head);
    }

    /// What was found of the header of a table when it was read last.
    pub(in crate::ingest) fn head(&self, table: usize) -> Option<Head> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).get(&table).cloned()
    }

    /// What it says by itself of how its rows were read, where it is a rejects file.
    ///
    /// # Errors
    /// It cannot be read, or says what means nothing.
    pub fn said(&self) -> Result<&Said> {
        if let Some(known) = self.said.get() {
            return Ok(known);
        }
        let found = Said::of(self)?;
        Ok(self.said.get_or_init(|| found))
    }

    /// Whether these bytes stand anywhere in what it holds.
    ///
    /// # Errors
    /// It cannot be read.
    pub(in crate::ingest) fn holds(&self, bytes: &[u8]) -> Result<bool> {
        let mut no_progress = |_| {};
        let mut unpacked = self.unpacked(&mut no_progress)?;
        let mut block = Vec::new();
        loop {
            let before = block.len();
            unpacked.fill(&mut block, before + BLOCK)?;
            if memchr::memmem::find(&block, bytes).is_some() {
                return Ok(true);
            }
            if block.len() == before {
                return Ok(false);
            }
            // They may begin at the end of one block.
            let kept = block.len().saturating_sub(bytes.len());
            block.drain(..kept);
        }
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
