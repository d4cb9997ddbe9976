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
    /// How many accounts were asked for: named, all, or those for which the condition held.
    pub selected: u64,
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
    /// Nothing yet, of so many accounts.
    #[must_use]
    pub fn new(selected: usize) -> Self {
        Self {
            schema: SCHEMA,
            selected: selected as u64,
            created: Vec::new(),
            skipped: Vec::new(),
            failed: Vec::new(),
            flushed: 0,
        }
    }

    /// Whether every snapshot that was asked for failed.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        self.selected > 0 && self.created.is_empty() && self.skipped.is_empty() && !self.failed.is_empty()
    }
}

/// The lines that a person sees: each snapshot where they are few, and what came of all where there are several.
#[must_use]
pub fn render(view: &CreateView) -> String {
    const TOLD: usize = 5;
    if view.selected == 0 {
        return "no account matches\n".to_owned();
    }
    let mut text = String::new();
    if view.created.len() <= TOLD {
        for created in &view.created {
            let name = escape_text(&created.account_name);
            text.push_str(&format!("snapshot {} of {name}\n", created.snapshot_id));
        }
    }
    let is_told = view.selected == 1 && view.created.len() == 1 && view.failed.is_empty();
    if !is_told {
        text.push_str(&format!("{} taken", count(view.created.len() as u64, "snapshot")));
        for (number, what) in [(view.skipped.len(), "skipped (cooldown)"), (view.failed.len(), "failed")] {
            if number > 0 {
                text.push_str(&format!(", {number} {what}"));
            }
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(created: i64, skipped: i64, failed: i64) -> CreateView {
        let mut view = CreateView::new(usize::try_from(created + skipped + failed).unwrap());
        let name = |id: i64| format!("Account {id}");
        view.created = (1..=created)
            .map(|id| Created {
                account_id: AccountId::new(id),
                account_name: name(id),
                snapshot_id: SnapshotId::new(id),
            })
            .collect();
        view.skipped = (1..=skipped)
            .map(|id| Skipped {
                account_id: AccountId::new(id),
                account_name: name(id),
                due_at: Timestamp::default(),
                remaining_seconds: 1,
            })
            .collect();
        view.failed = (1..=failed)
            .map(|id| Failed {
                account_id: AccountId::new(id),
                account_name: name(id),
                error: "x".to_owned(),
            })
            .collect();
        view
    }

    #[test]
    fn a_single_snapshot_is_one_line_and_a_batch_ends_in_a_summary() {
        for ((created, skipped, failed), text) in [
            ((0, 0, 0), "no account matches\n"),
            ((1, 0, 0), "snapshot 1 of Account 1\n"),
            ((0, 1, 0), "0 snapshots taken, 1 skipped (cooldown)\n"),
            ((0, 0, 1), "0 snapshots taken, 1 failed\n"),
            ((1, 1, 1), "snapshot 1 of Account 1\n1 snapshot taken, 1 skipped (cooldown), 1 failed\n"),
            ((6, 0, 2), "6 snapshots taken, 2 failed\n"),
        ] {
            assert_eq!(render(&view(created, skipped, failed)), text);
        }
    }

    #[test]
    fn it_is_a_failure_where_nothing_that_was_asked_for_was_done() {
        assert!(view(0, 0, 2).is_failure());
        for (created, skipped, failed) in [(0, 0, 0), (1, 0, 1), (0, 1, 1), (1, 0, 0)] {
            assert!(!view(created, skipped, failed).is_failure());
        }
    }
}
