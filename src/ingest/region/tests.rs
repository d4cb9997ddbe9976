//! What is a header, a row, or neither, of small texts; and that no record is ever lost.

use proptest::prelude::*;

use super::*;
use crate::error::Error;
use crate::ingest::table_options::TableOptions;

/// Knows some names.
struct Names(&'static [&'static str]);

impl HeaderJudge for Names {
    fn knows(&self, cell: &str) -> bool {
        self.0.iter().any(|name| name.eq_ignore_ascii_case(cell))
    }
}

const KNOWN: Names = Names(&["account", "kpi", "value", "date", "account id", "nps", "csat"]);
const UNKNOWN: Names = Names(&[]);

/// The rows of a table, and what was told of the rest.
#[derive(Debug)]
struct Read {
    header: String,
    rows: Vec<String>,
    notes: Vec<String>,
    codes: Vec<&'static str>,
    aside: u64,
    blank: u64,
}

fn joined<'r>(cells: impl Iterator<Item = &'r str>) -> String {
    cells.collect::<Vec<_>>().join("|")
}

fn rows_of(mut region: Region<'_>) -> Read {
    let header = joined(region.header().iter().map(String::as_str));
    let mut rows = Vec::new();
    while let Some(row) = region.next_row().unwrap() {
        rows.push(format!("{}:{}", row.line, joined(row.cells())));
    }
    assert!(region.next_row().unwrap().is_none());
    let mut notes = Notes::default();
    region.note(&mut notes);
    let notes = notes.finish();
    let codes = notes.iter().map(|note| note.code).collect();
    let aside = region.asides.count();
    assert_eq!(region.set_aside().len() as u64, aside.min(1000));
    let notes = notes.into_iter().map(|note| note.message).collect();
    Read { header, rows, notes, codes, aside, blank: region.blank_records }
}

fn read_as(text: &str, judge: &Names, header: HeaderRow) -> Result<Read, Error> {
    let table = TableOptions { header, ..TableOptions::default() };
    let source = Source::spool("t.csv", text.as_bytes())?.laid_out_as(table);
    let (mut progress, mut again) = (|_| {}, |_| {});
    let read = rows_of(Region::open(&source, judge, &mut progress)?);
    let second = rows_of(Region::open_again(&source, &mut again)?);
    assert_eq!((&second.header, &second.rows), (&read.header, &read.rows), "a second pass finds the same");
    Ok(read)
}

fn read(text: &str) -> Read {
    read_as(text, &KNOWN, HeaderRow::Auto).unwrap()
}

fn lines(read: &Read) -> Vec<&str> {
    read.rows.iter().map(|row| row.split(':').next().unwrap()).collect()
}

#[test]
fn the_first_record_is_the_header_unless_the_file_says_otherwise() {
    for text in [
        "account,kpi,value\nAcme,NPS,5\n",
        " account ,Wert,\nAcme,good,\nBeta,bad,\n",
        "Kunde\nAcme, Inc\nBeta\nGamma\n",
        "Kunde,Note\nAcme,high\nBeta,low\n",
        "Kunde,\nAcme,high\nBeta,low\n",
        ",Wert\nAcme,high\nBeta,low\n",
        // One account's own sheet: names stand in the first column.
        "Summary,\naccount,Acme\nNPS,5\nCSAT,6\n",
        "Jahr,2024,2025\nAcme,5,6\nBeta,7,8\n",
        "account,2024,2025\nAcme,2000,1990\nBeta,2001,1991\nGamma,1999,2000\n",
        "x,x,x\nOrg,0,1\nDim,1,0\n",
        "1,2,3\n",
    ] {
        let read = read(text);
        assert!(text.starts_with(&read.header.replace('|', ",")), "{text:?}: {read:?}");
        assert_eq!((read.rows.len(), read.aside), (text.lines().count() - 1, 0), "{text:?}: {read:?}");
    }
}

