//! Workbooks of others, workbooks made here, and files that wish the reader ill.

mod hostile;
mod made;
mod real;

use std::io::Cursor;

use super::{Sheet, Workbook};
use crate::error::Result;

fn read(name: &str, bytes: &[u8]) -> Result<Workbook> {
    Workbook::read(name, Cursor::new(bytes), bytes.len() as u64)
}

/// Why a file is refused.
fn refusal(bytes: &[u8]) -> String {
    read("a.xlsx", bytes).expect_err("a refusal").message().to_owned()
}

fn sheet<'w>(workbook: &'w Workbook, name: &str) -> &'w Sheet {
    let found = workbook.sheets.iter().find(|sheet| sheet.name == name);
    found.unwrap_or_else(|| panic!("no sheet {name}"))
}

/// The row of a number, its cells parted by bars.
fn row(sheet: &Sheet, number: u32) -> String {
    let rows = (0..sheet.rows()).filter_map(|place| sheet.row(place));
    let row = rows.into_iter().find(|row| row.number == number).unwrap_or_else(|| panic!("no row {number}"));
    row.bounds.iter().map(|(start, end)| &row.text[*start..*end]).collect::<Vec<_>>().join("|")
}

/// All rows, each as its number and its cells.
fn rows(sheet: &Sheet) -> Vec<String> {
    let numbers = (0..sheet.rows()).filter_map(|place| Some(sheet.row(place)?.number));
    numbers.map(|number| format!("{number}: {}", row(sheet, number))).collect()
}
