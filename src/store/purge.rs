//! Removing snapshots for good: the one door through which rows of the history leave, besides erasure.
//!
//! Each row leaves the hash with which it stands in the digest of its own change, so that the ledger still verifies.
//! Where the chain of an account's snapshots would break, a bridge is left. Never removed are an account's newest
//! snapshot and its first.

use rusqlite::types::ValueRef;
use rustc_hash::{FxHashMap, FxHashSet};

use super::append::value::int;
use super::failure::damaged;
use super::heads::id_list;
use super::ledger::{self, Table};
use super::read::retention::PREVIOUS;
use super::transaction::WriteTransaction;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::{AccountId, SnapshotId};

/// What a purge did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PurgeOutcome {
    /// The snapshots that are gone.
    pub removed: Vec<SnapshotId>,
    /// How many contents went with them.
    pub contents: u64,
    /// The snapshots that could not be removed, and why.
    pub failed: Vec<(SnapshotId, String)>,
}

/// A snapshot among those of its account.
struct Link {
    id: SnapshotId,
    /// The predecessor that its row names, which may be gone.
    stored_previous: Option<SnapshotId>,
    content: i64,
}

/// A row that leaves or is redacted, and the hash that stays.
pub(super) struct Leaving {
    pub(super) row: i64,
    pub(super) change: i64,
    pub(super) hash: [u8; 32],
    /// Of the row as it stands from here on; None where it is gone.
    pub(super) redacted: Option<[u8; 32]>,
}