#[test]
fn what_stands_above_the_header_is_set_aside_and_told() {
    let text = "Company Health Report,,\nthousand,,\n,,\naccount,kpi,value\nAcme,NPS,5\n";
    let read = read(text);
    assert_eq!((read.header.as_str(), lines(&read)), ("account|kpi|value", vec!["5"]));
    assert_eq!(
        read.notes,
        [
            "1 record has nothing but empty cells and is no row",
            "2 records above the header were set aside: line 1 'Company Health Report', line 2 'thousand'"
        ]
    );
    for (text, line) in [
        // Longer than the table, and told apart by the numbers below it.
        ("Created as set,Sample by,Saturday\ncm-1,%T\n4000,98\n3999,97\n3998,96\n", "3"),
        // Known names count more than form.
        ("Region,North\nowner,Emma\naccount,kpi,value\nAcme,NPS,high\n", "4"),
        ("\n\nReport\n\nKunde,Wert\nAcme,hoch\n", "6"),
        ("CO2,,\nyear,2000,2001\nTimber,\"2,666\",\"2,274\"\nPaper,\"2,666\",\"2,274\"\n", "3"),
    ] {
        assert_eq!(lines(&self::read(text))[0], line, "{text:?}");
    }
}

#[test]
fn headers_of_several_rows_are_joined() {
    for (text, header, rows) in [
        ("control,,fire,\nX,Y,X,Y\n1,2,3,4\n5,6,7,8\n", "control X|control Y|fire X|fire Y", 2),
        ("A,A,B,B\nX,Y,X,Y\n1,2,3,4\n5,6,7,8\n", "A X|A Y|B X|B Y", 2),
        (
            "Dates,Purpose,Travel,,,Total\n,,Air,Rail,Taxi,\n04/04/2014,Meeting,,£65.60,,£65.60\n09/04/2014,x,,£5,,£5\n",
            "Dates|Purpose|Travel Air|Travel Rail|Travel Taxi|Total",
            2,
        ),
        (
            ",,Usage,,Support,\naccount,date,NPS,x,y,x\nAcme,2026-01-01,1,2,3,4\n",
            "account|date|NPS|Usage x|Support y|Support x",
            1,
        ),
    ] {
        let read = read(text);
        assert_eq!((read.header.as_str(), read.rows.len()), (header, rows), "{text:?}");
        assert_eq!(read.codes, ["header_rows"], "{text:?}");
    }
}

#[test]
fn labels_units_and_ids_below_the_names_are_no_rows() {
    for (text, aside) in [
        ("Q1,Q2,when,n,m\nHow much,How long,Day of it,Count of it,Sum of it\n5,6,2026-01-01,7,8\n", 1),
        ("Q1,Q2\n\"{\"\"ImportId\"\":\"\"a\"\"}\",\"{\"\"ImportId\"\":\"\"b\"\"}\"\nx,y\n", 1),
        ("account,usage,time\n,(%),hours\nAcme,5,6\nBeta,7,8\n", 1),
        // Not these: rows with words where others have numbers.
        ("account,a,b,c\nAcme,late,open,done\nBeta,7,8,9\nGamma,7,8,9\n", 0),
        ("account,usage,time\nAcme,n/a,n/a\nBeta,7,8\nGamma,7,8\n", 0),
        ("account,usage,time\nAcme,pending,late\nBeta,7,8\nGamma,7,8\n", 0),
        ("account,a,b,c\nAcme,pending,pending,pending\nBeta,7,8,9\nGamma,7,8,9\n", 0),
        ("account,usage,time\n\n(text),(%),hours\nAcme,5,6\nBeta,7,8\n", 0),
    ] {
        let read = read(text);
        assert_eq!(read.aside, aside, "{text:?}: {read:?}");
    }
}

#[test]
fn a_file_without_a_header_is_refused_with_the_way_out() {
    let text = "28/02/2008,Acme,5\n29/02/2008,Beta,6\n01/03/2008,Gamma,7\n";
    let error = read_as(text, &KNOWN, HeaderRow::Auto).unwrap_err();
    assert!(error.message().contains("no header"), "{error:?}");
    let hint = "--header none --map 'column 2=account' --map 'column 1=date' --map 'column 3=value'";
    assert!(error.hint().unwrap().contains(hint), "{error:?}");
    let read = read_as(text, &KNOWN, HeaderRow::None).unwrap();
    assert_eq!((read.header.as_str(), read.rows.len()), ("column 1|column 2|column 3", 3));
    let ours = "column 1,column 2,acctsnap_line\nAcme,5,3\n";
    assert_eq!(lines(&read_as(ours, &KNOWN, HeaderRow::None).unwrap()), ["2"]);
    assert_eq!(lines(&read_as(ours, &KNOWN, HeaderRow::Row(7)).unwrap()), ["2"]);
}

