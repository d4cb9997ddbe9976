//! Events and the decisions about them: each goes with the snapshots of its own change.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use super::cells::LedgerRow;
use super::facts::account_of;
use super::finding::{Finding, FindingKind, Findings};
use super::walk::Change;
use crate::error::Result;
use crate::model::decision::Outcome;
use crate::model::ids::CustomerId;

/// Checks the events, decisions and filled slots of a change against the snapshots that it took.
pub(super) fn check_change(
    sql: &Connection,
    change: &Change,
    rows: &[LedgerRow],
    findings: &mut Findings,
) -> Result<u64> {
    let of_table = |name: &'static str| rows.iter().filter(move |row| row.shape().name == name);
    let taken: BTreeMap<i64, Option<i64>> =
        of_table("snapshots").map(|row| (row.id(), row.account())).collect();
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
        if row.int("snapshot_id").and_then(|id| taken.get(&id)) != Some(&row.account()) {
            add(row, "is filled by a snapshot that its run did not take of the account");
        }
    }
    Ok(events)
}

/// A decision names the snapshot that its change took of the account where it says that there is one, and only there.
fn check_decision(
    row: &LedgerRow,
    taken: &BTreeMap<i64, Option<i64>>,
    add: &mut impl FnMut(&LedgerRow, &str),
) {
    let Some(outcome) = row.int("outcome").and_then(Outcome::from_number) else {
        return add(row, "has no decision that this program knows");
    };
    let snapshot = row.int("snapshot_id");
    let has_snapshot = matches!(outcome, Outcome::Created | Outcome::Covered);
    if has_snapshot && snapshot.and_then(|id| taken.get(&id)) != Some(&row.account()) {
        add(row, "says that a snapshot was taken, and its change took none of the account under that number");
    } else if !has_snapshot && snapshot.is_some() {
        add(row, "names a snapshot, and says that none was taken");
    }
    if outcome == Outcome::Skipped && row.int("due_at").is_none() {
        add(row, "was skipped, and says not when it is due");
    }
}

fn account_of_event(sql: &Connection, event: Option<i64>) -> Result<Option<i64>> {
    let account = sql
        .prepare_cached("SELECT account_id FROM main.events WHERE id = ?1")?
        .query_one([event], |row| row.get::<_, i64>(0))
        .optional()?;
    Ok(account)
}
