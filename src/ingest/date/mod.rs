//! Dates, periods and instants as people and programs write them.
//!
//! A text either says by itself which days it means (`2026-10-31`, `23-Sep-11`, `Q3 2026`), or its digits can be read
//! in several orders: then [`Digits`] gives the day by the order that someone else settled. It never guesses that
//! order, and never takes a number for a date that a spreadsheet has counted in days.

mod digits;
mod fields;
mod months;
mod period;
mod time;

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;

use crate::model::time::Timestamp;
use crate::model::zone::{instant_of, start_of_day};
pub(super) use digits::{Digits, is_no_day};
pub(super) use months::month_of_name;
use time::TimeOfDay;

/// A date as it is written, with the time behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) date: WrittenDate,
    time: Option<TimeOfDay>,
}

/// Which days a text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WrittenDate {
    /// From the first of these to the last: a day, a week, a month, a quarter or a year.
    Days(NaiveDate, NaiveDate),
    /// A day, once the order of its digits is known.
    Digits(Digits),
}

impl Written {
    /// What a trimmed text says; None where it is no date in any order.
    pub(super) fn read(text: &str) -> Option<Self> {
        if let Some((day, rest)) = iso_day(text) {
            let time = if rest.is_empty() { None } else { Some(TimeOfDay::read(rest)?) };
            return Some(Self { date: WrittenDate::Days(day, day), time });
        }
        let (body, time) = match time::split(text) {
            Some((body, time)) => (body, Some(TimeOfDay::read(time)?)),
            None => (text, None),
        };
        let date = fields::read(body)?;
        let is_period = matches!(date, WrittenDate::Days(first, last) if first != last);
        // A time is of a day, never of a month.
        (time.is_none() || !is_period).then_some(Self { date, time })
    }

    /// The instant on this day; without an offset it is of `zone`, and without a time the day's first.
    pub(super) fn instant_on(self, day: NaiveDate, zone: Tz) -> Option<Timestamp> {
        let Some(time) = self.time else { return Some(start_of_day(day, zone)) };
        let midnight = day.and_time(NaiveTime::MIN);
        Some(match time.offset_minutes {
            Some(offset) => Timestamp::from(midnight.and_utc()).plus_millis(time.millis - offset * 60_000),
            // Added before the zone is asked: a day need not have 24 hours.
            None => {
                instant_of(midnight.checked_add_signed(chrono::TimeDelta::milliseconds(time.millis))?, zone)
            }
        })
    }

    /// Whether a time stands behind the date.
    pub(super) fn has_time(self) -> bool {
        self.time.is_some()
    }
}

/// The instant of a text that says its day by itself; one without an offset is of `zone`.
pub(super) fn instant(text: &str, zone: Tz) -> Option<Timestamp> {
    let written = Written::read(text)?;
    match written.date {
        WrittenDate::Days(first, last) if first == last => written.instant_on(first, zone),
        _ => None,
    }
}

/// Whether a text begins as year-month-day dates do, whose cells no column has to settle.
pub(super) fn is_iso_like(text: &str) -> bool {
    text.as_bytes().get(4) == Some(&b'-')
}

/// Whether a text is a number such as spreadsheets keep for a day: 45000 is 2023-03-15.
pub(super) fn is_serial(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_fraction = fraction.bytes().all(|byte| byte.is_ascii_digit());
    whole.len() == 5 && number(whole).is_some_and(|days| (20_000..80_000).contains(&days)) && is_fraction
}

/// A date as year-month-day, each padded, and what stands behind it.
fn iso_day(text: &str) -> Option<(NaiveDate, &str)> {
    let year = number(text.get(..4)?).filter(|year| *year > 0)?;
    let rest = text.get(4..)?.strip_prefix('-')?;
    let month = number(rest.get(..2)?)?;
    let rest = rest.get(2..)?.strip_prefix('-')?;
    let day = number(rest.get(..2)?)?;
    let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    rest.get(2..).map(|rest| (day, rest))
}

/// A number of digits alone; `u32::from_str` would take a sign.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests;
