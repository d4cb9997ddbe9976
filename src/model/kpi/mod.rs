//! What a KPI is: its unit, direction, category and the four points of its definition (HEALTH.md).

pub mod advice;
pub mod as_read;
pub mod batch;
pub mod catalogue;
mod definition;
pub mod definition_file;
mod definition_row;
pub mod dictionary;
pub mod edit;
pub mod fold;
pub mod layers;
pub mod points;
pub mod record;
pub mod replay;
pub mod restated;
pub mod retell;
pub mod series;
pub mod state;
pub mod suggestion;
pub mod taken_in;
mod unit;

use std::fmt;

pub use definition::{KpiDefinition, Scale};
pub use unit::{Conversion, Unit};

use serde::{Deserialize, Serialize};

/// Whether a larger value is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Larger is better.
    Higher,
    /// Smaller is better.
    Lower,
}

impl Direction {
    /// As it is written: `higher`, `lower`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
        }
    }

    /// Reads `higher` or `lower`, case aside; None for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Higher, Self::Lower].into_iter().find(|way| way.name().eq_ignore_ascii_case(text.trim()))
    }
}

/// One of the five health categories, in their fixed order.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
pub enum Category {
    /// Product Usage.
    #[serde(rename = "Product Usage")]
    ProductUsage,
    /// Support.
    Support,
    /// Customer Sentiment.
    #[serde(rename = "Customer Sentiment")]
    CustomerSentiment,
    /// Business Outcomes.
    #[serde(rename = "Business Outcomes")]
    BusinessOutcomes,
    /// Relationship Strength.
    #[serde(rename = "Relationship Strength")]
    RelationshipStrength,
}

impl Category {
    /// The five, in order.
    pub const ALL: [Self; 5] = [
        Self::ProductUsage,
        Self::Support,
        Self::CustomerSentiment,
        Self::BusinessOutcomes,
        Self::RelationshipStrength,
    ];

    /// Its place among the five, from 0.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ProductUsage => "Product Usage",
            Self::Support => "Support",
            Self::CustomerSentiment => "Customer Sentiment",
            Self::BusinessOutcomes => "Business Outcomes",
            Self::RelationshipStrength => "Relationship Strength",
        }
    }

    /// Reads a category's name; case, spaces, punctuation and a trailing "KPI" make no difference.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let key = super::names::loose_key(text);
        let key = key.strip_suffix("kpis").or_else(|| key.strip_suffix("kpi")).unwrap_or(&key);
        Self::ALL.into_iter().find(|category| super::names::loose_key(category.name()) == key)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How much a KPI weighs within its category where weights are not given: High 3, Medium 2, Low 1.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
pub enum Impact {
    /// Weighs 1.
    Low = 1,
    /// Weighs 2; taken where none is given.
    Medium = 2,
    /// Weighs 3.
    High = 3,
}

impl Impact {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
        }
    }

    /// Reads `High`, `medium`, `LOW`; None for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        [Self::Low, Self::Medium, Self::High]
            .into_iter()
            .find(|impact| impact.name().eq_ignore_ascii_case(text))
    }

    /// From the code 1, 2 or 3.
    #[must_use]
    pub const fn from_code(code: i64) -> Option<Self> {
        match code {
            1 => Some(Self::Low),
            2 => Some(Self::Medium),
            3 => Some(Self::High),
            _ => None,
        }
    }

    /// The weight 1, 2 or 3.
    #[must_use]
    pub const fn weight(self) -> f64 {
        self as u8 as f64
    }
}

/// The band in which a KPI's value or an account's score lies.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// At or beyond the critical edge.
    Critical,
    /// Between the edges.
    AtRisk,
    /// On the good side of the healthy edge.
    Healthy,
}

impl Band {
    /// As JSON has it: `critical`, `at_risk`, `healthy`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::AtRisk => "at_risk",
            Self::Healthy => "healthy",
        }
    }

    /// As people read it: `critical`, `at risk`, `healthy`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::AtRisk => "at risk",
            other => other.code(),
        }
    }

    /// From the stored code 0, 1 or 2.
    #[must_use]
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::Critical),
            1 => Some(Self::AtRisk),
            2 => Some(Self::Healthy),
            _ => None,
        }
    }
}

/// Where a definition comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DefinitionOrigin {
    /// The built-in catalogue.
    Catalogue,
    /// `kpis import`.
    Imported,
    /// `kpis set`, or a name given by hand where there is no definition.
    ByHand,
    /// snapshots.toml.
    Config,
}
