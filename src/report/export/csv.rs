//! Rows as a CSV file, a batch at a time: plain and faithful, or made for a spreadsheet.
//!
//! Plain: UTF-8, `\n`, cells exactly as they are. For a spreadsheet: a byte order mark, CRLF, and `'` before a text
//! that it would take for a formula (OWASP, "CSV Injection"); never before a number.

use std::io::{self, Write};
use std::marker::PhantomData;

use super::column::Row;
use crate::model::formula::{guarded, looks_like_formula};

/// A CSV file of rows that is being written.
pub struct CsvFile<R, W: Write> {
    writer: csv::Writer<W>,
    is_guarded: bool,
    formula_like: u64,
    rows: PhantomData<R>,
}

impl<R: Row, W: Write> CsvFile<R, W> {
    /// A plain one, with its headers.
    ///
    /// # Errors
    /// What the writer said.
    pub fn plain(into: W) -> io::Result<Self> {
        Self::begin(into, csv::Terminator::Any(b'\n'), false)
    }

    /// One for a spreadsheet, with its headers.
    ///
    /// # Errors
    /// What the writer said.
    pub fn for_spreadsheet(mut into: W) -> io::Result<Self> {
        into.write_all("\u{feff}".as_bytes())?;
        Self::begin(into, csv::Terminator::CRLF, true)
    }

    fn begin(into: W, terminator: csv::Terminator, is_guarded: bool) -> io::Result<Self> {
        let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(into);
        writer.write_record(R::COLUMNS.iter().map(|column| column.name))?;
        Ok(Self { writer, is_guarded, formula_like: 0, rows: PhantomData })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// What the writer said.
    pub fn write(&mut self, rows: &[R]) -> io::Result<()> {
        for row in rows {
            for column in R::COLUMNS {
                let text = column.text(row).map_err(io::Error::other)?.unwrap_or_default();
                let is_formula_like = column.is_free_text() && looks_like_formula(&text);
                self.formula_like += u64::from(is_formula_like);
                match is_formula_like && self.is_guarded {
                    true => self.writer.write_field(guarded(&text))?,
                    false => self.writer.write_field(text.as_bytes())?,
                }
            }
            self.writer.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    /// Ends the file; says how many texts a spreadsheet may take, or would have taken, for formulas.
    ///
    /// # Errors
    /// What the writer said.
    pub fn finish(mut self) -> io::Result<u64> {
        self.writer.flush()?;
        Ok(self.formula_like)
    }
}
