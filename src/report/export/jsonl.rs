//! Rows as JSON Lines, a batch at a time: one object a row, as the command's own JSON writes it.

use std::io::{self, BufWriter, Write};

use super::column::Row;
use crate::report::json;

/// A file of JSON Lines that is being written.
pub struct JsonLinesFile<W: Write> {
    writer: BufWriter<W>,
}

impl<W: Write> JsonLinesFile<W> {
    /// An empty one.
    pub fn new(into: W) -> Self {
        Self { writer: BufWriter::new(into) }
    }

    /// Adds rows.
    ///
    /// # Errors
    /// What the writer said.
    pub fn write<R: Row>(&mut self, rows: &[R]) -> io::Result<()> {
        for row in rows {
            self.writer.write_all(json::line(row).map_err(io::Error::other)?.as_bytes())?;
        }
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// What the writer said.
    pub fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
