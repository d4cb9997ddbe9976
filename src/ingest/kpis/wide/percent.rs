//! Columns of a percent KPI whose numbers all lie between 0 and 1, as where 0.85 was meant to be 85 %. They are
//! pointed out, never rescaled: a churn of half a percent is one, too (HEALTH.md, "Reading a value").

use super::ValueColumn;
use crate::ingest::note::Notes;
use crate::ingest::refusal::quoted;
use crate::model::kpi::batch::Cell;

/// What the numbers of a column have in common so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fractions {
    numbers: u64,
    /// Whether one of them is more than 0.
    is_some: bool,
    /// Whether one of them cannot be a fraction: it is out of range, or bears its own sign.
    is_other: bool,
}

impl Fractions {
    /// Takes a cell and what it was read as.
    pub(super) fn observe(&mut self, text: &str, cell: Cell) {
        let Cell::Number(number) = cell else { return };
        self.numbers += 1;
        self.is_some |= number > 0.0;
        self.is_other |=
            !(0.0..=1.0).contains(&number) || text.contains(|c: char| c == '%' || c.is_alphabetic());
    }

    /// Points a column out, once all of it is read.
    pub(super) fn note(self, value: &ValueColumn, header: &str, notes: &mut Notes) {
        if value.is_percent && self.is_some && !self.is_other {
            let numbers = self.numbers;
            notes.add("percent_as_fraction", || {
                format!(
                    "column {} is of a KPI in percent, and none of its {numbers} numbers is above 1: they were read as \
                     they stand, 0.85 as 0.85 %; write 85 or 85% where that was meant",
                    quoted(header)
                )
            });
        }
    }
}
