//! How a file is written, as it is told to people.

use super::rows::is_json;
use super::source::{Packing, Source};
use super::table::Table;
use crate::error::Result;

/// How a file is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// `csv`, `json` or `workbook`.
    pub format: &'static str,
    /// `gzip` or `zstd`; None of a plain file.
    pub packing: Option<&'static str>,
    /// The WHATWG name of the encoding.
    pub encoding: Option<&'static str>,
    /// What parts its cells.
    pub delimiter: Option<char>,
    /// What stands around cells.
    pub quote: Option<char>,
}

impl Source {
    /// How the file is written.
    ///
    /// # Errors
    /// It cannot be read, or is no text.
    pub fn form(&self) -> Result<Form> {
        let mut no_progress = |_| {};
        let packing = self.packing()?;
        let packing = (packing != Packing::Plain).then(|| packing.name());
        if self.workbook()?.is_some() {
            return Ok(Form { format: "workbook", packing, ..Form::default() });
        }
        let is_json = is_json(self)?;
        let table = Table::open(self, &mut no_progress)?;
        let mut form = Form {
            format: if is_json { "json" } else { "csv" },
            packing,
            encoding: table.encoding(),
            ..Form::default()
        };
        if !is_json {
            form.delimiter = Some(char::from(table.dialect().delimiter));
            form.quote = Some(char::from(table.dialect().quote));
        }
        Ok(form)
    }
}
