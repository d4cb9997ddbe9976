//! The whole truth of a database, in one pass: the file, the schema, the ledger's digests, every snapshot computed anew
//! from the facts of its moment, every cache folded anew from the history.
//!
//! Nothing is written to the file, and nothing is believed: rows are read as they stand, and what cannot be read is a
//! finding. In reading order: `walk` (every change with its rows and its digest), `facts` (what was known after it),
//! `turned` (the same where uploads were taken back), `snapshots` and `contents` (what follows from that), `events`, `caches`, `counters`; `file` and `schema` stand aside.

mod account;
mod caches;
mod cells;
mod contents;
mod counters;
mod cursor;
pub(super) mod erased;
mod events;
mod facts;
mod file;
mod finding;
mod removed;
mod retracted;
mod schema;
mod snapshots;
mod standing;
mod turned;
mod walk;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use super::Store;
use crate::error::{Error, ErrorKind, Result};
use crate::model::canonical::hex;
use crate::model::ids::{ChangeId, CustomerId};
use crate::model::redaction::ERASED;
use crate::model::verification::{Checked, Finding, FindingKind, LedgerHead, Verification, VerifyScope};
use cells::LedgerRow;
use facts::{Facts, account_of};
use finding::Findings;
use retracted::Retracted;
use snapshots::Snapshots;
use walk::{Change, Walk};

impl Store {
    /// How many changes a verification goes through, for its progress.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn count_changes(&self) -> Result<u64> {
        Ok(self.connection.query_one("SELECT count(*) FROM main.changes", [], |row| row.get(0))?)
    }

    /// Verifies everything, as it stands in one read transaction. `go_on` is called before each stage and each change,
    /// and may stop it with an error. `anchors` are ledger heads that must be part of the history.
    ///
    /// # Errors
    /// What `go_on` said; `Busy`, `IoError` and their like. Damage is no error but a finding.
    pub fn verify(
        &self,
        scope: VerifyScope,
        anchors: &[LedgerHead],
        go_on: &mut dyn FnMut() -> Result<()>,
    ) -> Result<Verification> {
        // What is folded beside the file is kept in memory.
        self.connection.execute_batch("PRAGMA temp_store = MEMORY")?;
        let sql = Transaction::new_unchecked(&self.connection, TransactionBehavior::Deferred)?;
        let mut findings = Findings::new(scope);
        go_on()?;
        let checked = file::check(&sql, &mut findings);
        told(checked, "the file cannot be checked", &mut findings)?;
        go_on()?;
        let checked = schema::check(&sql, &mut findings);
        told(checked, "the schema cannot be read", &mut findings)?;
        let checked = check_anchors(&sql, anchors, &mut findings);
        told(checked, "the anchor cannot be compared", &mut findings)?;
        let mut verification = Verification::default();
        let history = check_history(&sql, &mut verification, &mut findings, go_on);
        told(history, "the history cannot be read on", &mut findings)?;
        let heads = heads(&sql, scope);
        verification.heads =
            told(heads, "the heads of the ledgers cannot be read", &mut findings)?.unwrap_or_default();
        findings.put_into(&mut verification);
        // Nothing is kept: the tables beside the file go with this.
        sql.rollback()?;
        Ok(verification)
    }
}

fn check_history(
    sql: &Connection,
    verification: &mut Verification,
    findings: &mut Findings,
    go_on: &mut dyn FnMut() -> Result<()>,
) -> Result<()> {
    let are_rows_removed = sql.prepare("SELECT 1 FROM main.removed_rows LIMIT 1")?.exists([])?;
    let (mut facts, mut snapshots) =
        (Facts::default(), Snapshots::new(Retracted::new(sql)?, are_rows_removed));
    let mut events = 0;
    let mut walk = Walk::new(sql)?;
    let last_ids = walk.run(sql, findings, |change, rows, before, findings| {
        go_on()?;
        for row in rows {
            take(row, change, &mut facts, &mut snapshots, findings);
        }
        let folded = turned::take(sql, change, rows, &mut facts);
        told(folded, "what remained after an upload was taken back cannot be read", findings)?;
        snapshots.check_change(change, before, rows, &mut facts, findings);
        events += events::check_change(sql, change, rows, findings)?;
        Ok(())
    })?;
    let wanted = |customer: i64| findings.wants_customer(CustomerId::new(customer));
    let accounts = facts.accounts.iter().filter(|(_, known)| wanted(known.customer)).count();
    verification.checked = Checked {
        customers: facts.customers.keys().filter(|customer| wanted(**customer)).count() as u64,
        accounts: accounts as u64,
        changes: walk.changes,
        rows: walk.rows,
        snapshots: snapshots.checked,
        events,
        cached_rows: 0,
    };
    counters::check(sql, &last_ids, findings)?;
    verification.checked.cached_rows = caches::check(sql, &facts, &snapshots, findings)?;
    Ok(())
}

