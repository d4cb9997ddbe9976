//! Cells by table.

use super::*;
use DecimalMark::{Comma, Point};

#[test]
fn plain_numbers_of_every_spelling() {
    assert_numbers(
        of(Unit::Count),
        &[
            ("5", 5.0),
            (" 71.2 ", 71.2),
            ("+5", 5.0),
            ("-5", -5.0),
            ("\u{2212}5", -5.0),
            ("(5)", -5.0),
            ("( 1,200 )", -1200.0),
            ("＋５", 5.0),
            ("５．５", 5.5),
            ("٨٥", 85.0),
            ("1e3", 1000.0),
            ("1E-2", 0.01),
            (".5", 0.5),
            ("5.", 5.0),
            ("1,234", 1234.0),
            ("12,345,678.9", 12_345_678.9),
            ("1 234", 1234.0),
            ("1\u{a0}234 567", 1_234_567.0),
            ("1\u{202f}234", 1234.0),
            ("1'234.5", 1234.5),
            ("1\u{2019}234", 1234.0),
            ("\u{feff}8\u{200b}5\u{200e}", 85.0),
            ("0.0000001", 1e-7),
        ],
    );
}

#[test]
fn suffixes_multiply_exactly() {
    assert_numbers(
        of(Unit::Count),
        &[
            ("1.5K", 1500.0),
            ("2.3M", 2_300_000.0),
            ("5m", 5e6),
            ("5 MM", 5e6),
            ("1.1b", 1.1e9),
            ("1e3K", 1e6),
        ],
    );
    assert_numbers(
        of(Unit::Money),
        &[
            ("$5m", 5e6),
            ("$5MM", 5e6),
            ("$1.2 B", 1.2e9),
            ("$2.5K USD", 2500.0),
            ("1.2 million", 1.2e6),
            ("5K$", 5e3),
        ],
    );
    assert_errors(
        of(Unit::Count),
        &[
            ("K", ValueError::SuffixWithoutNumber),
            ("M1", ValueError::SuffixWithoutNumber),
            ("k 5", ValueError::SuffixWithoutNumber),
            ("5KK", ValueError::UnknownUnit),
            ("3 dozen", ValueError::UnknownUnit),
            ("3 lakh", ValueError::UnknownUnit),
        ],
    );
}

#[test]
fn percents() {
    assert_numbers(
        of(Unit::Percent),
        &[
            ("85", 85.0),
            ("85%", 85.0),
            ("85 %", 85.0),
            ("85.5 Percent", 85.5),
            ("85pct", 85.0),
            ("(5%)", -5.0),
            ("(5)%", -5.0),
            ("＋５％", 5.0),
            ("٨٥٪", 85.0),
            ("0.85", 0.85),
        ],
    );
    assert_errors(
        of(Unit::Percent),
        &[
            ("%", ValueError::UnitWithoutNumber),
            ("85%%", ValueError::Commentary),
            ("27 hours", ValueError::WrongUnit { found: Unit::Hours, unit: Unit::Percent }),
            ("2 weeks", ValueError::WrongUnit { found: Unit::Days, unit: Unit::Percent }),
            ("$1.5K", ValueError::WrongUnit { found: Unit::Money, unit: Unit::Percent }),
            ("€5", ValueError::WrongUnit { found: Unit::Money, unit: Unit::Percent }),
            ("3x", ValueError::WrongUnit { found: Unit::Ratio, unit: Unit::Percent }),
            ("3 tickets", ValueError::WrongUnit { found: Unit::Count, unit: Unit::Percent }),
            ("3 pts", ValueError::WrongUnit { found: Unit::Score, unit: Unit::Percent }),
            ("3 GB", ValueError::UnknownUnit),
            ("3 uptime", ValueError::UnknownUnit),
        ],
    );
}

