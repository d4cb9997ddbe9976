//! What a backup holds and where it lies (`acctsnap.backup/1`).

use schemars::JsonSchema;
use serde::Serialize;

use super::text::{count, count_as, escape_text, grouped, key_values};

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.backup/1";

/// What is in a database, of every customer together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Contents {
    /// Its schema version.
    pub schema_version: i64,
    /// Customers.
    pub customers: u64,
    /// Accounts.
    pub accounts: u64,
    /// Snapshots.
    pub snapshots: u64,
    /// Events.
    pub events: u64,
}

impl Contents {
    /// The counts as people say them.
    #[must_use]
    pub fn counted(&self) -> String {
        format!(
            "{}, {}, {}, {}",
            count(self.customers, "customer"),
            count(self.accounts, "account"),
            count(self.snapshots, "snapshot"),
            count(self.events, "event")
        )
    }
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.backup/1")]
pub struct BackupView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// Where it lies.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// What is in it.
    #[serde(flatten)]
    pub contents: Contents,
    /// Older backups that `--keep` let go, oldest first.
    pub removed: Vec<String>,
    /// Older backups that `--keep` could not remove.
    pub not_removed: Vec<String>,
}

/// The lines that a person sees.
#[must_use]
pub fn render(view: &BackupView, columns: usize) -> String {
    let mut pairs = vec![
        ("backup", escape_text(&view.file).into_owned()),
        ("holds", view.contents.counted()),
        ("size", format!("{} bytes", grouped(&view.bytes.to_string()))),
        ("SHA-256", view.sha256.clone()),
    ];
    if !view.removed.is_empty() {
        let number = view.removed.len() as u64;
        pairs.push(("removed", count_as(number, "older backup", "older backups")));
    }
    key_values(&pairs, columns)
}
