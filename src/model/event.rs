//! The types of events: what happened to an account, in the past tense.
//!
//! The codes stand in JSON and the numbers in the database; neither may ever change its meaning.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::snapshot::SnapshotType;

/// What happened, or what else brought a snapshot about.
///
/// The first four are published: the first three by uploads, the fourth by `health calculate`. The last two
/// are triggers that no upload publishes; they name the cause of a snapshot and are never in the event log.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum EventType {
    /// An upload changed KPI values of the account.
    KpiDataUploaded = 1,
    /// An upload changed the account's profile, or completed one of its playbooks.
    AccountDataChanged = 2,
    /// An upload changed the account's health scores.
    HealthScoresUpdated = 3,
    /// `health calculate` stored scores of the account.
    HealthCalculationCompleted = 4,
    /// A context was asked for and the account's snapshot was missing or stale; a trigger, never published.
    RagQueryMissingSnapshot = 5,
    /// A slot of the calendar was due; a trigger, never published.
    Schedule = 6,
}

impl EventType {
    /// Every type, in the order of its numbers.
    pub const ALL: [Self; 6] = [
        Self::KpiDataUploaded,
        Self::AccountDataChanged,
        Self::HealthScoresUpdated,
        Self::HealthCalculationCompleted,
        Self::RagQueryMissingSnapshot,
        Self::Schedule,
    ];

    /// As JSON and the configuration have it, e.g. `kpi_data_uploaded`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::KpiDataUploaded => "kpi_data_uploaded",
            Self::AccountDataChanged => "account_data_changed",
            Self::HealthScoresUpdated => "health_scores_updated",
            Self::HealthCalculationCompleted => "health_calculation_completed",
            Self::RagQueryMissingSnapshot => "rag_query_missing_snapshot",
            Self::Schedule => "schedule",
        }
    }

    /// Whether events of this type are published at all; false for the two mere triggers.
    #[must_use]
    pub const fn is_published(self) -> bool {
        !matches!(self, Self::RagQueryMissingSnapshot | Self::Schedule)
    }

    /// The type of the snapshot that it leads to, under whose cooldown it stands.
    #[must_use]
    pub const fn snapshot_type(self) -> SnapshotType {
        match self {
            Self::KpiDataUploaded | Self::AccountDataChanged | Self::HealthScoresUpdated => {
                SnapshotType::EventDriven
            }
            Self::HealthCalculationCompleted => SnapshotType::PostHealthCalc,
            Self::RagQueryMissingSnapshot => SnapshotType::RagAuto,
            Self::Schedule => SnapshotType::Scheduled,
        }
    }

    /// As it is stored: 1 to 6.
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

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl FromStr for EventType {
    type Err = String;

    /// Reads a code; the error says which there are.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.code() == text).ok_or_else(|| {
            let codes = Self::ALL.map(Self::code).join(", ");
            format!("expected an event type ({codes}), got '{text}'")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_numbers_lead_back_and_stay_what_they_were() {
        let numbers = EventType::ALL.map(|kind| (kind.code(), kind.number()));
        let kept = [
            ("kpi_data_uploaded", 1),
            ("account_data_changed", 2),
            ("health_scores_updated", 3),
            ("health_calculation_completed", 4),
            ("rag_query_missing_snapshot", 5),
            ("schedule", 6),
        ];
        assert_eq!(numbers, kept);
        for kind in EventType::ALL {
            assert_eq!(kind.code().parse(), Ok(kind));
            assert_eq!(EventType::from_number(kind.number()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
        assert_eq!(EventType::from_number(0), None);
        assert_eq!(EventType::from_number(7), None);
        assert!("uploaded".parse::<EventType>().unwrap_err().contains("kpi_data_uploaded"));
    }

    #[test]
    fn a_change_of_data_leads_to_another_snapshot_than_a_calculation() {
        let types = EventType::ALL.map(|kind| kind.snapshot_type().code());
        let expected =
            ["event_driven", "event_driven", "event_driven", "post_health_calc", "rag_auto", "scheduled"];
        assert_eq!(types, expected);
    }

    #[test]
    fn the_two_triggers_are_not_published() {
        let triggers: Vec<_> = EventType::ALL.into_iter().filter(|kind| !kind.is_published()).collect();
        assert_eq!(triggers, [EventType::RagQueryMissingSnapshot, EventType::Schedule]);
    }
}
