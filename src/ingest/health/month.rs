//! The month that a row is of, and its day where it gives one, from up to three cells. It never guesses a year, nor
//! the order of day and month, which the column of a date settles.

use chrono::NaiveDate;

use super::Fault;
use super::fields::HealthField;
use crate::ingest::date::month_of_name;
use crate::model::health::month::Month;

/// Scores of earlier years are slips of the pen.
const FIRST_YEAR: i32 = 1970;

const EXPECTED_MONTH: &str = "expected a month: 1 to 12 or a name such as October beside a year, or 2026-10";
const EXPECTED_DATE: &str = "expected a date such as 2026-10-31 or a month such as 2026-10";

/// The cells of a row that tell of its time; empty where the file has no such column.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TimeCells<'r> {
    pub(super) month: &'r str,
    pub(super) year: &'r str,
    pub(super) date: &'r str,
}

/// When the scores of a row hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct When {
    pub(super) month: Month,
    /// None where the row is of a month as a whole.
    pub(super) day: Option<NaiveDate>,
    /// The row has a date, and it lies outside the month that it names: a day of computing, not of the scores.
    pub(super) date_is_elsewhere: bool,
}

impl When {
    const fn whole(month: Month) -> Self {
        Self { month, day: None, date_is_elsewhere: false }
    }
}

/// The first and last day that a trimmed text of the field's column names, or the hint for one that is no date.
pub(super) type DaysOf<'a> = dyn Fn(HealthField, &str) -> Result<(NaiveDate, NaiveDate), &'static str> + 'a;

/// Reads the cells; `period` is the month of a row whose cells are all blank, which otherwise is None.
///
/// Month and year count before a date, of which they are the reading; the date then gives the day.
///
/// # Errors
/// A cell that is none of what was expected, or one that has not begun by `today`.
pub(super) fn read_when(
    cells: TimeCells<'_>,
    period: Option<Month>,
    today: NaiveDate,
    days: &DaysOf<'_>,
) -> Result<Option<When>, Fault> {
    let month = named_month(cells, days)?;
    if let Some(month) = month {
        check_begun(HealthField::Month, month.first_day(), today)?;
    }
    let date = read_date(cells.date, days)?;
    if let Some(date) = date {
        check_begun(HealthField::Date, date.day.unwrap_or(date.month.first_day()), today)?;
    }
    Ok(match (month, date) {
        (Some(month), Some(date)) if date.month == month => Some(date),
        (Some(month), Some(_)) => Some(When { date_is_elsewhere: true, ..When::whole(month) }),
        (Some(month), None) => Some(When::whole(month)),
        (None, Some(date)) => Some(date),
        (None, None) => period.map(When::whole),
    })
}

/// The month that the month and the year cell name together; None where both are blank.
fn named_month(cells: TimeCells<'_>, days: &DaysOf<'_>) -> Result<Option<Month>, Fault> {
    let year = read_year(cells.year)?;
    let bad = |expected: &'static str| Fault::of(HealthField::Month, "bad_month", expected);
    let month = match (read_month(cells.month, days).ok_or_else(|| bad(EXPECTED_MONTH))?, year) {
        (MonthCell::Blank, None) => return Ok(None),
        (MonthCell::Blank, Some(_)) => {
            return Err(bad("expected a month beside the year, found an empty cell"));
        }
        (MonthCell::Number(_), None) => {
            let hint = "give the year in a column year, or write the month as 2026-10";
            return Err(bad("expected a year beside the month, found none").with_hint(hint));
        }
        (MonthCell::Number(number), Some(year)) => Month::new(year, number),
        (MonthCell::Whole(month), None) => Some(month),
        (MonthCell::Whole(month), Some(year)) if month.year() == year => Some(month),
        (MonthCell::Whole(_), Some(_)) => {
            return Err(bad("expected a month of the year beside it, found one of another year"));
        }
    };
    let month = month.filter(|month| is_late_enough(*month)).ok_or_else(|| bad(EXPECTED_MONTH))?;
    Ok(Some(month))
}

/// What a month cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MonthCell {
    Blank,
    /// 1 to 12, without a year.
    Number(u32),
    Whole(Month),
}

/// A number, a name, or what `days` reads; of a date its month alone.
fn read_month(cell: &str, days: &DaysOf<'_>) -> Option<MonthCell> {
    let text = cell.trim();
    if text.is_empty() {
        return Some(MonthCell::Blank);
    }
    if let Some(number) = whole_number(text) {
        return (1..=12).contains(&number).then_some(MonthCell::Number(number));
    }
    match month_of_name(text) {
        Some(number) => Some(MonthCell::Number(number)),
        None => {
            let when = month_of(days(HealthField::Month, text).ok()?)?;
            Some(MonthCell::Whole(when.month))
        }
    }
}

fn read_year(cell: &str) -> Result<Option<i32>, Fault> {
    let text = cell.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let year = whole_number(text).and_then(|year| i32::try_from(year).ok());
    year.filter(|year| (FIRST_YEAR..=9999).contains(year)).map(Some).ok_or_else(|| {
        Fault::of(HealthField::Year, "bad_year", "expected a year of four digits, from 1970 on")
    })
}