#[test]
fn money_in_the_customers_currency_alone() {
    assert_numbers(
        of(Unit::Money),
        &[
            ("$1,234.56", 1234.56),
            ("1200 USD", 1200.0),
            ("usd1200", 1200.0),
            ("-$500", -500.0),
            ("$-500", -500.0),
            ("$ -500", -500.0),
            ("US$ 500", 500.0),
            ("USD $500", 500.0),
            ("($1,200)", -1200.0),
            ("$(1,200)", -1200.0),
            ("＄５００", 500.0),
            ("500", 500.0),
        ],
    );
    assert_errors(
        of(Unit::Money),
        &[
            ("€5", ValueError::OtherCurrency),
            ("5 EUR", ValueError::OtherCurrency),
            ("£5K", ValueError::OtherCurrency),
            ("A$5", ValueError::OtherCurrency),
            ("$5 CAD", ValueError::OtherCurrency),
            ("$", ValueError::UnitWithoutNumber),
            ("$5%", ValueError::Commentary),
            ("5%", ValueError::WrongUnit { found: Unit::Percent, unit: Unit::Money }),
        ],
    );
    let euro = ValueReader::new(&[], "eur", Comma);
    for (cell, expected) in [("1.234,56 €", 1234.56), ("EUR 5", 5.0), ("-5€", -5.0)] {
        assert_eq!(
            euro.read(cell, of(Unit::Money)).map(|read| read.cell),
            Ok(Cell::Number(expected)),
            "{cell}"
        );
    }
    assert_eq!(euro.read("$5", of(Unit::Money)), Err(ValueError::OtherCurrency));
}

#[test]
fn times_become_the_kpis_unit() {
    assert_numbers(
        of(Unit::Hours),
        &[
            ("4", 4.0),
            ("90 min", 1.5),
            ("6m", 0.1),
            ("2 days 4 hours", 52.0),
            ("2 days, 4 hrs.", 52.0),
            ("2d4h", 52.0),
            ("1H 30M", 1.5),
            ("1 day and 30 minutes", 24.5),
            ("-1h 30m", -1.5),
            ("90s", 0.025),
            ("1.5K hours", 1500.0),
            ("5MM", 5e6),
        ],
    );
    assert_numbers(of(Unit::Days), &[("27 hours", 1.125), ("3d", 3.0), ("2 weeks", 14.0), ("12h", 0.5)]);
    assert_errors(
        of(Unit::Days),
        &[
            ("5M", ValueError::AmbiguousSuffix),
            ("3 months", ValueError::CalendarUnit),
            ("4 hours 2 days", ValueError::Commentary),
            ("5 business days", ValueError::Commentary),
            ("hours", ValueError::UnitWithoutNumber),
            ("5%", ValueError::WrongUnit { found: Unit::Percent, unit: Unit::Days }),
            ("$5M", ValueError::WrongUnit { found: Unit::Money, unit: Unit::Days }),
        ],
    );
}

#[test]
fn the_unit_column_speaks_of_bare_numbers() {
    let given = |unit, given| ValueTarget { unit: Some(unit), best: None, given: Some(given) };
    assert_numbers(given(Unit::Days, Unit::Hours), &[("27", 1.125), ("2 days", 2.0), ("60m", 1.0 / 24.0)]);
    assert_numbers(given(Unit::Percent, Unit::Percent), &[("85", 85.0), ("85%", 85.0)]);
    let wrong = ValueError::WrongGivenUnit { given: Unit::Percent, unit: Unit::Count };
    assert_errors(given(Unit::Count, Unit::Percent), &[("5", wrong)]);
    assert_numbers(given(Unit::Count, Unit::Percent), &[("5 tickets", 5.0)]);
    assert_eq!(number("", given(Unit::Count, Unit::Percent)), Ok(Cell::Blank));
}

#[test]
fn counts_ratios_and_scores_explain_their_words() {
    assert_numbers(of(Unit::Count), &[("10 tickets", 10.0), ("1 user", 1.0), ("5K requests", 5e3)]);
    assert_numbers(of(Unit::Ratio), &[("3x", 3.0), ("2.5 X", 2.5), ("3×", 3.0)]);
    assert_errors(
        of(Unit::Count),
        &[("3x", ValueError::WrongUnit { found: Unit::Ratio, unit: Unit::Count })],
    );
    let score = ValueTarget { best: Some(5.0), ..of(Unit::Score) };
    assert_numbers(score, &[("4.2/5", 4.2), ("4 / 5", 4.0), ("4.2", 4.2), ("4.2 stars", 4.2)]);
    assert_errors(score, &[("42/50", ValueError::WrongDenominator), ("4.2/5%", ValueError::Commentary)]);
    assert_numbers(ValueTarget { best: Some(100.0), ..of(Unit::Percent) }, &[("85/100", 85.0)]);
    assert_numbers(ValueTarget { best: Some(5.0), ..NO_UNIT }, &[("4.2/5", 4.2)]);
    assert_errors(NO_UNIT, &[("4.2/5", ValueError::WrongDenominator)]);
    assert_errors(
        ValueTarget { best: Some(0.0), ..of(Unit::Count) },
        &[("5/0", ValueError::WrongDenominator)],
    );
    assert_errors(ValueTarget { best: Some(20.0), ..of(Unit::Ratio) }, &[("10/20", ValueError::Fraction)]);
}

