//! Cells that hold no value, and how that is said.

use super::*;

#[test]
fn what_is_no_value_says_what_it_is() {
    use ValueError as E;
    assert_errors(
        of(Unit::Percent),
        &[
            ("yes", E::NotANumber),
            ("NaN%", E::NotANumber),
            ("½", E::NotANumber),
            ("inf", E::OutOfRange),
            ("-Infinity%", E::OutOfRange),
            ("∞", E::OutOfRange),
            ("1e999", E::OutOfRange),
            ("1e-999", E::OutOfRange),
            ("1e99999999999999999999", E::OutOfRange),
            ("80-90", E::Range),
            ("80 – 90", E::Range),
            ("80 to 90", E::Range),
            ("80%-90%", E::Range),
            ("-5--3", E::Range),
            ("80..90", E::Range),
            ("between 80 and 90", E::Range),
            (">=5", E::Inequality),
            ("> 95%", E::Inequality),
            ("≤5", E::Inequality),
            ("5+", E::Inequality),
            ("at least 5", E::Inequality),
            ("~5", E::Approximation),
            ("approx 5", E::Approximation),
            ("ca. 5", E::Approximation),
            ("5 (est.)", E::Approximation),
            ("5 ± 1", E::Approximation),
            ("85% (up from 80%)", E::Commentary),
            ("5²", E::Commentary),
            ("85 5", E::BadGrouping),
            ("5-", E::Commentary),
            ("- 5", E::Commentary),
            ("--5", E::Commentary),
            ("-(5)", E::Commentary),
            ("(5", E::Commentary),
            ("5)", E::Commentary),
            ("\u{2013}5", E::Commentary),
            ("=SUM(A1)", E::Formula),
            ("=5", E::Formula),
            ("+A1", E::Formula),
            ("-SUM(A1:A3)", E::Formula),
            ("@SUM(A1)", E::Formula),
            ("#REF!", E::SpreadsheetError),
            ("#####", E::SpreadsheetError),
            ("2025-01-31", E::Date),
            ("2025-01-31T10:00:00Z", E::Date),
            ("31/01/2025", E::Date),
            ("01/31/25", E::Date),
            ("31.01.2025", E::Date),
            ("31-Jan-2025", E::Date),
            ("January 31, 2025", E::Date),
            ("Jan 2025", E::Date),
            ("2026-09", E::Date),
            ("Q3 2026", E::Date),
            ("Jun-25", E::ExcelDate),
            ("6-Jun", E::ExcelDate),
            ("1-Feb", E::ExcelDate),
            ("01. Feb", E::ExcelDate),
            ("2025-06-25 00:00:00", E::ExcelDate),
            ("2025-06-25 10:00:00", E::Date),
            ("12:30", E::ClockTime),
            ("12:30:15", E::ClockTime),
            ("5 pm", E::ClockTime),
            ("1_000", E::ProgrammingNotation),
            ("0x10", E::ProgrammingNotation),
            ("\0", E::ControlCharacter),
            ("8\n5", E::ControlCharacter),
        ],
    );
}

#[test]
fn errors_tell_expected_found_and_what_to_change() {
    let error = ValueError::WrongUnit { found: Unit::Percent, unit: Unit::Count };
    assert_eq!(error.code(), "wrong_unit");
    assert_eq!(error.to_string(), "expected a count, found a percent");
    assert_eq!(error.found_unit(), Some(Unit::Percent));
    assert!(error.hint().is_some_and(|hint| hint.contains("kpis set")));
    let ambiguous = ValueError::AmbiguousDecimal { expected: DecimalMark::Point };
    assert!(ambiguous.hint().is_some_and(|hint| hint.contains("decimal point")));
}
