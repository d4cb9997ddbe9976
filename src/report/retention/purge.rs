//! What a purge removed for good, and what it could not remove (`acctsnap.retention_purge/1`).

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::ids::SnapshotId;
use crate::report::text::{count, escape_text};

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.retention_purge/1";

/// A snapshot that could not be removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PurgeFailure {
    /// Whose snapshot.
    pub customer: String,
    /// The snapshot; it is hidden as before.
    pub snapshot_id: SnapshotId,
    /// Why.
    pub error: String,
}

/// What a purge did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.retention_purge/1")]
pub struct PurgeView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// Whether everything was taken back.
    pub dry_run: bool,
    /// Snapshots that are gone for good.
    pub removed: u64,
    /// Contents that went with them: those that no other snapshot has.
    pub contents: u64,
    /// Hidden snapshots that stay because they were tagged, pinned or brought back since.
    pub held: u64,
    /// Snapshots that could not be removed.
    pub failed: Vec<PurgeFailure>,
    /// What ended the purge before everything was removed; null where nothing did.
    pub ended_by: Option<String>,
}

impl PurgeView {
    /// Nothing yet.
    #[must_use]
    pub fn new(dry_run: bool) -> Self {
        Self { schema: SCHEMA, dry_run, removed: 0, contents: 0, held: 0, failed: Vec::new(), ended_by: None }
    }

    /// Whether something that should go is still there.
    #[must_use]
    pub fn is_partly_done(&self) -> bool {
        !self.failed.is_empty() || self.ended_by.is_some()
    }
}

/// The lines that a person sees.
#[must_use]
pub fn render(view: &PurgeView) -> String {
    if view.removed == 0 && view.held == 0 && !view.is_partly_done() {
        return "nothing is hidden, so nothing was removed\n".to_owned();
    }
    let mut text = format!("{} removed for good", count(view.removed, "snapshot"));
    if view.held > 0 {
        text.push_str(&format!(", {} kept: tagged, pinned or brought back since", view.held));
    }
    if !view.failed.is_empty() {
        text.push_str(&format!(", {} could not be removed", view.failed.len()));
    }
    text.push('\n');
    if let Some(error) = &view.ended_by {
        text.push_str(&format!("ended before everything was removed: {}\n", escape_text(error)));
    }
    text
}

/// What is asked about before.
#[must_use]
pub fn question(hidden: &[(String, u64)]) -> String {
    let lines = hidden.iter().map(|(customer, hidden)| {
        format!(
            "{}: {} to be removed for good; no undo brings back\n",
            escape_text(customer),
            count(*hidden, "hidden snapshot")
        )
    });
    lines.collect()
}
