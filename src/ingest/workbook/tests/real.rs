//! Workbooks that others really exchange, where they are there.

use std::path::{Path, PathBuf};

use calamine::{Data, Reader};

use super::*;
use crate::ingest::workbook::is_workbook;

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/real/xlsx");
    if !folder.exists() {
        eprintln!("skipped: {} is not there", folder.display());
        return None;
    }
    Some(folder)
}

/// The workbook at a path below that folder.
fn open(name: &str) -> Option<Workbook> {
    let bytes = std::fs::read(folder()?.join(name)).unwrap();
    Some(read(name, &bytes).unwrap_or_else(|error| panic!("{name}: {error:?}")))
}

fn all_files() -> Vec<PathBuf> {
    let folders = folder().into_iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let mut files: Vec<_> = folders
        .flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    files
}

#[test]
fn every_workbook_is_read_but_the_encrypted_ones() {
    let mut refused = Vec::new();
    let files = all_files();
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(is_workbook(&bytes, "no ending"), "{name}");
        if let Err(error) = read(name, &bytes) {
            refused.push(error.message().to_owned());
        }
    }
    if !files.is_empty() {
        assert_eq!(files.len(), 91);
        let what = "is encrypted: it asks for a password";
        assert_eq!(refused, ["ods", "xlsx"].map(|ending| format!("pass_protected.{ending} {what}")));
    }
}

/// What each of these sheets has in these rows; a row that is not there is `None`.
type Expected = (&'static str, &'static str, &'static [(u32, Option<&'static str>)]);

const EXPECTED: [Expected; 24] = [
    // Junk above and below, merged; a merge that is no title is carried on, the header is where it was.
    (
        "readxl/deaths.xlsx",
        "arts",
        &[
            (1, Some("Lots of people")),
            (4, Some("or|merging|merging|merging|merging|cells")),
            (5, Some("Name|Profession|Age|Has kids|Date of birth|Date of death")),
            (14, Some("Zsa Zsa Gábor|actor|99|TRUE|1917-02-06|2016-12-18")),
        ],
    ),
    ("readxl/deaths.xls", "arts", &[(14, Some("Zsa Zsa Gábor|actor|99|TRUE|1917-02-06|2016-12-18"))]),
    (
        "readxl/clippy.xlsx",
        "two-row-header",
        &[
            (2, Some("(at birth)|(office supply type)|(date is approximate)|(in grams)")),
            (3, Some("Clippy|paperclip|2007-01-01|0.9")),
        ],
    ),
    // Days counted from 1904.
    ("readxl/types.xlsx", "guess_me", &[(2, Some("|TRUE|2017-02-27|1|hello")), (4, None)]),
    (
        "readxl/type-me.xls",
        "date_coercion",
        &[(4, Some("2016-04-28T11:30:00|date and time format")), (8, Some("39448|another numeric"))],
    ),
    (
        "csvkit/sheets.xlsx",
        "data",
        &[(
            3,
            Some(
                "Chicago Sun-Times|1948-01-01|63|TRUE|1.27|1948-01-01T14:57:13||Extra data beyond headers will be trimmed",
            ),
        )],
    ),
    // The day that never was.
    (
        "readxl/dates-leap-year-1900-xlsx.xlsx",
        "for_testing",
        &[
            (2, Some("1900-01-01T08:00:00|1900-01-01 08:00:00|TRUE")),
            (4, Some("1900-02-28T08:00:00|1900-02-28 08:00:00|TRUE")),
            (5, Some("1900-02-29T08:00:00|1900-02-29 08:00:00|FALSE")),
            (6, Some("1900-03-01T08:00:00|1900-03-01 08:00:00|TRUE")),
        ],
    ),
    ("readxl/datetime-rounding.xlsx", "Sheet1", &[(3, Some("2016-03-23T09:50:00|2016-03-23 09:50:00"))]),
    ("readxl/big-texty-numbers-xlsx.xlsx", "Sheet1", &[(4, Some("2147483648|2147483648|x + 1"))]),
    ("readxl/blanks.xlsx", "same_row_first", &[(1, Some("x|y")), (2, None), (3, Some("1|a"))]),
    ("readxl/geometry.xlsx", "Sheet1", &[(3, Some("|B3|C3|D3")), (1, None)]),
    ("readxl/whitespace-xlsx.xlsx", "whitespace", &[(2, Some(" <-space"))]),
    ("calamine/errors.xlsx", "Feuil1", &[(1, Some("#DIV/0!")), (5, Some("#REF!")), (7, Some("#N/A"))]),
    // Parts with Windows' paths, one of them the shared texts.
    ("calamine/issue_530.xlsx", "出勤分类组织汇总表", &[(3, Some("考勤周期|2023-03-01-2023-03-31"))]),
    ("calamine/date.xls", "Sheet1", &[(1, Some("2021-01-01|15")), (3, Some("255:10:10|17"))]),
    ("calamine/date.xlsx", "Sheet1", &[(1, Some("2021-01-01|15")), (3, Some("255:10:10|17"))]),
    ("calamine/date.ods", "Sheet1", &[(2, Some("2021-01-01T10:10:10|16")), (3, Some("10:10:10|17"))]),
    (
        "calamine/merge_cells.xlsx",
        "Sheet1",
        &[(2, Some("Column Merge|Chunk Merged|Chunk Merged")), (3, None)],
    ),
    ("calamine/merge_cells.xls", "Sheet1", &[(1, Some("Row Merge|Row Merge|Not Merged"))]),
    ("calamine/merged_cells.ods", "Sheet1", &[(3, Some("A||C"))]),
    (
        "frictionless/preserve-formatting-percentage.xlsx",
        "Sheet1",
        &[(2, Some("123|52%")), (4, Some("789|6%"))],
    ),
    (
        "frictionless/multiline-headers.xlsx",
        "Лист1",
        &[
            (4, Some("Region|Caloric contribution|from previous quarter|from baseline (%)")),
            (6, Some("A|B|C|D")),
        ],
    ),
    ("frictionless/skip-rows.xlsx", "Sheet 1", &[(1, Some("Table 1")), (4, Some("|TOTAL"))]),
    ("messytables/multilineods.ods", "Sheet1", &[(1, Some("1\n2\n3\n4"))]),
];

