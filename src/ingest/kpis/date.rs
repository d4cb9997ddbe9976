//! The day that a row is of, from a date, a month or a quarter. It never guesses the order of day and month.

use chrono::{Months, NaiveDate};

use super::fault::Fault;
use super::fields::KpiField;

/// Reads a date or a period as the day that it ends on; None for an empty cell.
///
/// A time after the date is checked and dropped: the day is the one that is written. A month or quarter has begun
/// by `today`; its last day may lie ahead.
pub(super) fn read_day(cell: &str, today: NaiveDate) -> Result<Option<NaiveDate>, Fault> {
    let text = cell.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let (first, last) = days(text).ok_or_else(|| {
        let expected =
            "expected a date such as 2026-10-31, a month such as 2026-10 or a quarter such as 2026-Q3";
        Fault::of(KpiField::Date, "bad_date", expected).with_hint("write dates as year-month-day")
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

/// The first and last day of what the text names.
fn days(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let year = number(text.get(..4)?).filter(|year| *year > 0)?;
    let rest = text.get(4..)?.strip_prefix('-')?;
    if let Some(quarter) = rest.strip_prefix(['Q', 'q']) {
        let quarter = number(quarter).filter(|quarter| (1..=4).contains(quarter) && rest.len() == 2)?;
        return months(year, (quarter - 1) * 3 + 1, 3);
    }
    let month = number(rest.get(..2)?)?;
    let Some(rest) = rest.get(2..).filter(|rest| !rest.is_empty()) else { return months(year, month, 1) };
    let rest = rest.strip_prefix('-')?;
    let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, number(rest.get(..2)?)?)?;
    is_time(rest.get(2..)?).then_some((day, day))
}

fn months(year: u32, month: u32, count: u32) -> Option<(NaiveDate, NaiveDate)> {
    let first = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, 1)?;
    let last = first.checked_add_months(Months::new(count))?.pred_opt()?;
    Some((first, last))
}

/// A number of digits alone; `u32::from_str` would take a sign.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Whether what follows a date is nothing or a time of day: `T00:00:00.000Z`, ` 3:15:52`, `T10:00+02:00`.
fn is_time(text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    let Some(time) = text.strip_prefix(['T', 't', ' ']) else { return false };
    let time = time.trim();
    let zone = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone);
    is_clock(clock.trim_end()) && is_zone(zone)
}

fn is_clock(text: &str) -> bool {
    let mut parts = text.split(':');
    let hour = parts.next().and_then(number).is_some_and(|hour| hour < 24);
    let minute = parts.next().and_then(number).is_some_and(|minute| minute < 60);
    let second = parts.next().is_none_or(|second| {
        let (whole, fraction) = second.split_once('.').unwrap_or((second, "0"));
        number(whole).is_some_and(|second| second <= 60)
            && number(fraction.get(..9).unwrap_or(fraction)).is_some()
    });
    hour && minute && second && parts.next().is_none()
}

fn is_zone(text: &str) -> bool {
    match text.strip_prefix(['+', '-']) {
        None => text.is_empty() || text.eq_ignore_ascii_case("z"),
        Some(offset) => {
            let digits = offset.replace(':', "");
            matches!(digits.len(), 2 | 4) && number(&digits).is_some()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn read(cell: &str) -> Result<Option<NaiveDate>, &'static str> {
        read_day(cell, day("2026-11-22")).map_err(|fault| fault.code)
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
            "22/11/2026",
            "11-22-2026",
            "2026/11/22",
            "2026-13",
            "2026-00-01",
            "2026-02-30",
            "2026-Q5",
            "2026-Q0",
            "2026-Q12",
            "2026",
            "2026-1-2",
            "20261122",
            "Nov 2026",
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
