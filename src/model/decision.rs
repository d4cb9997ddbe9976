//! What became of an event.

use serde::{Deserialize, Serialize};

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A snapshot was written, and it names this event.
    Created = 1,
    /// A snapshot was written that holds this event's change.
    Covered = 2,
    /// The cooldown held; the change is pending.
    Skipped = 3,
    /// It was left to a later flush; the change is pending.
    Deferred = 4,
    /// Customer and account disagree.
    Denied = 5,
    /// The snapshot could not be written; the change is pending.
    Failed = 6,
}

impl Outcome {
    /// Every outcome, in the order of its numbers.
    pub const ALL: [Self; 6] =
        [Self::Created, Self::Covered, Self::Skipped, Self::Deferred, Self::Denied, Self::Failed];

    /// As JSON has it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Covered => "covered",
            Self::Skipped => "skipped",
            Self::Deferred => "deferred",
            Self::Denied => "denied",
            Self::Failed => "failed",
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
        Self::ALL.into_iter().find(|outcome| outcome.number() == number)
    }

    /// Whether an event with this as its last decision is still owed a snapshot.
    #[must_use]
    pub const fn is_pending(self) -> bool {
        matches!(self, Self::Skipped | Self::Deferred | Self::Failed)
    }
}
