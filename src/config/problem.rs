//! What is wrong with a configuration file: every problem with its place, told as one error.
//!
//! It never decides what is wrong; the readers do.

use std::path::Path;

use super::origin::Place;
use crate::error::{Detail, Error, ErrorKind};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Problem {
    /// Where it is.
    pub(super) place: Place,
    /// The full key; empty where the text is no TOML.
    pub(super) key: String,
    /// Stable code, e.g. `unknown_key`.
    pub(super) code: &'static str,
    /// What was expected and what was got.
    pub(super) message: String,
    /// The value at fault, as written.
    pub(super) value: Option<String>,
    /// What was probably meant.
    pub(super) suggestion: Option<String>,
}

impl Problem {
    /// A problem that has neither a value to show nor a suggestion.
    pub(super) fn new(code: &'static str, place: Place, key: String, message: String) -> Self {
        Self { place, key, code, message, value: None, suggestion: None }
    }

    /// Whether it is an unknown key of which nobody knows yet what was meant.
    pub(super) fn is_unexplained_key(&self) -> bool {
        self.code == "unknown_key" && self.suggestion.is_none()
    }

    /// As one line without its place: key, what is wrong, what was probably meant.
    fn sentence(&self) -> String {
        let key = if self.key.is_empty() { String::new() } else { format!("{}: ", self.key) };
        let meant = self.suggestion.as_ref().map(|meant| format!("; did you mean {meant}?"));
        format!("{key}{}{}", self.message, meant.unwrap_or_default())
    }

    fn detail(&self) -> Detail {
        Detail {
            line: Some(u64::from(self.place.line)),
            column: Some(self.place.column.to_string()),
            value: self.value.clone(),
            code: self.code.to_owned(),
            message: self.sentence(),
            hint: self.suggestion.as_ref().map(|meant| format!("write {meant}")),
            sheet: None,
        }
    }
}

/// One error that tells the first problem in its message and all of them in its details; None where there is none.
pub(super) fn to_error(path: &Path, mut problems: Vec<Problem>) -> Option<Error> {
    problems.sort_by(|a, b| (a.place, &a.key).cmp(&(b.place, &b.key)));
    let first = problems.first()?;
    let Place { line, column } = first.place;
    let more = match problems.len() {
        1 => String::new(),
        count => format!(" (the first of {count} problems)"),
    };
    let message = format!("{}:{line}:{column}: {}{more}", path.display(), first.sentence());
    let details: Vec<Detail> = problems.iter().take(100).map(Problem::detail).collect();
    let hint = format!(
        "change line {line} of {}; acctsnap config init writes a file with every key explained",
        path.display()
    );
    Some(Error::new(ErrorKind::Usage, message).with_hint(hint).with_details(details, problems.len() as u64))
}
