//! A sheet as rows of text cells, and how it is put together from cells in any order.
//!
//! All texts of a sheet stand in one arena, so that a sheet of a million cells is three allocations.
//! It must never hold a cell that stands nowhere in the file, but those that a merge says.

use super::budget::{Budget, check_place};
use super::fault::Fault;
use super::merges::{self, Merge};

/// A sheet: the rows in which some cell holds something.
#[derive(Debug)]
pub(in crate::ingest) struct Sheet {
    /// As its tab says.
    pub(in crate::ingest) name: String,
    /// Whether its tab is not shown, be it that Excel offers to show it or not.
    pub(in crate::ingest) hidden: bool,
    text: String,
    bounds: Vec<(usize, usize)>,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    number: u32,
    /// Where its bounds begin and end.
    start: usize,
    end: usize,
}

/// A row of a sheet.
#[derive(Debug, Clone, Copy)]
pub(in crate::ingest) struct SheetRow<'s> {
    /// As Excel shows it, from 1.
    pub(in crate::ingest) number: u32,
    /// The text into which the bounds point, of this row and of others.
    pub(in crate::ingest) text: &'s str,
    /// Where each cell starts and ends, from column A to the last that holds something; blank ones are empty.
    pub(in crate::ingest) bounds: &'s [(usize, usize)],
}

impl Sheet {
    /// How many rows there are.
    pub(in crate::ingest) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The row at a place, from 0.
    pub(in crate::ingest) fn row(&self, place: usize) -> Option<SheetRow<'_>> {
        let row = self.rows.get(place)?;
        let bounds = self.bounds.get(row.start..row.end)?;
        Some(SheetRow { number: row.number, text: &self.text, bounds })
    }
}

/// What a cell is, as far as merging goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text, a date or a time: it names something, and may name several rows or columns.
    Label,
    /// A number or what stands in its place: said twice it would count twice.
    Amount,
}

/// A cell that holds something; rows and columns from 0, its text by its place in the arena.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) kind: Kind,
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Cell {
    pub(super) fn place(&self) -> (u32, u32) {
        (self.row, self.column)
    }
}

/// The cells of one sheet while it is read.
#[derive(Debug)]
pub(super) struct Cells<'b> {
    budget: &'b mut Budget,
    text: String,
    cells: Vec<Cell>,
}

impl<'b> Cells<'b> {
    /// None yet.
    pub(super) fn new(budget: &'b mut Budget) -> Result<Self, Fault> {
        budget.take_sheet()?;
        Ok(Self { budget, text: String::new(), cells: Vec::new() })
    }

    /// Adds a cell, whose text is written to the end of the arena; one without a text is none.
    pub(super) fn write(
        &mut self,
        (row, column): (u32, u32),
        write: impl FnOnce(&mut String) -> Kind,
    ) -> Result<(), Fault> {
        let start = self.text.len();
        let kind = write(&mut self.text);
        let length = self.text.len() - start;
        if length == 0 {
            return Ok(());
        }
        check_place(row, column)?;
        self.budget.take_cells(1)?;
        self.budget.take_text(length)?;
        let (start, end) = (place_in_text(start)?, place_in_text(self.text.len())?);
        self.cells.push(Cell { row, column, kind, start, end });
        Ok(())
    }

    /// Adds a text as it stands.
    pub(super) fn push(&mut self, place: (u32, u32), kind: Kind, text: &str) -> Result<(), Fault> {
        self.write(place, |arena| {
            arena.push_str(text);
            kind
        })
    }

    /// Repeats the cells from `first` on in the rows below theirs, `times` times; no text is written again.
    pub(super) fn repeat_rows(&mut self, first: usize, times: u32) -> Result<(), Fault> {
        let Some(row) = self.cells.get(first).map(|cell| cell.row) else { return Ok(()) };
        let count = self.cells.len() - first;
        check_place(row.saturating_add(times), 0)?;
        self.budget.take_cells(count.saturating_mul(times as usize))?;
        for below in 1..=times {
            for index in first..first + count {
                let Some(cell) = self.cells.get(index).copied() else { break };
                self.cells.push(Cell { row: cell.row.saturating_add(below), ..cell });
            }
        }
        Ok(())
    }

    /// Repeats the last cell in the columns after it, `times` times.
    pub(super) fn repeat_last(&mut self, times: u32) -> Result<(), Fault> {
        let Some(last) = self.cells.last().copied() else { return Ok(()) };
        check_place(last.row, last.column.saturating_add(times))?;
        self.budget.take_cells(times as usize)?;
        let columns = (1..=times).map(|after| last.column.saturating_add(after));
        self.cells.extend(columns.map(|column| Cell { column, ..last }));
        Ok(())
    }

    /// How many cells there are.
    pub(super) fn count(&self) -> usize {
        self.cells.len()
    }

    /// The sheet of these cells. Where a file says a cell twice, the later one holds, as it does in Excel.
    pub(super) fn finish(mut self, name: String, hidden: bool, merged: &[Merge]) -> Result<Sheet, Fault> {
        if !self.cells.is_sorted_by(|one, other| one.place() < other.place()) {
            self.cells.reverse();
            self.cells.sort_by_key(Cell::place); // stable: the later one of the file comes first
            self.cells.dedup_by_key(|cell| cell.place());
        }
        merges::fill(&mut self.cells, merged, self.budget)?;
        let (rows, bounds) = rows_of(&self.cells, self.budget)?;
        Ok(Sheet { name, hidden, text: self.text, bounds, rows })
    }
}

/// The rows of cells in order, and the bounds of them all.
fn rows_of(cells: &[Cell], budget: &mut Budget) -> Result<(Vec<Row>, Vec<(usize, usize)>), Fault> {
    let (mut rows, mut bounds) = (Vec::new(), Vec::new());
    for row in cells.chunk_by(|one, other| one.row == other.row) {
        let (Some(first), Some(last)) = (row.first(), row.last()) else { continue };
        budget.take_places(last.column as usize + 1)?;
        let start = bounds.len();
        for cell in row {
            bounds.resize(start + cell.column as usize, (0, 0));
            bounds.push((cell.start as usize, cell.end as usize));
        }
        rows.push(Row { number: first.row.saturating_add(1), start, end: bounds.len() });
    }
    Ok((rows, bounds))
}

fn place_in_text(place: usize) -> Result<u32, Fault> {
    u32::try_from(place).map_err(|_| Fault::TooLarge("whose text is longer than 4 GiB".to_owned()))
}
