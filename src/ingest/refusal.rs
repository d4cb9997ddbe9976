//! Errors that refuse a whole file. It must never hold on to more of a file than a shortened cell.

use crate::error::{Detail, Error, ErrorKind};

/// A refusal that speaks of the file as a whole.
pub(super) fn file(name: &str, what: &str, hint: &str) -> Error {
    Error::new(ErrorKind::InputRefused, format!("{name} {what}")).with_hint(hint)
}

/// A refusal that names the physical line at fault.
pub(super) fn line(name: &str, line: u64, code: &str, what: &str, hint: &str) -> Error {
    let detail = Detail {
        line: Some(line),
        column: None,
        value: None,
        code: code.to_owned(),
        message: what.to_owned(),
        hint: Some(hint.to_owned()),
        sheet: None,
    };
    Error::new(ErrorKind::InputRefused, format!("{name}, line {line}: {what}"))
        .with_hint(hint)
        .with_details(vec![detail], 1)
}

/// Text from a file for use in a message: in quotes, at most 60 characters, control characters escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(60).flat_map(escaped).collect();
    if text.chars().nth(60).is_some() {
        short.push('…');
    }
    format!("'{short}'")
}

fn escaped(c: char) -> impl Iterator<Item = char> {
    let escape = c.is_control().then(|| c.escape_default());
    let plain = escape.is_none().then_some(c);
    escape.into_iter().flatten().chain(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_text_is_short_and_shows_no_control_characters() {
        assert_eq!(quoted("a\u{1b}[31m"), "'a\\u{1b}[31m'");
        assert_eq!(quoted(&"ä".repeat(61)), format!("'{}…'", "ä".repeat(60)));
        assert_eq!(quoted(&"ä".repeat(60)), format!("'{}'", "ä".repeat(60)));
    }
}
