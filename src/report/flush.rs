//! What a flush did (`acctsnap.flush/1`).

use schemars::JsonSchema;
use serde::Serialize;

use super::text::{count, escape_text, instant};
use crate::model::ids::{AccountId, SnapshotId};
use crate::model::time::Timestamp;

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.flush/1";

/// An account whose cooldown holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Waiting {
    /// Whose account.
    pub customer: String,
    /// Our id.
    pub account_id: AccountId,
    /// Its name.
    pub account_name: String,
    /// When its snapshot is due.
    pub due_at: Timestamp,
}

/// What a flush did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.flush/1")]
pub struct FlushView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// Snapshots written.
    pub created: u64,
    /// Snapshots that could not be written.
    pub failed: u64,
    /// Accounts that failed too often to be tried again.
    pub given_up: u64,
    /// Customers that had to be left, because their last change lies after `--at`.
    pub customers_left: u64,
    /// The snapshots written.
    pub snapshot_ids: Vec<SnapshotId>,
    /// Accounts whose cooldown holds.
    pub waiting: Vec<Waiting>,
}

impl FlushView {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            schema: SCHEMA,
            created: 0,
            failed: 0,
            given_up: 0,
            customers_left: 0,
            snapshot_ids: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// Whether there was anything to flush.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.created + self.failed + self.given_up == 0 && self.waiting.is_empty()
    }
}

impl Default for FlushView {
    fn default() -> Self {
        Self::new()
    }
}

/// The lines that a person sees.
#[must_use]
pub fn render(view: &FlushView, zone: chrono_tz::Tz) -> String {
    const TOLD: usize = 5;
    if view.is_empty() {
        return "nothing is pending\n".to_owned();
    }
    let mut text = format!("{} taken", count(view.created, "snapshot"));
    if view.failed > 0 {
        text.push_str(&format!(", {} failed", view.failed));
    }
    if view.given_up > 0 {
        text.push_str(&format!(", {} not tried again after too many failures", view.given_up));
    }
    text.push('\n');
    for waiting in view.waiting.iter().take(TOLD) {
        let name = escape_text(&waiting.account_name);
        text.push_str(&format!("{name} waits until {} (cooldown)\n", instant(waiting.due_at, zone)));
    }
    if let more @ 1.. = view.waiting.len().saturating_sub(TOLD) {
        text.push_str(&format!("{more} more wait\n"));
    }
    text
}
