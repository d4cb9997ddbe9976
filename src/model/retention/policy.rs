//! How much is kept of a type of snapshots.

use std::fmt;

use super::period::PeriodKind;
use crate::model::duration::Span;

/// How much of the last snapshots of each day, week, month, quarter or year is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Of that many periods.
    Count(u32),
    /// Of the periods that began no longer ago.
    For(Span),
    /// Of all periods.
    All,
}

impl Keep {
    fn is_none(self) -> bool {
        self == Self::Count(0) || self == Self::For(Span::default())
    }
}

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::For(length) => write!(f, "{length}"),
            Self::All => f.write_str("all"),
        }
    }
}

/// One retention table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionPolicy {
    /// Every snapshot is kept for so long.
    pub keep_all: Option<Span>,
    /// One of each day.
    pub day: Option<Keep>,
    /// One of each ISO week.
    pub week: Option<Keep>,
    /// One of each month.
    pub month: Option<Keep>,
    /// One of each quarter.
    pub quarter: Option<Keep>,
    /// One of each year.
    pub year: Option<Keep>,
    /// So many of the newest are kept whatever the rest says; at least 1.
    pub min: u32,
}

impl fmt::Display for RetentionPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(length) = self.keep_all {
            write!(f, "keep_all {length}, ")?;
        }
        for (kind, keep) in self.periods() {
            write!(f, "{kind} {keep}, ")?;
        }
        write!(f, "min {}", self.min)
    }
}

impl RetentionPolicy {
    /// What holds where the settings say nothing: everything for a year, month ends for five, quarter ends for ever.
    #[must_use]
    pub const fn standard() -> Self {
        Self {
            keep_all: Some(Span::from_months(12)),
            day: None,
            week: None,
            month: Some(Keep::For(Span::from_months(60))),
            quarter: Some(Keep::All),
            year: None,
            min: 1,
        }
    }

    /// How much it keeps of each kind of period, the shortest first; of those that it names.
    pub fn periods(&self) -> impl Iterator<Item = (PeriodKind, Keep)> {
        let kept = [self.day, self.week, self.month, self.quarter, self.year];
        PeriodKind::ALL.into_iter().zip(kept).filter_map(|(kind, keep)| Some((kind, keep?)))
    }

    /// Whether no rule of it keeps anything: only what is never removed would be left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let keeps_all = self.keep_all.is_some_and(|length| length != Span::default());
        !keeps_all && self.min <= 1 && self.periods().all(|(_, keep)| keep.is_none())
    }
}