#[test]
fn the_header_is_where_the_caller_says() {
    let text = "a,b\nc,d\n\ne,f\n1,2\n";
    let read = read_as(text, &KNOWN, HeaderRow::Row(4)).unwrap();
    assert_eq!((read.header.as_str(), lines(&read), read.aside), ("e|f", vec!["5"], 2));
    for (line, what) in [(3, "no record that begins on line 3"), (9, "ends before line 9")] {
        let error = read_as(text, &KNOWN, HeaderRow::Row(line)).unwrap_err();
        assert!(error.message().contains(what), "{error:?}");
    }
}

#[test]
fn repeated_headers_and_totals_are_set_aside_wherever_they_stand() {
    let text = "account,value\nAcme,5\naccount,value\nBeta,6\nSubtotal,11\n account , value\nGamma,7\nGrand Total:,$18\n";
    let read = read(text);
    assert_eq!(lines(&read), ["2", "4", "7"]);
    assert_eq!(
        read.notes,
        [
            "2 repeated headers were set aside (the first on line 3)",
            "2 total rows were set aside (lines 5, 8)"
        ]
    );
    assert_eq!(self::read("account,kpi,value\nAcme,NPS,6\nTotal,NPS,6\n").rows.len(), 1);
    for text in
        ["account,account id,value\nTotal,17,5\nAcme,18,6\n", "account,value\nTotalEnergies,5\nAcme,6\n"]
    {
        assert_eq!(self::read(text).rows.len(), 2, "{text:?}");
    }
}

#[test]
fn what_stands_below_the_table_is_set_aside_and_told() {
    let rows = "account,kpi,value\nAcme,NPS,5\nBeta,,\nGamma,NPS,6\n";
    for (below, aside) in [
        ("Source: ONS\nall rights reserved\n", 2),
        ("\nReport of Monday\n", 1),
        (",,\nby region,x\n", 1),
        ("\"Figures for this month are preliminary and may still change.\",,\n", 1),
        ("*) preliminary", 1),
        // Rows: an account without values, one that was cut off, and what rows follow.
        ("Delta,,\n", 0),
        ("Delta", 0),
        ("\nDelta", 0),
        ("Note: x,,\nDelta,NPS,7\n", 0),
    ] {
        let read = read(&format!("{rows}{below}"));
        assert_eq!(read.aside, aside, "{below:?}: {read:?}");
        assert_eq!(lines(&read)[..3], ["2", "3", "4"], "{below:?}");
        assert_eq!(read.codes.contains(&"footer"), aside > 0, "{below:?}");
    }
    let many = format!("{rows}{}", "Delta,,\n".repeat(100));
    assert_eq!(read(&many).rows.len(), 103);
}

#[test]
fn another_table_below_is_told_and_not_read() {
    let text = "account,kpi,value\nAcme,NPS,5\n\naccount,kpi,target\nAcme,NPS,9\n\nBeta,NPS,8\n";
    let read = read(text);
    assert_eq!(lines(&read), ["2"]);
    assert_eq!(
        read.notes,
        ["3 records of another table were not read (lines 4-7): split the file, one table each"]
    );
    let close = text.replace("\n\naccount", "\naccount");
    assert_eq!(self::read(&close).rows.len(), 4, "without a gap they are rows that will be refused");
}

#[test]
fn a_header_that_no_row_fits_is_told_once() {
    for (text, cells) in [
        (
            "a,b\nAcme,5,6\nBeta,6,7\nGamma,7,8\n",
            "the header has 2 cells, but the rows from line 2 on have 3",
        ),
        ("a,b,c\nAcme,5\nBeta,6\nGamma,7\n", "the header has 3 cells, but the rows from line 2 on have 2"),
    ] {
        let error = read_as(text, &UNKNOWN, HeaderRow::Auto).unwrap_err();
        assert!(error.message().contains(cells), "{error:?}");
    }
    for (text, header) in [
        ("a,b\nAcme,5,\nBeta,6,\nGamma,7,\n", "a|b"),
        ("a,b,\nAcme,5\nBeta,6\nGamma,7\n", "a|b"),
        ("a,b,\nAcme,5,x\nBeta,6\nGamma,7,\n", "a|b|"),
        ("a,b\nAcme,5,\nBeta,6,7\nGamma,7,\n", "a|b"),
    ] {
        assert_eq!(read_as(text, &UNKNOWN, HeaderRow::Auto).unwrap().header, header, "{text:?}");
    }
}