#[test]
fn the_decimal_mark_is_the_columns() {
    let point = ValueError::AmbiguousDecimal { expected: Point };
    for (cell, error) in [
        ("1,23", point),
        ("1,2345", point),
        ("0,123", point),
        ("1234,567", point),
        (",5", point),
        ("4,5%", point),
        ("$1.234,56", point),
        ("1 234,56", point),
        ("1.234.567", point),
        ("1.234.567,89", point),
        ("12,34,567", ValueError::BadGrouping),
        ("12 34", ValueError::BadGrouping),
        ("1,234 567", point),
        ("1.234 567", ValueError::BadGrouping),
        ("0 123", ValueError::BadGrouping),
    ] {
        assert_eq!(read(cell, NO_UNIT), Err(error), "{cell:?}");
    }
    let comma = reader(Comma);
    for (cell, expected) in [
        ("1.234,56", 1234.56),
        ("0,5", 0.5),
        (",5", 0.5),
        ("1.234", 1234.0),
        ("4,5%", 4.5),
        ("1 234,5", 1234.5),
    ] {
        assert_eq!(comma.read(cell, NO_UNIT).map(|read| read.cell), Ok(Cell::Number(expected)), "{cell:?}");
    }
    for cell in ["1.23", "0.5", "1,234.56", "1,234,567", "0.123"] {
        let ambiguous = ValueError::AmbiguousDecimal { expected: Comma };
        assert_eq!(comma.read(cell, NO_UNIT), Err(ambiguous), "{cell:?}");
    }
}

#[test]
fn blank_and_withdrawn_are_not_numbers_and_not_errors() {
    for cell in ["", " ", "\t\r\n", "\u{feff}", "\u{a0}\u{200b}"] {
        assert_eq!(number(cell, of(Unit::Count)), Ok(Cell::Blank), "{cell:?}");
    }
    for cell in [
        "-",
        "—",
        " N/A ",
        "n/a",
        "#N/A",
        "#DIV/0!",
        "None",
        "NULL",
        "tbd",
        "NaN",
        "\u{2212}",
        "Ｎ／Ａ",
        r"\N",
        "*",
        "***",
    ] {
        assert_eq!(number(cell, of(Unit::Count)), Ok(Cell::Withdrawn), "{cell:?}");
    }
    for cell in ["*5", "5*", r"\n"] {
        assert!(number(cell, of(Unit::Count)).is_err(), "{cell:?}");
    }
}

#[test]
fn the_tokens_are_a_setting_and_may_look_like_numbers() {
    let tokens = ["999", "Ohne", "ÄLTER", ""].map(str::to_owned);
    let reader = ValueReader::new(&tokens, "USD", Point);
    for (cell, expected) in [
        ("999", Cell::Withdrawn),
        (" ９９９ ", Cell::Withdrawn),
        ("OHNE", Cell::Withdrawn),
        ("älter", Cell::Withdrawn),
        ("998", Cell::Number(998.0)),
        ("", Cell::Blank),
    ] {
        assert_eq!(reader.read(cell, NO_UNIT).map(|read| read.cell), Ok(expected), "{cell:?}");
    }
    assert_eq!(reader.read("N/A", NO_UNIT), Err(ValueError::NotANumber));
}

#[test]
fn a_kpi_without_unit_takes_numbers_as_they_stand() {
    for (cell, expected) in [
        ("24 hours", 24.0),
        ("85%", 85.0),
        ("$5K", 5000.0),
        ("€5", 5.0),
        ("3x", 3.0),
        ("3 months", 3.0),
        ("12 GB", 12.0),
        ("7 tickets", 7.0),
    ] {
        let reading = Reading { cell: Cell::Number(expected), unit_ignored: true };
        assert_eq!(read(cell, NO_UNIT), Ok(reading), "{cell:?}");
    }
    let bare = Reading { cell: Cell::Number(5000.0), unit_ignored: false };
    assert_eq!(read("5K", NO_UNIT), Ok(bare));
    assert_errors(
        NO_UNIT,
        &[
            ("85% (up)", ValueError::Commentary),
            ("85 good", ValueError::UnknownUnit),
            ("2 days 4 hours", ValueError::CompoundDuration),
        ],
    );
}
