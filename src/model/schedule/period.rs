//! A period: one day, ISO week, month or quarter of a local calendar, and its label.
//!
//! Labels are compared by every later version of the program: `day 2026-11-22`, `week 2026-W47` (ISO 8601: the year is
//! the one that the week's Thursday lies in), `month 2026-11`, `quarter 2026-Q4`.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::cadence::Cadence;

/// One day, week, month or quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    cadence: Cadence,
    first: NaiveDate,
}

impl Period {
    /// The period of a cadence that a day lies in; held within what a calendar can show.
    #[must_use]
    pub fn containing(day: NaiveDate, cadence: Cadence) -> Self {
        let first = match cadence {
            Cadence::Daily => Some(day),
            Cadence::Weekly => {
                day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday())))
            }
            Cadence::Monthly => day.with_day(1),
            Cadence::Quarterly => {
                day.with_day(1).and_then(|first| first.with_month(day.month0() / 3 * 3 + 1))
            }
        };
        Self { cadence, first: first.unwrap_or(day) }
    }

    /// What its label says; None for a text that is no label.
    #[must_use]
    pub fn parse(label: &str) -> Option<Self> {
        let (word, rest) = label.split_once(' ')?;
        let (cadence, day) = match word {
            "day" => (Cadence::Daily, rest.parse().ok()?),
            "week" => {
                let (year, week) = rest.split_once("-W")?;
                let day = NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Mon)?;
                (Cadence::Weekly, day)
            }
            "month" => (Cadence::Monthly, format!("{rest}-01").parse().ok()?),
            "quarter" => {
                let (year, quarter) = rest.split_once("-Q")?;
                let month = quarter.parse::<u32>().ok()?.checked_mul(3)?.checked_sub(2)?;
                (Cadence::Quarterly, NaiveDate::from_ymd_opt(year.parse().ok()?, month, 1)?)
            }
            _ => return None,
        };
        Some(Self::containing(day, cadence))
    }

    /// Its cadence.
    #[must_use]
    pub const fn cadence(self) -> Cadence {
        self.cadence
    }

    /// Its first day.
    #[must_use]
    pub const fn first_day(self) -> NaiveDate {
        self.first
    }

    /// The period after it; None at the calendar's end.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        let first = match self.cadence {
            Cadence::Daily => self.first.checked_add_days(Days::new(1)),
            Cadence::Weekly => self.first.checked_add_days(Days::new(7)),
            Cadence::Monthly => self.first.checked_add_months(Months::new(1)),
            Cadence::Quarterly => self.first.checked_add_months(Months::new(3)),
        };
        first.map(|first| Self { first, ..self })
    }

    /// The period before it; None at the calendar's beginning.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        let first = match self.cadence {
            Cadence::Daily => self.first.checked_sub_days(Days::new(1)),
            Cadence::Weekly => self.first.checked_sub_days(Days::new(7)),
            Cadence::Monthly => self.first.checked_sub_months(Months::new(1)),
            Cadence::Quarterly => self.first.checked_sub_months(Months::new(3)),
        };
        first.map(|first| Self { first, ..self })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.first;
        match self.cadence {
            Cadence::Daily => write!(f, "day {first}"),
            Cadence::Weekly => {
                let week = first.iso_week();
                write!(f, "week {:04}-W{:02}", week.year(), week.week())
            }
            Cadence::Monthly => write!(f, "month {:04}-{:02}", first.year(), first.month()),
            Cadence::Quarterly => write!(f, "quarter {:04}-Q{}", first.year(), first.month0() / 3 + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(day: &str) -> [String; 4] {
        Cadence::ALL.map(|cadence| Period::containing(day.parse().unwrap(), cadence).to_string())
    }

    #[test]
    fn labels_over_leap_days_year_ends_and_week_53() {
        let cases = [
            ("2026-11-22", ["day 2026-11-22", "week 2026-W47", "month 2026-11", "quarter 2026-Q4"]),
            ("2024-02-29", ["day 2024-02-29", "week 2024-W09", "month 2024-02", "quarter 2024-Q1"]),
            ("2026-12-31", ["day 2026-12-31", "week 2026-W53", "month 2026-12", "quarter 2026-Q4"]),
            ("2027-01-03", ["day 2027-01-03", "week 2026-W53", "month 2027-01", "quarter 2027-Q1"]),
            ("2027-01-04", ["day 2027-01-04", "week 2027-W01", "month 2027-01", "quarter 2027-Q1"]),
            ("2024-12-30", ["day 2024-12-30", "week 2025-W01", "month 2024-12", "quarter 2024-Q4"]),
        ];
        for (day, expected) in cases {
            assert_eq!(labels(day), expected, "{day}");
        }
    }

    #[test]
    fn every_day_of_thirty_years_lies_in_one_period_whose_label_reads_back() {
        let mut day = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
        while day.year() < 2030 {
            let tomorrow = day.succ_opt().unwrap();
            for cadence in Cadence::ALL {
                let period = Period::containing(day, cadence);
                assert!(
                    period.first_day() <= day && day < period.next().unwrap().first_day(),
                    "{day} {period}"
                );
                assert_eq!(period.next().unwrap().previous(), Some(period), "{period}");
                assert_eq!(Period::parse(&period.to_string()), Some(period), "{period}");
                let after = Period::containing(tomorrow, cadence);
                assert!(after == period || Some(after) == period.next(), "{period} {after}");
            }
            day = tomorrow;
        }
    }

    #[test]
    fn what_is_no_label_is_none() {
        for text in [
            "",
            "day",
            "day 2026-13-01",
            "week 2026-W54",
            "week W1",
            "month 2026",
            "quarter 2026-Q5",
            "quarter 2026-Q0",
            "year 2026",
        ] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_ends_of_the_calendar_do_not_panic() {
        for day in [NaiveDate::MIN, NaiveDate::MAX] {
            for cadence in Cadence::ALL {
                let period = Period::containing(day, cadence);
                let _ = (period.next(), period.previous(), period.to_string());
            }
        }
    }
}
