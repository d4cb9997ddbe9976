//! Files that wish the reader ill: bombs, claims, loops and damage. Each is refused, or read in little memory.

use std::io::{Cursor, Write};

use super::made::{archive, excel, open_document};
use super::*;

/// An `.xlsx` of one row with these cells.
fn excel_row(cells: &str) -> Vec<u8> {
    excel(&format!("<sheetData><row>{cells}</row></sheetData>"), &[])
}

#[test]
fn what_is_packed_like_a_workbook_is_told_apart() {
    assert_eq!(refusal(&archive(&[("a.csv", "a,b\n")])), "a.xlsx is a ZIP archive, but no workbook");
    let text = [("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "")];
    assert_eq!(refusal(&archive(&text)), "a.xlsx is an OpenDocument file, but no workbook");
    let binary = [("xl/workbook.bin", ""), ("_rels/.rels", "")];
    assert_eq!(refusal(&archive(&binary)), "a.xlsx is a binary workbook (.xlsb), which is not read");
    assert_eq!(refusal(&old(None)), "a.xlsx is an OLE2 compound file, but no workbook");
    let letter = excel("", &[]);
    assert!(refusal(&letter[..letter.len() / 2]).starts_with("a.xlsx is a broken workbook ("));
}

#[test]
fn bombs_are_refused() {
    let zeros = "0".repeat(80 << 20);
    let bomb = excel("<sheetData/>", &[("xl/media/image1.png", &zeros)]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(refusal(&bomb), "a.xlsx is a decompression bomb: it unpacks to more than 64 MiB");

    let names: Vec<_> = (0..10_001).map(|number| number.to_string()).collect();
    let parts: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
    assert_eq!(refusal(&archive(&parts)), "a.xlsx is a workbook of more than 10000 parts");
}

#[test]
fn claims_set_no_memory_aside() {
    let texts = r#"<sst count="2" uniqueCount="99999999999999"><si><t>a</t></si></sst>"#;
    let claim = excel("<sheetData/>", &[("xl/sharedStrings.xml", texts)]);
    let expected = "a.xlsx is a workbook that claims 99999999999999 texts: more than 20000000 are not read";
    assert_eq!(refusal(&claim), expected);

    let far = r#"<dimension ref="A1:XFD1048576"/><sheetData><row><c r="A1"><v>1</v></c></row><row><c r="XFD1048576"><v>2</v></c></row></sheetData>"#;
    let workbook = read("a.xlsx", &excel(far, &[])).unwrap();
    let sheet = &workbook.sheets[0];
    assert_eq!((sheet.rows(), row(sheet, 1).as_str()), (2, "1"));
    assert_eq!(sheet.row(1).map(|row| (row.number, row.bounds.len())), Some((1_048_576, 16_384)));

    let formats = format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", "<xf/>".repeat(131_073));
    let many = excel("<sheetData/>", &[("xl/styles.xml", &formats)]);
    assert_eq!(refusal(&many), "a.xlsx is a workbook of more than 131072 cell formats");
    let long =
        format!("<styleSheet><fonts><font><name val=\"{}\"/></font></fonts></styleSheet>", "a".repeat(5000));
    let long = excel("<sheetData/>", &[("xl/styles.xml", &long)]);
    assert_eq!(refusal(&long), "a.xlsx is a broken workbook (a format of more than 4096 bytes)");
}

#[test]
fn cells_beyond_what_a_sheet_has_are_refused() {
    let expected = "a.xlsx is a workbook with a cell in row 1, column 1000000: a sheet has 1048576 x 16384";
    assert_eq!(refusal(&excel_row(r#"<c r="BDWGN1"><v>1</v></c>"#)), expected);
    let below = r#"<c r="A1048577"><v>1</v></c>"#;
    assert!(refusal(&excel_row(below)).contains("in row 1048577, column 1:"));
    let wide = r#"<table:table table:name="S"><table:table-row><table:table-cell table:number-columns-repeated="1000000"/><table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:table>"#;
    assert!(refusal(&open_document(wide)).contains("column 1000001:"));
}

#[test]
fn repeats_and_shared_texts_count_for_each_cell() {
    let cell = |more: &str| {
        format!(
            r#"<table:table table:name="S"><table:table-row table:number-rows-repeated="1000"><table:table-cell table:number-columns-repeated="6000" office:value-type="string"><text:p>a{more}</text:p></table:table-cell></table:table-row></table:table>"#
        )
    };
    assert_eq!(refusal(&open_document(&cell(""))), "a.xlsx is a workbook of more than 5000000 cells");
    let spaces = refusal(&open_document(&cell(r#"<text:s text:c="4000000000"/>"#)));
    assert_eq!(spaces, "a.xlsx is a workbook with a cell of more than 1048576 characters");

    let texts = format!("<sst><si><t>{}</t></si></sst>", "long ".repeat(200_000));
    let cells = r#"<c t="s"><v>0</v></c>"#.repeat(600);
    let sheet = format!("<sheetData><row>{cells}</row></sheetData>");
    let bomb = excel(&sheet, &[("xl/sharedStrings.xml", &texts)]);
    assert_eq!(refusal(&bomb), "a.xlsx is a workbook whose cells hold more than 512 MiB of text");
}

#[test]
fn a_sheet_of_far_cells_is_refused_before_its_rows_are_laid_out() {
    let rows: String = (1..=1300).map(|row| format!(r#"<row><c r="XFD{row}"><v>1</v></c></row>"#)).collect();
    let sheet = excel(&format!("<sheetData>{rows}</sheetData>"), &[]);
    assert!(refusal(&sheet).contains("more than 20000000 cells, counting the blank ones"));
}

#[test]
fn one_part_behind_many_sheets_is_not_read_over_and_over() {
    let mut noise = 1_u64;
    let mut next = || {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        noise >> 20
    };
    let comment: String = (0..30_000).map(|_| format!("{:x}", next())).collect();
    let part = format!("<worksheet><!--{comment}--><sheetData/></worksheet>");
    let sheets: String = (0..900).map(|id| format!(r#"<sheet name="{id}" r:id="r"/>"#)).collect();
    let related = |kind: &str, target: &str| {
        format!(
            r#"<Relationships><Relationship Id="r" Type="x/relationships/{kind}" Target="{target}"/></Relationships>"#
        )
    };
    let bytes = archive(&[
        ("_rels/.rels", &related("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", &format!("<workbook><sheets>{sheets}</sheets></workbook>")),
        ("xl/_rels/workbook.xml.rels", &related("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", &part),
    ]);
    assert!(refusal(&bytes).contains("over and over"));
}

#[test]
fn damage_is_told_and_never_stops_the_program() {
    for cells in [
        "<c><v>",
        r#"<c t="s"><v>7</v></c>"#,
        r#"<c r="1A"><v>1</v></c>"#,
        "<c><b/></c>",
        r#"<c t="str"><v>&zzz;</v></c>"#,
    ] {
        let broken = refusal(&excel_row(cells));
        assert!(broken.starts_with("a.xlsx is a broken workbook ("), "{cells}: {broken}");
    }
    for tables in ["<table:table>", "<table:table><table:table-row>", "&x;<table:table table:name=\"a"] {
        assert!(refusal(&open_document(tables)).starts_with("a.xlsx is a broken workbook ("), "{tables}");
    }
    let whole = excel_row("<c><v>1</v></c>");
    for length in 0..whole.len() {
        assert!(read("a.xlsx", &whole[..length]).is_err(), "{length} of {} bytes", whole.len());
    }
}

/// A compound file of this stream of cells.
fn old(stream: Option<&[u8]>) -> Vec<u8> {
    let mut compound =
        cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
    if let Some(stream) = stream {
        compound.create_stream("/Workbook").unwrap().write_all(stream).unwrap();
    }
    compound.flush().unwrap();
    compound.into_inner().into_inner()
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

/// A stream of these global records and of one sheet of these.
fn stream(globals: &[Vec<u8>], cells: &[Vec<u8>]) -> Vec<u8> {
    let begin = record(0x0809, &[0, 6, 5, 0]);
    let end = record(0x000a, &[]);
    let globals = globals.concat();
    let name = b"\0\0\x01\0S";
    let start = begin.len() + globals.len() + 4 + 4 + name.len() + end.len();
    let place = u32::try_from(start).unwrap().to_le_bytes();
    let bound = record(0x0085, &[&place[..], name].concat());
    [&begin[..], &globals, &bound, &end, &begin, &cells.concat(), &end].concat()
}

fn number(row: u16, column: u16, format: u16, value: f64) -> Vec<u8> {
    let [row, column, format] = [row, column, format].map(u16::to_le_bytes);
    record(0x0203, &[&row[..], &column, &format, &value.to_le_bytes()].concat())
}

#[test]
fn old_workbooks_show_percent_by_their_formats() {
    let own = record(0x041e, b"\xa4\x00\x05\x00\x000.00%");
    let formats = [0_u16, 9, 164].map(|format| record(0x00e0, &[[0, 0], format.to_le_bytes()].concat()));
    let several = record(0x00bd, b"\x01\0\0\0\x01\0\x1e\0\0\0\0\0\x1e\0\0\0\x01\0");
    let cells = [number(0, 0, 0, 0.52), number(0, 1, 1, 0.52), number(0, 2, 2, 0.07), several];
    let stream = stream(&[&[own][..], &formats].concat(), &cells);
    let workbook = read("a.xls", &old(Some(&stream))).unwrap();
    assert_eq!(rows(&workbook.sheets[0]), ["1: 0.52|52%|7%", "2: 700%|7"]);
}

#[test]
fn old_workbooks_are_refused_for_the_true_reason() {
    let refused = |globals: &[Vec<u8>], cells: &[Vec<u8>]| refusal(&old(Some(&stream(globals, cells))));
    let locked = record(0x002f, &[1, 0, 1, 0]);
    assert_eq!(refused(&[locked], &[]), "a.xlsx is encrypted: it asks for a password");
    let corners = [number(0, 0, 0, 1.0), number(u16::MAX, 255, 0, 1.0)];
    let expected = "a.xlsx is a workbook whose sheets reach over more than 10000000 cells";
    assert_eq!(refused(&[], &corners), expected);
    let cut = [record(0x0203, &[0; 5])];
    assert_eq!(refused(&[], &cut), "a.xlsx is a broken workbook (a record 0x0203 of 5 bytes)");
    // One shared text of 60,000 letters, which calamine would copy for each cell.
    let texts = [&[0; 8][..], b"\x60\xea\x00", &[b'a'; 8000]].concat();
    let mut texts = vec![record(0x00fc, &texts)];
    let rest = [8000, 8000, 8000, 8000, 8000, 8000, 4000];
    texts.extend(rest.map(|length| record(0x003c, &[&[0][..], &vec![b'a'; length]].concat())));
    let cells: Vec<_> =
        (0..4000_u16).map(|row| record(0x00fd, &[&row.to_le_bytes()[..], &[0; 8]].concat())).collect();
    let expected = "a.xlsx is a workbook whose cells hold more than 512 MiB of text";
    assert_eq!(refused(&texts, &cells), expected);
}

#[test]
fn old_workbooks_claim_in_vain() {
    let far = record(0x0200, &[0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0xff, 0xff, 0, 0]);
    let workbook = read("a.xls", &old(Some(&stream(&[], &[far, number(0, 0, 0, 1.0)])))).unwrap();
    assert_eq!(rows(&workbook.sheets[0]), ["1: 1"]);
}

#[test]
fn damaged_old_workbooks_never_stop_the_program() {
    let cells = [number(0, 0, 0, 1.0), record(0x00e5, &[1, 0, 0, 0, 1, 0, 0, 0, 0, 0])];
    let texts = record(0x00fc, b"\x01\0\0\0\x01\0\0\0\x03\0\x08\x01\0abc1111");
    let whole = old(Some(&stream(&[texts], &cells)));
    assert_eq!(rows(&read("a.xls", &whole).unwrap().sheets[0]), ["1: 1"]);
    let (mut read_anyway, mut refused) = (0, 0);
    for at in 0..whole.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut bent = whole.clone();
            bent[at] ^= change;
            match read("a.xls", &bent) {
                Ok(_) => read_anyway += 1,
                Err(_) => refused += 1,
            }
        }
    }
    assert!(read_anyway > 0 && refused > 0, "{read_anyway} read, {refused} refused");
}
