//! Why a text is no condition: where, what was expected, what was probably meant.

use std::fmt;

/// The first thing in a condition that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionError {
    /// The character of the text at which it stands, from 1; one past the last where something is missing.
    pub column: usize,
    /// What was expected.
    pub expected: String,
    /// What was got in its place.
    pub got: String,
    /// What was probably meant in its place.
    pub suggestion: Option<String>,
}

impl ConditionError {
    /// Something else was expected here.
    pub(super) fn expected(column: usize, expected: impl fmt::Display, got: impl fmt::Display) -> Self {
        Self { column, expected: expected.to_string(), got: got.to_string(), suggestion: None }
    }

    /// The same with what was probably meant.
    pub(super) fn or_rather(mut self, suggestion: Option<impl Into<String>>) -> Self {
        self.suggestion = suggestion.map(Into::into);
        self
    }
}

impl fmt::Display for ConditionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: expected {}, got {}", self.column, self.expected, self.got)?;
        self.suggestion.as_ref().map_or(Ok(()), |meant| write!(f, "; did you mean {meant}?"))
    }
}

impl std::error::Error for ConditionError {}
