//! Events and the decisions about them: each goes with the snapshots of its own change.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};

use super::cells::LedgerRow;
use super::facts::account_of;
use super::finding::{Finding, FindingKind, Findings};
use super::walk::Change;
use crate::error::Result;
use crate::model::decision::Outcome;
use crate::model::ids::CustomerId;
use crate::store::ledger::Table;

/// Checks the events, decisions and filled slots of a change against the snapshots that it took.
pub(super) fn check_change(
    sql: &Connection,
    change: &Change,
    rows: &[LedgerRow],
    findings: &mut Findings,
) -> Result<u64> {
    let of_table = |name: &'static str| rows.iter().filter(move |row| row.shape().name == name);
    let taken = Taken {
        accounts: of_table("snapshots").map(|row| (row.id(), row.account())).collect(),
        removed: removed_snapshots(sql, change.id)?,
    };
    let mut add = |row: &LedgerRow, what: &str| {
        let finding = Finding::new(FindingKind::Event, what).at(row.shape().name, Some(row.id()));
        let finding = finding.of_customer(CustomerId::new(change.customer));
        findings.add(match account_of(row) {
            Some(account) => finding.of_account(account),
            None => finding,
        });
    };
    let mut events = 0;
    for row in of_table("events") {
        events += 1;
        check_decision(row, &taken, &mut add);
    }
    for row in of_table("decisions") {
        check_decision(row, &taken, &mut add);
        if account_of_event(sql, row.int("event_id"))? != row.account() {
            add(row, "decides about an event that does not exist or is another account's");
        }
    }
    for row in of_table("snapshots").filter(|row| row.int("event_id").is_some()) {
        if account_of_event(sql, row.int("event_id"))? != row.account() {
            add(row, "answers an event that does not exist or is another account's");
        }
    }
    for row in of_table("slots") {
        if !taken.holds(row) {
            add(row, "is filled by a snapshot that its run did not take of the account");
        }
    }
    Ok(events)
}

/// A decision names the snapshot that its change took of the account where it says that there is one, and only there.
fn check_decision(row: &LedgerRow, taken: &Taken, add: &mut impl FnMut(&LedgerRow, &str)) {
    let Some(outcome) = row.int("outcome").and_then(Outcome::from_number) else {
        return add(row, "has no decision that this program knows");
    };
    let snapshot = row.int("snapshot_id");
    let has_snapshot = matches!(outcome, Outcome::Created | Outcome::Covered);
    if has_snapshot && !taken.holds(row) {
        add(row, "says that a snapshot was taken, and its change took none of the account under that number");
    } else if !has_snapshot && snapshot.is_some() {
        add(row, "names a snapshot, and says that none was taken");
    }
    if outcome == Outcome::Skipped && row.int("due_at").is_none() {
        add(row, "was skipped, and says not when it is due");
    }
}

/// The snapshots that a change took.
struct Taken {
    /// Those that are there, with their accounts.
    accounts: BTreeMap<i64, Option<i64>>,
    /// Those that were removed; whose they were went with them.
    removed: BTreeSet<i64>,
}

impl Taken {
    /// Whether the snapshot that a row names is one of them, of the row's account.
    fn holds(&self, row: &LedgerRow) -> bool {
        row.int("snapshot_id")
            .is_some_and(|id| self.accounts.get(&id) == Some(&row.account()) || self.removed.contains(&id))
    }
}

fn removed_snapshots(sql: &Connection, change: i64) -> Result<BTreeSet<i64>> {
    let mut statement = sql.prepare_cached(
        "SELECT row_id FROM main.removed_rows \
         WHERE row_change_id = ?1 AND table_tag = ?2 AND redacted_hash IS NULL",
    )?;
    let removed = statement.query_map((change, Table::Snapshots.shape().tag), |row| row.get(0))?;
    Ok(removed.collect::<rusqlite::Result<_>>()?)
}

fn account_of_event(sql: &Connection, event: Option<i64>) -> Result<Option<i64>> {
    let account = sql
        .prepare_cached("SELECT account_id FROM main.events WHERE id = ?1")?
        .query_one([event], |row| row.get::<_, i64>(0))
        .optional()?;
    Ok(account)
}
