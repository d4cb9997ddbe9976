//! What merged cells say. The file holds a merge's value in its first cell alone; people read it in all of them.
//!
//! - A merge of several rows (an account beside its KPIs) holds for each row, one of several columns (a header
//!   over a group) for each column.
//! - A merge over the whole width of what the sheet uses is a title: it stays in its first cell.
//! - Only texts, dates and times are carried on. A number that is merged over several cells is one number: said
//!   in each of them it would be counted more than once.
//!
//! It never makes a row of one that holds nothing else, and never writes over a cell that holds something.

use super::budget::Budget;
use super::fault::Fault;
use super::sheet::{Cell, Kind};

/// A merged range, from its first to its last cell, as (row, column) from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Merge {
    pub(super) first: (u32, u32),
    pub(super) last: (u32, u32),
}

impl From<calamine::Dimensions> for Merge {
    fn from(range: calamine::Dimensions) -> Self {
        Self { first: range.start, last: range.end }
    }
}

/// Carries on what merges hold into cells, which stand in order and stay so.
pub(super) fn fill(cells: &mut Vec<Cell>, merges: &[Merge], budget: &mut Budget) -> Result<(), Fault> {
    let columns = cells.iter().map(|cell| cell.column);
    let (Some(left), Some(right)) = (columns.clone().min(), columns.max()) else { return Ok(()) };
    let mut filled = Vec::new();
    for merge in merges {
        let is_title = left < right && merge.first.1 <= left && right <= merge.last.1;
        let Some(source) = find(cells, merge.first).filter(|cell| cell.kind == Kind::Label && !is_title)
        else {
            continue;
        };
        let last_column = merge.last.1.min(right);
        for row in rows_within(cells, merge) {
            let places = last_column.saturating_sub(merge.first.1).saturating_add(1);
            budget.take_cells(places as usize)?;
            let free = (merge.first.1..=last_column).filter(|column| find(cells, (row, *column)).is_none());
            filled.extend(free.map(|column| Cell { row, column, ..source }));
        }
    }
    if !filled.is_empty() {
        cells.extend(filled);
        cells.sort_by_key(Cell::place);
        cells.dedup_by_key(|cell| cell.place());
    }
    Ok(())
}

/// The rows of a merge in which some cell holds something.
fn rows_within(cells: &[Cell], merge: &Merge) -> Vec<u32> {
    let start = cells.partition_point(|cell| cell.row < merge.first.0);
    let end = cells.partition_point(|cell| cell.row <= merge.last.0);
    let mut rows: Vec<_> = cells.get(start..end).unwrap_or_default().iter().map(|cell| cell.row).collect();
    rows.dedup();
    rows
}

fn find(cells: &[Cell], place: (u32, u32)) -> Option<Cell> {
    let index = cells.binary_search_by_key(&place, Cell::place).ok()?;
    cells.get(index).copied()
}
