//! The line `sep=;` that Excel reads and writes above a table.

use crate::ingest::text_options::can_part;

/// The delimiter that the first line names, and how long that line is with its end; None where it is another line.
pub(in crate::ingest::table) fn separator_line(text: &[u8]) -> Option<(u8, usize)> {
    let end = memchr::memchr2(b'\n', b'\r', text).unwrap_or(text.len());
    let (line, behind) = text.split_at_checked(end)?;
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    let (word, delimiter) = line.split_at_checked(4)?;
    let [delimiter] = *delimiter else { return None };
    let is_one = word.eq_ignore_ascii_case(b"sep=") && can_part(delimiter);
    let length_of_end = match behind {
        [b'\r', b'\n', ..] => 2,
        [] => 0,
        _ => 1,
    };
    is_one.then_some((delimiter, end + length_of_end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_names_one_delimiter_and_nothing_else() {
        for (text, found) in [
            ("sep=;\na;b", Some((b';', 6))),
            ("SEP=\t\r\na", Some((b'\t', 7))),
            ("\"sep=|\"\ra", Some((b'|', 8))),
            ("sep=,", Some((b',', 5))),
            ("sep=;;\n", None),
            ("sep=\n", None),
            ("sep=a\n", None),
            ("separator;b\n", None),
            ("", None),
        ] {
            assert_eq!(separator_line(text.as_bytes()), found, "{text:?}");
        }
    }
}
