//! Small workbooks, written by an independent program or by hand.

use std::io::{Cursor, Write};

use rust_xlsxwriter as xlsx;
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use super::*;
use crate::ingest::workbook::is_workbook;

/// A zip archive of these parts.
pub(super) fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        // The type of an OpenDocument stands in it as it is.
        let is_type = *name == "mimetype";
        let method = if is_type { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An `.xlsx` of one sheet with this XML behind its tag, and of these parts.
pub(super) fn excel(sheet: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let related = |id: &str, kind: &str, target: &str| {
        format!(
            r#"<Relationships xmlns="{package}"><Relationship Id="{id}" Type="{RELATIONS}/{kind}" Target="{target}"/></Relationships>"#
        )
    };
    let relations = related("rId1", "officeDocument", "xl/workbook.xml");
    let sheets = related("rId1", "worksheet", "worksheets/sheet1.xml");
    let book = format!(
        r#"<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let sheet = format!(r#"<worksheet xmlns="{MAIN}">{sheet}</worksheet>"#);
    let own = [
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", relations.as_str()),
        ("xl/workbook.xml", book.as_str()),
        ("xl/_rels/workbook.xml.rels", sheets.as_str()),
        ("xl/worksheets/sheet1.xml", sheet.as_str()),
    ];
    archive(&[&own, parts].concat())
}

/// An `.ods` with this XML as its sheets.
pub(super) fn open_document(tables: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:automatic-styles><style:style style:name=\"ta2\"><style:table-properties \
         table:display=\"false\"/></style:style></office:automatic-styles><office:body><office:spreadsheet>{tables}\
         </office:spreadsheet></office:body></office:document-content>"
    );
    archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
        ("content.xml", &content),
    ])
}

/// A workbook of one sheet that an independent program writes.
fn written(fill: impl FnOnce(&mut xlsx::Worksheet) -> Result<(), xlsx::XlsxError>) -> Workbook {
    let mut book = xlsx::Workbook::new();
    fill(book.add_worksheet()).unwrap();
    read("a.xlsx", &book.save_to_buffer().unwrap()).unwrap()
}

#[test]
fn workbooks_are_known_by_their_bytes_and_a_bare_zip_by_its_name() {
    let bytes = excel("<sheetData/>", &[]);
    assert!(is_workbook(&bytes, "-") && is_workbook(&open_document(""), "-"));
    assert!(is_workbook(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "-"));
    let packed = archive(&[("kpis.csv", "account,kpi,value\n")]);
    assert!(!is_workbook(&packed, "kpis.zip") && is_workbook(&packed, "KPIs.XLSX"));
    assert!(!is_workbook(b"account,kpi,value\n", "kpis.xlsx") && !is_workbook(b"", ""));
}

#[test]
fn values_are_written_as_a_csv_would_have_them() {
    let workbook = written(|sheet| {
        let percent = xlsx::Format::new().set_num_format("0.0%;[Red]-0.0%");
        let text_with_sign = xlsx::Format::new().set_num_format("0\" %\"");
        let date = xlsx::Format::new().set_num_format("yyyy-mm-dd");
        let moment = xlsx::Format::new().set_num_format("dd.mm.yyyy hh:mm");
        let time = xlsx::Format::new().set_num_format("[h]:mm:ss");
        sheet.write_row(0, 0, ["Acme", " kept ", "007"])?;
        sheet.write_row(1, 0, [8.0, 1_234_567.0, 0.1 + 0.2])?;
        sheet.write_row_with_format(2, 0, [0.07, -0.29, 1.1], &percent)?;
        sheet.write_number_with_format(3, 0, 52.0, &text_with_sign)?;
        sheet.write_number_with_format(4, 0, 46326.0, &date)?;
        sheet.write_number_with_format(4, 1, 46_326.416_666_666_664, &moment)?;
        sheet.write_number_with_format(4, 2, 1.5, &time)?;
        sheet.write_boolean(5, 0, true)?.write_boolean(5, 1, false)?;
        sheet.write_formula(6, 0, xlsx::Formula::new("=1/0").set_result("#DIV/0!"))?;
        sheet.write_formula(6, 1, xlsx::Formula::new("=A1&\"!\"").set_result("Acme!"))?;
        sheet.write_formula_with_format(6, 2, xlsx::Formula::new("=A3").set_result("0.07"), &percent)?;
        sheet.write_rich_string(
            7,
            0,
            &[(&xlsx::Format::new().set_bold(), "Net "), (&xlsx::Format::new(), "MRR")],
        )?;
        Ok(())
    });
    let expected = [
        "1: Acme| kept |007",
        "2: 8|1234567|0.30000000000000004",
        "3: 7%|-29%|110%",
        "4: 52",
        "5: 2026-10-31|2026-10-31T10:00:00|36:00:00",
        "6: TRUE|FALSE",
        "7: #DIV/0!|Acme!|7%",
        "8: Net MRR",
    ];
    assert_eq!(rows(&workbook.sheets[0]), expected);
    assert!(workbook.notes.is_empty());
}

