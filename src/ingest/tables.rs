//! The tables of a file that are to be read: the one of a text, or every sheet of a workbook that fits.

use super::convention::Conventions;
use super::note::Notes;
use super::options::TableRead;
use super::region::{HeaderJudge, Region};
use super::sample::Sample;
use super::source::Source;
use super::table::Record;
use crate::error::Result;

/// One table of a file, about to be read.
pub(super) struct OpenTable<'a> {
    /// Its place among the tables of the file, from 0.
    pub(super) number: usize,
    /// The sheet that it is; None of a text.
    pub(super) sheet: Option<&'a str>,
    /// Its header and rows.
    pub(super) region: Region<'a>,
    /// Those of its rows that were looked at and are yet to be read.
    sample: Sample,
}

impl<'a> OpenTable<'a> {
    fn new(number: usize, sheet: Option<&'a str>, region: Region<'a>) -> Self {
        Self { number, sheet, region, sample: Sample::default() }
    }

    /// Looks at the first rows, which are read like all others later.
    ///
    /// # Errors
    /// They cannot be read.
    pub(super) fn first_rows(&mut self) -> Result<&Sample> {
        self.sample.fill(&mut self.region)?;
        Ok(&self.sample)
    }

    /// The next row, whether it was looked at or not.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn next_row(&mut self) -> Result<Option<Record<'_>>> {
        if self.sample.has_next() { Ok(self.sample.next_row()) } else { self.region.next_row() }
    }
}

impl OpenTable<'_> {
    /// Tells the conventions of the file what is known of the table before its rows are read.
    pub(super) fn tell(&self, conventions: &Conventions) {
        let (_, delimiter) = self.region.dialect();
        let delimiter = if self.sheet.is_none() { Some(delimiter) } else { None };
        conventions.open_table(self.number, self.region.header().iter().map(String::as_str), delimiter);
    }

    /// What is known of it, but for its columns.
    pub(super) fn read(&self) -> TableRead {
        TableRead { sheet: self.sheet.map(str::to_owned), ..TableRead::default() }
    }
}

/// Reads the tables of a file one after the other.
///
/// `fit` looks at a table and says how it is to be read; `read` reads it. Of several sheets those that do not fit are
/// passed over, and told; where none fits, that is the error. Returns the SHA-256 of the file.
///
/// # Errors
/// Those of `fit`, where the file has one table or none that fits, and those of `read`.
pub(super) fn each_table<P>(
    source: &Source,
    judge: &dyn HeaderJudge,
    on_progress: &mut dyn FnMut(u64),
    notes: &mut Notes,
    mut fit: impl FnMut(&mut OpenTable<'_>, &mut Notes) -> Result<P>,
    mut read: impl FnMut(&mut OpenTable<'_>, P, &mut Notes) -> Result<()>,
) -> Result<[u8; 32]> {
    let region = Region::open(source, judge, on_progress)?;
    let mut table = OpenTable::new(0, None, region);
    source.note_encoding(notes);
    table.region.note_dialect(notes);
    let plan = fit(&mut table, notes)?;
    read(&mut table, plan, notes)?;
    table.region.note(notes);
    let sha256 = table.region.finish()?;
    source.confirm_sha256(sha256)?;
    Ok(sha256)
}
