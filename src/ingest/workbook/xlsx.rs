//! `.xlsx` and `.xlsm` by calamine, a cell at a time: a sheet is as large as the cells that it holds, whatever
//! it claims. Percent is told from the number format of each cell.
//!
//! It must only be given files that [`super::archive`] looked through. An error value that calamine does not know
//! makes a workbook a broken one, since calamine says which value it was, but not where.

use std::collections::HashSet;
use std::io::{Read, Seek};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::archive::Metered;
use super::budget::Budget;
use super::fault::Fault;
use super::format::is_percent;
use super::merges::Merge;
use super::sheet::{Cells, Kind, Sheet};
use super::{Workbook, text};

/// Reads all sheets of cells.
pub(super) fn read(file: impl Read + Seek, size: u64) -> Result<Workbook, Fault> {
    let mut book = Xlsx::new(Metered::new(file, size))?;
    let (mut workbook, mut budget) = (Workbook::default(), Budget::new());
    let (mut names, mut unvalued) = (HashSet::new(), 0);
    for listed in book.sheets_metadata().to_vec() {
        if !names.insert(listed.name.clone()) {
            return Err(Fault::broken(format!("two sheets are called {:?}", listed.name)));
        }
        if listed.typ != SheetType::WorkSheet {
            workbook.skipped(&listed.name);
            continue;
        }
        let Some((sheet, without_value)) = read_sheet(&mut book, &listed, &mut budget)? else {
            workbook.skipped(&listed.name);
            continue;
        };
        workbook.sheets.push(sheet);
        unvalued += without_value;
    }
    if names.is_empty() {
        return Err(Fault::Foreign("a ZIP archive"));
    }
    workbook.unvalued(unvalued);
    Ok(workbook)
}

/// A sheet, and how many of its formulas have no value; nothing where it is a chart.
fn read_sheet(
    book: &mut Xlsx<impl Read + Seek>,
    listed: &calamine::Sheet,
    budget: &mut Budget,
) -> Result<Option<(Sheet, usize)>, Fault> {
    let merged: Vec<Merge> =
        book.merge_cells_by_sheet_name(&listed.name)?.into_iter().map(Merge::from).collect();
    let mut cells = Cells::new(budget)?;
    match read_cells(book, &listed.name, &mut cells) {
        Err(XlsxFault::Chart) => Ok(None),
        Err(XlsxFault::Other(fault)) => Err(fault),
        Ok(has_blank) => {
            let unvalued = if has_blank { formulas_without_value(book, &listed.name)? } else { 0 };
            let hidden = listed.visible != SheetVisible::Visible;
            Ok(Some((cells.finish(listed.name.clone(), hidden, &merged)?, unvalued)))
        }
    }
}

/// Why a sheet gave no cells.
enum XlsxFault {
    /// It is no sheet of cells.
    Chart,
    Other(Fault),
}

impl From<XlsxError> for XlsxFault {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::NotAWorksheet(_) => Self::Chart,
            error => Self::Other(error.into()),
        }
    }
}

impl From<Fault> for XlsxFault {
    fn from(fault: Fault) -> Self {
        Self::Other(fault)
    }
}

/// Whether some cell of the sheet is blank, as those of formulas without a value are.
fn read_cells(
    book: &mut Xlsx<impl Read + Seek>,
    name: &str,
    cells: &mut Cells<'_>,
) -> Result<bool, XlsxFault> {
    let is_1904 = book.has_1904_epoch();
    let mut reader = book.worksheet_cells_reader(name)?;
    let formats = reader.styles().iter().map(|style| style.number_format.as_ref());
    let percents: Vec<bool> =
        formats.map(|format| format.is_some_and(|format| is_percent(&format.format_code))).collect();
    let mut has_blank = false;
    while let Some((cell, format)) = reader.next_cell_with_style_id()? {
        let value = cell.get_value();
        has_blank |= matches!(value, DataRef::Empty);
        let shown = Shown { is_percent: percents.get(format).copied().unwrap_or(false), is_1904 };
        cells.write(cell.get_position(), |arena| shown.write(arena, value))?;
    }
    Ok(has_blank)
}

/// How a cell's value is shown.
struct Shown {
    is_percent: bool,
    is_1904: bool,
}

impl Shown {
    fn write(&self, arena: &mut String, value: &DataRef<'_>) -> Kind {
        let label = |arena: &mut String, text: &str| {
            arena.push_str(text);
            Kind::Label
        };
        match value {
            DataRef::Empty => Kind::Amount,
            DataRef::String(text) => label(arena, text),
            DataRef::SharedString(text) => label(arena, text),
            DataRef::Float(value) if self.is_percent => text::percent(arena, *value),
            DataRef::Float(value) => text::number(arena, *value),
            #[expect(clippy::cast_precision_loss, reason = "a workbook's numbers are all 64-bit floats")]
            DataRef::Int(value) => text::number(arena, *value as f64),
            DataRef::Bool(value) => text::truth(arena, *value),
            DataRef::DateTime(moment) => text::serial(arena, *moment, self.is_1904),
            DataRef::DateTimeIso(moment) => text::iso_moment(arena, moment),
            DataRef::DurationIso(duration) => text::iso_duration(arena, duration),
            DataRef::Error(error) => {
                arena.push_str(&error.to_string());
                Kind::Amount
            }
        }
    }
}

/// How many formulas of a sheet were saved without what they come to.
fn formulas_without_value(book: &mut Xlsx<impl Read + Seek>, name: &str) -> Result<usize, Fault> {
    let mut reader = book.worksheet_cells_reader(name)?;
    let mut count = 0;
    while let Some(cell) = reader.next_cell_with_formula_metadata()? {
        count += usize::from(cell.formula.is_some() && matches!(cell.value, DataRef::Empty));
    }
    Ok(count)
}
