//! Records against csv's own reader, in blocks of any size, and every limit.

use std::io::Read;

use proptest::prelude::*;

use super::*;
use crate::error::Error;
use crate::ingest::encoding::BLOCK;
use crate::ingest::source::{Raw, Unpacked};
use crate::ingest::text_options::TextOptions;

type Row = (u64, Vec<String>);

/// A table of the given dialect, in blocks of the given size.
fn table<'a>(
    reader: impl Read + Send + 'a,
    size: usize,
    dialect: Dialect,
    progress: &'a mut (dyn FnMut(u64) + Send),
) -> Table<'a> {
    let bytes = Unpacked::plain(Raw::new(reader, progress), "t.csv");
    Table::new(Blocks::new(bytes, size, TextOptions::default()), dialect)
}

fn read_in(dialect: Dialect, reader: impl Read + Send, size: usize) -> Result<Vec<Row>> {
    let mut progress = |_| {};
    let mut table = table(reader, size, dialect, &mut progress);
    let mut rows = Vec::new();
    while let Some(record) = table.next_record()? {
        rows.push((record.line, record.cells().map(str::to_owned).collect()));
    }
    Ok(rows)
}

fn read_blocks(reader: impl Read + Send, size: usize) -> Result<Vec<Row>> {
    read_in(Dialect::COMMA, reader, size)
}

fn read(bytes: &[u8]) -> Result<Vec<Row>> {
    read_blocks(bytes, BLOCK)
}

fn refusal_of(reader: impl Read + Send) -> Error {
    read_blocks(reader, BLOCK).unwrap_err()
}

fn lines(bytes: &[u8]) -> Vec<u64> {
    read(bytes).unwrap().into_iter().map(|(line, _)| line).collect()
}

/// Gives a few bytes at a time.
struct Drip<'a>(&'a [u8], usize);

impl Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.1.min(buffer.len());
        self.0.read(&mut buffer[..length])
    }
}

#[test]
fn records_know_their_physical_lines() {
    assert_eq!(lines(b"a,b\nc,d\n"), [1, 2]);
    assert_eq!(lines(b"a,b\r\n\r\nc,d"), [1, 3]);
    assert_eq!(lines(b"\n\na,\"b\nb\r\nb\",c\nd\n\"\"\"x\"\r\ne\n"), [3, 6, 7, 8]);
    assert_eq!(lines(b""), [] as [u64; 0]);
    assert_eq!(lines(b"\xef\xbb\xbf\n\n"), [] as [u64; 0]);
}

#[test]
fn cells_lose_their_quotes_and_nothing_else() {
    let rows = read(b"\xef\xbb\xbf a ,\"b \"\"c\"\"\",\"d,\ne\",5\" pipe\n").unwrap();
    assert_eq!(rows, [(1, vec![" a ".into(), "b \"c\"".into(), "d,\ne".into(), "5\" pipe".into()])]);
}

#[test]
fn a_quote_that_is_never_closed_is_placed_where_it_opened() {
    for (bytes, line) in [
        ("a,b\nc,\"d\ne\nf\n", 2),
        ("a,b\n\"c\nc\",\"d\ne", 3),
        ("a\n\"", 2),
        ("a\n\"b\"\"", 2),
        ("a\n\"b\"\"\n\n", 2),
    ] {
        for size in [16, BLOCK] {
            let error = read_blocks(bytes.as_bytes(), size).unwrap_err();
            assert_eq!(error.details()[0].code, "unclosed_quote", "{bytes:?}");
            assert_eq!(error.details()[0].line, Some(line), "{bytes:?}");
        }
    }
    assert!(read(b"a\n\"b\"").is_ok());
    assert!(read(b"a\nb\"").is_ok());
}

#[test]
fn a_quote_that_swallows_lines_is_placed_where_it_opened() {
    for (bytes, line) in
        [("a,b\nc,\"d\ne,\"f\"\n", 2), ("a,b\n\"c\nc\",\"d\re,\"f\"\n", 3), ("a\r\n\r\n\"b\nc\" d\n", 3)]
    {
        for size in [16, BLOCK] {
            let error = read_blocks(bytes.as_bytes(), size).unwrap_err();
            assert_eq!(error.details()[0].code, "unclosed_quote", "{bytes:?}");
            assert_eq!(error.details()[0].line, Some(line), "{bytes:?}");
        }
    }
    assert!(read(b"a,b\n\"c\nc\",d\n").is_ok());
}

