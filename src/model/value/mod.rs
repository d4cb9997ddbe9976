//! Reading a value (HEALTH.md, "Reading a value").

use std::fmt;

use super::kpi::{Unit, batch::Cell};

/// How values of a file are written, settled for the whole column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DecimalMark {
    /// `1,234.56`
    #[default]
    Point,
    /// `1.234,56`
    Comma,
}

/// What a cell is read as: the KPI's unit and scale.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ValueTarget {
    /// The unit in which the KPI is kept; None takes any number as it stands.
    pub unit: Option<Unit>,
    /// The KPI's best value, the only denominator that `4.2/5` may have.
    pub best: Option<f64>,
    /// The unit that the file's own unit column gives to bare numbers.
    pub given: Option<Unit>,
}

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// The value, or that there is none.
    pub cell: Cell,
    /// The cell bore a unit word that was not converted, because the KPI has no unit.
    pub unit_ignored: bool,
}

/// Reads cells by the customer's rules.
#[derive(Debug, Clone)]
pub struct ValueReader {}

/// Why a cell holds no value; one value per cause, so that equal causes can be counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueError {
    /// To be extended.
    NotANumber,
}

impl ValueError {
    /// Stable code, e.g. `wrong_unit`, `not_a_number`.
    #[must_use]
    pub fn code(self) -> &'static str {
        "not_a_number"
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a number")
    }
}

impl ValueReader {
    /// A reader; `missing_tokens` are the texts that withdraw a value, `currency` is the customer's ISO 4217 code.
    #[must_use]
    pub fn new(missing_tokens: &[String], currency: &str, decimal: DecimalMark) -> Self {
        let _ = (missing_tokens, currency, decimal);
        Self {}
    }

    /// Reads one cell.
    ///
    /// # Errors
    /// What was expected and what was found, without the cell's own text.
    pub fn read(&self, cell: &str, target: ValueTarget) -> Result<Reading, ValueError> {
        let _ = (cell, target);
        Err(ValueError::NotANumber)
    }
}
