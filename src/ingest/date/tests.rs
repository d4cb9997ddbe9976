//! Each form of a date by a table.

use chrono::Datelike;
use proptest::prelude::*;

use super::*;
use crate::model::reading::DateOrder;

#[test]
fn instants_are_of_their_offset_or_of_the_customers_zone() {
    for (text, expected) in [
        ("2026-10-31T10:00:00Z", "2026-10-31T10:00:00.000Z"),
        ("2026-10-31T10:00:00.1239+02:00", "2026-10-31T08:00:00.123Z"),
        ("2020-12-30 3:15:52 -0830", "2020-12-30T11:45:52.000Z"),
        ("2026-07-01 00:30", "2026-06-30T22:30:00.000Z"),
        ("2026-07-01", "2026-06-30T22:00:00.000Z"),
        ("2026-03-29T02:30:00", "2026-03-29T01:00:00.000Z"),
        ("2026-03-29T12:00:00", "2026-03-29T10:00:00.000Z"),
        ("2026-10-31T23:59:60Z", "2026-11-01T00:00:00.000Z"),
        ("2026-10-31 10:00:00 UTC", "2026-10-31T10:00:00.000Z"),
        ("2026-10-31T10:00+01", "2026-10-31T09:00:00.000Z"),
    ] {
        let read = instant(text, chrono_tz::Europe::Berlin).map(|at| at.to_string());
        assert_eq!(read.as_deref(), Some(expected), "{text}");
    }
    for text in [
        "2026-10",
        "2026-10-31T",
        "2026-10-31T24:00",
        "2026-10-31T10:00+2:00",
        "2026-10-31T10:00:00.",
        "2026-10-31T10:00 CET",
        "",
    ] {
        assert_eq!(instant(text, chrono_tz::UTC), None, "{text}");
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The first and last day, of a text that says them by itself.
fn days(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    match Written::read(text)?.date {
        WrittenDate::Days(first, last) => Some((first, last)),
        WrittenDate::Digits(_) => None,
    }
}

#[test]
fn days_that_a_text_says_by_itself() {
    for (text, expected) in [
        ("2026-10-31", "2026-10-31"),
        ("2026/10/31", "2026-10-31"),
        ("2026.10.31", "2026-10-31"),
        ("2026-1-2", "2026-01-02"),
        ("20261031", "2026-10-31"),
        ("23-Sep-11", "2011-09-23"),
        ("3-Sep-69", "1969-09-03"),
        ("23SEP2011", "2011-09-23"),
        ("23 September 2011", "2011-09-23"),
        ("23. September 2011", "2011-09-23"),
        ("23 de septiembre de 2011", "2011-09-23"),
        ("23 août 2011", "2011-08-23"),
        ("Sep 23, 2011", "2011-09-23"),
        ("Sept. 23, 2011", "2011-09-23"),
        ("Jan 1 2000", "2000-01-01"),
        ("2011-Sep-23", "2011-09-23"),
        ("2026-10-31T10:00Z", "2026-10-31"),
        ("23-Sep-11 3:15 PM", "2011-09-23"),
    ] {
        assert_eq!(days(text), Some((day(expected), day(expected))), "{text}");
    }
}

#[test]
fn periods_have_a_first_and_a_last_day() {
    for (text, first, last) in [
        ("2026-10", "2026-10-01", "2026-10-31"),
        ("10/2026", "2026-10-01", "2026-10-31"),
        ("07_2015", "2015-07-01", "2015-07-31"),
        ("2015/7", "2015-07-01", "2015-07-31"),
        ("September 2011", "2011-09-01", "2011-09-30"),
        ("2011 Sep", "2011-09-01", "2011-09-30"),
        ("Jan-87", "1987-01-01", "1987-01-31"),
        ("Jan 87", "1987-01-01", "1987-01-31"),
        ("Feb 2000", "2000-02-01", "2000-02-29"),
        ("märz 2000", "2000-03-01", "2000-03-31"),
        ("Q3 2026", "2026-07-01", "2026-09-30"),
        ("2026 Q3", "2026-07-01", "2026-09-30"),
        ("2026-q3", "2026-07-01", "2026-09-30"),
        ("2026Q3", "2026-07-01", "2026-09-30"),
        ("2026-W47", "2026-11-16", "2026-11-22"),
        ("2020-W53", "2020-12-28", "2021-01-03"),
        ("1998", "1998-01-01", "1998-12-31"),
    ] {
        assert_eq!(days(text), Some((day(first), day(last))), "{text}");
    }
}

#[test]
fn digits_are_read_in_the_order_that_is_given() {
    for (text, dmy, mdy, ymd) in [
        ("31/10/2026", Some("2026-10-31"), None, None),
        ("31.10.2026 03:00", Some("2026-10-31"), None, None),
        ("10-31-2026", None, Some("2026-10-31"), None),
        ("1/2/2026", Some("2026-02-01"), Some("2026-01-02"), None),
        ("01-10-17", Some("2017-10-01"), Some("2017-01-10"), Some("2001-10-17")),
        ("68-02-03", None, None, Some("2068-02-03")),
        ("1/2/69", Some("1969-02-01"), Some("1969-01-02"), None),
    ] {
        let Some(Written { date: WrittenDate::Digits(digits), .. }) = Written::read(text) else {
            panic!("{text} says its day by itself, or none")
        };
        for ((_, order), expected) in DateOrder::ALL.into_iter().zip([dmy, mdy, ymd]) {
            assert_eq!(digits.day(order), expected.map(day), "{text} {order:?}");
        }
    }
}

#[test]
fn other_texts_are_no_dates() {
    for text in [
        "",
        "-",
        "45000",
        "46348.5",
        "6-Jun",
        "1-Feb",
        "31-10/2026",
        "31/10-2026",
        "32/13/2026",
        "1/2/3",
        "1.2",
        "2026-13",
        "2026-00-01",
        "2026-02-30",
        "2026-Q5",
        "2026-Q0",
        "2026-Q12",
        "2026-W54",
        "0000-12-31",
        "0000",
        "9999999",
        "20261331",
        "2026-11-22x",
        "2026-11-22T",
        "2026-11-22T25:00",
        "Octember 2026",
        "Oct",
        "Jan 1",
        "Oct 2026 10:00",
        "10:00",
        " 10:00",
        "2026-11-22T10:00Zebra",
        "13:00 PM",
        "2026-11-22 13:00 PM",
        "2026-11-22 0:30 AM",
        "ä026-11-22",
        "+026-11-22",
        "31/10/2026/",
        "/31/10/2026",
        "FY 2026",
        "Q3",
        "W47",
    ] {
        assert_eq!(Written::read(text), None, "{text}");
    }
    assert!(is_serial("45000") && is_serial("46348.5") && !is_serial("4500") && !is_serial("99999"));
}

#[test]
fn halves_of_the_day_are_read_as_clocks_show_them() {
    for (text, expected) in [
        ("2026-10-31 12:05 AM", "2026-10-31T00:05:00.000Z"),
        ("2026-10-31 12:05:09 pm", "2026-10-31T12:05:09.000Z"),
        ("2026-10-31 3:05 p.m. +01:00", "2026-10-31T14:05:00.000Z"),
        ("Oct 31, 2026, 11:59 PM", "2026-10-31T23:59:00.000Z"),
    ] {
        assert_eq!(
            instant(text, chrono_tz::UTC).map(|at| at.to_string()).as_deref(),
            Some(expected),
            "{text}"
        );
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "[0-9A-Za-zä/._, :+-]{0,24}") {
        let _ = Written::read(&text);
    }

    #[test]
    fn a_day_is_read_back_in_the_order_in_which_it_was_written(days in 0..60_000_u64, padded: bool, mark in "[-/.]") {
        let day = day("1969-01-01") + chrono::Days::new(days);
        let (year, month, number) = (day.year(), day.month(), day.day());
        let two = |number: u32| if padded { format!("{number:02}") } else { number.to_string() };
        for (order, text) in [
            (DateOrder::Dmy, format!("{}{mark}{}{mark}{year}", two(number), two(month))),
            (DateOrder::Mdy, format!("{}{mark}{}{mark}{year}", two(month), two(number))),
        ] {
            let Some(Written { date: WrittenDate::Digits(digits), .. }) = Written::read(&text) else {
                panic!("{text} is no date of digits")
            };
            prop_assert_eq!(digits.day(order), Some(day));
        }
    }
}
