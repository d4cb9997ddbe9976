//! The states of an execution and the words for them. It must never guess a state from a word that is not listed.

use serde::{Deserialize, Serialize};

use crate::model::names::loose_key;

/// The state of an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PlaybookStatus {
    /// It is planned or runs.
    InProgress = 1,
    /// It ended with success.
    Completed = 2,
    /// It ended without.
    Failed = 3,
    /// It was ended, or never begun.
    Cancelled = 4,
}

/// The words for each state, as [`loose_key`] has them.
///
/// Those of CRMs and success platforms, and of CI systems as GitHub's own command line sorts them: there
/// `action_required` is a failure, `neutral` and `skipped` are not.
const WORDS: [(PlaybookStatus, &[&str]); 4] = [
    (
        PlaybookStatus::InProgress,
        &[
            "inprogress",
            "running",
            "started",
            "active",
            "open",
            "ongoing",
            "pending",
            "queued",
            "waiting",
            "scheduled",
            "planned",
            "new",
            "notstarted",
            "todo",
            "paused",
            "onhold",
            "blocked",
            "requested",
            "working",
            "inflight",
        ],
    ),
    (
        PlaybookStatus::Completed,
        &[
            "completed",
            "complete",
            "done",
            "finished",
            "success",
            "succeeded",
            "successful",
            "closed",
            "closedsuccess",
            "closedsuccessful",
            "closedwon",
            "ok",
            "passed",
            "won",
            "achieved",
        ],
    ),
    (
        PlaybookStatus::Failed,
        &[
            "failed",
            "failure",
            "error",
            "errored",
            "unsuccessful",
            "closedfailed",
            "closedlost",
            "closednosuccess",
            "closedunsuccessful",
            "lost",
            "timedout",
            "timeout",
            "unreachable",
            "startupfailure",
            "truncated",
            "actionrequired",
            "incomplete",
            "interrupted",
        ],
    ),
    (
        PlaybookStatus::Cancelled,
        &[
            "cancelled",
            "canceled",
            "cancel",
            "aborted",
            "abandoned",
            "stopped",
            "skipped",
            "dismissed",
            "rejected",
            "terminated",
            "closedinvalid",
            "invalid",
            "withdrawn",
            "expired",
            "stale",
            "neutral",
        ],
    ),
];

/// The words of what has not begun yet.
const PLANNED: [&str; 9] =
    ["scheduled", "planned", "notstarted", "new", "todo", "queued", "pending", "waiting", "requested"];

impl PlaybookStatus {
    /// As JSON has it: `in-progress`, `completed`, `failed`, `cancelled`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// From the stored number.
    #[must_use]
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::InProgress),
            2 => Some(Self::Completed),
            3 => Some(Self::Failed),
            4 => Some(Self::Cancelled),
            _ => None,
        }
    }

    /// Whether the execution is over.
    #[must_use]
    pub const fn is_over(self) -> bool {
        !matches!(self, Self::InProgress)
    }

    /// Reads a state by its name or a usual synonym; case, spaces and punctuation make no difference.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let key = loose_key(text);
        WORDS.into_iter().find(|(_, words)| words.contains(&key.as_str())).map(|(status, _)| status)
    }

    /// Whether a word for [`Self::InProgress`] is one of what has not begun yet, so that its start may lie ahead.
    #[must_use]
    pub fn is_planned(text: &str) -> bool {
        PLANNED.contains(&loose_key(text).as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_stands_for_two_states_and_each_is_found() {
        let mut seen = std::collections::HashSet::new();
        for (status, words) in WORDS {
            for word in words {
                assert!(seen.insert(*word), "{word}");
                assert_eq!((loose_key(word).as_str(), PlaybookStatus::parse(word)), (*word, Some(status)));
            }
            assert_eq!(PlaybookStatus::parse(status.code()), Some(status));
            assert_eq!(PlaybookStatus::from_number(status as i64), Some(status));
        }
        assert_eq!(PlaybookStatus::parse("In Progress"), Some(PlaybookStatus::InProgress));
        assert_eq!(PlaybookStatus::parse("renewed"), None);
    }

    #[test]
    fn what_is_planned_counts_as_in_progress() {
        for word in PLANNED {
            assert_eq!(PlaybookStatus::parse(word), Some(PlaybookStatus::InProgress), "{word}");
            assert!(PlaybookStatus::is_planned(word));
        }
        assert!(PlaybookStatus::is_planned("Not Started") && !PlaybookStatus::is_planned("running"));
    }
}
