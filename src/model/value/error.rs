//! Why a cell holds no value.
//!
//! One value per cause, so that equal causes can be counted together; it must never hold text of the cell.

use std::fmt;

use super::DecimalMark;
use crate::model::kpi::Unit;

/// Why a cell holds no value; one value per cause, so that equal causes can be counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueError {
    /// No number at all: `yes`.
    NotANumber,
    /// NUL, a line break or another control character within the cell.
    ControlCharacter,
    /// A mark that could be the decimal mark where the column writes another: `1,23` with a decimal point.
    AmbiguousDecimal {
        /// The mark that the column writes.
        expected: DecimalMark,
    },
    /// Separators that do not part groups of three digits: `12,34,567`, `12 34`.
    BadGrouping,
    /// A unit of another dimension than the KPI's: `88%` for a count.
    WrongUnit {
        /// The KPI unit nearest to what the cell bears.
        found: Unit,
        /// The KPI's unit.
        unit: Unit,
    },
    /// The file's unit column gives a unit of another dimension than the KPI's.
    WrongGivenUnit {
        /// The unit column's.
        given: Unit,
        /// The KPI's unit.
        unit: Unit,
    },
    /// Money of another currency than the customer's.
    OtherCurrency,
    /// One word after the number that is no unit known here, or none that a KPI can have.
    UnknownUnit,
    /// Months, quarters or years, which are no fixed number of days.
    CalendarUnit,
    /// A duration of several parts where the KPI has no unit to convert it to.
    CompoundDuration,
    /// `5M` for a time: minutes, months or million.
    AmbiguousSuffix,
    /// `K`, `M1`: a suffix without a number before it.
    SuffixWithoutNumber,
    /// `hours`, `%`: a unit without a number.
    UnitWithoutNumber,
    /// `4.2/5` where the KPI's best value is not 5.
    WrongDenominator,
    /// `4/20` for a KPI whose unit allows no "out of".
    Fraction,
    /// `80-90`.
    Range,
    /// `>=5`.
    Inequality,
    /// `~5`, `5 (est.)`.
    Approximation,
    /// A number with a remark.
    Commentary,
    /// `=SUM(A1)`, `+A1`.
    Formula,
    /// `#REF!`, `#####`: what a spreadsheet shows in place of a value.
    SpreadsheetError,
    /// A date or a month.
    Date,
    /// A date as Excel writes it where it took another entry for one: `Jun-25`, `6-Jun`.
    ExcelDate,
    /// A clock time.
    ClockTime,
    /// `1_000`, `0x10`.
    ProgrammingNotation,
    /// Infinity, or a number too large or too small for a 64-bit float.
    OutOfRange,
}