#[test]
fn lines_end_in_any_way() {
    for end in ["\n", "\r\n", "\r"] {
        let text = format!("a,b{end}{end}c,\"d{end}d\"{end}e,f{end}");
        let expected = [(1, ["a", "b"]), (3, ["c", &format!("d{end}d")]), (5, ["e", "f"])];
        let expected = expected.map(|(line, cells)| (line, cells.map(str::to_owned).to_vec()));
        for size in [16, 17, 18, 19, BLOCK] {
            assert_eq!(read_blocks(text.as_bytes(), size).unwrap(), expected, "{end:?} {size}");
        }
    }
    assert_eq!(lines(b"a\rb\nc\r\nd\r\r\ne"), [1, 2, 3, 4, 6]);
}

#[test]
fn backslashes_and_other_quotes_and_delimiters() {
    let dialect = Dialect { delimiter: b';', quote: b'\'', escapes: true };
    let rows = read_in(dialect, b"a;'b\\'s;b'\n'c''s';\"d\\\n".as_slice(), BLOCK).unwrap();
    let cells: Vec<Vec<String>> = rows.into_iter().map(|(_, cells)| cells).collect();
    assert_eq!(cells, [["a", "b's;b"], ["c's", "\"d\\"]]);
}

#[test]
fn a_line_without_end_is_refused_before_it_is_held() {
    let mut seen = 0;
    let mut progress = |bytes| seen = bytes;
    let mut table = table(std::io::repeat(b'a').take(2 << 30), BLOCK, Dialect::COMMA, &mut progress);
    let error = table.next_record().unwrap_err();
    assert_eq!(error.message(), "t.csv, line 1: a cell of the record is larger than 1 MiB");
    drop(table);
    assert!(seen <= 2 << 20, "read {seen} bytes");
}

#[test]
fn records_beyond_a_limit_are_refused() {
    let cell = "x".repeat((1 << 20) - 1);
    let record = format!("a,b\n{}", vec![cell.as_str(); 17].join(","));
    assert_eq!(refusal_of(record.as_bytes()).message(), "t.csv, line 2: the record is larger than 16 MiB");
    let record = format!("a,b\n{}\n", vec![cell.as_str(); 15].join(","));
    assert!(read(record.as_bytes()).is_ok());

    let cells = ",".repeat(MAX_FIELDS);
    assert!(refusal_of(cells.as_bytes()).message().contains("16,384 cells"));
    assert!(refusal_of(format!("{cells}\n").as_bytes()).message().contains("16,384 cells"));
    assert!(read(&vec![b','; MAX_FIELDS - 1]).is_ok());

    let lines = format!("a\n\"{}\"", "\n".repeat(10_001));
    let error = refusal_of(lines.as_bytes());
    assert_eq!(error.message(), "t.csv, line 2: the record runs over more than 10,000 lines");
    assert!(read(format!("a\n\"{}\"", "\n".repeat(10_000)).as_bytes()).is_ok());
}

#[test]
fn the_digest_is_of_the_whole_file_wherever_reading_stopped() {
    let mut progress = |_| {};
    let text = b"abc\nabc\nabc\nabc\nabc\n".as_slice();
    let mut table = table(text, 16, Dialect::COMMA, &mut progress);
    table.next_record().unwrap();
    let digest = table.finish().unwrap();
    let whole: [u8; 32] = sha2::Digest::finalize(sha2::Digest::chain_update(
        <sha2::Sha256 as sha2::Digest>::new(),
        b"abc\nabc\nabc\nabc\nabc\n",
    ))
    .into();
    assert_eq!(digest, whole);
}

fn csv_like() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            Just("\""),
            Just(","),
            Just("\n"),
            Just("\r\n"),
            Just("\r"),
            Just("a"),
            Just("é"),
            Just(" "),
            Just("😀")
        ],
        0..60,
    )
    .prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn records_are_those_of_csvs_own_reader(text in csv_like()) {
        let Ok(rows) = read(text.as_bytes()) else { return Ok(()) };
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let theirs: Vec<Vec<String>> =
            reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        prop_assert_eq!(rows.into_iter().map(|(_, cells)| cells).collect::<Vec<_>>(), theirs);
    }

    #[test]
    fn neither_the_size_of_reads_nor_that_of_blocks_matters(text in csv_like(), drip in 1_usize..8, size in 16_usize..40) {
        let whole = read(text.as_bytes()).map_err(|error| error.message().to_owned());
        let dripped = read_blocks(Drip(text.as_bytes(), drip), BLOCK).map_err(|error| error.message().to_owned());
        let small = read_blocks(text.as_bytes(), size).map_err(|error| error.message().to_owned());
        prop_assert_eq!(&whole, &dripped);
        prop_assert_eq!(&whole, &small);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), size in 16_usize..64) {
        let _ = read_blocks(bytes.as_slice(), size);
    }
}
