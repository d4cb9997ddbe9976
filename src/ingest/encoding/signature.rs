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
pub(in crate::ingest) const SAVE_AS_UTF8: &str = "save the file as UTF-8 (in Excel: CSV UTF-8)";
const SAVE_SHEET: &str = "save the sheet as CSV (in Excel: CSV UTF-8)";
const GIVE_CSV: &str = "give a CSV file";
const UNPACK: &str = "unpack it first";
const LOGIN: &str = "look whether the export asks for a login";

/// First bytes, what they are the first bytes of, and the way out; longer ones before their own beginnings. What
/// is packed once was unpacked before it is looked at here.
const SIGNATURES: [(&[u8], &str, &str); 12] = [
    (b"PK\x03\x04", "a spreadsheet or zip archive, not CSV text", SAVE_SHEET),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet of an old Excel, not CSV text", SAVE_SHEET),
    (b"\xff\xfe\0\0", "UTF-32 text, which is not read", SAVE_AS_UTF8),
    (b"\0\0\xfe\xff", "UTF-32 text, which is not read", SAVE_AS_UTF8),
    (b"SQLite format 3\0", "a SQLite database, not CSV text", GIVE_CSV),
    (b"%PDF-", "a PDF document, not CSV text", GIVE_CSV),
    (b"\x1f\x8b", "a gzip archive in an archive", UNPACK),
    (b"\x28\xb5\x2f\xfd", "a zstd archive in an archive", UNPACK),
    (b"\xfd7zXZ\0", "an xz archive, not CSV text", UNPACK),
    (b"PAR1", "a Parquet file, not CSV text", GIVE_CSV),
    (b"<!DOCTYPE", "a web page, not CSV text", LOGIN),
    (b"<html", "a web page, not CSV text", LOGIN),
];

const UTF16: &str = "UTF-16 text without a byte order mark";

/// How many NUL bytes a text may have before it is taken for something else.
const STRAY: usize = 8;

/// How much of a file is looked at for NUL bytes.
const SNIFFED: usize = 8192;

/// What the first bytes of a file are, where they are known to be those of something else than text.
pub(super) fn find(start: &[u8]) -> Option<Foreign> {
    let known = SIGNATURES.iter().find(|(bytes, _, _)| start.starts_with(bytes));
    known.map(|(_, what, hint)| Foreign { what, hint })
}

/// What the first bytes of a file are by the NUL bytes among them. A stray one is not looked at here.
pub(super) fn of_nuls(start: &[u8]) -> Option<Foreign> {
    let start = start.get(..SNIFFED).unwrap_or(start);
    let nuls = memchr::memchr_iter(0, start).count();
    let odd = start.iter().skip(1).step_by(2).filter(|byte| **byte == 0).count();
    // Latin text of 16 bits has a NUL in nearly every pair, always on the same side.
    let is_half = |side: usize| side * 3 >= start.len() && (nuls - side) * 20 <= start.len();
    match nuls {
        0 => None,
        _ if is_half(odd) => Some(Foreign { what: UTF16, hint: "--encoding utf-16le reads it" }),
        _ if is_half(nuls - odd) => Some(Foreign { what: UTF16, hint: "--encoding utf-16be reads it" }),
        _ => {
            // A few stray ones in a small text are errors with their places.
            let is_control = |byte: &&u8| matches!(byte, 1..=8 | 14..=26 | 28..=31);
            let is_strange = nuls > STRAY || start.iter().any(|byte| is_control(&byte));
            (is_strange && nuls * 20 > start.len())
                .then_some(Foreign { what: "binary data, not CSV text", hint: GIVE_CSV })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_files_are_named() {
        for (bytes, word) in [
            (b"PK\x03\x04abc".as_slice(), "spreadsheet"),
            (b"\xff\xfe\0\0a\0\0\0", "UTF-32"),
            (b"\x1f\x8b\x08", "gzip"),
            (b"SQLite format 3\0", "SQLite"),
            (b"%PDF-1.7", "PDF"),
        ] {
            assert!(find(bytes).unwrap().what.contains(word), "{bytes:?}");
        }
    }

    #[test]
    fn nul_bytes_tell_16_bits_from_binary_data() {
        for (bytes, word) in [
            (b"a\0c\0c\0o\0u\0n\0t\0".as_slice(), "utf-16le"),
            (b"\0a\0c\0c\0o\0u\0n\0t", "utf-16be"),
            (b"\x7fELF\x02\x01\0\0abcdefgh", "CSV"),
            (&[0; 9000], "CSV"),
            (&[0; 9], "CSV"),
        ] {
            assert!(of_nuls(bytes).unwrap().hint.contains(word), "{bytes:?}");
        }
    }

    #[test]
    fn text_is_not_foreign_even_with_a_stray_nul() {
        let texts = [b"account,kpi,value\nAcme\0Corp,NPS,5\n".as_slice(), b"", "\u{feff}a,b\n".as_bytes()];
        assert!(texts.iter().all(|text| find(text).is_none() && of_nuls(text).is_none()));
    }
}
