//! Blocks of any size against the text that they were made of, in every encoding, and what cannot be read.

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;
use crate::ingest::source::Raw;

fn read_as(bytes: &[u8], size: usize, options: TextOptions) -> Result<(String, [u8; 32])> {
    let mut progress = |_| {};
    let mut blocks = Blocks::new(Unpacked::plain(Raw::new(bytes, &mut progress), "t.csv"), size, options);
    let (mut all, mut lines) = (Vec::new(), Lines::start());
    while blocks.fill(lines)? {
        lines.pass(blocks.bytes());
        all.extend_from_slice(blocks.bytes());
        blocks.consume(usize::MAX);
    }
    Ok((String::from_utf8(all).unwrap(), blocks.finish()?))
}

fn read(bytes: &[u8], size: usize) -> Result<(String, [u8; 32])> {
    read_as(bytes, size, TextOptions::default())
}

fn named(encoding: &str) -> TextOptions {
    TextOptions::new(Some(encoding), None, None).unwrap()
}

#[test]
fn blocks_give_back_every_byte_but_the_mark_and_hash_them_all() {
    let text = "\u{feff}Käse, 値, 😀\n".repeat(20);
    for size in [16, 17, 18, 19, 64, 4096] {
        let (all, digest) = read(text.as_bytes(), size).unwrap();
        assert_eq!(all, text[3..]);
        assert_eq!(digest, <[u8; 32]>::from(Sha256::digest(text.as_bytes())));
    }
}

#[test]
fn bytes_that_are_not_utf8_are_placed() {
    for (bytes, place) in [
        (b"account\nK\xe4se\n".as_slice(), "line 2: the byte at offset 9 "),
        (b"0123456789abcdef\n\n\xc3", "line 3: the byte at offset 18 "),
        (b"0123456789abcde\r\nab\r\xff\xff", "line 3: the byte at offset 20 "),
        (b"0123456789abcdef\xff", "line 1: the byte at offset 16 "),
    ] {
        for size in [16, 4096] {
            let error = read(bytes, size).unwrap_err();
            assert!(error.message().contains(place), "{error:?}");
            assert!(error.hint().unwrap().contains("--encoding windows-125"), "{error:?}");
            assert_eq!(error.details()[0].code, "invalid_utf8");
        }
    }
}

fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

#[test]
fn utf16_is_read_by_its_mark_or_by_its_name() {
    let text = "Käse, 値, 😀\r\n".repeat(20);
    for (name, to_bytes) in
        [("utf-16le", u16::to_le_bytes as fn(u16) -> [u8; 2]), ("utf-16be", u16::to_be_bytes)]
    {
        for size in [16, 17, 64, 4096] {
            let marked = utf16(&format!("\u{feff}{text}"), to_bytes);
            let (all, digest) = read(&marked, size).unwrap();
            assert_eq!(all, text);
            assert_eq!(digest, <[u8; 32]>::from(Sha256::digest(&marked)));
            assert_eq!(read_as(&utf16(&text, to_bytes), size, named(name)).unwrap().0, text);
        }
        let error = read(&utf16("account,kpi", to_bytes), 4096).unwrap_err();
        assert!(error.message().starts_with("t.csv is UTF-16 text without a byte order mark"));
        assert_eq!(error.hint(), Some(format!("--encoding {name} reads it").as_str()));
    }
}

#[test]
fn bytes_that_an_encoding_has_not_are_placed() {
    let mut cut = utf16("\u{feff}a\r\nbc\n", u16::to_le_bytes);
    cut.extend_from_slice(&[0x3d, 0xd8, 0x41, 0]);
    for size in [16, 4096] {
        let error = read(&cut, size).unwrap_err();
        assert_eq!(error.message(), "t.csv, line 3: the bytes at offset 14 are no character of UTF-16LE");
        let error = read_as(b"account\n\nab\x81\xff", size, named("shift_jis")).unwrap_err();
        assert_eq!(error.message(), "t.csv, line 3: the bytes at offset 11 are no character of Shift_JIS");
        assert_eq!(error.details()[0].code, "invalid_encoding");
    }
    let odd = [&utf16("\u{feff}a", u16::to_le_bytes)[..], b"b"].concat();
    assert!(read(&odd, 4096).unwrap_err().message().contains("offset 4 "));
}

#[test]
fn a_nul_is_refused_with_its_line_in_every_encoding() {
    let text = "account,kpi,value\rAcme,NPS,1\r\nAc\0me,NPS,5\n";
    for size in [16, 4096] {
        for error in [
            read(text.as_bytes(), size).unwrap_err(),
            read(&utf16(&format!("\u{feff}{text}"), u16::to_be_bytes), size).unwrap_err(),
        ] {
            assert_eq!(error.message(), "t.csv, line 3: the line has a NUL character");
            assert_eq!(error.details()[0].code, "nul_character");
        }
    }
}

#[test]
fn a_fallback_is_for_files_that_are_not_utf8_alone() {
    let options = TextOptions::new(None, Some("windows-1252"), None).unwrap();
    let long = "x".repeat(BLOCK - 1);
    for (bytes, encodings) in [
        (b"K\xe4se".to_vec(), [None, Some("windows-1252")]),
        ("Käse".into(), [None, None]),
        (format!("{long}ä").into_bytes(), [None, None]),
        ([long.as_bytes(), b"\xc3"].concat(), [None, Some("windows-1252")]),
    ] {
        let source = Source::spool("t.csv", bytes.as_slice()).unwrap().written_as(options);
        assert_eq!(source.encodings().unwrap(), encodings);
        let mut progress = |_| {};
        let blocks = Blocks::open(&source, &mut progress).unwrap();
        assert_eq!(blocks.needs_mark(), encodings[1].is_some());
        assert_eq!(blocks.bytes().iter().take(2).count(), 2);
    }
}

proptest! {
    #[test]
    fn what_an_encoding_can_write_is_read_back(
        text in "[ -~äöüß€\r\n]{0,80}",
        name in prop_oneof![Just("windows-1252"), Just("windows-1250"), Just("gb18030"), Just("utf-8")],
        size in 16_usize..64,
    ) {
        let options = named(name);
        let (bytes, _, unmappable) = options.encoding.unwrap().encode(&text);
        prop_assert!(!unmappable);
        prop_assert_eq!(read_as(&bytes, size, options).unwrap().0, text);
    }
}