/// A number of digits alone; spreadsheets and data frames write `.0` behind it where others of the column are blank.
fn whole_number(text: &str) -> Option<u32> {
    let digits = text.strip_suffix(".0").unwrap_or(text);
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

fn read_date(cell: &str, days: &DaysOf<'_>) -> Result<Option<When>, Fault> {
    let text = cell.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let bad = |hint| Fault::of(HealthField::Date, "bad_date", EXPECTED_DATE).with_hint(hint);
    let when = month_of(days(HealthField::Date, text).map_err(bad)?);
    let when = when.filter(|when| is_late_enough(when.month));
    when.map(Some).ok_or_else(|| bad("write dates as year-month-day"))
}

/// The month in which a period lies; None for a longer one.
fn month_of((first, last): (NaiveDate, NaiveDate)) -> Option<When> {
    let month = Month::of(first);
    let day = (first == last).then_some(first);
    (month == Month::of(last)).then_some(When { month, day, date_is_elsewhere: false })
}

fn is_late_enough(month: Month) -> bool {
    month.year() >= FIRST_YEAR
}

fn check_begun(field: HealthField, first: NaiveDate, today: NaiveDate) -> Result<(), Fault> {
    if first <= today {
        return Ok(());
    }
    let message = match field {
        HealthField::Month => "expected a month up to the current one, found a later one",
        _ => "expected a day up to today, found a later one",
    };
    Err(Fault::of(field, "future_date", message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::convention::{Conventions, Place};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(_: HealthField, text: &str) -> Result<(NaiveDate, NaiveDate), &'static str> {
        Conventions::default().days(Place { table: 0, column: 0 }, 2, text).ok_or("")
    }

    /// As `2026-10`, or with its day where there is one.
    fn read(month: &str, year: &str, date: &str) -> Result<String, &'static str> {
        let cells = TimeCells { month, year, date };
        let period = Month::from_stored("2026-09");
        let when = read_when(cells, period, day("2026-11-22"), &days).map_err(|fault| fault.code)?.unwrap();
        let elsewhere = if when.date_is_elsewhere { " (date elsewhere)" } else { "" };
        Ok(match when.day {
            Some(day) => day.to_string(),
            None => format!("{}{elsewhere}", when.month),
        })
    }

    #[test]
    fn a_month_and_a_year_in_every_form() {
        for month in [
            "10",
            "October",
            "10/2026",
            "Oct-26",
            "Oct 26",
            "31/10/2026",
            " oct ",
            "OCT.",
            "10.0",
            "2026-10",
            "2026-10-05",
            "October 2026",
            "2026 Oct",
        ] {
            assert_eq!(read(month, "2026", ""), Ok("2026-10".to_owned()), "{month:?}");
        }
        for month in ["2026-10", "Oct 2026", "October, 2026", "2026-10-31T00:00:00Z"] {
            assert_eq!(read(month, "", ""), Ok("2026-10".to_owned()), "{month:?}");
        }
        assert_eq!(read("Sept", "2025.0", ""), Ok("2025-09".to_owned()));
        assert_eq!(read("01", "2026", ""), Ok("2026-01".to_owned()));
        assert_eq!(read("May", "2026", ""), Ok("2026-05".to_owned()));
    }

    #[test]
    fn what_is_no_month_says_so() {
        for (month, year) in [
            ("13", "2026"),
            ("0", "2026"),
            ("-1", "2026"),
            ("10.5", "2026"),
            ("Octember", "2026"),
            ("Ok", "2026"),
            ("2026-Q3", ""),
            ("10/2026", "2025"),
            ("Oct-26", "2025"),
            ("46348", ""),
            ("2026", ""),
            ("10", ""),
            ("October", ""),
            ("", "2026"),
            ("2026-10", "2025"),
            ("0001-10", ""),
            ("99999999999", "2026"),
        ] {
            assert_eq!(read(month, year, ""), Err("bad_month"), "{month:?} {year:?}");
        }
        for year in ["26", "1969", "10000", "MMXXVI", "2026.5", "-2026", "99999999999"] {
            assert_eq!(read("10", year, ""), Err("bad_year"), "{year:?}");
        }
        for date in
            ["11/22/2026x", "2026-Q3", "2026-W44", "2026", "46348", "1969-12-31", "2026-02-30", "soon"]
        {
            assert_eq!(read("", "", date), Err("bad_date"), "{date:?}");
        }
    }

    #[test]
    fn a_date_gives_its_day_and_a_period_none() {
        assert_eq!(read("", "", "2026-10-05 3:15:52"), Ok("2026-10-05".to_owned()));
        assert_eq!(read("", "", "2026-10"), Ok("2026-10".to_owned()));
        assert_eq!(read(" ", "", ""), Ok("2026-09".to_owned()));
    }

    #[test]
    fn the_named_month_counts_before_the_date() {
        assert_eq!(read("10", "2026", "2026-10-05"), Ok("2026-10-05".to_owned()));
        assert_eq!(read("10", "2026", "2026-11-02"), Ok("2026-10 (date elsewhere)".to_owned()));
    }

    #[test]
    fn what_has_not_begun_is_in_the_future() {
        assert_eq!(read("11", "2026", ""), Ok("2026-11".to_owned()));
        assert_eq!(read("", "", "2026-11-22"), Ok("2026-11-22".to_owned()));
        for (month, year, date) in [
            ("12", "2026", ""),
            ("January", "9999", ""),
            ("", "", "2026-11-23"),
            ("10", "2026", "2026-12-01"),
        ] {
            assert_eq!(read(month, year, date), Err("future_date"), "{month:?} {year:?} {date:?}");
        }
    }

    #[test]
    fn without_a_period_blank_cells_give_nothing() {
        assert_eq!(read_when(TimeCells::default(), None, day("2026-11-22"), &days), Ok(None));
    }
}
