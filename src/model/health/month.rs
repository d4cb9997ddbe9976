//! Health scores as others computed them: an account's scores of one month, and the rows of a file of them.

use std::fmt;

use chrono::{Datelike, Months, NaiveDate};

use crate::model::kpi::batch::AccountMention;
use crate::model::rejection::BadRow;
use crate::model::score::Score;

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    first: NaiveDate,
}

impl Month {
    /// The month in which a day lies.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self { first: day.with_day(1).unwrap_or(day) }
    }

    /// The month of this number, 1 to 12.
    #[must_use]
    pub fn new(year: i32, month: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, 1).map(Self::of)
    }

    /// Its year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.first.year()
    }

    /// Its first day.
    #[must_use]
    pub const fn first_day(self) -> NaiveDate {
        self.first
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        let next = self.first.checked_add_months(Months::new(1));
        next.and_then(|next| next.pred_opt()).unwrap_or(self.first)
    }

    /// Reads `2026-10`, as it is kept.
    #[must_use]
    pub fn from_stored(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        Self::new(year.parse().ok()?, month.parse().ok()?)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

/// An account's scores of a month; None where the source has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MonthScores {
    /// The overall score.
    pub overall: Option<Score>,
    /// The category scores, in the order of [`crate::model::kpi::Category::ALL`].
    pub categories: [Option<Score>; 5],
}

impl MonthScores {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.overall.is_none() && self.categories.iter().all(Option::is_none)
    }

    /// These scores after `said`: what it does not say stands.
    #[must_use]
    pub fn after(&self, said: &Self) -> Self {
        let mut categories = self.categories;
        for (known, said) in categories.iter_mut().zip(said.categories) {
            *known = said.or(*known);
        }
        Self { overall: said.overall.or(self.overall), categories }
    }
}

/// One row: an account's scores of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthRow {
    /// Index into [`HealthBatch::accounts`].
    pub account: u32,
    /// Physical line on which the record begins, from 1.
    pub line: u32,
    /// The month.
    pub month: Month,
    /// The day, where the row gives one.
    pub observed_on: Option<NaiveDate>,
    /// The scores; all None where the row has none.
    pub scores: MonthScores,
    /// How many of its score cells are blank, or hold what stands for no value.
    pub blanks: u32,
}

/// Every good row of a file.
#[derive(Debug, Default)]
pub struct HealthBatch {
    /// The accounts named, each once, in order of first mention.
    pub accounts: Vec<AccountMention>,
    /// The rows, in file order; several of one account and day (or month, where they give no day) agree.
    pub rows: Vec<HealthRow>,
    /// Rows whose scores alone cannot be taken, by the month and day that they are of.
    pub bad: Vec<BadRow<(Month, Option<NaiveDate>)>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_knows_its_days() {
        let february = Month::new(2028, 2).unwrap();
        assert_eq!(february.to_string(), "2028-02");
        assert_eq!(february.last_day().to_string(), "2028-02-29");
        assert_eq!(Month::from_stored("2028-02"), Some(february));
        assert_eq!(Month::of("2028-02-17".parse().unwrap()), february);
        assert_eq!(Month::new(2026, 12).unwrap().last_day().to_string(), "2026-12-31");
        assert_eq!((Month::new(2026, 13), Month::from_stored("2026")), (None, None));
    }

    #[test]
    fn what_is_not_said_stands() {
        let score = |points| Some(Score::from_hundredths(points));
        let known = MonthScores { overall: score(5000), categories: [score(1), None, None, None, score(5)] };
        let said = MonthScores { overall: None, categories: [None, score(2), None, None, score(6)] };
        let after = known.after(&said);
        assert_eq!(after.overall, score(5000));
        assert_eq!(after.categories, [score(1), score(2), None, None, score(6)]);
        assert!(MonthScores::default().is_empty() && !said.is_empty());
    }
}