/// Takes a row into what was known; what is wrong with it is told.
fn take(
    row: &LedgerRow,
    change: &Change,
    facts: &mut Facts,
    snapshots: &mut Snapshots,
    findings: &mut Findings,
) {
    if row.shape().name == "scoring_configs" {
        snapshots.take_rules(row, findings);
    }
    let owner = row.int("customer_id");
    let wrong_owner = owner.filter(|owner| *owner != change.customer);
    let wrong = facts.take(row, change).err().map(|what| (FindingKind::Link, what));
    let foreign =
        wrong_owner.map(|owner| (FindingKind::Row, format!("is customer {owner}'s, and its change is not")));
    for (kind, what) in wrong.into_iter().chain(foreign) {
        let finding = Finding::new(kind, what).at(row.shape().name, Some(row.id()));
        let finding = finding.of_customer(CustomerId::new(change.customer));
        findings.add(match account_of(row) {
            Some(account) => finding.of_account(account),
            None => finding,
        });
    }
}

/// A failure that is damage becomes a finding; any other ends the verification.
fn told<T>(result: Result<T>, what: &str, findings: &mut Findings) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) => told_or_fatal(error, what, findings).map(|()| None),
    }
}

fn told_or_fatal(error: Error, what: &str, findings: &mut Findings) -> Result<()> {
    match error.kind() {
        ErrorKind::Damaged | ErrorKind::NotOurDatabase | ErrorKind::Failed => {
            let why = error.causes().last().unwrap_or_else(|| error.message().to_owned());
            findings.add(Finding::new(FindingKind::File, format!("{what} ({why})")));
            Ok(())
        }
        _ => Err(error),
    }
}

/// The ledgers' heads as the changes themselves give them, by customer.
fn heads(sql: &Connection, scope: VerifyScope) -> Result<Vec<LedgerHead>> {
    let mut statement = sql.prepare(
        "SELECT g.customer_id, coalesce(h.name, CASE WHEN EXISTS (SELECT 1 FROM main.customers c \
         WHERE c.id = g.customer_id) THEN '' ELSE ?1 END), g.id, g.recorded_at, g.digest \
         FROM (SELECT max(id) AS id FROM main.changes GROUP BY customer_id) n \
         JOIN main.changes g ON g.id = n.id LEFT JOIN main.customer_heads h ON h.customer_id = g.customer_id \
         ORDER BY g.customer_id",
    )?;
    let heads = statement.query_map([ERASED], |row| {
        Ok(LedgerHead {
            customer: CustomerId::new(row.get(0)?),
            name: row.get(1)?,
            change: ChangeId::new(row.get(2)?),
            recorded_at: crate::model::time::Timestamp::from_millis(row.get(3)?),
            digest: hex(&row.get::<_, Vec<u8>>(4)?),
        })
    })?;
    let heads: Vec<LedgerHead> = heads.collect::<Result<_, _>>()?;
    let wanted =
        heads.into_iter().filter(|head| scope.customer.is_none_or(|customer| customer == head.customer));
    Ok(wanted.collect())
}

/// Each head that was written down must be a change of that customer, with that digest.
fn check_anchors(sql: &Connection, anchors: &[LedgerHead], findings: &mut Findings) -> Result<()> {
    let mut statement = sql.prepare("SELECT digest FROM main.changes WHERE id = ?1 AND customer_id = ?2")?;
    for anchor in anchors {
        let (change, customer) = (anchor.change.get(), anchor.customer.get());
        let digest: Option<Vec<u8>> = statement.query_one((change, customer), |row| row.get(0)).optional()?;
        let what = match &digest {
            None => "the change of the anchor is not there: the history was cut off or written anew",
            Some(digest) if hex(digest) != anchor.digest => {
                "the history until here is another than the anchor's"
            }
            Some(_) => continue,
        };
        let finding = Finding::new(FindingKind::Anchor, what).of_customer(anchor.customer);
        let found = digest.map_or("nothing".to_owned(), |digest| hex(&digest));
        findings.add(finding.at("changes", Some(change)).differs(&anchor.digest, &found));
    }
    Ok(())
}