#[test]
fn merged_labels_hold_for_all_of_their_cells_but_titles_and_numbers_do_not() {
    let workbook = written(|sheet| {
        let plain = xlsx::Format::new();
        sheet.merge_range(0, 0, 0, 3, "Portfolio in June", &plain)?;
        sheet.merge_range(1, 2, 1, 3, "Support", &plain)?;
        sheet.write_row(2, 0, ["account", "kpi", "target", "value"])?;
        sheet.merge_range(3, 0, 4, 0, "Acme", &plain)?;
        sheet.write_row(3, 1, ["NPS"])?;
        sheet.write_row(4, 1, ["CSAT"])?;
        sheet.merge_range(3, 2, 4, 2, "", &plain)?.write_number(3, 2, 50)?;
        // Nothing else stands in the second row of this one.
        sheet.merge_range(5, 0, 6, 0, "Globex", &plain)?;
        Ok(())
    });
    let expected = [
        "1: Portfolio in June",
        "2: ||Support|Support",
        "3: account|kpi|target|value",
        "4: Acme|NPS|50",
        "5: Acme|CSAT",
        "6: Globex",
    ];
    assert_eq!(rows(&workbook.sheets[0]), expected);
}

#[test]
fn cells_out_of_order_and_said_twice_stand_where_excel_puts_them() {
    let sheet = r#"<sheetData><row r="3"><c r="B3"><v>5</v></c><c r="A3"><v>4</v></c></row><row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row></sheetData>"#;
    let workbook = read("a.xlsx", &excel(sheet, &[])).unwrap();
    assert_eq!(rows(&workbook.sheets[0]), ["1: 2", "3: 4|5"]);
}

#[test]
fn formulas_without_a_value_are_counted() {
    let sheet = r#"<sheetData><row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><f>2</f><v></v></c><c r="C1" t="str"><f>""</f><v></v></c><c r="D1"/></row></sheetData>"#;
    let workbook = read("a.xlsx", &excel(sheet, &[])).unwrap();
    assert_eq!(workbook.sheets[0].rows(), 0);
    assert!(workbook.notes[0].1.starts_with("2 formulas have no stored value"), "{:?}", workbook.notes);
}

#[test]
fn opendocument_says_type_and_text_of_each_cell() {
    let tables = r#"<table:table table:name="KPIs">
        <table:table-header-rows><table:table-row><table:table-cell office:value-type="string"><text:p>account</text:p></table:table-cell><table:table-cell office:value-type="string" table:number-columns-spanned="2"><text:p>Q<text:s text:c="2"/>&amp;<text:span>A</text:span></text:p></table:table-cell><table:covered-table-cell/><table:table-cell office:value-type="string"><text:p>d</text:p></table:table-cell></table:table-row></table:table-header-rows>
        <table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
        <table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="percentage" office:value="0.07"><text:p>7 %</text:p></table:table-cell><table:table-cell office:value-type="currency" office:value="8" table:number-columns-repeated="2"><text:p>8,00 EUR</text:p></table:table-cell><table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>
        <table:table-row><table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>WAHR</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2026-10-31T10:00:00"><text:p>31.10.26</text:p></table:table-cell><table:table-cell office:value-type="time" office:time-value="PT36H00M00S"/><table:table-cell table:formula="of:=A1"/><table:table-cell office:value-type="string"><office:annotation><text:p>a note</text:p></office:annotation><text:p>two</text:p><text:p>lines</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="1048569"><table:table-cell/></table:table-row>
        </table:table><table:table table:name="H" table:style-name="ta2"/>"#;
    let workbook = read("a.ods", &open_document(tables)).unwrap();
    let expected = [
        "1: account|Q  &A|Q  &A|d",
        "5: 7%|8|8|#DIV/0!",
        "6: 7%|8|8|#DIV/0!",
        "7: TRUE|2026-10-31T10:00:00|36:00:00||two\nlines",
    ];
    assert_eq!(rows(&workbook.sheets[0]), expected);
    assert!(!workbook.sheets[0].hidden && workbook.sheets[1].hidden);
    assert_eq!(workbook.notes.len(), 1);
}
