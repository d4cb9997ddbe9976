//! The units in which KPI values are kept, and which of them measure the same.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The unit in which a KPI's values are kept.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
pub enum Unit {
    /// Percent; 85 is 85 %.
    #[serde(rename = "%")]
    Percent,
    /// Money in the customer's currency, in major units.
    #[serde(rename = "$")]
    Money,
    /// Days of 24 hours.
    #[serde(rename = "days")]
    Days,
    /// Hours.
    #[serde(rename = "hours")]
    Hours,
    /// Points on the KPI's own scale.
    #[serde(rename = "score")]
    Score,
    /// A number of things.
    #[serde(rename = "count")]
    Count,
    /// One quantity over another.
    #[serde(rename = "ratio")]
    Ratio,
}

impl Unit {
    /// Every unit, in the order of HEALTH.md.
    pub const ALL: [Self; 7] =
        [Self::Percent, Self::Money, Self::Days, Self::Hours, Self::Score, Self::Count, Self::Ratio];

    /// Reads a unit's name, case aside; None for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.name().eq_ignore_ascii_case(text.trim()))
    }

    /// How a number in this unit becomes one in another that measures the same; None across dimensions.
    #[must_use]
    pub fn conversion_to(self, other: Self) -> Option<Conversion> {
        match (self, other) {
            _ if self == other => Some(Conversion::Same),
            (Self::Days, Self::Hours) => Some(Conversion::Times(24.0)),
            (Self::Hours, Self::Days) => Some(Conversion::Over(24.0)),
            _ => None,
        }
    }

    /// As it is written: `%`, `$`, `days`, `hours`, `score`, `count`, `ratio`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Percent => "%",
            Self::Money => "$",
            Self::Days => "days",
            Self::Hours => "hours",
            Self::Score => "score",
            Self::Count => "count",
            Self::Ratio => "ratio",
        }
    }
}

/// How a number in one unit becomes one in another of the same dimension; rounded once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Conversion {
    /// It stays.
    Same,
    /// It is multiplied.
    Times(f64),
    /// It is divided.
    Over(f64),
}

impl Conversion {
    /// The number in the other unit.
    #[must_use]
    pub fn apply(self, number: f64) -> f64 {
        match self {
            Self::Same => number,
            Self::Times(factor) => number * factor,
            Self::Over(factor) => number / factor,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
