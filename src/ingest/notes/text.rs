//! The text of a note: kept as it stands, line breaks too, but for what a terminal would obey.

use crate::ingest::text::NameFault;

/// Characters of a title or a text.
const MAX_CHARACTERS: usize = 100_000;

/// Why a text cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextFault {
    /// It holds a control character other than a line end or a tab.
    ControlCharacter,
    /// It has more than 100,000 characters.
    TooLong,
}

impl TextFault {
    /// Stable code: those of names.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::ControlCharacter => NameFault::ControlCharacter.code(),
            Self::TooLong => NameFault::TooLong.code(),
        }
    }

    /// What was expected and what was found.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::ControlCharacter => NameFault::ControlCharacter.message(),
            Self::TooLong => "expected at most 100,000 characters, found more",
        }
    }
}

/// The text of a cell, as it stands; None where it is blank.
///
/// # Errors
/// What keeps it from being kept.
pub(super) fn clean_text(cell: &str) -> Result<Option<&str>, TextFault> {
    if cell.trim().is_empty() {
        return Ok(None);
    }
    if cell.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(TextFault::ControlCharacter);
    }
    if cell.len() > MAX_CHARACTERS && cell.chars().count() > MAX_CHARACTERS {
        return Err(TextFault::TooLong);
    }
    Ok(Some(cell))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_as_it_stands() {
        for text in [" two\r\nlines\n", "a\tb", "Grüße 👋", "=SUM(A1)", "\u{202e}"] {
            assert_eq!(clean_text(text), Ok(Some(text)), "{text:?}");
        }
        assert_eq!(clean_text(" \r\n\t"), Ok(None));
        assert!(clean_text(&"ä".repeat(100_000)).is_ok());
    }

    #[test]
    fn control_characters_and_endless_texts_are_refused() {
        for text in ["a\u{1b}[2J", "a\0b", "\u{7f}", "a\u{9b}b", "a\u{b}b"] {
            assert_eq!(clean_text(text), Err(TextFault::ControlCharacter), "{text:?}");
        }
        assert_eq!(clean_text(&"ä".repeat(100_001)), Err(TextFault::TooLong));
    }
}
