//! The KPI rows of one file, as they pass from the reader to the store: compact, interned, in file order.
//!
//! Ten million rows shall fit into memory, so a row is 20 bytes, and what many rows share is kept once.

use std::ops::Range;

use chrono::NaiveDate;

use super::as_read::KpiAsRead;
use super::{Category, Impact, Unit};
use crate::model::rejection::BadRow;
use crate::model::segmented_vec::SegmentedVec;

/// How a file names an account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AccountMention {
    /// The name, as given, trimmed.
    pub name: Option<String>,
    /// The external id, as given, trimmed; compared exactly.
    pub external_id: Option<String>,
}

/// An account that the caller named for a whole file, and everything that leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenAccount {
    /// Its name and external id today.
    pub mention: AccountMention,
    /// Its aliases and former names.
    pub other_names: Vec<String>,
    /// Its former external ids.
    pub other_ids: Vec<String>,
}

impl From<AccountMention> for GivenAccount {
    fn from(mention: AccountMention) -> Self {
        Self { mention, other_names: Vec::new(), other_ids: Vec::new() }
    }
}

/// How a file names a KPI (and product).
#[derive(Debug, Clone, PartialEq)]
pub struct KpiMention {
    /// The name under which it is kept: the definition's where there is one, else as given.
    pub name: String,
    /// The product that the value is of; None for the whole account.
    pub product: Option<String>,
    /// The definition's category, else the file's.
    pub category: Option<Category>,
    /// The definition's unit, else the file's.
    pub unit: Option<Unit>,
    /// Index of its definition in the dictionary.
    pub definition: Option<usize>,
}

/// What a value is of beside its account, and what stands beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RowContext {
    /// Index into [`KpiBatch::kpis`].
    pub kpi: u32,
    /// The day of the value, the last day of its period; None where the row is undated.
    pub observed_on: Option<NaiveDate>,
    /// The KPI's weight within its category; None leaves the earlier one.
    pub weight: Option<f64>,
    /// The KPI's impact; None leaves the earlier one.
    pub impact: Option<Impact>,
    /// The column of a wide table in which the value stands, from 0; None in the long layout. It says nothing of
    /// the value, only where it is found again.
    pub column: Option<u16>,
}

impl RowContext {
    /// That of a KPI's value beside which nothing stands.
    #[must_use]
    pub const fn of(kpi: u32) -> Self {
        Self { kpi, observed_on: None, weight: None, impact: None, column: None }
    }

    /// Weight and impact.
    #[must_use]
    pub fn beside(&self) -> (Option<f64>, Option<Impact>) {
        (self.weight, self.impact)
    }
}

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// Nothing: what was known stands.
    Blank,
    /// The KPI is known and has no value now.
    Withdrawn,
    /// A finite number in the KPI's unit.
    Number(f64),
}

/// One value of the file: account, context and cell.
#[derive(Debug, Clone, Copy)]
pub struct KpiRow {
    /// The bits of the number, in halves: as one, they would ask for a row of 24 bytes.
    value: [u32; 2],
    /// Index into [`KpiBatch::accounts`].
    pub account: u32,
    /// Index into [`KpiBatch::contexts`].
    pub context: u32,
    /// Physical line on which the record begins, from 1.
    pub line: u32,
}

/// Blank and withdrawn cells are kept as two NaNs, which no number read from a file can be.
const BLANK_BITS: u64 = 0x7ff8_0000_0000_0001;
const WITHDRAWN_BITS: u64 = 0x7ff8_0000_0000_0002;

impl KpiRow {
    /// A row of the batch; a number that is not finite is kept as withdrawn.
    #[must_use]
    pub fn new(cell: Cell, account: u32, context: u32, line: u32) -> Self {
        let bits = match cell {
            Cell::Number(number) if number.is_finite() => number.to_bits(),
            Cell::Number(_) | Cell::Withdrawn => WITHDRAWN_BITS,
            Cell::Blank => BLANK_BITS,
        };
        #[expect(clippy::cast_possible_truncation, reason = "the lower half")]
        let value = [bits as u32, (bits >> 32) as u32];
        Self { value, account, context, line }
    }

    /// What the cell says.
    #[must_use]
    pub fn cell(&self) -> Cell {
        let [lower, upper] = self.value.map(u64::from);
        let bits = upper << 32 | lower;
        let value = f64::from_bits(bits);
        if value.is_finite() {
            Cell::Number(value)
        } else if bits == BLANK_BITS {
            Cell::Blank
        } else {
            Cell::Withdrawn
        }
    }
}

/// What a value is of beside its account: the index of its KPI, and its day.
pub type KpiMatter = (u32, Option<NaiveDate>);

/// Every good row of a file.
#[derive(Debug, Default)]
pub struct KpiBatch {
    /// The accounts named, each once, in order of first mention.
    pub accounts: Vec<AccountMention>,
    /// The KPIs named, each once, in order of first mention.
    pub kpis: Vec<KpiMention>,
    /// Every combination of KPI, date, weight and impact that occurs.
    pub contexts: Vec<RowContext>,
    /// The rows, in file order.
    pub rows: SegmentedVec<KpiRow>,
    /// Rows whose value alone cannot be taken: their account, KPI and day can tell which rows they belong with.
    pub bad: SegmentedVec<BadRow<KpiMatter>>,
    /// Every name of a KPI in the file, also of those whose rows were all set aside, and how it was read.
    pub names: Vec<KpiAsRead>,
}

impl KpiBatch {
    /// What a row's value is of, and what stands beside it.
    #[must_use]
    pub fn context(&self, row: &KpiRow) -> RowContext {
        self.contexts.get(row.context as usize).copied().unwrap_or(RowContext::of(u32::MAX))
    }
}

/// The places of rows account by account, within one in the order in which they stand, and where among these the places
/// of each account begin and end. Two passes over the rows: a sort of millions would look at each of them twenty times.
#[must_use]
pub fn by_account(rows: &SegmentedVec<KpiRow>, accounts: usize) -> (Vec<u32>, Vec<Range<usize>>) {
    let mut counts = vec![0_usize; accounts];
    for row in rows {
        if let Some(count) = counts.get_mut(row.account as usize) {
            *count += 1;
        }
    }
    let mut start = 0;
    let range = |count| {
        let range = start..start + count;
        start += count;
        range
    };
    let ranges: Vec<Range<usize>> = counts.into_iter().map(range).collect();
    let mut next: Vec<usize> = ranges.iter().map(|range| range.start).collect();
    let mut places = vec![0; ranges.last().map_or(0, |last| last.end)];
    for (index, row) in (0_u32..).zip(rows) {
        let Some(place) = next.get_mut(row.account as usize) else { continue };
        if let Some(slot) = places.get_mut(*place) {
            *slot = index;
        }
        *place += 1;
    }
    (places, ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_small_and_gives_back_its_cell() {
        assert_eq!(std::mem::size_of::<KpiRow>(), 20);
        for cell in [Cell::Blank, Cell::Withdrawn, Cell::Number(-0.5), Cell::Number(f64::MAX)] {
            assert_eq!(KpiRow::new(cell, 1, 2, 3).cell(), cell);
        }
        assert_eq!(KpiRow::new(Cell::Number(f64::NAN), 0, 0, 0).cell(), Cell::Withdrawn);
    }
}
