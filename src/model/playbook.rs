//! Playbook executions: their states, in order, and what one file says of one.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::kpi::batch::AccountMention;
use super::names::loose_key;
use super::time::Timestamp;

/// How many reports a snapshot names.
pub const RECENT_REPORTS: usize = 5;

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
}

/// What one file says of an execution; None says nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlaybookSaid {
    /// The execution's id in the system that it comes from.
    pub execution_id: String,
    /// Which playbook.
    pub playbook_id: Option<String>,
    /// The state.
    pub status: Option<PlaybookStatus>,
    /// When it started.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// Where it stands.
    pub current_step: Option<String>,
    /// The report, where there is one: `executive_summary`, `outcomes_achieved` and what it has besides.
    pub report: Option<Map<String, Value>>,
    /// Everything else, by name, as it stands: results, context, metadata, the source's customerId and status.
    pub details: Map<String, Value>,
}

impl PlaybookSaid {
    /// The fields that it gives; of the details, each by its own name.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let given = [
            ("playbook_id", self.playbook_id.is_some()),
            ("status", self.status.is_some()),
            ("started_at", self.started_at.is_some()),
            ("completed_at", self.completed_at.is_some()),
            ("current_step", self.current_step.is_some()),
            ("report", self.report.is_some()),
        ];
        let given = given.into_iter().filter(|(_, is_given)| *is_given).map(|(name, _)| name);
        given.chain(self.details.keys().map(String::as_str)).collect()
    }
}

/// An execution as it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaybookRun {
    /// The execution's id in the system that it comes from.
    pub execution_id: String,
    /// Which playbook.
    pub playbook_id: Option<String>,
    /// The state.
    pub status: PlaybookStatus,
    /// When it started.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// Where it stands.
    pub current_step: Option<String>,
    /// The report, where there is one.
    pub report: Option<Map<String, Value>>,
    /// Everything else, by name.
    pub details: Map<String, Value>,
}

/// What a row made of an execution.
#[derive(Debug, Clone, PartialEq)]
pub enum Merged {
    /// Nothing is said of its state, and it is not known: there is nothing to add to.
    UnknownExecution,
    /// The row tells of an earlier state than the one known: what it says is not taken.
    Stale,
    /// The execution as it is known now.
    Run(Box<PlaybookRun>),
}

impl PlaybookRun {
    /// The execution after what a row says: what that does not say stands.
    ///
    /// States come in order: what is over does not run again, unless the row says that it started after the end.
    #[must_use]
    pub fn after(known: Option<&Self>, said: &PlaybookSaid) -> Merged {
        let Some(known) = known else {
            let Some(status) = said.status else { return Merged::UnknownExecution };
            return Merged::Run(Box::new(Self {
                execution_id: said.execution_id.clone(),
                playbook_id: said.playbook_id.clone(),
                status,
                started_at: said.started_at,
                completed_at: said.completed_at,
                current_step: said.current_step.clone(),
                report: said.report.clone(),
                details: said.details.clone(),
            }));
        };
        let restarts = said.status == Some(PlaybookStatus::InProgress) && known.status.is_over();
        if restarts && known.completed_at.zip(said.started_at).is_none_or(|(end, start)| start <= end) {
            return Merged::Stale;
        }
        let mut next = known.clone();
        next.status = said.status.unwrap_or(known.status);
        next.playbook_id = said.playbook_id.clone().or(next.playbook_id);
        next.started_at = said.started_at.or(next.started_at);
        next.completed_at =
            if restarts { said.completed_at } else { said.completed_at.or(next.completed_at) };
        next.current_step = said.current_step.clone().or(next.current_step);
        next.report = said.report.clone().or(next.report);
        next.details.extend(said.details.clone());
        Merged::Run(Box::new(next))
    }
}

/// One row: what it says of an execution.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaybookRow {
    /// Index into [`PlaybookBatch::accounts`].
    pub account: u32,
    /// Physical line on which the record begins, from 1.
    pub line: u32,
    /// What it says.
    pub said: PlaybookSaid,
    /// How many of its cells are blank.
    pub blanks: u32,
}

/// Every good row of a file; an execution can have several, in the order of its states.
#[derive(Debug, Default)]
pub struct PlaybookBatch {
    /// The accounts named, each once, in order of first mention.
    pub accounts: Vec<AccountMention>,
    /// The rows, in file order.
    pub rows: Vec<PlaybookRow>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: Option<PlaybookStatus>, started: Option<i64>, completed: Option<i64>) -> PlaybookSaid {
        PlaybookSaid {
            execution_id: "e1".to_owned(),
            status,
            started_at: started.map(Timestamp::from_millis),
            completed_at: completed.map(Timestamp::from_millis),
            ..PlaybookSaid::default()
        }
    }

    fn run(known: Option<&PlaybookRun>, said: &PlaybookSaid) -> PlaybookRun {
        match PlaybookRun::after(known, said) {
            Merged::Run(run) => *run,
            other => panic!("{other:?}"),
        }
    }

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
    fn what_is_over_does_not_run_again_unless_it_started_after_its_end() {
        use PlaybookStatus::{Completed, Failed, InProgress};
        let running = run(None, &said(Some(InProgress), Some(1), None));
        let done = run(Some(&running), &said(Some(Completed), None, Some(5)));
        assert_eq!((done.status, done.started_at), (Completed, Some(Timestamp::from_millis(1))));
        assert_eq!(PlaybookRun::after(Some(&done), &said(Some(InProgress), Some(1), None)), Merged::Stale);
        assert_eq!(PlaybookRun::after(Some(&done), &said(Some(InProgress), None, None)), Merged::Stale);
        let again = run(Some(&done), &said(Some(InProgress), Some(6), None));
        assert_eq!((again.status, again.completed_at), (InProgress, None));
        let corrected = run(Some(&done), &said(Some(Failed), None, None));
        assert_eq!((corrected.status, corrected.completed_at), (Failed, Some(Timestamp::from_millis(5))));
    }

    #[test]
    fn a_report_adds_to_an_execution_that_is_known() {
        let mut report = said(None, None, None);
        report.report = Some(Map::from_iter([("executive_summary".to_owned(), Value::from("fine"))]));
        assert_eq!(PlaybookRun::after(None, &report), Merged::UnknownExecution);
        let known = run(None, &said(Some(PlaybookStatus::Completed), None, None));
        assert_eq!(run(Some(&known), &report).report, report.report);
    }
}
