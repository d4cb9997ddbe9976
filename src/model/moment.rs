//! A moment: an instant, a date, a month, a quarter or a year, as people name it.
//!
//! All but an instant stand for a stretch of days in the customer's time zone. Its last millisecond is meant
//! where a state is asked for, its first where a list begins.
//!
//! Fiscal years are named by the calendar year in which they end: with a fiscal year that starts in February,
//! FY27 runs from 2026-02-01 to 2027-01-31, and FY27-Q1 from 2026-02-01 to 2026-04-30. Where it starts in
//! January, FY27 is 2027 itself.

use std::str::FromStr;

use chrono::{Datelike, Days, Month, NaiveDate};
use chrono_tz::Tz;

use super::time::Timestamp;
use super::zone;

/// A moment as it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// `2026-09-30T10:00:00Z`
    Instant(Timestamp),
    /// `2026-09-30`
    Date(NaiveDate),
    /// `2026-09`
    Month {
        /// The calendar year.
        year: i32,
        /// 1 to 12.
        month: u32,
    },
    /// `2026-Q3`
    Quarter {
        /// The calendar year.
        year: i32,
        /// 1 to 4.
        quarter: u32,
    },
    /// `2026`
    Year(i32),
    /// `FY27-Q1`
    FiscalQuarter {
        /// The calendar year in which the fiscal year ends.
        year: i32,
        /// 1 to 4.
        quarter: u32,
    },
    /// `FY27` or `FY2027`
    FiscalYear(i32),
}

impl Moment {
    /// Reads a moment; letters may be of either case.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let trimmed = text.trim();
        parse_period(trimmed).or_else(|| Timestamp::parse(trimmed).ok().map(Self::Instant)).ok_or_else(|| {
            format!(
                "expected a date (2026-09-30), a month (2026-09), a quarter (2026-Q3), a year (2026), a fiscal \
                 year or quarter (FY27, FY27-Q1) or an instant (2026-09-30T10:00:00Z), got '{text}'"
            )
        })
    }

    /// Its first instant in a zone; `fiscal_start` is the month in which a fiscal year begins.
    #[must_use]
    pub fn first(self, zone: Tz, fiscal_start: Month) -> Timestamp {
        match self.days(fiscal_start) {
            Stretch::At(at) => at,
            Stretch::Days { first, .. } => zone::start_of_day(first, zone),
        }
    }

    /// Its last instant in a zone, to the millisecond; `fiscal_start` is the month in which a fiscal year begins.
    #[must_use]
    pub fn last(self, zone: Tz, fiscal_start: Month) -> Timestamp {
        match self.days(fiscal_start) {
            Stretch::At(at) => at,
            Stretch::Days { last, .. } => zone::end_of_day(last, zone),
        }
    }

    fn days(self, fiscal_start: Month) -> Stretch {
        let fiscal = fiscal_start.number_from_month();
        let begins = |year: i32| if fiscal == 1 { year } else { year - 1 };
        match self {
            Self::Instant(at) => Stretch::At(at),
            Self::Date(date) => Stretch::Days { first: date, last: date },
            Self::Month { year, month } => Stretch::months(year, month, 1),
            Self::Quarter { year, quarter } => Stretch::months(year, first_month(quarter), 3),
            Self::Year(year) => Stretch::months(year, 1, 12),
            Self::FiscalQuarter { year, quarter } => {
                Stretch::months(begins(year), fiscal + first_month(quarter) - 1, 3)
            }
            Self::FiscalYear(year) => Stretch::months(begins(year), fiscal, 12),
        }
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }
}

/// What a moment stands for.
enum Stretch {
    At(Timestamp),
    Days { first: NaiveDate, last: NaiveDate },
}

impl Stretch {
    /// So many whole months; `month` counts from January of `year` as 1 and may run on into the next year.
    fn months(year: i32, month: u32, count: u32) -> Self {
        let last =
            first_of_month(year, month + count).checked_sub_days(Days::new(1)).unwrap_or(NaiveDate::MIN);
        Self::Days { first: first_of_month(year, month), last }
    }
}

/// Years have four digits, so the calendar never ends here.
fn first_of_month(year: i32, month: u32) -> NaiveDate {
    let years = i32::try_from((month - 1) / 12).unwrap_or(0);
    NaiveDate::from_ymd_opt(year + years, (month - 1) % 12 + 1, 1).unwrap_or(NaiveDate::MAX)
}

const fn first_month(quarter: u32) -> u32 {
    quarter * 3 - 2
}

fn parse_period(text: &str) -> Option<Moment> {
    let text = text.to_ascii_uppercase();
    if let Some(fiscal) = text.strip_prefix("FY") {
        return parse_fiscal(fiscal);
    }
    let Some((year, rest)) = text.split_once('-') else {
        return four_digits(&text).map(Moment::Year);
    };
    let year = four_digits(year)?;
    if let Some(quarter) = rest.strip_prefix('Q') {
        return Some(Moment::Quarter { year, quarter: quarter_number(quarter)? });
    }
    match rest.split_once('-') {
        None => NaiveDate::from_ymd_opt(year, two_digits(rest)?, 1)
            .map(|day| Moment::Month { year, month: day.month() }),
        Some((month, day)) => {
            NaiveDate::from_ymd_opt(year, two_digits(month)?, two_digits(day)?).map(Moment::Date)
        }
    }
}

