//! What retention judges, what it hid, and its runs.

use rusqlite::{OptionalExtension as _, Row};

use super::Reader;
use super::retracted::RETRACTED;
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId, RetentionRunId, SnapshotId};
use crate::model::retention::{Candidate, RunKind};
use crate::model::snapshot::SnapshotType;
use crate::model::time::Timestamp;
use crate::store::failure::damaged;
use crate::store::ledger::Table;

/// Whether retention hides a snapshot: a condition on `s.id`.
pub(in crate::store) const HIDDEN: &str = "EXISTS (SELECT 1 FROM tombstones t WHERE t.snapshot_id = s.id \
     AND t.hidden = 1 AND NOT EXISTS (SELECT 1 FROM tombstones n WHERE n.snapshot_id = t.snapshot_id AND n.id > t.id))";

/// The snapshot of the account before `s` that is still there; hidden ones are there.
pub(in crate::store) const PREVIOUS: &str =
    "coalesce((SELECT b.previous_id FROM snapshot_bridges b WHERE b.snapshot_id = s.id), s.previous_id)";

/// A snapshot that retention judges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retainable {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub account_name: String,
    /// Its external id.
    pub external_account_id: Option<String>,
    /// What the rules look at.
    pub candidate: Candidate,
}

/// A run of retention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionRunRecord {
    /// Its number.
    pub id: RetentionRunId,
    /// Whose snapshots.
    pub customer: CustomerId,
    /// What it did.
    pub kind: RunKind,
    /// When.
    pub recorded_at: Timestamp,
    /// To how many snapshots.
    pub snapshots: u64,
    /// How many of those that it hid are hidden still, and still there.
    pub hidden: u64,
}

/// Why a snapshot that was taken is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// An apply of retention hid it.
    Hidden(RetentionRunId),
    /// It was removed for good at an instant.
    Removed(Timestamp),
    /// It was erased, with its account, at an instant.
    Erased(Timestamp),
}

