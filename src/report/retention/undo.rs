//! What an undo of retention brought back (`acctsnap.retention_undo/1`).

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::ids::RetentionRunId;
use crate::report::text::{count, escape_text};

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.retention_undo/1";

/// What an undo did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.retention_undo/1")]
pub struct UndoView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// Whether anything changed; false where it was undone before.
    pub changed: bool,
    /// Whether everything was taken back.
    pub dry_run: bool,
    /// Whose snapshots.
    pub customer: String,
    /// The run that was undone.
    pub run_id: RetentionRunId,
    /// Snapshots that are shown again.
    pub shown: u64,
    /// Snapshots that the run had hidden and that were removed for good since.
    pub removed: u64,
    /// The number of the undo; null where nothing was written.
    pub undone_by: Option<RetentionRunId>,
}

/// The lines that a person sees.
#[must_use]
pub fn render(view: &UndoView) -> String {
    let customer = escape_text(&view.customer);
    if !view.changed {
        return format!("{customer}: run {} is undone already: nothing was changed\n", view.run_id);
    }
    let mut text = format!("{customer}: {} shown again", count(view.shown, "snapshot"));
    if view.removed > 0 {
        text.push_str(&format!(", {} removed for good before", view.removed));
    }
    text.push('\n');
    text
}
