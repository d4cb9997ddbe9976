//! A number with what stands beside it, before it meets a KPI's unit.

use crate::model::kpi::Unit;

/// A number as a cell writes it, with its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quantity {
    /// Finite; in the unit of `mark`.
    pub(super) number: f64,
    /// The unit word or sign beside the number.
    pub(super) mark: Option<Mark>,
    /// The 5 of `4.2/5`.
    pub(super) denominator: Option<f64>,
    /// A sum of several parts, such as `2 days 4 hours`.
    pub(super) compound: bool,
}

impl Quantity {
    /// One number with at most one unit.
    pub(super) const fn simple(number: f64, mark: Option<Mark>) -> Self {
        Self { number, mark, denominator: None, compound: false }
    }
}

/// What a unit word or sign says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// `%`, `percent`, `pct`.
    Percent,
    /// A currency's sign or code.
    Money(Whose),
    /// A fixed length of time.
    Time(TimeUnit),
    /// Months, quarters, years.
    Calendar,
    /// `x`.
    Ratio,
    /// `points`.
    Score,
    /// `tickets`.
    Count,
    /// A measure that no KPI unit stands for, such as `GB`.
    Measure,
}

impl Mark {
    /// The KPI unit nearest to it; None where there is none.
    pub(super) const fn nearest_unit(self) -> Option<Unit> {
        Some(match self {
            Self::Percent => Unit::Percent,
            Self::Money(_) => Unit::Money,
            Self::Time(TimeUnit::Day | TimeUnit::Week) | Self::Calendar => Unit::Days,
            Self::Time(_) => Unit::Hours,
            Self::Ratio => Unit::Ratio,
            Self::Score => Unit::Score,
            Self::Count => Unit::Count,
            Self::Measure => return None,
        })
    }
}

/// Whether an amount is in the customer's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// It is.
    Own,
    /// It is in another.
    Other,
}

/// A fixed length of time, shortest first; each is a whole number of every shorter one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TimeUnit {
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
}

impl TimeUnit {
    /// The unit of time in which a KPI is kept; None where its unit is no time.
    pub(super) const fn of(unit: Unit) -> Option<Self> {
        match unit {
            Unit::Days => Some(Self::Day),
            Unit::Hours => Some(Self::Hour),
            _ => None,
        }
    }

    const fn milliseconds(self) -> u32 {
        match self {
            Self::Millisecond => 1,
            Self::Second => 1_000,
            Self::Minute => 60_000,
            Self::Hour => 3_600_000,
            Self::Day => 86_400_000,
            Self::Week => 604_800_000,
        }
    }

    /// A number of these as a number of `other`; one multiplication or division, so rounded once.
    pub(super) fn convert(self, number: f64, other: Self) -> f64 {
        let (from, to) = (self.milliseconds(), other.milliseconds());
        if from >= to { number * f64::from(from / to) } else { number / f64::from(to / from) }
    }
}
