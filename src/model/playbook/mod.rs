//! Playbook executions: their states, in order, and what one file says of one.

mod run;
mod status;

use serde_json::{Map, Value};

pub use run::{Merged, PlaybookRun};
pub use status::PlaybookStatus;

use super::kpi::batch::AccountMention;
use super::time::Timestamp;

/// How many reports a snapshot names.
pub const RECENT_REPORTS: usize = 5;

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
