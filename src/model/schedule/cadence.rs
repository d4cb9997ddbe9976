//! How often a slot is due.
//!
//! The codes stand in settings and JSON, the numbers in the database; neither may ever change its meaning.

use serde::Serialize;

/// How often a slot is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    /// Every day.
    Daily = 1,
    /// Every week, on one day.
    Weekly = 2,
    /// Every month, on its first day.
    Monthly = 3,
    /// Every quarter, on its first day.
    Quarterly = 4,
}

impl Cadence {
    /// Every cadence, in the order of its numbers.
    pub const ALL: [Self; 4] = [Self::Daily, Self::Weekly, Self::Monthly, Self::Quarterly];

    /// As the configuration has it, e.g. `daily`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
        }
    }

    /// The number under which it is stored.
    #[must_use]
    pub const fn number(self) -> i64 {
        self as i64
    }

    /// From the stored number.
    #[must_use]
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|cadence| cadence.number() == number)
    }
}
