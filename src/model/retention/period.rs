//! The periods of which a policy keeps the last snapshot: days, ISO weeks, months, quarters and years of a local calendar.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::model::schedule::{Cadence, Period};

/// A kind of period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeriodKind {
    /// A day.
    Day,
    /// An ISO week, Monday to Sunday.
    Week,
    /// A month.
    Month,
    /// A quarter of the calendar year.
    Quarter,
    /// A calendar year.
    Year,
}

impl PeriodKind {
    /// Every kind, the shortest first.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// As the settings have it, e.g. `month`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}

impl fmt::Display for PeriodKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One period, e.g. `month 2026-09`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeptPeriod {
    kind: PeriodKind,
    first: NaiveDate,
}

impl KeptPeriod {
    /// The period of a kind that a day lies in.
    #[must_use]
    pub fn containing(day: NaiveDate, kind: PeriodKind) -> Self {
        let of = |cadence| Period::containing(day, cadence).first_day();
        let first = match kind {
            PeriodKind::Day => day,
            PeriodKind::Week => of(Cadence::Weekly),
            PeriodKind::Month => of(Cadence::Monthly),
            PeriodKind::Quarter => of(Cadence::Quarterly),
            PeriodKind::Year => day.with_ordinal(1).unwrap_or(day),
        };
        Self { kind, first }
    }

    /// The first day behind it; the last day that there is where it ends with that.
    #[must_use]
    pub fn day_after(self) -> NaiveDate {
        let after = match self.kind {
            PeriodKind::Day => self.first.checked_add_days(Days::new(1)),
            PeriodKind::Week => self.first.checked_add_days(Days::new(7)),
            PeriodKind::Month => self.first.checked_add_months(Months::new(1)),
            PeriodKind::Quarter => self.first.checked_add_months(Months::new(3)),
            PeriodKind::Year => self.first.checked_add_months(Months::new(12)),
        };
        after.unwrap_or(NaiveDate::MAX)
    }

    /// What kind it is.
    #[must_use]
    pub const fn kind(self) -> PeriodKind {
        self.kind
    }
}

impl fmt::Display for KeptPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labelled = |cadence| Period::containing(self.first, cadence);
        match self.kind {
            PeriodKind::Day => labelled(Cadence::Daily).fmt(f),
            PeriodKind::Week => labelled(Cadence::Weekly).fmt(f),
            PeriodKind::Month => labelled(Cadence::Monthly).fmt(f),
            PeriodKind::Quarter => labelled(Cadence::Quarterly).fmt(f),
            PeriodKind::Year => write!(f, "year {:04}", self.first.year()),
        }
    }
}