/// What stands after `FY`: `27`, `2027`, `27-Q1`.
fn parse_fiscal(text: &str) -> Option<Moment> {
    let (year, quarter) = match text.split_once("-Q") {
        Some((year, quarter)) => (year, Some(quarter_number(quarter)?)),
        None => (text, None),
    };
    let year = match year.len() {
        2 => 2000 + i32::try_from(two_digits(year)?).ok()?,
        _ => four_digits(year)?,
    };
    Some(match quarter {
        Some(quarter) => Moment::FiscalQuarter { year, quarter },
        None => Moment::FiscalYear(year),
    })
}

fn four_digits(text: &str) -> Option<i32> {
    (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn two_digits(text: &str) -> Option<u32> {
    (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn quarter_number(text: &str) -> Option<u32> {
    matches!(text, "1" | "2" | "3" | "4").then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::America::New_York;
    use chrono_tz::{Tz, UTC};
    use proptest::prelude::*;

    fn stretch(text: &str, zone: Tz, fiscal_start: Month) -> (String, String) {
        let moment = Moment::parse(text).unwrap();
        (moment.first(zone, fiscal_start).to_string(), moment.last(zone, fiscal_start).to_string())
    }

    fn days(text: &str, fiscal_start: Month) -> (String, String) {
        let (first, last) = stretch(text, UTC, fiscal_start);
        let day = |at: &str, time: &str| at.strip_suffix(time).unwrap().to_owned();
        (day(&first, "T00:00:00.000Z"), day(&last, "T23:59:59.999Z"))
    }

    #[test]
    fn each_form_stands_for_its_days() {
        for (text, first, last) in [
            ("2026-09-30", "2026-09-30", "2026-09-30"),
            (" 2026-09 ", "2026-09-01", "2026-09-30"),
            ("2028-02", "2028-02-01", "2028-02-29"),
            ("2026-12", "2026-12-01", "2026-12-31"),
            ("2026-Q3", "2026-07-01", "2026-09-30"),
            ("2026-q4", "2026-10-01", "2026-12-31"),
            ("2026", "2026-01-01", "2026-12-31"),
            ("9999", "9999-01-01", "9999-12-31"),
        ] {
            // a fiscal year moves none of the calendar's own
            for fiscal_start in [Month::January, Month::July] {
                assert_eq!(days(text, fiscal_start), (first.into(), last.into()), "{text}");
            }
        }
    }

    #[test]
    fn a_fiscal_year_is_named_by_the_year_in_which_it_ends() {
        for (text, fiscal_start, first, last) in [
            ("FY27", Month::January, "2027-01-01", "2027-12-31"),
            ("FY27-Q1", Month::January, "2027-01-01", "2027-03-31"),
            ("FY27", Month::February, "2026-02-01", "2027-01-31"),
            ("FY27-Q1", Month::February, "2026-02-01", "2026-04-30"),
            ("fy2027-q4", Month::February, "2026-11-01", "2027-01-31"),
            ("FY27-Q3", Month::October, "2027-04-01", "2027-06-30"),
            ("FY27-Q2", Month::December, "2027-03-01", "2027-05-31"),
            ("FY27", Month::December, "2026-12-01", "2027-11-30"),
        ] {
            assert_eq!(days(text, fiscal_start), (first.into(), last.into()), "{text} {fiscal_start:?}");
        }
    }

    #[test]
    fn days_are_the_zones_also_when_clocks_change() {
        let expected = ("2026-03-01T05:00:00.000Z".into(), "2026-04-01T03:59:59.999Z".into());
        assert_eq!(stretch("2026-03", New_York, Month::January), expected);
        let expected = ("2026-11-01T04:00:00.000Z".into(), "2026-11-02T04:59:59.999Z".into());
        assert_eq!(stretch("2026-11-01", New_York, Month::January), expected);
    }

    #[test]
    fn an_instant_is_itself() {
        let expected = ("2026-09-30T08:00:00.250Z".to_owned(), "2026-09-30T08:00:00.250Z".to_owned());
        assert_eq!(stretch("2026-09-30T10:00:00.25+02:00", New_York, Month::May), expected);
    }

    #[test]
    fn anything_else_says_what_was_expected() {
        for text in [
            "",
            "now",
            "latest",
            "26",
            "20260",
            "2026-13",
            "2026-00",
            "2026-9",
            "2026-02-30",
            "2026-Q0",
            "2026-Q5",
            "2026-Q",
            "Q3",
            "FY",
            "FY7",
            "FY027",
            "FY27-Q5",
            "FY27Q1",
            "30.09.2026",
            "2026-09-30T10:00",
            "２０２６",
            "+026",
            "2026-W40",
        ] {
            let error = Moment::parse(text).unwrap_err();
            assert!(
                error.starts_with("expected a date (2026-09-30)") && error.ends_with(&format!("'{text}'"))
            );
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_no_stretch_is_empty(text in "\\PC{0,12}|(FY)?[0-9]{1,4}(-Q?[0-9]{1,2}){0,2}", start in 1_u8..=12) {
            if let Ok(moment) = Moment::parse(&text) {
                let start = Month::try_from(start).unwrap();
                prop_assert!(moment.first(New_York, start) <= moment.last(New_York, start));
            }
        }

        #[test]
        fn fiscal_quarters_fill_the_fiscal_year(year in 1_i32..9999, start in 1_u8..=12) {
            let start = Month::try_from(start).unwrap();
            let quarters = [1, 2, 3, 4].map(|quarter| Moment::FiscalQuarter { year, quarter });
            let whole = Moment::FiscalYear(year);
            prop_assert_eq!(quarters[0].first(New_York, start), whole.first(New_York, start));
            prop_assert_eq!(quarters[3].last(New_York, start), whole.last(New_York, start));
            for pair in quarters.windows(2) {
                prop_assert_eq!(pair[0].last(New_York, start).plus_millis(1), pair[1].first(New_York, start));
            }
        }
    }
}
