//! What is found of how a file is written, and that whatever is written with it is read back.

use encoding_rs::{Encoding, UTF_16LE};
use proptest::prelude::*;

use super::*;
use crate::error::Result;
use crate::ingest::source::Source;
use crate::ingest::table::Table;
use crate::ingest::text_options::TextOptions;

fn find(text: &str) -> (char, char, bool) {
    let dialect = Dialect::find(text.as_bytes(), true, None);
    (char::from(dialect.delimiter), char::from(dialect.quote), dialect.escapes)
}

#[test]
fn the_delimiter_is_the_one_that_parts_records_most_evenly() {
    for (text, delimiter) in [
        ("account,kpi,value\nAcme,NPS,1\n", ','),
        ("account;kpi;value\nAcme;NPS;1,5\nBeta;CSAT;2,5\n", ';'),
        ("account;kpi;value\r\"A;B\";NPS;1,5\r", ';'),
        ("account\tkpi\tvalue\nAcme, Inc\tNPS\t1,234\n", '\t'),
        ("account|kpi|value\nAcme, Inc|NPS|1,234\n", '|'),
        ("account,content\nAcme,a;b;c\nBeta,d;e;f\n", ','),
        ("a,b|c\nd,e|f\n", ','),
        ("a,b;c;d\ne,f;g;h\n", ';'),
        ("Report of June\n\naccount;kpi;value\nAcme;NPS;1\nBeta;NPS;2\n", ';'),
        ("account;kpi;value\nAcme;NPS;1;\nBeta;NPS;2\nGamma;NPS;3\n", ';'),
    ] {
        assert_eq!(find(text).0, delimiter, "{text:?}");
    }
}

#[test]
fn one_column_stays_one() {
    for text in
        ["account\nAcme\n", "account\nAcme | North\nBeta\nGamma; Ltd\n", "", "a\n", "content\na|b\nc|d\n"]
    {
        assert_eq!(find(text), (',', '"', false), "{text:?}");
    }
}

#[test]
fn single_quotes_count_where_double_ones_never_do() {
    for (text, quote) in [
        ("a,b\n'c, d',e\n", '\''),
        ("'a','b'\n'it''s','d\ne'\n", '\''),
        ("a,b\n'c',\"d\"\n", '"'),
        ("a,b\n'90s Shop,c\n'twas,d\n", '"'),
        ("a,b\nO'Brien,c\n", '"'),
        ("a,b\n'2026-01-01,5\n", '"'),
        ("a,b\n5\" pipe,'c'\n", '\''),
    ] {
        assert_eq!(find(text).1, quote, "{text:?}");
    }
}

#[test]
fn backslashes_escape_where_quotes_do_not_pair_otherwise() {
    for (text, escapes) in [
        ("a,b\n\"c \\\"d\\\" e\",f\n", true),
        ("a,b\n\"c \\\", d\",f\ng,h\n", true),
        ("a,b\n\"C:\\dir\\\",f\n", false),
        ("a,b\n\"{\"\"k\"\": \"\"\\\\\"\"}\",f\n", false),
        ("a,b\nc\\\"d,f\n", false),
    ] {
        assert_eq!(find(text).2, escapes, "{text:?}");
    }
}

#[test]
fn what_is_cut_by_the_end_of_the_sample_does_not_count() {
    let dialect = Dialect::find(b"a;b,c\nd;e,f\ng", false, Some(b';'));
    assert_eq!(dialect.delimiter, b';');
    assert_eq!(count_cells(b"a;b\nc;d\ne", false, dialect), count_cells(b"a;b\nc;d\n", true, dialect));
}

type Row = (u64, Vec<String>);

fn open(text: &[u8], options: TextOptions) -> Result<(Vec<Row>, Vec<String>)> {
    let source = Source::spool("t.csv", text)?.written_as(options);
    let mut progress = |_| {};
    let mut table = Table::open(&source, &mut progress)?;
    let notes = table.dialect_note().into_iter().collect();
    let mut rows = Vec::new();
    while let Some(record) = table.next_record()? {
        rows.push((record.line, record.cells().map(str::to_owned).collect()));
    }
    Ok((rows, notes))
}

#[test]
fn excels_first_line_is_passed_over_and_obeyed() {
    let row = |line, cells: &[&str]| (line, cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>());
    let (rows, notes) = open(b"\xef\xbb\xbfsep=;\r\na,b;c\r\n\r\nd,e;f\r\n", TextOptions::default()).unwrap();
    assert_eq!(rows, [row(2, &["a,b", "c"]), row(4, &["d,e", "f"])]);
    assert_eq!(notes, ["cells are parted by semicolons"]);
    let comma = TextOptions::new(None, None, Some(",")).unwrap();
    let (rows, notes) = open(b"sep=;\na,b;c\n", comma).unwrap();
    assert_eq!((rows, notes.len()), (vec![row(2, &["a", "b;c"])], 0));
}

fn encode(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    if encoding == UTF_16LE {
        return [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    }
    encoding.encode(text).0.into_owned()
}

proptest! {
    #[test]
    fn whatever_csv_writes_in_any_dialect_and_encoding_is_read_back(
        rows in (2_usize..6).prop_flat_map(|width| {
            proptest::collection::vec(proptest::collection::vec("[a-z\",;|\t\r\n '\\\\é]{0,6}", width), 1..8)
        }),
        delimiter in proptest::sample::select(vec![",", ";", "tab", "|"]),
        encoding in proptest::sample::select(vec!["utf-8", "utf-16le", "windows-1252"]),
        always_quoted in any::<bool>(),
    ) {
        let named = TextOptions::new(Some(encoding), None, Some(delimiter)).unwrap();
        let style = if always_quoted { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
        let mut writer = csv::WriterBuilder::new()
            .delimiter(named.delimiter.unwrap())
            .quote_style(style)
            .from_writer(Vec::new());
        // A header that no cell is like, so that a sample of it is never taken for something else.
        writer.write_record((0..rows[0].len()).map(|column| format!("\"column\" {column}"))).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let (read, _) = open(&encode(&text, named.encoding.unwrap()), named).unwrap();
        prop_assert_eq!(read.into_iter().skip(1).map(|(_, cells)| cells).collect::<Vec<_>>(), rows);
    }

    #[test]
    fn the_delimiter_of_a_table_is_found(
        rows in (2_usize..6).prop_flat_map(|width| {
            proptest::collection::vec(proptest::collection::vec("[a-zé,;|\t\"\n]{0,6}", width), 3..20)
        }),
        delimiter in proptest::sample::select(vec![b',', b';', b'\t', b'|']),
    ) {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .quote_style(csv::QuoteStyle::NonNumeric)
            .from_writer(Vec::new());
        writer.write_record((0..rows[0].len()).map(|column| format!("column {column}"))).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        let text = writer.into_inner().unwrap();
        let (read, _) = open(&text, TextOptions::default()).unwrap();
        prop_assert_eq!(read.into_iter().skip(1).map(|(_, cells)| cells).collect::<Vec<_>>(), rows);
    }

    #[test]
    fn no_sample_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), is_whole in any::<bool>()) {
        let _ = Dialect::find(&bytes, is_whole, None);
        let _ = separator_line(&bytes);
    }
}
