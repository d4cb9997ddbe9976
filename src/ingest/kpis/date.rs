//! The day that a row is of, from a date, or a period such as a month, a quarter or a year.

use chrono::NaiveDate;

use super::fields::KpiField;
use crate::ingest::convention::{Conventions, Place};
use crate::ingest::fault::Fault;

/// Reads a date or a period as the day that it ends on; None for an empty cell.
///
/// A time after the date is checked and dropped: the day is the one that is written. A period has begun by
/// `today`; its last day may lie ahead.
pub(super) fn read_day(
    cell: &str,
    at: Place,
    line: u32,
    conventions: &Conventions,
    today: NaiveDate,
) -> Result<Option<NaiveDate>, Fault<KpiField>> {
    let text = cell.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let (first, last) = conventions.days(at, line, text).ok_or_else(|| {
        let expected =
            "expected a date such as 2026-10-31, a month such as 2026-10 or a quarter such as 2026-Q3";
        Fault::of(KpiField::Date, "bad_date", expected).with_hint(conventions.date_hint(text))
    })?;
    if first > today {
        return Err(Fault::of(
            KpiField::Date,
            "future_date",
            "expected a day up to today, found a later one",
        ));
    }
    Ok(Some(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Place = Place { table: 0, column: 0 };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn read(cell: &str) -> Result<Option<NaiveDate>, &'static str> {
        read_day(cell, AT, 2, &Conventions::default(), day("2026-11-22")).map_err(|fault| fault.code)
    }

    #[test]
    fn dates_months_and_quarters_give_their_last_day() {
        for (cell, expected) in [
            ("2026-11-22", "2026-11-22"),
            (" 2024-02-29 ", "2024-02-29"),
            ("2024-02", "2024-02-29"),
            ("2026-11", "2026-11-30"),
            ("2026-Q3", "2026-09-30"),
            ("2026-q4", "2026-12-31"),
            ("2026-11-22T23:59:60.123456Z", "2026-11-22"),
            ("2020-12-30 3:15:52", "2020-12-30"),
            ("2020-12-30T03:15+02:00", "2020-12-30"),
            ("2020-12-30 03:15:52 -0800", "2020-12-30"),
            ("22/11/2026", "2026-11-22"),
            ("11-21-2026", "2026-11-21"),
            ("2026/11/22", "2026-11-22"),
            ("20261122", "2026-11-22"),
            ("Nov 2026", "2026-11-30"),
            ("2026", "2026-12-31"),
        ] {
            assert_eq!(read(cell), Ok(Some(day(expected))), "{cell:?}");
        }
        assert_eq!(read("  "), Ok(None));
    }

    #[test]
    fn what_has_not_begun_is_in_the_future() {
        for cell in ["2026-11-23", "2026-12", "2027-Q1", "9999-12-31"] {
            assert_eq!(read(cell), Err("future_date"), "{cell:?}");
        }
    }

    #[test]
    fn other_texts_are_no_dates() {
        for cell in [
            "2026-13",
            "2026-00-01",
            "2026-02-30",
            "2026-Q5",
            "2026-Q0",
            "2026-Q12",
            "2026-11-22x",
            "2026-11-22T",
            "2026-11-22T25:00",
            "2026-11-22T10",
            "+026-11-22",
            "ä026-11-22",
            "2026-11-22T10:00Zebra",
            "46348",
            "-",
            "0000-01",
            "0000-12-31",
        ] {
            assert_eq!(read(cell), Err("bad_date"), "{cell:?}");
        }
    }
}
