//! What an apply hid (`acctsnap.retention_apply/1`).

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::ids::RetentionRunId;
use crate::report::text::{count, escape_text};

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.retention_apply/1";

/// What was hidden of one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AppliedRun {
    /// Whose snapshots.
    pub customer: String,
    /// The run's number, by which it is undone; null where nothing was written.
    pub run_id: Option<RetentionRunId>,
    /// Snapshots that it hid.
    pub hidden: u64,
    /// Snapshots that are shown as before.
    pub kept: u64,
}

/// What an apply did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.retention_apply/1")]
pub struct ApplyView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// Whether everything was taken back.
    pub dry_run: bool,
    /// Snapshots that were hidden, of all customers.
    pub hidden: u64,
    /// Customers that had to be left, because their last change lies after `--at`.
    pub customers_left: u64,
    /// A run for each customer of whom something was hidden.
    pub runs: Vec<AppliedRun>,
}

impl ApplyView {
    /// Nothing yet.
    #[must_use]
    pub fn new(dry_run: bool) -> Self {
        Self { schema: SCHEMA, dry_run, hidden: 0, customers_left: 0, runs: Vec::new() }
    }
}

/// The lines that a person sees.
#[must_use]
pub fn render(view: &ApplyView) -> String {
    if view.runs.is_empty() {
        return "nothing is to be hidden\n".to_owned();
    }
    let lines = view.runs.iter().map(|run| {
        let done = format!(
            "{}: {} hidden, {} kept",
            escape_text(&run.customer),
            count(run.hidden, "snapshot"),
            run.kept
        );
        match run.run_id {
            Some(id) => format!("{done}; undo: acctsnap retention undo {id}\n"),
            None => format!("{done}\n"),
        }
    });
    lines.collect()
}
