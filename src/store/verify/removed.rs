//! What purge and erasure took: the hashes that stand for rows that are gone or redacted.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use crate::error::Result;

/// What stands for a row.
#[derive(Debug, Clone)]
pub(super) struct Removed {
    /// The hash with which the row stands in its change's digest.
    pub(super) hash: [u8; 32],
    /// The hash of the row as it stands now; None where it is gone.
    pub(super) redacted: Option<[u8; 32]>,
}

/// Rows that are gone or redacted, looked up as they are needed.
pub(super) struct RemovedRows<'s> {
    sql: &'s Connection,
    are_any: bool,
}

impl<'s> RemovedRows<'s> {
    pub(super) fn new(sql: &'s Connection) -> Result<Self> {
        let are_any = sql.prepare("SELECT 1 FROM main.removed_rows LIMIT 1")?.exists([])?;
        Ok(Self { sql, are_any })
    }

    /// Those of a change, by the tag of the table and the row's id. What was taken twice (redacted, then removed) is as
    /// the newest row says; the hash in the digest is the first one's.
    pub(super) fn of_change(&self, change: i64) -> Result<BTreeMap<(i64, i64), Removed>> {
        let mut removed: BTreeMap<(i64, i64), Removed> = BTreeMap::new();
        if !self.are_any {
            return Ok(removed);
        }
        let mut statement = self.sql.prepare_cached(
            "SELECT table_tag, row_id, hash, redacted_hash FROM main.removed_rows WHERE row_change_id = ?1 ORDER BY id",
        )?;
        let mut rows = statement.query([change])?;
        while let Some(row) = rows.next()? {
            let redacted = row.get(3)?;
            let entry =
                removed.entry((row.get(0)?, row.get(1)?)).or_insert(Removed { hash: row.get(2)?, redacted });
            entry.redacted = redacted;
        }
        Ok(removed)
    }

    /// The greatest id of a table's rows that are gone for good; 0 where none is.
    pub(super) fn last(&self, tag: u8) -> Result<i64> {
        if !self.are_any {
            return Ok(0);
        }
        let last = self
            .sql
            .prepare_cached(
                "SELECT coalesce(max(row_id), 0) FROM main.removed_rows \
                 WHERE table_tag = ?1 AND redacted_hash IS NULL",
            )?
            .query_one([tag], |row| row.get(0))?;
        Ok(last)
    }

    /// What a change was sealed with when its own words were redacted: the hash of it and of its rows as they stood
    /// then. None for a change that still gives its digest.
    pub(super) fn seal(&self, change: i64) -> Result<Option<Vec<u8>>> {
        if !self.are_any {
            return Ok(None);
        }
        let seal = self
            .sql
            .prepare_cached(
                "SELECT hash FROM main.removed_rows WHERE row_change_id = ?1 AND table_tag = 0 \
                 ORDER BY id DESC LIMIT 1",
            )?
            .query_one([change], |row| row.get(0))
            .optional()?;
        Ok(seal)
    }

    /// Of so many rows of a table, from one id to another, how many are gone for good.
    pub(super) fn gone(&self, tag: u8, first: i64, last: i64) -> Result<i64> {
        if !self.are_any {
            return Ok(0);
        }
        let gone = self
            .sql
            .prepare_cached(
                "SELECT count(DISTINCT row_id) FROM main.removed_rows \
                 WHERE table_tag = ?1 AND row_id BETWEEN ?2 AND ?3 AND redacted_hash IS NULL",
            )?
            .query_one((tag, first, last), |row| row.get(0))?;
        Ok(gone)
    }
}
