//! What a file looks like that is no CSV text, by its first bytes. It never decides that a file *is* CSV.

/// What was seen in place of CSV text, and what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Foreign {
    /// Completes "june.csv is ...".
    pub(super) what: &'static str,
    /// What to change.
    pub(super) hint: &'static str,
}

/// How to get out of another encoding.
pub(super) const SAVE_AS_UTF8: &str = "save the file as UTF-8 (in Excel: CSV UTF-8)";
const SAVE_SHEET: &str = "save the sheet as CSV (in Excel: CSV UTF-8)";
const GIVE_CSV: &str = "give a CSV file";

const UTF16: &str = "UTF-16 text, not UTF-8";

/// First bytes, what they are the first bytes of, and the way out; longer ones before their own beginnings.
const SIGNATURES: [(&[u8], &str, &str); 13] = [
    (b"PK\x03\x04", "a spreadsheet or zip archive, not CSV text", SAVE_SHEET),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet of an old Excel, not CSV text", SAVE_SHEET),
    (b"\xff\xfe\0\0", "UTF-32 text, not UTF-8", SAVE_AS_UTF8),
    (b"\xff\xfe", UTF16, SAVE_AS_UTF8),
    (b"\xfe\xff", UTF16, SAVE_AS_UTF8),
    (b"SQLite format 3\0", "a SQLite database, not CSV text", GIVE_CSV),
    (b"%PDF-", "a PDF document, not CSV text", GIVE_CSV),
    (b"\x1f\x8b", "a gzip archive, not CSV text", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive, not CSV text", "unpack it first"),
    (b"\xfd7zXZ\0", "an xz archive, not CSV text", "unpack it first"),
    (b"PAR1", "a Parquet file, not CSV text", GIVE_CSV),
    (b"<!DOCTYPE", "a web page, not CSV text", "look whether the export asks for a login"),
    (b"<html", "a web page, not CSV text", "look whether the export asks for a login"),
];

/// How much of a file is looked at for NUL bytes.
const SNIFFED: usize = 8192;

/// What the first bytes of a file are, where they are not text of the kind that is read here.
pub(super) fn foreign(start: &[u8]) -> Option<Foreign> {
    let known = SIGNATURES.iter().find(|(bytes, _, _)| start.starts_with(bytes));
    if let Some((_, what, hint)) = known {
        return Some(Foreign { what, hint });
    }
    let start = start.get(..SNIFFED).unwrap_or(start);
    let nuls = memchr::memchr_iter(0, start).count();
    // A stray NUL in a cell is that cell's problem; text of 16 bits has one in nearly every other byte.
    if nuls > 0 && nuls * 3 >= start.len() {
        return Some(Foreign { what: UTF16, hint: SAVE_AS_UTF8 });
    }
    (nuls * 20 > start.len()).then_some(Foreign { what: "binary data, not CSV text", hint: GIVE_CSV })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_files_are_named() {
        for (bytes, word) in [
            (b"PK\x03\x04abc".as_slice(), "spreadsheet"),
            (b"\xff\xfea\0", "UTF-16"),
            (b"\xff\xfe\0\0a\0\0\0", "UTF-32"),
            (b"a\0c\0c\0o\0u\0n\0t\0", "UTF-16"),
            (b"\0a\0c\0c\0o\0u\0n\0t", "UTF-16"),
            (b"\x1f\x8b\x08", "gzip"),
            (b"SQLite format 3\0", "SQLite"),
            (b"%PDF-1.7", "PDF"),
            (b"\x7fELF\x02\x01\0\0abcdefgh", "binary"),
        ] {
            assert!(foreign(bytes).unwrap().what.contains(word), "{bytes:?}");
        }
    }

    #[test]
    fn text_is_not_foreign_even_with_a_stray_nul() {
        assert_eq!(foreign(b"account,kpi,value\nAcme\0Corp,NPS,5\n"), None);
        assert_eq!(foreign(b""), None);
        assert_eq!(foreign("\u{feff}account,kpi,value\n".as_bytes()), None);
    }
}
