//! What `snapshot create` did (`acctsnap.snapshot_create/1`).

use schemars::JsonSchema;
use serde::Serialize;

use super::text::{count, escape_text};
use crate::model::ids::{AccountId, SnapshotId};
use crate::model::time::Timestamp;

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.snapshot_create/1";

/// A snapshot that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Created {
    /// Our id of the account.
    pub account_id: AccountId,
    /// The account's name.
    pub account_name: String,
    /// The snapshot.
    pub snapshot_id: SnapshotId,
}

/// An account whose cooldown held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Skipped {
    /// Our id of the account.
    pub account_id: AccountId,
    /// The account's name.
    pub account_name: String,
    /// When the cooldown is over.
    pub due_at: Timestamp,
    /// In how many seconds, rounded up.
    pub remaining_seconds: i64,
}

/// An account of which no snapshot could be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Failed {
    /// Our id of the account.
    pub account_id: AccountId,
    /// The account's name.
    pub account_name: String,
    /// Why.
    pub error: String,
}

/// What `snapshot create` did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.snapshot_create/1")]
pub struct CreateView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// Written.
    pub created: Vec<Created>,
    /// Not written, because the cooldown of their type held.
    pub skipped: Vec<Skipped>,
    /// Not written, because something failed.
    pub failed: Vec<Failed>,
    /// How many were written besides: owed to other accounts from earlier, and due now.
    pub flushed: u64,
}

impl CreateView {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self { schema: SCHEMA, created: Vec::new(), skipped: Vec::new(), failed: Vec::new(), flushed: 0 }
    }
}

impl Default for CreateView {
    fn default() -> Self {
        Self::new()
    }
}

/// The lines that a person sees.
#[must_use]
pub fn render(view: &CreateView) -> String {
    const TOLD: usize = 5;
    let mut text = String::new();
    if view.created.len() <= TOLD {
        for created in &view.created {
            let name = escape_text(&created.account_name);
            text.push_str(&format!("snapshot {} of {name}\n", created.snapshot_id));
        }
    } else {
        text.push_str(&format!("{} taken\n", count(view.created.len() as u64, "snapshot")));
    }
    if !view.skipped.is_empty() {
        text.push_str(&format!("{} skipped (cooldown)\n", view.skipped.len()));
    }
    if !view.failed.is_empty() {
        text.push_str(&format!("{} failed\n", view.failed.len()));
    }
    text
}
