//! Which encoding a text is in: as its byte order mark says, else as the caller says, else UTF-8.
//!
//! It never guesses: a fallback is one only because the caller asked for it, after the whole file was found not to
//! be UTF-8.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::signature::{self, Foreign};
use crate::ingest::text_options::TextOptions;

/// The encoding of a text, and who said so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    pub(super) encoding: &'static Encoding,
    /// Whether the text begins with a byte order mark.
    pub(super) has_mark: bool,
    options: TextOptions,
}

impl Choice {
    /// The encoding of a text that begins so.
    ///
    /// # Errors
    /// It is no text, or none that can be read without being told its encoding.
    pub(super) fn of(start: &[u8], options: TextOptions) -> Result<Self, Foreign> {
        signature::find(start).map_or(Ok(()), Err)?;
        if let Some((encoding, _)) = Encoding::for_bom(start) {
            return Ok(Self { encoding, has_mark: true, options });
        }
        let encoding = options.encoding.or(options.fallback).unwrap_or(UTF_8);
        // In UTF-16 every other byte may be a NUL.
        if encoding != UTF_16LE && encoding != UTF_16BE {
            signature::of_nuls(start).map_or(Ok(()), Err)?;
        }
        Ok(Self { encoding, has_mark: false, options })
    }

    /// How many bytes the byte order mark has.
    pub(super) fn mark_length(&self) -> usize {
        match (self.has_mark, self.encoding == UTF_8) {
            (false, _) => 0,
            (true, true) => 3,
            (true, false) => 2,
        }
    }

    /// What is to be said of it.
    pub(super) fn note(&self) -> Option<String> {
        let name = self.encoding.name();
        match (self.options.encoding, self.options.fallback) {
            (Some(said), _) if self.has_mark && said != self.encoding => Some(format!(
                "the text was read as {name}, as its byte order mark says, not as {} (--encoding)",
                said.name()
            )),
            (None, Some(_)) if !self.has_mark => Some(format!(
                "the text is not UTF-8 and was read as {name} (encoding_fallback under [ingest])"
            )),
            _ if self.encoding != UTF_8 && self.has_mark => {
                Some(format!("the text was read as {name}, as its byte order mark says"))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(start: &[u8], encoding: Option<&str>, fallback: Option<&str>) -> (&'static str, String) {
        let choice = Choice::of(start, TextOptions::new(encoding, fallback, None).unwrap()).unwrap();
        (choice.encoding.name(), choice.note().unwrap_or_default())
    }

    #[test]
    fn the_mark_wins_then_the_flag_then_the_fallback() {
        let plain = b"account\n";
        assert_eq!(choose(plain, None, None), ("UTF-8", String::new()));
        assert_eq!(choose(plain, Some("latin1"), None), ("windows-1252", String::new()));
        let (name, note) = choose(plain, None, Some("cp1250"));
        assert_eq!((name, note.contains("encoding_fallback")), ("windows-1250", true));
        assert_eq!(choose(b"\xef\xbb\xbfa", Some("utf-8"), None), ("UTF-8", String::new()));
        let (name, note) = choose(b"\xef\xbb\xbfa", Some("latin1"), None);
        assert_eq!(name, "UTF-8");
        assert_eq!(
            note,
            "the text was read as UTF-8, as its byte order mark says, not as windows-1252 (--encoding)"
        );
        let (name, note) = choose(b"\xfe\xff\0a", None, Some("latin1"));
        assert_eq!(
            (name, note.as_str()),
            ("UTF-16BE", "the text was read as UTF-16BE, as its byte order mark says")
        );
        assert_eq!(choose(b"a\0b\0", Some("utf-16"), None), ("UTF-16LE", String::new()));
    }

    #[test]
    fn what_is_no_text_is_none_whatever_the_flag_says() {
        let foreign = |start: &[u8], encoding| {
            let options = TextOptions::new(encoding, None, None).unwrap();
            Choice::of(start, options).unwrap_err().what
        };
        assert!(foreign(b"PK\x03\x04", Some("utf-16le")).contains("spreadsheet"));
        assert!(foreign(b"a\0b\0", Some("latin1")).contains("UTF-16"));
    }
}
