//! What a look at everything in a database finds wrong, and how much it looked at.
//!
//! Types alone: who looks is the store.

use super::ids::{AccountId, ChangeId, CustomerId, SnapshotId};
use super::time::Timestamp;

/// What kind of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// SQLite itself finds the file damaged, or cannot read part of it.
    File,
    /// A table, view, trigger or index is missing, unknown or another.
    Schema,
    /// A row refers to one that is not there.
    Reference,
    /// A change's digest is not that of its rows.
    Digest,
    /// A row is missing, or stands where it cannot.
    Row,
    /// A link to the row before is wrong.
    Link,
    /// A snapshot's content is not what its hash stands for.
    ContentHash,
    /// A snapshot says something else than the facts of its moment.
    Snapshot,
    /// An event or a decision does not go with the snapshots.
    Event,
    /// A cache differs from the history that it is folded from.
    Cache,
    /// The history is another than the one that an anchor was written of.
    Anchor,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub kind: FindingKind,
    /// Whose it is, where it is one customer's.
    pub customer: Option<CustomerId>,
    /// Of which account, where it is one's.
    pub account: Option<AccountId>,
    /// In which snapshot.
    pub snapshot: Option<SnapshotId>,
    /// In which table, view or trigger.
    pub table: Option<String>,
    /// In which of its rows.
    pub row: Option<i64>,
    /// What is wrong, in words.
    pub what: String,
    /// What should be there.
    pub expected: Option<String>,
    /// What is there.
    pub found: Option<String>,
}

impl Finding {
    /// Something that is wrong, in words.
    #[must_use]
    pub fn new(kind: FindingKind, what: impl Into<String>) -> Self {
        Self {
            kind,
            customer: None,
            account: None,
            snapshot: None,
            table: None,
            row: None,
            what: what.into(),
            expected: None,
            found: None,
        }
    }

    /// Says whose it is.
    #[must_use]
    pub fn of_customer(mut self, customer: CustomerId) -> Self {
        self.customer = Some(customer);
        self
    }

    /// Says of which account it is.
    #[must_use]
    pub fn of_account(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }

    /// Says in which snapshot it is.
    #[must_use]
    pub fn in_snapshot(mut self, snapshot: i64) -> Self {
        self.snapshot = Some(SnapshotId::new(snapshot));
        self
    }

    /// Says in which table and row it is.
    #[must_use]
    pub fn at(mut self, table: &str, row: Option<i64>) -> Self {
        (self.table, self.row) = (Some(table.to_owned()), row);
        self
    }

    /// Says what should be there, and what is.
    #[must_use]
    pub fn differs<E: ToString + ?Sized, F: ToString + ?Sized>(mut self, expected: &E, found: &F) -> Self {
        self.expected = Some(short(&expected.to_string()));
        self.found = Some(short(&found.to_string()));
        self
    }
}

/// Long values are told by their beginning.
#[must_use]
pub fn short(text: &str) -> String {
    const LONGEST: usize = 160;
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or(text)),
    }
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Checked {
    /// Customers.
    pub customers: u64,
    /// Accounts.
    pub accounts: u64,
    /// Changes of the ledger whose digests were computed.
    pub changes: u64,
    /// Rows that entered those digests.
    pub rows: u64,
    /// Snapshots that were computed anew from the facts of their moment.
    pub snapshots: u64,
    /// Events.
    pub events: u64,
    /// Rows of the caches.
    pub cached_rows: u64,
}

/// The last change of a customer's ledger, as an anchor keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerHead {
    /// Whose ledger.
    pub customer: CustomerId,
    /// That customer's name.
    pub name: String,
    /// The change.
    pub change: ChangeId,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Its digest, in hexadecimal.
    pub digest: String,
}

/// What a look at everything gave.
#[derive(Debug, Clone, Default)]
pub struct Verification {
    /// How much was looked at.
    pub checked: Checked,
    /// The first of what was found.
    pub findings: Vec<Finding>,
    /// How much was found in all.
    pub findings_total: u64,
    /// How much was found of whom nothing is wanted.
    pub findings_elsewhere: u64,
    /// The ledgers' heads, by customer.
    pub heads: Vec<LedgerHead>,
}

/// Of whom findings are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VerifyScope {
    /// Only of this customer, and of what belongs to nobody.
    pub customer: Option<CustomerId>,
    /// Only of this account, and of what belongs to no account.
    pub account: Option<AccountId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_told_by_their_beginning() {
        let (whole, longer) = ("é".repeat(160), "é".repeat(161));
        assert_eq!(short(&whole), whole);
        assert_eq!(short(&longer), format!("{whole}..."));
    }
}
