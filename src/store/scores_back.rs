//! The scores in force at an instant or so many snapshots back, walked to from the newest snapshots.

use rusqlite::Connection;
use rustc_hash::FxHashMap;

use super::heads::id_list;
use super::transaction::WriteTransaction;
use crate::error::Result;
use crate::model::ids::{AccountId, SnapshotId};
use crate::model::score::Score;
use crate::model::time::Timestamp;

/// The score in force at an instant, by account, from the accounts' newest snapshots back.
pub(super) fn scores_at(
    sql: &Connection,
    newest: impl Iterator<Item = SnapshotId>,
    at: Timestamp,
) -> Result<FxHashMap<AccountId, Score>> {
    let statement = sql.prepare_cached(include_str!("sql/score_at.sql"))?;
    scores(statement, (id_list(newest.map(SnapshotId::get)), at.millis()))
}

/// The score so many snapshots back, by account, the newest snapshots among them.
pub(super) fn scores_back(
    sql: &Connection,
    newest: impl Iterator<Item = SnapshotId>,
    snapshots: u32,
) -> Result<FxHashMap<AccountId, Score>> {
    let statement = sql.prepare_cached(include_str!("sql/score_back.sql"))?;
    scores(statement, (id_list(newest.map(SnapshotId::get)), i64::from(snapshots)))
}

fn scores(
    mut statement: rusqlite::CachedStatement<'_>,
    parameters: (String, i64),
) -> Result<FxHashMap<AccountId, Score>> {
    let scores = statement
        .query_map(parameters, |row| {
            let score = row.get::<_, Option<i32>>(1)?.map(Score::from_hundredths);
            Ok((AccountId::new(row.get(0)?), score))
        })?
        .filter_map(|pair| pair.map(|(account, score)| Some((account, score?))).transpose())
        .collect::<Result<_, _>>()?;
    Ok(scores)
}

impl WriteTransaction<'_> {
    /// Whether any snapshot was ever retracted.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn has_retractions(&self) -> Result<bool> {
        Ok(self.sql.prepare_cached("SELECT 1 FROM retractions LIMIT 1")?.exists([])?)
    }

    /// The score in force at an instant, by account; for an account younger than that, its first.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn load_scores_at(
        &self,
        accounts: &[AccountId],
        at: Timestamp,
    ) -> Result<FxHashMap<AccountId, Score>> {
        let newest = accounts.iter().filter_map(|account| self.heads.get(account)?.snapshot);
        scores_at(&self.sql, newest, at)
    }

    /// The score so many snapshots back, by account; for an account with fewer, its first.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn load_scores_back(
        &self,
        accounts: &[AccountId],
        snapshots: u32,
    ) -> Result<FxHashMap<AccountId, Score>> {
        let newest = accounts.iter().filter_map(|account| self.heads.get(account)?.snapshot);
        scores_back(&self.sql, newest, snapshots)
    }
}
