//! Names and ids as they stand in a file: trimmed, on one line, and without what a terminal would obey.

use std::borrow::Cow;

/// Characters of a name or an id.
const MAX_CHARACTERS: usize = 500;

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameFault {
    /// It holds a control character other than a line end or a tab.
    ControlCharacter,
    /// It has more than 500 characters.
    TooLong,
}

impl NameFault {
    /// Stable code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::ControlCharacter => "control_character",
            Self::TooLong => "too_long",
        }
    }

    /// What was expected and what was found.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::ControlCharacter => "expected text, found a control character in it",
            Self::TooLong => "expected at most 500 characters, found more",
        }
    }
}

/// The name in a cell, trimmed, empty where there is none; line ends and tabs inside it count as a space.
///
/// # Errors
/// What makes it no name.
pub(super) fn clean_name(cell: &str) -> Result<Cow<'_, str>, NameFault> {
    let cell = cell.trim();
    let name = if cell.contains(['\n', '\r', '\t']) {
        let words = cell.split(['\n', '\r', '\t']).map(str::trim).filter(|word| !word.is_empty());
        Cow::Owned(words.collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(cell)
    };
    if name.chars().any(char::is_control) {
        return Err(NameFault::ControlCharacter);
    }
    if name.len() > MAX_CHARACTERS && name.chars().count() > MAX_CHARACTERS {
        return Err(NameFault::TooLong);
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_put_on_one_line() {
        for (cell, name) in [
            ("  Acme  ", "Acme"),
            ("Acme\r\nNorth", "Acme North"),
            ("Acme \t\n North", "Acme North"),
            ("00123", "00123"),
            ("\u{3000}1-00000\u{a0}", "1-00000"),
            (" \n ", ""),
        ] {
            assert_eq!(clean_name(cell).as_deref(), Ok(name), "{cell:?}");
        }
    }

    #[test]
    fn control_characters_and_long_names_are_no_names() {
        for cell in ["a\u{1b}[31m", "a\0b", "a\u{7f}", "a\u{85}b", "a\u{9b}b"] {
            assert_eq!(clean_name(cell), Err(NameFault::ControlCharacter), "{cell:?}");
        }
        assert_eq!(clean_name(&"ä".repeat(501)), Err(NameFault::TooLong));
        assert!(clean_name(&"ä".repeat(500)).is_ok());
    }
}
