//! The unit that a header says of its values: in brackets at its end (`MRR (EUR)`, `Time [hours]`), or behind `in`
//! (`ARR in EUR`). A cell below is read as if it bore that unit itself.
//!
//! It must never take for a unit what only tells columns apart, such as `Churn (customers)` or `Logins (week)`.

use crate::ingest::kpis::plan::Seen;
use crate::ingest::kpis::unit_word::{is_known, unit_of};
use crate::model::kpi::Unit;
use crate::model::value::{ValueError, ValueReader, ValueTarget};

/// Words that are units of time whatever the KPI; shorter ones, and those of one, only where it is a time.
const TIMES: [&str; 6] = ["days", "hours", "hrs", "minutes", "seconds", "weeks"];
/// The letters of a currency's code.
const CODE_LETTERS: usize = 3;

/// A KPI by a header, and the unit that stands there.
pub(super) struct Named<'h> {
    pub(super) kpi: &'h str,
    /// As a unit column would say it; empty where the header says none.
    pub(super) unit: String,
    /// Whether the KPI has a definition.
    pub(super) is_defined: bool,
    /// The unit in which it is kept, where its definition says one.
    pub(super) kept_in: Option<Unit>,
}

/// The KPI that a header names, and the unit of its values.
pub(super) fn named<'h>(seen: &Seen<'_>, header: &'h str) -> Named<'h> {
    let (dictionary, values) = (seen.rules.dictionary, seen.rules.values);
    let whole = dictionary.find(header);
    let unit_of_definition = whole.and_then(|found| found.definition.unit);
    let plain =
        Named { kpi: header, unit: String::new(), is_defined: whole.is_some(), kept_in: unit_of_definition };
    let Some((stem, word)) = part(header) else { return plain };
    // What stands in the KPI's own name tells it from others, and says nothing of this file.
    let is_its_name = |name: &str| part(name).is_some_and(|(_, own)| own.eq_ignore_ascii_case(word));
    if whole.is_some_and(|found| is_its_name(&found.definition.kpi_name)) {
        return plain;
    }
    let found = whole.or_else(|| dictionary.find(stem));
    let kept_in = found.and_then(|found| found.definition.unit);
    let Some(unit) = unit(word, kept_in, values) else { return plain };
    // A KPI that nobody defined keeps its name as the file has it.
    let kpi = if whole.is_none() && found.is_some() { stem } else { header };
    Named { kpi, unit, is_defined: found.is_some(), kept_in }
}

/// A header's name and what may be its unit.
fn part(header: &str) -> Option<(&str, &str)> {
    let header = header.trim();
    let brackets = [('(', ')'), ('[', ']')].into_iter().find_map(|(open, close)| {
        let inside = header.strip_suffix(close)?;
        inside.rsplit_once(open)
    });
    let behind_in = || {
        let (before, word) = header.rsplit_once(char::is_whitespace)?;
        let (stem, joint) = before.trim_end().rsplit_once(char::is_whitespace)?;
        joint.eq_ignore_ascii_case("in").then_some((stem, word))
    };
    let (stem, word) = brackets.or_else(behind_in)?;
    let (stem, word) = (stem.trim(), word.trim());
    (stem.contains(char::is_alphabetic) && !word.is_empty()).then_some((stem, word))
}

/// A word as a unit column would say it; None where it is no unit, or may mean something else.
fn unit(word: &str, kept_in: Option<Unit>, values: &ValueReader) -> Option<String> {
    if word.contains(char::is_numeric) {
        return None;
    }
    if let Some(money) = currency(word, kept_in, values) {
        return Some(money);
    }
    let is_time = matches!(kept_in, Some(Unit::Days | Unit::Hours));
    let hours = ValueTarget { unit: Some(Unit::Hours), ..ValueTarget::default() };
    let measures_time = || match values.read(&format!("1 {word}"), hours) {
        Err(error) => error == ValueError::CalendarUnit,
        Ok(_) => is_known(word, values, ValueTarget { unit: Some(Unit::Count), ..hours }),
    };
    let is_plain = unit_of(word).is_some_and(|unit| !matches!(unit, Unit::Days | Unit::Hours));
    let is_unit = is_plain
        || TIMES.iter().any(|time| word.eq_ignore_ascii_case(time))
        || (is_time && !is_scale(word, values) && measures_time());
    is_unit.then(|| word.to_owned())
}

/// A currency: `$` where it is the customer's, whose sign in a definition it is; else a word that is another's.
fn currency(word: &str, kept_in: Option<Unit>, values: &ValueReader) -> Option<String> {
    // Short forms in letters, such as R and kr, are signs of money beside money alone.
    let is_of_letters = word.chars().all(char::is_alphabetic);
    if is_of_letters && word.chars().count() != CODE_LETTERS && kept_in != Some(Unit::Money) {
        return None;
    }
    let money = ValueTarget { unit: Some(Unit::Money), ..ValueTarget::default() };
    match values.read(&format!("1 {word}"), money) {
        Ok(_) if !is_scale(word, values) => Some(Unit::Money.name().to_owned()),
        Err(ValueError::OtherCurrency) if word == Unit::Money.name() => Some("USD".to_owned()),
        Err(ValueError::OtherCurrency) => Some(word.to_owned()),
        _ => None,
    }
}

/// Whether a word only makes a number larger, as K does.
fn is_scale(word: &str, values: &ValueReader) -> bool {
    values.read(&format!("1 {word}"), ValueTarget::default()).is_ok_and(|reading| !reading.unit_ignored)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::value::{DecimalMark, MISSING_TOKENS};

    fn reader(currency: &str) -> ValueReader {
        ValueReader::new(&MISSING_TOKENS.map(str::to_owned), currency, DecimalMark::Point)
    }

    #[test]
    fn a_unit_stands_in_brackets_or_behind_in() {
        for (header, parted) in [
            ("MRR (EUR)", Some(("MRR", "EUR"))),
            ("Time to Value (TTV) [hours]", Some(("Time to Value (TTV)", "hours"))),
            ("ARR in EUR", Some(("ARR", "EUR"))),
            ("Days in", None),
            ("(days)", None),
            ("NPS", None),
        ] {
            assert_eq!(part(header), parted, "{header}");
        }
    }

    #[test]
    fn words_that_tell_columns_apart_are_no_units() {
        let values = reader("USD");
        for (word, kept_in, expected) in [
            ("days", None, Some("days")),
            ("%", Some(Unit::Count), Some("%")),
            ("min", Some(Unit::Hours), Some("min")),
            ("months", Some(Unit::Days), Some("months")),
            ("$", Some(Unit::Money), Some("$")),
            ("usd", None, Some("$")),
            ("EUR", Some(Unit::Money), Some("EUR")),
            ("€", None, Some("€")),
            ("min", Some(Unit::Count), None),
            ("week", Some(Unit::Count), None),
            ("customers", Some(Unit::Percent), None),
            ("M", Some(Unit::Money), None),
            ("K", Some(Unit::Hours), None),
            ("R", None, None),
            ("NPS", None, None),
            ("30 days", Some(Unit::Count), None),
        ] {
            assert_eq!(unit(word, kept_in, &values).as_deref(), expected, "{word}");
        }
        assert_eq!(unit("$", None, &reader("EUR")).as_deref(), Some("USD"));
    }
}