impl Reader<'_> {
    /// A customer's snapshots that are not hidden, by account, then in the order in which they were taken.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_retainable(&self, customer: CustomerId) -> Result<Vec<Retainable>> {
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT s.account_id, h.name, h.external_id, s.id, g.recorded_at, s.snapshot_type, {RETRACTED} \
             FROM snapshots s \
             JOIN account_heads h ON h.account_id = s.account_id JOIN changes g ON g.id = s.change_id \
             WHERE h.customer_id = ?1 AND NOT {HIDDEN} ORDER BY s.account_id, s.id"
        ))?;
        let mut rows = statement.query([customer.get()])?;
        let mut snapshots = Vec::new();
        while let Some(row) = rows.next()? {
            let id = SnapshotId::new(row.get(3)?);
            let snapshot_type = SnapshotType::from_number(row.get(5)?)
                .ok_or_else(|| damaged(format!("snapshot {id} has an unknown type")))?;
            snapshots.push(Retainable {
                account: AccountId::new(row.get(0)?),
                account_name: row.get(1)?,
                external_account_id: row.get(2)?,
                candidate: Candidate {
                    id,
                    taken_at: Timestamp::from_millis(row.get(4)?),
                    snapshot_type,
                    tags: Vec::new(),
                    is_pinned: false,
                    is_retracted: row.get(6)?,
                },
            });
        }
        let ids: Vec<SnapshotId> = snapshots.iter().map(|snapshot| snapshot.candidate.id).collect();
        let mut marks = self.marks(&ids)?;
        for candidate in snapshots.iter_mut().map(|snapshot| &mut snapshot.candidate) {
            if let Some(marks) = marks.remove(&candidate.id) {
                (candidate.tags, candidate.is_pinned) = (marks.tags, marks.is_pinned);
            }
        }
        Ok(snapshots)
    }

    /// A customer's snapshots that retention hides and that are still there, by account and id; only those of a run
    /// where one is given. What was tagged or pinned since is among them.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_hidden(
        &self,
        customer: CustomerId,
        run: Option<RetentionRunId>,
    ) -> Result<Vec<(AccountId, SnapshotId)>> {
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT t.account_id, t.snapshot_id FROM tombstones t JOIN accounts a ON a.id = t.account_id \
             WHERE a.customer_id = ?1 AND (?2 IS NULL OR t.run_id = ?2) AND {HIDES} ORDER BY t.account_id, t.snapshot_id"
        ))?;
        let hidden = statement.query_map((customer.get(), run.map(RetentionRunId::get)), |row| {
            Ok((AccountId::new(row.get(0)?), SnapshotId::new(row.get(1)?)))
        })?;
        Ok(hidden.collect::<rusqlite::Result<_>>()?)
    }

    /// A customer's runs of retention, oldest first.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_retention_runs(&self, customer: CustomerId) -> Result<Vec<RetentionRunRecord>> {
        let mut statement =
            self.sql().prepare_cached(&format!("{RUNS} WHERE r.customer_id = ?1 ORDER BY r.id"))?;
        let mut rows = statement.query([customer.get()])?;
        let mut runs = Vec::new();
        while let Some(row) = rows.next()? {
            runs.push(run(row)?);
        }
        Ok(runs)
    }

    /// A run of retention, of whichever customer; None where there is no such run.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn find_retention_run(&self, id: RetentionRunId) -> Result<Option<RetentionRunRecord>> {
        let mut statement = self.sql().prepare_cached(&format!("{RUNS} WHERE r.id = ?1"))?;
        let mut rows = statement.query([id.get()])?;
        rows.next()?.map(run).transpose()
    }

    /// Whether an undo took an apply back, whole or in part.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn is_undone(&self, apply: RetentionRunId) -> Result<bool> {
        let mut statement = self.sql().prepare_cached("SELECT 1 FROM retention_runs WHERE undoes_id = ?1")?;
        Ok(statement.exists([apply.get()])?)
    }

    /// Why a snapshot of a customer is not shown; None where nothing keeps it from that, or it never was.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn absence(&self, customer: CustomerId, snapshot: SnapshotId) -> Result<Option<Absence>> {
        let hidden = self
            .sql()
            .prepare_cached(&format!(
                "SELECT t.run_id FROM tombstones t JOIN accounts a ON a.id = t.account_id \
                 WHERE a.customer_id = ?1 AND t.snapshot_id = ?2 AND {HIDES}"
            ))?
            .query_row((customer.get(), snapshot.get()), |row| row.get(0))
            .optional()?;
        if let Some(run) = hidden {
            return Ok(Some(Absence::Hidden(RetentionRunId::new(run))));
        }
        let removed = self
            .sql()
            .prepare_cached(
                "SELECT g.recorded_at, g.command = 'erase' FROM removed_rows r JOIN changes g ON g.id = r.change_id \
                 WHERE r.customer_id = ?1 AND r.table_tag = ?2 AND r.row_id = ?3 AND r.redacted_hash IS NULL",
            )?
            .query_row((customer.get(), Table::Snapshots.shape().tag, snapshot.get()), |row| {
                let at = Timestamp::from_millis(row.get(0)?);
                Ok(if row.get(1)? { Absence::Erased(at) } else { Absence::Removed(at) })
            })
            .optional()?;
        Ok(removed)
    }
}

/// Whether a row `t` of tombstones is its snapshot's newest, hides it, and the snapshot is still there.
const HIDES: &str = "t.hidden = 1 AND NOT EXISTS (SELECT 1 FROM tombstones n WHERE n.snapshot_id = t.snapshot_id \
     AND n.id > t.id) AND EXISTS (SELECT 1 FROM snapshots s WHERE s.id = t.snapshot_id)";

const RUNS: &str = "SELECT r.id, r.customer_id, r.kind, g.recorded_at, r.snapshots, (SELECT count(*) FROM tombstones t \
     WHERE t.run_id = r.id AND t.hidden = 1 AND NOT EXISTS (SELECT 1 FROM tombstones n \
     WHERE n.snapshot_id = t.snapshot_id AND n.id > t.id) AND EXISTS (SELECT 1 FROM snapshots s WHERE s.id = t.snapshot_id)) \
     FROM retention_runs r JOIN changes g ON g.id = r.change_id";

fn run(row: &Row<'_>) -> Result<RetentionRunRecord> {
    let id = RetentionRunId::new(row.get(0)?);
    Ok(RetentionRunRecord {
        id,
        customer: CustomerId::new(row.get(1)?),
        kind: RunKind::from_number(row.get(2)?)
            .ok_or_else(|| damaged(format!("retention run {id} is of an unknown kind")))?,
        recorded_at: Timestamp::from_millis(row.get(3)?),
        snapshots: row.get(4)?,
        hidden: row.get(5)?,
    })
}
