//! Workbooks to sheets of text cells: `.xlsx`, `.xls` and `.ods`, so that all behind it reads them like CSV.
//!
//! | module | for |
//! |---|---|
//! | `archive`, `parts` | what a zip archive holds, counted before it is believed |
//! | `budget` | how many cells, sheets and bytes of text a workbook may hold |
//! | `xlsx`, `xls`, `ods` | one format each, a cell at a time |
//! | `text`, `format` | values as text: `8`, `52%`, `2026-10-31`, `#DIV/0!` |
//! | `sheet`, `merges` | cells put together as rows, and what merged cells hold |
//!
//! `.xlsx` and `.xls` are read by calamine. `.ods` is read here: calamine lays out all of a sheet's claimed cells
//! before it can be asked how many there are, and keeps neither percent nor merges; looking through the XML to
//! guard it would be most of reading it.
//!
//! It must never hold a workbook's pictures, formulas or macros, nor set memory aside because the file asks for it.

mod archive;
mod budget;
mod fault;
mod format;
mod merges;
mod ods;
mod parts;
mod sheet;
#[cfg(test)]
mod tests;
mod text;
mod xls;
mod xlsx;

use std::io::{Read, Seek};
use std::panic::AssertUnwindSafe;

use crate::error::Result;
use archive::Document;
use fault::Fault;
pub(super) use sheet::Sheet;

/// What an OLE2 compound file begins with: [MS-CFB] 2.2.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// What a zip archive begins with.
const ZIP: &[u8] = b"PK\x03\x04";
/// Where the first entry's name stands in a zip archive, and what it is where the archive is an office document.
const ENTRY_NAME: usize = 30;
const ENTRIES: [&[u8]; 6] = [
    b"[Content_Types].xml",
    b"_rels/",
    b"docProps/",
    b"xl/",
    b"mimetypeapplication/vnd.oasis",
    b"customXml/",
];
/// What names of workbooks end in.
const ENDINGS: [&str; 7] = [".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".ods", ".ots"];

/// Whether a file that begins so is a workbook, or would be taken for one: an OLE2 compound file, or a zip archive
/// that begins as workbooks do or is called like one.
pub(super) fn is_workbook(start: &[u8], name: &str) -> bool {
    if !start.starts_with(ZIP) {
        return start.starts_with(COMPOUND);
    }
    let first = start.get(ENTRY_NAME..).unwrap_or_default();
    let name = name.to_lowercase();
    ENTRIES.iter().any(|entry| first.starts_with(entry))
        || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// The sheets of a workbook, in the order of their tabs.
#[derive(Debug, Default)]
pub(super) struct Workbook {
    /// Those of cells, be they shown or hidden.
    pub(super) sheets: Vec<Sheet>,
    /// What is to be said of the workbook: a code and a sentence each.
    pub(super) notes: Vec<(&'static str, String)>,
}

impl Workbook {
    /// Reads all sheets of the workbook called `name`, a file of `size` bytes.
    ///
    /// # Errors
    /// `input_refused`: it is encrypted, broken, no workbook, or holds more than [`budget`] allows.
    pub(super) fn read(name: &str, mut file: impl Read + Seek, size: u64) -> Result<Self> {
        // calamine takes lengths inside of records and addresses at their word: a damaged file makes it panic, where
        // it should say so. Nothing of what it was given is used after that.
        let read = std::panic::catch_unwind(AssertUnwindSafe(|| read(&mut file, size)));
        let read = read.unwrap_or_else(|_| Err(Fault::broken("a part of it ends too early")));
        read.map_err(|fault| fault.of(name))
    }

    /// Notes a sheet that holds no cells.
    fn skipped(&mut self, name: &str) {
        self.notes
            .push(("sheet_without_cells", format!("sheet {name:?} is a chart or macro sheet: not read")));
    }

    /// Notes how many formulas have no value.
    fn unvalued(&mut self, formulas: usize) {
        let what = match formulas {
            0 => return,
            1 => "1 formula has no stored value".to_owned(),
            formulas => format!("{formulas} formulas have no stored value"),
        };
        self.notes.push(("formula_without_value", format!("{what}: open and save the file in Excel")));
    }
}

fn read(file: &mut (impl Read + Seek), size: u64) -> Result<Workbook, Fault> {
    let mut start = [0; COMPOUND.len()];
    file.rewind()?;
    let read = file.by_ref().take(start.len() as u64).read(&mut start)?;
    if start.get(..read) == Some(COMPOUND) {
        return xls::read(file, size);
    }
    let document = archive::look_through(file, size)?;
    file.rewind()?;
    match document {
        Document::Excel => xlsx::read(file, size),
        Document::OpenDocument => ods::read(file),
    }
}
