//! How much a workbook may hold, over all of its sheets: the bound of the memory that reading it takes.
//!
//! What is counted here is what was really found, never what the file says of itself.

use super::fault::Fault;

/// Rows of a sheet: as many as Excel has.
pub(super) const MAX_ROWS: u32 = 1_048_576;
/// Columns of a sheet: as many as Excel has.
pub(super) const MAX_COLUMNS: u32 = 16_384;
/// Cells that hold something. A row of bounds, a row of storage and the text of so many are about 500 MiB.
const MAX_CELLS: usize = 5_000_000;
/// Places from column A to the last cell of each row, which is what the bounds of rows take.
const MAX_PLACES: usize = 4 * MAX_CELLS;
/// Bytes of text in all cells. A file says a text once and uses it in any number of cells.
const MAX_TEXT: usize = 512 << 20;
/// Sheets. Excel knows no bound but memory; nobody turns the leaves of so many.
const MAX_SHEETS: usize = 1_000;

/// What may still come.
#[derive(Debug)]
pub(super) struct Budget {
    cells: usize,
    places: usize,
    text: usize,
    sheets: usize,
}

impl Budget {
    /// That of a workbook.
    pub(super) fn new() -> Self {
        Self { cells: MAX_CELLS, places: MAX_PLACES, text: MAX_TEXT, sheets: MAX_SHEETS }
    }

    /// One of fewer cells, for tests.
    #[cfg(test)]
    pub(super) fn of_cells(cells: usize) -> Self {
        Self { cells, ..Self::new() }
    }

    pub(super) fn take_sheet(&mut self) -> Result<(), Fault> {
        take(&mut self.sheets, 1, || format!("of more than {MAX_SHEETS} sheets"))
    }

    pub(super) fn take_cells(&mut self, cells: usize) -> Result<(), Fault> {
        take(&mut self.cells, cells, || format!("of more than {MAX_CELLS} cells"))
    }

    pub(super) fn take_text(&mut self, bytes: usize) -> Result<(), Fault> {
        take(&mut self.text, bytes, || format!("whose cells hold more than {} MiB of text", MAX_TEXT >> 20))
    }

    pub(super) fn take_places(&mut self, places: usize) -> Result<(), Fault> {
        take(&mut self.places, places, || {
            format!("of more than {MAX_PLACES} cells, counting the blank ones before each row's last")
        })
    }

    /// How many cells may still come.
    pub(super) fn cells_left(&self) -> usize {
        self.cells
    }
}

/// Refuses a place that no sheet has; rows and columns from 0.
pub(super) fn check_place(row: u32, column: u32) -> Result<(), Fault> {
    if row < MAX_ROWS && column < MAX_COLUMNS {
        return Ok(());
    }
    let (row, column) = (u64::from(row) + 1, u64::from(column) + 1);
    let what = format!("with a cell in row {row}, column {column}: a sheet has {MAX_ROWS} x {MAX_COLUMNS}");
    Err(Fault::TooLarge(what))
}

fn take(left: &mut usize, taken: usize, what: impl Fn() -> String) -> Result<(), Fault> {
    *left = left.checked_sub(taken).ok_or_else(|| Fault::TooLarge(what()))?;
    Ok(())
}
