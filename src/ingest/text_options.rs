//! What a caller says of how a text file is written. It must never guess: what nobody said is found in the file.

use encoding_rs::Encoding;

use crate::error::{Error, ErrorKind, Result};

/// What a caller says of how a text file is written; what is not said is found out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TextOptions {
    /// The encoding of a file without a byte order mark.
    pub(super) encoding: Option<&'static Encoding>,
    /// The encoding of a file that is not Unicode.
    pub(super) fallback: Option<&'static Encoding>,
    /// What parts the cells of CSV.
    pub(super) delimiter: Option<u8>,
}

impl TextOptions {
    /// Takes names of encodings (the labels of the WHATWG Encoding Standard), and a delimiter as people write it.
    ///
    /// # Errors
    /// `Usage`: no such encoding; no character that can part cells.
    pub fn new(encoding: Option<&str>, fallback: Option<&str>, delimiter: Option<&str>) -> Result<Self> {
        Ok(Self {
            encoding: encoding.map(|name| find_encoding("--encoding", name)).transpose()?,
            fallback: fallback.map(|name| find_encoding("encoding_fallback", name)).transpose()?,
            delimiter: delimiter.map(find_delimiter).transpose()?,
        })
    }
}

fn find_encoding(said_by: &str, name: &str) -> Result<&'static Encoding> {
    Encoding::for_label_no_replacement(name.as_bytes()).ok_or_else(|| {
        Error::new(ErrorKind::Usage, format!("{said_by}: expected the name of an encoding, got '{name}'"))
            .with_hint("for example windows-1252, iso-8859-2, utf-16le, shift_jis, gb18030")
    })
}

fn find_delimiter(text: &str) -> Result<u8> {
    match text.as_bytes() {
        _ if text.eq_ignore_ascii_case("tab") || text == "\\t" => Ok(b'\t'),
        [byte] if can_part(*byte) => Ok(*byte),
        _ => Err(Error::new(
            ErrorKind::Usage,
            format!("--delimiter: expected one character, got '{}'", text.escape_debug()),
        )
        .with_hint("for example ';', '|' or tab; letters, digits, quotes and backslashes cannot part cells")),
    }
}

/// Whether a byte can stand between cells.
pub(super) fn can_part(byte: u8) -> bool {
    let is_used = byte.is_ascii_alphanumeric() || matches!(byte, b'"' | b'\'' | b'\\');
    byte == b'\t' || ((byte.is_ascii_graphic() || byte == b' ') && !is_used)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_one_character_or_the_tab_by_name() {
        for (text, byte) in [(";", b';'), ("tab", b'\t'), ("\\t", b'\t'), ("\t", b'\t'), (" ", b' ')] {
            assert_eq!(find_delimiter(text).unwrap(), byte, "{text:?}");
        }
        for text in ["", "ab", "a", "5", "\"", "'", "\\", "\n", "\0", "¦"] {
            assert_eq!(find_delimiter(text).unwrap_err().kind(), ErrorKind::Usage, "{text:?}");
        }
    }

    #[test]
    fn encodings_are_those_of_the_web() {
        let options = TextOptions::new(Some("Latin1"), Some("utf-16"), None).unwrap();
        assert_eq!(options.encoding, Some(encoding_rs::WINDOWS_1252));
        assert_eq!(options.fallback, Some(encoding_rs::UTF_16LE));
        for name in ["klingon", "", "iso-2022-kr"] {
            let error = TextOptions::new(Some(name), None, None).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage);
            assert!(error.hint().unwrap().contains("windows-1252"), "{name}");
        }
    }
}
