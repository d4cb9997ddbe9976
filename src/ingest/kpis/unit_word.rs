//! What the file's unit column says of a bare number.
//! A unit that contradicts the KPI's is never passed over; one that means nothing here is told, and not used.

use crate::model::kpi::Unit;
use crate::model::kpi::dictionary::{Found, KpiDictionary};
use crate::model::value::{ValueError, ValueReader, ValueTarget};

/// The letters of a currency's code.
const CODE_LETTERS: usize = 3;

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

/// The name and the word behind it, where a KPI's name ends in one that could be its unit: `Response Time (days)`,
/// `Response Time [days]`, `MRR in EUR`.
pub(super) fn part(name: &str) -> Option<(&str, &str)> {
    let name = name.trim();
    let (stem, word) = match name
        .strip_suffix(')')
        .map(|rest| (rest, '('))
        .or_else(|| name.strip_suffix(']').map(|rest| (rest, '[')))
    {
        Some((rest, opening)) => rest.rsplit_once(opening)?,
        None => name.rsplit_once(" in ")?,
    };
    let (stem, word) = (stem.trim(), word.trim());
    (!stem.is_empty() && !word.is_empty()).then_some((stem, word))
}

/// Whether a word behind a KPI's name is a unit: one in which KPIs are kept, a currency, or a length of time where
/// the KPI is one. Others tell columns apart: `Adoption (users)`, `Logins (week)`.
pub(super) fn means_unit(word: &str, values: &ValueReader, unit: Option<Unit>) -> bool {
    let text = format!("1 {word}");
    let read = |unit| values.read(&text, ValueTarget { unit, best: None, given: None });
    if matches!(unit, Some(Unit::Days | Unit::Hours)) && unit_of(word).is_none() {
        // Alone, K and M only make a number larger.
        let is_scale = read(None).is_ok_and(|reading| !reading.unit_ignored);
        return !is_scale && matches!(read(unit), Ok(_) | Err(ValueError::CalendarUnit));
    }
    let is_currency = || {
        let is_code = word.chars().count() == CODE_LETTERS || !word.contains(char::is_alphabetic);
        is_code && unit.is_some() && matches!(read(Some(Unit::Money)), Ok(_) | Err(ValueError::OtherCurrency))
    };
    // In the singular a time says of what the numbers are: `Logins (day)`.
    let is_rate = ["day", "hour"].iter().any(|rate| word.eq_ignore_ascii_case(rate))
        && !matches!(unit, Some(Unit::Days | Unit::Hours));
    (unit_of(word).is_some() && !is_rate) || is_currency()
}

/// The KPI that a name leads to, with or without the unit behind it, and that unit.
pub(super) fn find<'d, 'n>(
    name: &'n str,
    dictionary: &'d KpiDictionary,
    values: &ValueReader,
) -> (Option<Found<'d>>, Option<&'n str>) {
    let by_name = dictionary.find(name);
    let Some((stem, word)) = part(name) else { return (by_name, None) };
    // An abbreviation in brackets is no unit, and "Time in App" no time in apps.
    let is_unit =
        |found: Option<&Found<'_>>| means_unit(word, values, found.and_then(|found| found.definition.unit));
    match by_name {
        Some(found) if is_unit(Some(&found)) => (Some(found), Some(word)),
        Some(found) => (Some(found), None),
        None => match dictionary.find(stem) {
            Some(found) if is_unit(Some(&found)) => (Some(found), Some(word)),
            _ => (None, means_unit(word, values, None).then_some(word)),
        },
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
    fn a_name_may_end_in_its_unit() {
        for (name, parted) in [
            ("Response Time (days)", Some(("Response Time", "days"))),
            ("Response Time [hours] ", Some(("Response Time", "hours"))),
            ("MRR in EUR", Some(("MRR", "EUR"))),
            ("Net Promoter Score (NPS)", Some(("Net Promoter Score", "NPS"))),
            ("(days)", None),
            ("Tickets", None),
        ] {
            assert_eq!(part(name), parted, "{name}");
        }
        let values = ValueReader::new(&MISSING_TOKENS.map(str::to_owned), "USD", DecimalMark::Point);
        let dictionary = KpiDictionary::new(crate::model::kpi::catalogue::builtin().to_vec(), &[]);
        let found = |name: &'static str| {
            let (found, unit) = find(name, &dictionary, &values);
            (found.map(|found| found.definition.kpi_name.as_str()), unit)
        };
        assert_eq!(found("First Response Time (days)"), (Some("First Response Time"), Some("days")));
        assert_eq!(found("Net Promoter Score (NPS)"), (Some("Net Promoter Score (NPS)"), None));
        assert_eq!(found("Salmon (days)"), (None, Some("days")));
        assert_eq!(found("Salmon (raw)"), (None, None));
        assert_eq!(found("Time in App"), (None, None));
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