fn written(rows: &[Vec<String>]) -> String {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

proptest! {
    #[test]
    fn a_table_has_exactly_its_rows(
        rows in (2_usize..6).prop_flat_map(|width| {
            let row = proptest::collection::vec("[a-z]{1,5}|[0-9]{1,4}|2026-0[1-9]-1[0-9]", width - 1);
            proptest::collection::vec(("[A-Z][a-z]{2,8}[0-9]", row), 1..30)
        }),
        known in any::<bool>(),
    ) {
        let width = rows[0].1.len();
        let names = (0..width).map(|column| format!("name {}", char::from(b'a' + u8::try_from(column).unwrap())));
        let header: Vec<String> = ["account".to_owned()].into_iter().chain(names).collect();
        let rows: Vec<Vec<String>> =
            rows.into_iter().map(|(name, cells)| [name].into_iter().chain(cells).collect()).collect();
        let all: Vec<Vec<String>> = [header.clone()].into_iter().chain(rows.clone()).collect();
        let read = read_as(&written(&all), if known { &KNOWN } else { &UNKNOWN }, HeaderRow::Auto).unwrap();
        prop_assert_eq!(read.header, header.join("|"));
        prop_assert_eq!(read.aside + read.blank, 0);
        let read: Vec<String> = read.rows.iter().map(|row| row.split_once(':').unwrap().1.to_owned()).collect();
        prop_assert_eq!(read, rows.iter().map(|row| row.join("|")).collect::<Vec<_>>());
    }

    #[test]
    fn no_record_is_ever_lost(
        rows in proptest::collection::vec(
            proptest::collection::vec("|Total|account|kpi|value|Note: x|[a-c]{1,3}|[0-9]{1,3}|2026-01-0[1-9]", 1..5),
            1..40,
        ),
    ) {
        // Lines without a single character are no records.
        let rows: Vec<Vec<String>> = rows.into_iter().filter(|row| row.len() > 1 || !row[0].is_empty()).collect();
        prop_assume!(!rows.is_empty());
        if let Ok(read) = read_as(&written(&rows), &KNOWN, HeaderRow::Auto) {
            let headers = 1;
            prop_assert_eq!(read.rows.len() as u64 + read.aside + read.blank + headers, rows.len() as u64);
            prop_assert!(read.rows.is_sorted_by_key(|row| row.split(':').next().unwrap().parse::<u64>().unwrap()));
        }
    }
}

#[test]
fn empty_cells_that_rows_have_at_their_end_are_passed_over_and_others_shift_nothing() {
    let widths = |text: &str| {
        let source = Source::spool("t.csv", text.as_bytes()).unwrap();
        let mut progress = |_| {};
        let mut region = Region::open(&source, &KNOWN, &mut progress).unwrap();
        let mut widths = Vec::new();
        while let Some(row) = region.next_row().unwrap() {
            widths.push(row.len());
        }
        let mut notes = Notes::default();
        region.note(&mut notes);
        (widths, notes.finish().into_iter().map(|note| note.message).collect::<Vec<_>>())
    };
    let (rows, notes) = widths("account,value\nAcme,5,\nBeta,6,\nGamma,7,8\n");
    assert_eq!((rows, notes.len()), (vec![2, 2, 3], 1));
    assert_eq!(notes, ["rows have 1 empty cell more than the header, which was passed over"]);
    // An unquoted comma makes a cell of its own, and what is behind it stands under another name.
    let (rows, notes) = widths("account,value,note\nAcme,5,\nBeta, Inc,6,\nGamma,7,\n");
    assert_eq!((rows, notes.len()), (vec![3, 4, 3], 0));
}

#[test]
fn titles_with_commas_are_as_wide_as_the_table_and_still_none_of_it() {
    let text = "Report, generated, yes\nfor Q3, 2026, final\naccount,NPS,Deals\nAcme,5,6\nBeta,6,7\n";
    let read = read_as(text, &KNOWN, HeaderRow::Auto).unwrap();
    assert_eq!((read.header.as_str(), read.rows.len()), ("account|NPS|Deals", 2));
    assert_eq!((read.codes, read.aside), (vec!["preamble"], 2));
}