impl ValueError {
    /// Stable code, e.g. `wrong_unit`, `not_a_number`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotANumber => "not_a_number",
            Self::ControlCharacter => "control_character",
            Self::AmbiguousDecimal { .. } => "ambiguous_decimal",
            Self::BadGrouping => "bad_grouping",
            Self::WrongUnit { .. } => "wrong_unit",
            Self::WrongGivenUnit { .. } => "wrong_given_unit",
            Self::OtherCurrency => "other_currency",
            Self::UnknownUnit => "unknown_unit",
            Self::CalendarUnit => "calendar_unit",
            Self::CompoundDuration => "compound_duration",
            Self::AmbiguousSuffix => "ambiguous_suffix",
            Self::SuffixWithoutNumber => "suffix_without_number",
            Self::UnitWithoutNumber => "unit_without_number",
            Self::WrongDenominator => "wrong_denominator",
            Self::Fraction => "fraction",
            Self::Range => "range",
            Self::Inequality => "inequality",
            Self::Approximation => "approximation",
            Self::Commentary => "commentary",
            Self::Formula => "formula",
            Self::SpreadsheetError => "spreadsheet_error",
            Self::Date => "date",
            Self::ExcelDate => "excel_date",
            Self::ClockTime => "clock_time",
            Self::ProgrammingNotation => "programming_notation",
            Self::OutOfRange => "out_of_range",
        }
    }

    /// The unit that was found in place of the KPI's.
    #[must_use]
    pub const fn found_unit(self) -> Option<Unit> {
        match self {
            Self::WrongUnit { found, .. } => Some(found),
            Self::WrongGivenUnit { given, .. } => Some(given),
            _ => None,
        }
    }

    /// What to change: a setting, the file, or the KPI's definition.
    #[must_use]
    pub fn hint(self) -> Option<&'static str> {
        let hint = match self {
            Self::WrongUnit { .. } => "where the file is right, give the KPI that unit: acctsnap kpis set",
            Self::WrongGivenUnit { .. } => {
                "mend the unit in the file, or give the KPI that unit: acctsnap kpis set"
            }
            Self::NotANumber => {
                "if the text means that there is no value, add it to [missing] tokens in snapshots.toml"
            }
            Self::ControlCharacter => "check the file's encoding, and take the character out",
            Self::AmbiguousDecimal { .. } => {
                "write the number with a decimal point, thousands in threes: 1,234.56"
            }
            Self::BadGrouping => "write the number without separators",
            Self::OtherCurrency => {
                "no exchange rate is known: convert the amounts, or set currency in snapshots.toml"
            }
            Self::UnknownUnit | Self::UnitWithoutNumber | Self::SuffixWithoutNumber => {
                "write the number alone, or with the KPI's unit after it"
            }
            Self::CalendarUnit => "write it in days or weeks",
            Self::CompoundDuration => "define the KPI in days or hours, or write one number",
            Self::AmbiguousSuffix => "write min, months in days, or the number in full",
            Self::WrongDenominator => {
                "write the number on the KPI's own scale, or correct the KPI's best value"
            }
            Self::Fraction | Self::Range | Self::Inequality | Self::Approximation => "write one number",
            Self::Commentary => "keep the number in this column and the remark in another",
            Self::Formula | Self::SpreadsheetError => "save the file with the values that its formulas give",
            Self::ExcelDate => "format the column as text or number and export it again, or correct the cell",
            Self::Date | Self::ClockTime => "check that this is the column of the values",
            Self::ProgrammingNotation | Self::OutOfRange => return None,
        };
        Some(hint)
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "expected a number, found text",
            Self::ControlCharacter => "expected a number, found a control character",
            Self::AmbiguousDecimal { expected: DecimalMark::Point } => {
                "expected a decimal point, found a comma that could be a decimal comma"
            }
            Self::AmbiguousDecimal { expected: DecimalMark::Comma } => {
                "expected a decimal comma, found a point that could be a decimal point"
            }
            Self::BadGrouping => "expected groups of three digits, found other groups",
            Self::WrongUnit { found, unit } => {
                return write!(f, "expected {}, found {}", phrase(*unit), phrase(*found));
            }
            Self::WrongGivenUnit { given, unit } => {
                let (expected, found) = (phrase(*unit), phrase(*given));
                return write!(f, "expected {expected}, found {found} by the unit that the file gives");
            }
            Self::OtherCurrency => "expected the customer's currency, found another",
            Self::UnknownUnit => "expected a number in the KPI's unit, found an unknown word after it",
            Self::CalendarUnit => "expected a fixed length of time, found months or years",
            Self::CompoundDuration => "expected one number, found a duration of several parts",
            Self::AmbiguousSuffix => "expected a length of time, found M: minutes, months or million",
            Self::SuffixWithoutNumber => {
                "expected a number before the suffix, found the suffix alone or in front"
            }
            Self::UnitWithoutNumber => "expected a number, found a unit alone",
            Self::WrongDenominator => {
                "expected a number out of the KPI's best value, found another denominator"
            }
            Self::Fraction => "expected one number, found a fraction",
            Self::Range => "expected one number, found a range",
            Self::Inequality => "expected one number, found an inequality",
            Self::Approximation => "expected an exact number, found an approximation",
            Self::Commentary => "expected a number alone, found a remark with it",
            Self::Formula => "expected a number, found a formula",
            Self::SpreadsheetError => "expected a number, found a spreadsheet's error",
            Self::Date => "expected a number, found a date",
            Self::ExcelDate => {
                "expected a number, found a date: Excel turns entries such as 6/25 or 1-2 into dates"
            }
            Self::ClockTime => "expected a number, found a clock time",
            Self::ProgrammingNotation => "expected a decimal number, found programming notation",
            Self::OutOfRange => "expected a finite number, found one out of range",
        })
    }
}

impl std::error::Error for ValueError {}

/// A unit as messages name it.
const fn phrase(unit: Unit) -> &'static str {
    match unit {
        Unit::Percent => "a percent",
        Unit::Money => "an amount of money",
        Unit::Days => "a time in days",
        Unit::Hours => "a time in hours",
        Unit::Score => "a score",
        Unit::Count => "a count",
        Unit::Ratio => "a ratio",
    }
}
