//! What the file's unit column says of a bare number.
//! A unit that contradicts the KPI's is never passed over; one that means nothing here is told, and not used.

use crate::model::kpi::Unit;
use crate::model::value::{ValueError, ValueReader, ValueTarget};

/// The unit that a unit cell names, where it is one of those in which KPIs are kept.
pub(super) fn unit_of(cell: &str) -> Option<Unit> {
    let word = cell.trim().to_ascii_lowercase();
    let by_name = Unit::ALL.into_iter().find(|unit| unit.name() == word);
    by_name.or(match word.as_str() {
        "percent" | "percentage" | "pct" => Some(Unit::Percent),
        "day" => Some(Unit::Days),
        "hour" | "hrs" => Some(Unit::Hours),
        "number" => Some(Unit::Count),
        _ => None,
    })
}

/// Whether the reader knows a word as a unit, be it of another dimension or currency.
pub(super) fn is_known(word: &str, values: &ValueReader, target: ValueTarget) -> bool {
    match values.read(&format!("1 {}", word.trim()), target) {
        Ok(_) => true,
        Err(error) => matches!(
            error,
            ValueError::WrongUnit { .. }
                | ValueError::OtherCurrency
                | ValueError::CalendarUnit
                | ValueError::AmbiguousSuffix
        ),
    }
}

/// Whether a cell is a number without a unit of its own, be it one in thousands or millions.
pub(super) fn is_bare(cell: &str) -> bool {
    let of_number = |c: char| c.is_numeric() || c.is_whitespace() || "+-−.,'()KkMB".contains(c);
    cell.contains(char::is_numeric) && cell.chars().all(of_number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::value::{DecimalMark, MISSING_TOKENS};

    #[test]
    fn units_go_by_their_names() {
        assert_eq!(unit_of(" Days "), Some(Unit::Days));
        assert_eq!(unit_of("%"), Some(Unit::Percent));
        assert_eq!(unit_of("$"), Some(Unit::Money));
        for word in ["EUR", "tickets", "", "minutes"] {
            assert_eq!(unit_of(word), None, "{word:?}");
        }
    }

    #[test]
    fn a_word_is_known_when_it_fits_or_contradicts() {
        let values = ValueReader::new(&MISSING_TOKENS.map(str::to_owned), "USD", DecimalMark::Point);
        let money = ValueTarget { unit: Some(Unit::Money), best: None, given: None };
        let hours = ValueTarget { unit: Some(Unit::Hours), best: None, given: None };
        assert!(is_known("USD", &values, money));
        assert!(is_known("EUR", &values, money));
        assert!(is_known("min", &values, hours));
        assert!(is_known("%", &values, hours));
        assert!(!is_known("per user and month", &values, money));
    }

    #[test]
    fn bare_numbers_have_no_unit() {
        for cell in ["5", " 1,234.5 ", "-5", "(5)", "1'000"] {
            assert!(is_bare(cell), "{cell:?}");
        }
        for cell in ["5%", "$5", "5 days", "", "-", "4/5"] {
            assert!(!is_bare(cell), "{cell:?}");
        }
    }
}
