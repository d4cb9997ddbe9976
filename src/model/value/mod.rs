//! Reading a value (HEALTH.md, "Reading a value").
//!
//! A cell is blank, withdrawn, a finite number in the KPI's unit, or an error that says what was expected and what
//! was found. It must never guess, never give 0 for unknown, and never panic, whatever the text.
//!
//! A plain cell takes the fast path (`plain`), which allocates nothing. Any other is cleaned (`clean`), compared
//! with the tokens that withdraw a value, and read by `grammar` with `numeral`, `words` and `currency`; where
//! that finds no quantity, `explain` says why. Either way `convert` brings the quantity to the KPI's unit.
//!
//! Decided here, where HEALTH.md is silent:
//! - unit words are a closed list (`words`), for `10 approx` is no count of ten; for a KPI without unit too;
//! - groups are of three digits: Indian grouping (`12,34,567`) is an error, not a guess;
//! - `5M` for a time is an error: minutes, months or million; `5m` is minutes, `5MM` is million;
//! - months and years are no fixed number of days, so an error for a time;
//! - a denominator needs a percent, a score, a count or no unit; `10/20` for a ratio may be 0.5;
//! - an en dash is no sign, and a sign is not parted from what it belongs to (`- 5`).

mod clean;
mod convert;
mod currency;
mod error;
mod explain;
mod grammar;
mod numeral;
mod plain;
mod quantity;
#[cfg(test)]
mod tests;
mod whole;
mod words;

use self::currency::Currency;
use self::grammar::Rules;
use self::numeral::Miss;
use super::kpi::{Unit, batch::Cell};

pub use self::currency::sign as currency_sign;
pub use self::error::ValueError;
pub use self::explain::is_excel_date;
pub use self::whole::whole_number;

/// The texts that withdraw a value where the setting `[missing] tokens` does not say otherwise; case aside.
pub const MISSING_TOKENS: [&str; 9] = ["-", "—", "N/A", "#N/A", "#DIV/0!", "none", "null", "TBD", "nan"];

/// How values of a file are written, settled for the whole column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DecimalMark {
    /// `1,234.56`
    #[default]
    Point,
    /// `1.234,56`
    Comma,
}

impl DecimalMark {
    /// Each mark with its word.
    pub const ALL: [(&'static str, Self); 2] = [("point", Self::Point), ("comma", Self::Comma)];

    /// Its word on the command line and in settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Comma => "comma",
        }
    }

    /// The character before the fraction.
    #[must_use]
    pub const fn mark(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }

    /// The character between groups of three digits.
    #[must_use]
    pub const fn group(self) -> char {
        match self {
            Self::Point => ',',
            Self::Comma => '.',
        }
    }
}

/// A cell with digits, signs and spaces of every script as ASCII, without invisible characters, trimmed.
///
/// # Errors
/// It holds a control character.
pub fn plain_text(cell: &str, decimal: DecimalMark) -> Result<String, ValueError> {
    clean::clean(cell, decimal)
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

impl ValueTarget {
    fn is_time(self) -> bool {
        matches!(self.unit.or(self.given), Some(Unit::Days | Unit::Hours))
    }
}

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// The value, or that there is none.
    pub cell: Cell,
    /// The cell bore a unit word that was not converted, because the KPI has no unit.
    pub unit_ignored: bool,
}

impl Reading {
    const fn without_value(cell: Cell) -> Self {
        Self { cell, unit_ignored: false }
    }
}

/// Reads cells by the customer's rules.
#[derive(Debug, Clone)]
pub struct ValueReader {
    /// Cleaned and in lower case.
    tokens: Vec<String>,
    /// Whether the fast path would take a token for a number (`999`).
    tokens_look_like_numbers: bool,
    currency: Currency,
    decimal: DecimalMark,
}

impl ValueReader {
    /// A reader; `missing_tokens` are the texts that withdraw a value, `currency` is the customer's ISO 4217 code.
    #[must_use]
    pub fn new(missing_tokens: &[String], currency: &str, decimal: DecimalMark) -> Self {
        let tokens: Vec<String> = missing_tokens
            .iter()
            .filter_map(|token| clean::clean(token, decimal).ok())
            .map(|token| token.to_lowercase())
            .filter(|token| !token.is_empty())
            .collect();
        let currency = Currency::new(currency);
        let is_plain = |token: &String| {
            [DecimalMark::Point, DecimalMark::Comma].into_iter().any(|decimal| {
                let rules = |minutes| Rules { currency: &currency, decimal, minutes };
                [false, true].into_iter().any(|minutes| plain::quantity(token, rules(minutes)).is_some())
            })
        };
        let tokens_look_like_numbers = tokens.iter().any(is_plain);
        Self { tokens, tokens_look_like_numbers, currency, decimal }
    }

    /// Whether a text stands for "no value": one of the tokens, or UNKNOWN.
    #[must_use]
    pub fn is_missing(&self, text: &str) -> bool {
        let text = text.trim().to_lowercase();
        text == "unknown" || self.tokens.contains(&text)
    }

    /// Reads one cell.
    ///
    /// # Errors
    /// What was expected and what was found, without the cell's own text.
    pub fn read(&self, cell: &str, target: ValueTarget) -> Result<Reading, ValueError> {
        self.read_by(self.decimal, cell, target)
    }

    /// Reads one cell of a column that writes this decimal mark.
    ///
    /// # Errors
    /// What was expected and what was found, without the cell's own text.
    pub fn read_by(
        &self,
        decimal: DecimalMark,
        cell: &str,
        target: ValueTarget,
    ) -> Result<Reading, ValueError> {
        if self.tokens_look_like_numbers && self.withdraws(cell.trim_matches(' ')) {
            return Ok(Reading::without_value(Cell::Withdrawn));
        }
        let rules = Rules { decimal, ..self.rules(target) };
        if let Some(quantity) = plain::quantity(cell, rules) {
            return convert::reading(quantity, target);
        }
        self.read_thoroughly(cell, target, rules)
    }

    fn read_thoroughly(
        &self,
        cell: &str,
        target: ValueTarget,
        rules: Rules<'_>,
    ) -> Result<Reading, ValueError> {
        let text = clean::clean(cell, rules.decimal)?;
        if text.is_empty() {
            return Ok(Reading::without_value(Cell::Blank));
        }
        if self.withdraws(&text) {
            return Ok(Reading::without_value(Cell::Withdrawn));
        }
        match grammar::quantity(&text, rules) {
            Ok(quantity) => convert::reading(quantity, target),
            Err(Miss::Because(error)) => Err(error),
            Err(Miss::Unclear) => Err(explain::explain(&text, rules)),
        }
    }

    fn rules(&self, target: ValueTarget) -> Rules<'_> {
        Rules { currency: &self.currency, decimal: self.decimal, minutes: target.is_time() }
    }

    fn withdraws(&self, text: &str) -> bool {
        // What measuring stations and databases write where they have no value; it can mean nothing else.
        if text == r"\N" || (text.as_bytes().first() == Some(&b'*') && text.bytes().all(|byte| byte == b'*'))
        {
            return true;
        }
        if text.is_ascii() {
            return self.tokens.iter().any(|token| token.eq_ignore_ascii_case(text));
        }
        let lower = text.to_lowercase();
        self.tokens.contains(&lower)
    }
}