#[test]
fn cells_are_what_people_see() {
    for (name, tab, expected) in EXPECTED {
        let Some(workbook) = open(name) else { return };
        let sheet = sheet(&workbook, tab);
        for (number, expected) in expected {
            let found = rows(sheet).into_iter().find(|row| row.starts_with(&format!("{number}: ")));
            let expected = expected.map(|cells| format!("{number}: {cells}"));
            assert_eq!(found, expected, "{name}");
        }
    }
}

#[test]
fn hidden_sheets_are_told_and_charts_are_noted() {
    for name in ["calamine/any_sheets.xlsx", "calamine/any_sheets.xls"] {
        let Some(workbook) = open(name) else { return };
        let tabs: Vec<_> = workbook.sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.hidden)).collect();
        assert_eq!(tabs, [("Visible", false), ("Hidden", true), ("VeryHidden", true)], "{name}");
        assert_eq!(workbook.notes.len(), 1);
        assert!(workbook.notes[0].1.contains("\"Chart\""), "{:?}", workbook.notes);
    }
    let Some(workbook) = open("messytables/large.xlsx") else { return };
    let tabs: Vec<_> =
        workbook.sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.hidden, sheet.rows())).collect();
    assert_eq!(tabs, [("Report", false, 33), ("data", true, 8546), ("criteria", true, 8)]);
}

#[test]
fn a_formula_without_a_value_is_blank_and_noted() {
    let Some(workbook) = open("readxl/missing-v-node-xlsx.xlsx") else { return };
    assert_eq!(row(sheet(&workbook, "Sheet1"), 2), "1|2");
    let what = "1 formula has no stored value: open and save the file in Excel";
    assert_eq!(workbook.notes, [("formula_without_value", what.to_owned())]);
}

/// calamine reads the same texts and numbers out of each OpenDocument file that it reads here alone.
#[test]
fn opendocument_holds_what_calamine_finds_in_it() {
    let mut compared = 0;
    for file in all_files().into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "ods"))
    {
        let Ok(mut book) = calamine::open_workbook::<calamine::Ods<_>, _>(&file) else { continue };
        let workbook = read("a.ods", &std::fs::read(&file).unwrap()).unwrap();
        let listed = book.sheets_metadata().to_vec();
        assert_eq!(listed.len(), workbook.sheets.len());
        for (listed, sheet) in listed.iter().zip(&workbook.sheets) {
            assert_eq!(listed.name, sheet.name);
            let range = book.worksheet_range(&listed.name).unwrap();
            let (top, left) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                let number = top + u32::try_from(row).unwrap() + 1;
                let column = left as usize + column;
                let found = (0..sheet.rows()).filter_map(|place| sheet.row(place));
                let found = found.into_iter().find(|row| row.number == number).unwrap();
                let (start, end) = found.bounds[column];
                match value {
                    Data::String(text) => assert_eq!(&found.text[start..end], text, "{}", file.display()),
                    Data::Float(number) => assert_eq!(found.text[start..end].parse(), Ok(*number)),
                    _ => continue,
                }
                compared += 1;
            }
        }
    }
    assert!(compared > 30 || folder().is_none(), "{compared}");
}
