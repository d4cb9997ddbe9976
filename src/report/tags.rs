//! Tags (`acctsnap.tags/1`), and what giving or taking marks did (`acctsnap.tag_change/1`).

use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Serialize;

use super::table::{Column, Table};
use super::text::{count, escape_text, grouped, instant, wrap};
use crate::model::ids::SnapshotId;
use crate::model::time::Timestamp;

/// Name and version of the list's shape.
pub const SCHEMA: &str = "acctsnap.tags/1";
/// Name and version of the change's shape.
pub const CHANGE_SCHEMA: &str = "acctsnap.tag_change/1";
/// The headers of the list's CSV.
pub const HEADERS: [&str; 4] = ["tag", "accounts", "oldest_snapshot_at", "newest_snapshot_at"];

/// A tag, and what it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TagLine {
    /// Its name.
    pub tag: String,
    /// How many accounts have a snapshot of that name.
    pub accounts: u64,
    /// When the oldest of the snapshots was taken.
    pub oldest_snapshot_at: Timestamp,
    /// When the newest was.
    pub newest_snapshot_at: Timestamp,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarkAction {
    /// A tag was given.
    Tagged,
    /// It was taken away.
    Untagged,
    /// A snapshot was pinned.
    Pinned,
    /// The pin was taken away.
    Unpinned,
}

/// The accounts of a tag that was given or taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct TaggedAccounts {
    /// Those that had no snapshot of the tag.
    pub tagged: u64,
    /// Those of which the tag named another snapshot.
    pub moved: u64,
    /// Those of which it named this snapshot already.
    pub unchanged: u64,
    /// Those that lost it.
    pub untagged: u64,
    /// Those without a snapshot to tag.
    pub without_snapshot: u64,
}

/// What giving or taking marks did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.tag_change/1")]
pub struct TagChangeView {
    /// Name and version of this shape.
    #[schemars(extend("const" = CHANGE_SCHEMA))]
    pub schema: &'static str,
    /// What was done.
    pub action: MarkAction,
    /// The tag; null for pins.
    pub tag: Option<String>,
    /// Whether anything changed; false where everything was so already.
    pub changed: bool,
    /// Whether everything was taken back.
    pub dry_run: bool,
    /// The accounts of the tag; all 0 for pins.
    pub accounts: TaggedAccounts,
    /// The snapshots whose marks changed, by account; of a pin the one that was named.
    pub snapshot_ids: Vec<SnapshotId>,
}

impl TagChangeView {
    /// Nothing yet; an empty tag is none.
    #[must_use]
    pub fn new(action: MarkAction, tag: &str, dry_run: bool) -> Self {
        Self {
            schema: CHANGE_SCHEMA,
            action,
            tag: (!tag.is_empty()).then(|| tag.to_owned()),
            changed: false,
            dry_run,
            accounts: TaggedAccounts::default(),
            snapshot_ids: Vec::new(),
        }
    }
}

/// A line a tag.
#[must_use]
pub fn render_list(tags: &[TagLine], width: Option<usize>, zone: Tz) -> String {
    if tags.is_empty() {
        return "no tags yet: acctsnap snapshot tag --all NAME\n".to_owned();
    }
    let mut table = Table::new(&[
        Column::text("tag").yielding(1),
        Column::number("accounts"),
        Column::text("oldest snapshot").optional(1),
        Column::text("newest snapshot"),
    ]);
    for tag in tags {
        table.add_row([
            tag.tag.clone(),
            grouped(&tag.accounts.to_string()),
            instant(tag.oldest_snapshot_at, zone),
            instant(tag.newest_snapshot_at, zone),
        ]);
    }
    table.render(width)
}

/// The change in words.
#[must_use]
pub fn render_change(view: &TagChangeView, width: usize) -> String {
    let tag = view.tag.as_deref().map(escape_text).unwrap_or_default();
    let snapshot = view.snapshot_ids.first().map(ToString::to_string).unwrap_or_default();
    let TaggedAccounts { tagged, moved, unchanged, untagged, without_snapshot } = view.accounts;
    let mut said = match view.action {
        MarkAction::Pinned if view.changed => format!("snapshot {snapshot} is pinned"),
        MarkAction::Pinned => format!("snapshot {snapshot} was pinned already"),
        MarkAction::Unpinned if view.changed => format!("snapshot {snapshot} is no longer pinned"),
        MarkAction::Unpinned => format!("snapshot {snapshot} was not pinned"),
        MarkAction::Untagged => format!("{tag}: taken from snapshots of {}", count(untagged, "account")),
        MarkAction::Tagged => {
            let parts = [(tagged, "tagged"), (moved, "moved"), (unchanged, "tagged already")];
            let parts = parts.into_iter().filter(|(number, _)| *number > 0);
            let parts: Vec<String> =
                parts.map(|(number, what)| format!("{} {what}", count(number, "account"))).collect();
            let alone =
                if view.snapshot_ids.len() == 1 { format!(" (snapshot {snapshot})") } else { String::new() };
            format!("{tag}: {}{alone}", parts.join(", "))
        }
    };
    if without_snapshot > 0 {
        said += &format!("; {} without a snapshot", count(without_snapshot, "account"));
    }
    if view.dry_run {
        said = format!("dry run, nothing was written: {said}");
    }
    format!("{}\n", wrap(&said, width).join("\n"))
}
