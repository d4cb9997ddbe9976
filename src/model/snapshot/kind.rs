//! The types of snapshots: what made one be taken.
//!
//! The codes stand in JSON and the numbers in the database; neither may ever change its meaning.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What made a snapshot be taken.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SnapshotType {
    /// Somebody asked for it; no cooldown stops it.
    Manual = 1,
    /// Data of the account changed.
    EventDriven = 2,
    /// A context for a language model needed it.
    RagAuto = 3,
    /// A slot of the calendar was due.
    Scheduled = 4,
    /// A health calculation was completed.
    PostHealthCalc = 5,
}

impl SnapshotType {
    /// Every type, in the order of its numbers.
    pub const ALL: [Self; 5] =
        [Self::Manual, Self::EventDriven, Self::RagAuto, Self::Scheduled, Self::PostHealthCalc];

    /// As JSON and the configuration have it, e.g. `event_driven`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::EventDriven => "event_driven",
            Self::RagAuto => "rag_auto",
            Self::Scheduled => "scheduled",
            Self::PostHealthCalc => "post_health_calc",
        }
    }

    /// As it is stored: 1 to 5.
    #[must_use]
    pub const fn number(self) -> i64 {
        self as i64
    }

    /// From the stored number; None for a number that no type has.
    #[must_use]
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }
}

impl fmt::Display for SnapshotType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl FromStr for SnapshotType {
    type Err = String;

    /// Reads a code; the error says which there are.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.code() == text).ok_or_else(|| {
            let codes = Self::ALL.map(Self::code).join(", ");
            format!("expected a snapshot type ({codes}), got '{text}'")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_numbers_lead_back_and_stay_what_they_were() {
        let numbers = SnapshotType::ALL.map(|kind| (kind.code(), kind.number()));
        let kept =
            [("manual", 1), ("event_driven", 2), ("rag_auto", 3), ("scheduled", 4), ("post_health_calc", 5)];
        assert_eq!(numbers, kept);
        for kind in SnapshotType::ALL {
            assert_eq!(kind.code().parse(), Ok(kind));
            assert_eq!(SnapshotType::from_number(kind.number()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
        assert_eq!(SnapshotType::from_number(0), None);
        assert_eq!(SnapshotType::from_number(6), None);
        assert!("automatic".parse::<SnapshotType>().unwrap_err().contains("event_driven"));
    }
}