impl WriteTransaction<'_> {
    /// Removes snapshots of this customer, and the contents that no other snapshot uses. Where the database refuses them
    /// together, each is tried alone, and one that is refused stays.
    ///
    /// # Errors
    /// `UnknownAccount` for an account of another customer; what ends a transaction.
    pub fn purge_snapshots(&mut self, snapshots: &[(AccountId, SnapshotId)]) -> Result<PurgeOutcome> {
        let mut accounts: Vec<AccountId> = snapshots.iter().map(|(account, _)| *account).collect();
        accounts.dedup();
        self.load_heads(&accounts)?;
        const TABLES: [Table; 2] = [Table::Snapshots, Table::SnapshotContents];
        TABLES.into_iter().try_for_each(|table| ledger::permit_removal(&self.sql, table))?;
        let outcome = self.purge_together_or_alone(snapshots)?;
        TABLES.into_iter().try_for_each(|table| ledger::forbid_removal(&self.sql, table))?;
        Ok(outcome)
    }

    fn purge_together_or_alone(&mut self, snapshots: &[(AccountId, SnapshotId)]) -> Result<PurgeOutcome> {
        let mut outcome = PurgeOutcome::default();
        match self.savepoint(|transaction| transaction.remove(snapshots)) {
            Ok(contents) => {
                outcome.removed.extend(snapshots.iter().map(|(_, id)| *id));
                outcome.contents = contents;
                return Ok(outcome);
            }
            Err(error) if self.is_over(&error) => return Err(error),
            Err(_) => {}
        }
        for one in snapshots {
            match self.savepoint(|transaction| transaction.remove(&[*one])) {
                Ok(contents) => {
                    outcome.removed.push(one.1);
                    outcome.contents += contents;
                }
                Err(error) if self.is_over(&error) => return Err(error),
                Err(error) => outcome.failed.push((one.1, error.to_string())),
            }
        }
        Ok(outcome)
    }

    /// Removes snapshots and says how many contents went with them.
    fn remove(&mut self, snapshots: &[(AccountId, SnapshotId)]) -> Result<u64> {
        let accounts: FxHashSet<AccountId> = snapshots.iter().map(|(account, _)| *account).collect();
        let removed: FxHashSet<SnapshotId> = snapshots.iter().map(|(_, id)| *id).collect();
        let mut contents = Vec::new();
        for (account, chain) in self.load_chains(&accounts)? {
            let is_edge = |link: Option<&Link>| link.is_some_and(|link| removed.contains(&link.id));
            if is_edge(chain.first()) || is_edge(chain.last()) {
                let message =
                    format!("account {account}: its first and its newest snapshot are never removed");
                return Err(Error::new(ErrorKind::Failed, message));
            }
            let (leaving, kept): (Vec<&Link>, Vec<&Link>) =
                chain.iter().partition(|link| removed.contains(&link.id));
            let used: FxHashSet<i64> = kept.iter().map(|link| link.content).collect();
            contents
                .extend(leaving.iter().map(|link| link.content).filter(|content| !used.contains(content)));
            self.build_bridges(&kept)?;
        }
        self.drop_bridges(&removed)?;
        self.take_out(Table::Snapshots, removed.iter().map(|id| id.get()).collect())?;
        self.take_out(Table::SnapshotContents, contents)
    }

    /// The snapshots of accounts, newest first, over what was removed before.
    fn load_chains(&self, accounts: &FxHashSet<AccountId>) -> Result<FxHashMap<AccountId, Vec<Link>>> {
        let mut statement = self.sql.prepare_cached(&format!(
            "WITH RECURSIVE walk (id) AS (SELECT h.snapshot_id FROM json_each(?1) j CROSS JOIN account_heads h \
             ON h.account_id = j.value WHERE h.snapshot_id IS NOT NULL UNION ALL SELECT {PREVIOUS} FROM walk w \
             JOIN snapshots s ON s.id = w.id WHERE s.previous_id IS NOT NULL) \
             SELECT s.account_id, s.id, s.previous_id, s.content_id FROM walk w JOIN snapshots s ON s.id = w.id \
             ORDER BY s.id DESC"
        ))?;
        let mut rows = statement.query([id_list(accounts.iter().map(|id| id.get()))])?;
        let mut chains: FxHashMap<AccountId, Vec<Link>> = FxHashMap::default();
        while let Some(row) = rows.next()? {
            chains.entry(AccountId::new(row.get(0)?)).or_default().push(Link {
                id: SnapshotId::new(row.get(1)?),
                stored_previous: row.get::<_, Option<i64>>(2)?.map(SnapshotId::new),
                content: row.get(3)?,
            });
        }
        Ok(chains)
    }

    /// Leads each snapshot whose predecessor is gone to the next one before it.
    fn build_bridges(&self, kept: &[&Link]) -> Result<()> {
        let mut statement = self.sql.prepare_cached(
            "INSERT INTO snapshot_bridges (snapshot_id, previous_id) VALUES (?1, ?2) \
             ON CONFLICT (snapshot_id) DO UPDATE SET previous_id = excluded.previous_id",
        )?;
        for (link, before) in kept.iter().zip(kept.iter().skip(1)) {
            if link.stored_previous != Some(before.id) {
                statement.execute((link.id.get(), before.id.get()))?;
            }
        }
        Ok(())
    }

    fn drop_bridges(&self, removed: &FxHashSet<SnapshotId>) -> Result<()> {
        self.sql
            .prepare_cached(
                "DELETE FROM snapshot_bridges WHERE snapshot_id IN (SELECT value FROM json_each(?1))",
            )?
            .execute([id_list(removed.iter().map(|id| id.get()))])?;
        Ok(())
    }

    /// Takes rows out of a table, leaves their hashes, and says how many rows they were.
    fn take_out(&mut self, table: Table, mut rows: Vec<i64>) -> Result<u64> {
        rows.sort_unstable();
        rows.dedup();
        let list = id_list(rows.iter().copied());
        for row in &self.hashed(table, &list)? {
            self.append_removed(table.shape().tag, row)?;
        }
        let name = table.shape().name;
        let gone = self
            .sql
            .prepare_cached(&format!("DELETE FROM {name} WHERE id IN (SELECT value FROM json_each(?1))"))?
            .execute([list])?;
        if gone != rows.len() {
            return Err(damaged(format!("of {} rows of {name} {gone} could be removed", rows.len())));
        }
        Ok(gone as u64)
    }

    /// The hashes of rows, as they stand in the digests of their changes, by row.
    fn hashed(&self, table: Table, list: &str) -> Result<Vec<Leaving>> {
        let shape = table.shape();
        let columns: Vec<String> = shape.columns.iter().map(|column| format!("r.{column}")).collect();
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT r.account_id, r.change_id, {} FROM json_each(?1) j CROSS JOIN {} r ON r.id = j.value ORDER BY r.id",
            columns.join(", "),
            shape.name
        ))?;
        let mut rows = statement.query([list])?;
        let (mut leaving, mut buffer) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next()? {
            // An account of another customer is not loaded: its rows are never touched.
            let key = self.loaded_head(AccountId::new(row.get(0)?))?.salt;
            let places = 2..2 + shape.columns.len();
            let values: Vec<ValueRef<'_>> =
                places.map(|place| row.get_ref(place)).collect::<rusqlite::Result<_>>()?;
            let hash = ledger::row_hash(table, Some(&key), &values, &mut buffer);
            leaving.push(Leaving { row: row.get(2)?, change: row.get(1)?, hash, redacted: None });
        }
        Ok(leaving)
    }

    /// Leaves the hash of a row; `tag` is its table's, 0 for a change of the ledger itself.
    pub(super) fn append_removed(&mut self, tag: u8, leaving: &Leaving) -> Result<()> {
        let row = [
            int(self.next_id("removed_row")?),
            int(self.customer().get()),
            int(self.change().get()),
            int(i64::from(tag)),
            int(leaving.row),
            int(leaving.change),
            ValueRef::Blob(&leaving.hash),
            leaving.redacted.as_ref().map_or(ValueRef::Null, |hash| ValueRef::Blob(hash)),
        ];
        self.appender(Table::RemovedRows)?.append(None, &row)
    }
}
