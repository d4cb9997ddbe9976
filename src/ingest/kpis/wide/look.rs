//! What the cells of a column look like, seen in its first rows. It must never settle how they are written: a number
//! is one with either decimal mark, a date one in any order.

use super::identifier::{is_code, is_number_of, is_year};
use crate::model::kpi::batch::Cell;
use crate::model::value::{ValueError, ValueReader, ValueTarget};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    /// Values that a KPI could have.
    Values,
    /// Names, categories, yes and no.
    Texts,
    /// Days, months, times of day.
    Dates,
    /// Numbers that name something, such as ids and postal codes.
    Codes,
    /// Numbers that are years.
    Years,
    /// Nothing that says anything.
    Blank,
}

/// Years as a column can hold them.
const YEARS: std::ops::RangeInclusive<u32> = 1800..=2200;

/// What the cells of a column are, counted.
#[derive(Debug, Default)]
struct Cells {
    numbers: u64,
    dates: u64,
    texts: u64,
    /// Of the numbers: those of digits alone, those of them that are years, those that begin with a needless 0.
    digits: u64,
    years: u64,
    padded: u64,
}

impl Look {
    /// What a column holds, by its header, too.
    pub(super) fn of<'c>(
        header: &str,
        cells: impl Iterator<Item = &'c str> + Clone,
        values: &ValueReader,
    ) -> Self {
        let counted = Cells::count(cells.clone(), values);
        let look = counted.look();
        if look != Self::Values || counted.digits < counted.numbers {
            return look;
        }
        if counted.years == counted.numbers && is_year(header) {
            return Self::Years;
        }
        match is_code(header) || (is_number_of(header) && all_differ(cells)) {
            true => Self::Codes,
            false => look,
        }
    }

    /// What a column holds, whatever its header.
    pub(super) fn of_cells<'c>(cells: impl Iterator<Item = &'c str>, values: &ValueReader) -> Self {
        Cells::count(cells, values).look()
    }
}

impl Cells {
    fn count<'c>(cells: impl Iterator<Item = &'c str>, values: &ValueReader) -> Self {
        let mut counted = Self::default();
        cells.for_each(|cell| counted.add(cell.trim(), values));
        counted
    }

    fn add(&mut self, cell: &str, values: &ValueReader) {
        match values.read(cell, ValueTarget::default()) {
            Ok(reading) if !matches!(reading.cell, Cell::Number(_)) => {}
            Err(ValueError::Date | ValueError::ClockTime) => self.dates += 1,
            Err(error) if !is_near_value(error) => self.texts += 1,
            Ok(_) | Err(_) => {
                self.numbers += 1;
                if cell.bytes().all(|byte| byte.is_ascii_digit()) {
                    self.digits += 1;
                    self.years += u64::from(cell.parse().is_ok_and(|year| YEARS.contains(&year)));
                    self.padded += u64::from(cell.len() > 1 && cell.starts_with('0'));
                }
            }
        }
    }

    fn look(&self) -> Look {
        let others = self.dates + self.texts;
        if self.numbers + others == 0 {
            Look::Blank
        } else if self.numbers > others {
            if self.padded > 0 { Look::Codes } else { Look::Values }
        } else if self.dates > self.texts {
            Look::Dates
        } else {
            Look::Texts
        }
    }
}

/// Whether what is wrong with a value still shows that it was meant to be one.
fn is_near_value(error: ValueError) -> bool {
    matches!(
        error,
        ValueError::AmbiguousDecimal { .. }
            | ValueError::BadGrouping
            | ValueError::OtherCurrency
            | ValueError::CompoundDuration
            | ValueError::CalendarUnit
            | ValueError::WrongDenominator
            | ValueError::SpreadsheetError
    )
}

/// Whether no two cells that say anything are the same.
pub(super) fn all_differ<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    let mut seen = std::collections::HashSet::new();
    cells.map(str::trim).filter(|cell| !cell.is_empty()).all(|cell| seen.insert(cell))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::value::{DecimalMark, MISSING_TOKENS};

    fn look(header: &str, cells: &[&str]) -> Look {
        let values = ValueReader::new(&MISSING_TOKENS.map(str::to_owned), "USD", DecimalMark::Point);
        Look::of(header, cells.iter().copied(), &values)
    }

    #[test]
    fn numbers_in_whatever_form_are_values() {
        for cells in [
            ["29.85", "", "N/A"],
            ["85%", "90 %", "-"],
            ["0,611553068", "81,20416129", "1,5"],
            ["$1,200", "€ 5", "($3)"],
            ["2 days", "3h", "1 month"],
            ["0", "1", "0"],
            ["12", "x", "13"],
        ] {
            assert_eq!(look("Thing", &cells), Look::Values, "{cells:?}");
        }
    }

    #[test]
    fn other_columns_are_told_apart() {
        for (header, cells, expected) in [
            ("Contract", ["Month-to-month", "One year", "No internet service"], Look::Texts),
            ("Churn", ["Yes", "No", ""], Look::Texts),
            ("is_trial", ["TRUE", "FALSE", "FALSE"], Look::Texts),
            ("Range", ["1-2", "3-4", "5"], Look::Texts),
            ("end_date", ["23-12-2023", "", "2024-01-01"], Look::Dates),
            ("closed", ["2026-01", "Jan 2026", "10:00"], Look::Dates),
            ("Année", ["2013", "2014", "2013"], Look::Years),
            ("Zip", ["12345", "12345", "54321"], Look::Codes),
            ("Anything", ["02478", "12345", "54321"], Look::Codes),
            ("Transaction No.", ["17", "18", "19"], Look::Codes),
            ("empty", ["", "-", " "], Look::Blank),
        ] {
            assert_eq!(look(header, &cells), expected, "{header}");
        }
    }

    #[test]
    fn a_header_alone_makes_no_code_of_values() {
        for (header, cells) in [
            ("Ticket number", ["4", "2", "4"]),
            ("Model year", ["3", "5", "7"]),
            ("Barcode", ["1.5", "2", "3"]),
            ("Employee Count", ["150", "450", "280"]),
            ("paid", ["1", "2", "3"]),
        ] {
            assert_eq!(look(header, &cells), Look::Values, "{header}");
        }
    }
}
