//! Periods by their first and last day.

use std::ops::RangeInclusive;

use chrono::{Months, NaiveDate, Weekday};

/// Years that stand alone; other numbers of four digits are no years.
const BARE_YEARS: RangeInclusive<i32> = 1800..=2199;

/// The first and last day of a month, 1 to 12.
pub(super) fn month(year: i32, month: u32) -> Option<(NaiveDate, NaiveDate)> {
    months(year, month, 1)
}

/// The first and last day of a quarter, 1 to 4.
pub(super) fn quarter(year: i32, quarter: u32) -> Option<(NaiveDate, NaiveDate)> {
    (1..=4).contains(&quarter).then(|| months(year, (quarter - 1) * 3 + 1, 3)).flatten()
}

/// The Monday and Sunday of a week, by ISO 8601.
pub(super) fn week(year: i32, week: u32) -> Option<(NaiveDate, NaiveDate)> {
    let day = |weekday| NaiveDate::from_isoywd_opt(year, week, weekday);
    Some((day(Weekday::Mon)?, day(Weekday::Sun)?))
}

/// The first and last day of a year that stands alone.
pub(super) fn year(year: i32) -> Option<(NaiveDate, NaiveDate)> {
    BARE_YEARS.contains(&year).then(|| months(year, 1, 12)).flatten()
}

fn months(year: i32, month: u32, count: u32) -> Option<(NaiveDate, NaiveDate)> {
    let first = NaiveDate::from_ymd_opt(year, month, 1).filter(|_| year > 0)?;
    let last = first.checked_add_months(Months::new(count))?.pred_opt()?;
    Some((first, last))
}
