//! Names that come from outside of files: they obey the same law as those in files.

use crate::error::{Error, ErrorKind, Result};

/// How long a name may be, in characters.
const LONGEST: usize = 500;

/// Refuses a name that is empty, too long, or holds a control character, such as a terminal's escape.
///
/// # Errors
/// `InputRefused`, naming `what` it was to be the name of.
pub fn checked_name(what: &str, name: &str) -> Result<()> {
    let refused = |why: String| Err(Error::new(ErrorKind::InputRefused, format!("{what}: {why}")));
    if name.trim().is_empty() {
        return refused("expected a name, got none".to_owned());
    }
    if let Some(control) = name.chars().find(|character| character.is_control()) {
        return refused(format!(
            "expected a name, got one with the control character U+{:04X}",
            u32::from(control)
        ));
    }
    if name.chars().count() > LONGEST {
        return refused(format!("expected a name of at most {LONGEST} characters, got a longer one"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_text_of_some_length() {
        assert!(checked_name("the account", "Zoë & Söhne, \"Inc.\" 🎉").is_ok());
        for name in ["", " \t", "a\u{1b}[31m", "a\nb", "a\u{9b}", &"x".repeat(501)] {
            let refused = checked_name("the account", name);
            assert_eq!(refused.map_err(|error| error.kind()), Err(ErrorKind::InputRefused), "{name:?}");
        }
    }
}
