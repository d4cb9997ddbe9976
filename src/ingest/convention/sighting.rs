//! A cell that bears something out, kept so that an error can show it. It must never keep more than a short text.

use crate::error::{Detail, Error, ErrorKind};
use crate::ingest::refusal::quoted;

/// A cell and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sighting {
    line: u32,
    /// In quotes, shortened.
    text: String,
}

impl Sighting {
    pub(super) fn new(line: u32, text: &str) -> Self {
        Self { line, text: quoted(text.trim()) }
    }

    /// `'31/10/2026' (line 7)`
    pub(super) fn told(&self) -> String {
        format!("{} (line {})", self.text, self.line)
    }
}

/// What a column is called in a message, and its header.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) file: String,
    pub(super) header: Option<String>,
    /// `column 'signup_date'`
    pub(super) column: String,
}

impl Subject {
    /// The refusal of a file because of these cells of the column.
    pub(super) fn refusal(&self, code: &str, what: &str, hint: &str, cells: &[&Sighting]) -> Error {
        let detail = |cell: &&Sighting| Detail {
            sheet: None,
            line: Some(cell.line.into()),
            column: self.header.clone(),
            value: Some(cell.text.trim_matches('\'').to_owned()),
            code: code.to_owned(),
            message: what.to_owned(),
            hint: Some(hint.to_owned()),
        };
        Error::new(ErrorKind::InputRefused, format!("{}, {}: {what}", self.file, self.column))
            .with_hint(hint)
            .with_details(cells.iter().map(detail).collect(), cells.len() as u64)
    }
}
