//! Dates, periods and instants as they are written in files. It never guesses the order of day and month.

use chrono::{Months, NaiveDate, NaiveTime};
use chrono_tz::Tz;

use crate::model::time::Timestamp;
use crate::model::zone::{instant_of, start_of_day};

/// The first and last day of what a trimmed text names: a date, a month (`2026-10`) or a quarter (`2026-Q3`).
///
/// A time after the date is checked and dropped: the day is the one that is written.
pub(super) fn days(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (year, rest) = year(text)?;
    if let Some(quarter) = rest.strip_prefix(['Q', 'q']) {
        let quarter = number(quarter).filter(|quarter| (1..=4).contains(quarter) && rest.len() == 2)?;
        return months(year, (quarter - 1) * 3 + 1, 3);
    }
    if rest.len() == 2 {
        return months(year, number(rest)?, 1);
    }
    day(text).map(|day| (day, day))
}

/// The day of a date, with or without a time behind it.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let (day, time) = day_and_rest(text)?;
    (time.is_empty() || TimeOfDay::read(time).is_some()).then_some(day)
}

/// The instant of a date and time; one without an offset is of `zone`, and a date alone is its first instant there.
pub(super) fn instant(text: &str, zone: Tz) -> Option<Timestamp> {
    let (day, time) = day_and_rest(text)?;
    if time.is_empty() {
        return Some(start_of_day(day, zone));
    }
    let time = TimeOfDay::read(time)?;
    let midnight = day.and_time(NaiveTime::MIN);
    Some(match time.offset_minutes {
        Some(offset) => Timestamp::from(midnight.and_utc()).plus_millis(time.millis - offset * 60_000),
        // Added before the zone is asked: a day need not have 24 hours.
        None => instant_of(midnight.checked_add_signed(chrono::TimeDelta::milliseconds(time.millis))?, zone),
    })
}

fn year(text: &str) -> Option<(u32, &str)> {
    let year = number(text.get(..4)?).filter(|year| *year > 0)?;
    Some((year, text.get(4..)?.strip_prefix('-')?))
}

fn months(year: u32, month: u32, count: u32) -> Option<(NaiveDate, NaiveDate)> {
    let first = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, 1)?;
    let last = first.checked_add_months(Months::new(count))?.pred_opt()?;
    Some((first, last))
}

/// A date as year-month-day, and what stands behind it.
fn day_and_rest(text: &str) -> Option<(NaiveDate, &str)> {
    let (year, rest) = year(text)?;
    let month = number(rest.get(..2)?)?;
    let rest = rest.get(2..)?.strip_prefix('-')?;
    let day = number(rest.get(..2)?)?;
    Some((NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?, rest.get(2..)?))
}

/// A number of digits alone; `u32::from_str` would take a sign.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// What stands behind a date: `T00:00:00.000Z`, ` 3:15:52`, `T10:00+02:00`.
struct TimeOfDay {
    /// Since midnight; a leap second is the next minute's first.
    millis: i64,
    /// East of UTC; None where the text does not say.
    offset_minutes: Option<i64>,
}

impl TimeOfDay {
    fn read(text: &str) -> Option<Self> {
        let time = text.strip_prefix(['T', 't', ' '])?.trim();
        let zone = time.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(time.len());
        let (clock, zone) = time.split_at(zone);
        Some(Self { millis: millis(clock)?, offset_minutes: offset(zone.trim())? })
    }
}

fn millis(clock: &str) -> Option<i64> {
    let mut parts = clock.split(':');
    let hour = parts.next().and_then(number).filter(|hour| *hour < 24)?;
    let minute = parts.next().and_then(number).filter(|minute| *minute < 60)?;
    let (second, fraction) = match parts.next() {
        None => (0, 0),
        Some(second) => {
            let (whole, fraction) = second.split_once('.').unwrap_or((second, "0"));
            (number(whole).filter(|second| *second <= 60)?, thousandths(fraction)?)
        }
    };
    let seconds = (hour * 60 + minute) * 60 + second;
    parts.next().is_none().then(|| i64::from(seconds) * 1000 + i64::from(fraction))
}

/// The first three digits of a fraction; finer ones are cut.
fn thousandths(fraction: &str) -> Option<u32> {
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    number(&fraction.chars().chain("00".chars()).take(3).collect::<String>())
}

/// The offset that the text behind a clock says; None in it where it says nothing.
fn offset(zone: &str) -> Option<Option<i64>> {
    if zone.is_empty() {
        return Some(None);
    }
    if ["z", "utc", "gmt"].iter().any(|name| zone.eq_ignore_ascii_case(name)) {
        return Some(Some(0));
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let digits = zone.strip_prefix(['+', '-'])?.replacen(':', "", 1);
    let hours = number(digits.get(..2)?).filter(|hours| *hours < 24)?;
    let minutes = match digits.get(2..)? {
        "" => 0,
        minutes if minutes.len() == 2 => number(minutes).filter(|minutes| *minutes < 60)?,
        _ => return None,
    };
    Some(Some(sign * i64::from(hours * 60 + minutes)))
}

#[cfg(test)]
mod tests {
    use super::*;

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
            "31.10.2026",
            "",
        ] {
            assert_eq!(instant(text, chrono_tz::UTC), None, "{text}");
        }
    }
}
