//! Snapshots that were made from an upload that was taken back: they stay, say so, and are passed over.

use rusqlite::Connection;
use rustc_hash::FxHashMap;

use super::Reader;
use super::retention::PREVIOUS;
use crate::error::Result;
use crate::model::ids::{SnapshotId, UploadId};
use crate::model::time::Timestamp;
use crate::store::heads::id_list;

/// Whether a snapshot is retracted now: a condition on `s.id`.
pub(in crate::store) const RETRACTED: &str = "EXISTS (SELECT 1 FROM retractions r WHERE r.snapshot_id = s.id AND \
     (SELECT z.undone FROM upload_undoings z WHERE z.upload_id = r.upload_id ORDER BY z.id DESC LIMIT 1) = 1)";

/// Why a snapshot is retracted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retraction {
    /// The upload that was taken back; of several, the one that was taken back last.
    pub upload: UploadId,
    /// When.
    pub undone_at: Timestamp,
}

/// For those of these snapshots that are retracted, the one before that is not; None where there is none.
pub(in crate::store) fn standing(
    sql: &Connection,
    newest: &[SnapshotId],
) -> Result<FxHashMap<SnapshotId, Option<SnapshotId>>> {
    if !sql.prepare_cached("SELECT 1 FROM retractions LIMIT 1")?.exists([])? {
        return Ok(FxHashMap::default());
    }
    let mut statement = sql.prepare_cached(&format!(
        "WITH RECURSIVE walk (origin, id, previous_id, retracted) AS (\
         SELECT s.id, s.id, {PREVIOUS}, {RETRACTED} FROM json_each(?1) j CROSS JOIN snapshots s ON s.id = j.value \
         UNION ALL SELECT w.origin, s.id, {PREVIOUS}, {RETRACTED} FROM walk w \
         JOIN snapshots s ON s.id = w.previous_id WHERE w.retracted) \
         SELECT origin, CASE WHEN retracted THEN NULL ELSE id END FROM walk \
         WHERE (NOT retracted OR previous_id IS NULL) AND NOT (id = origin AND NOT retracted)"
    ))?;
    let standing = statement
        .query_map([id_list(newest.iter().map(|id| id.get()))], |row| {
            Ok((SnapshotId::new(row.get(0)?), row.get::<_, Option<i64>>(1)?.map(SnapshotId::new)))
        })?
        .collect::<Result<_, _>>()?;
    Ok(standing)
}

impl Reader<'_> {
    /// Which of these snapshots are retracted, and why.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn retractions(&self, snapshots: &[SnapshotId]) -> Result<FxHashMap<SnapshotId, Retraction>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT r.snapshot_id, r.upload_id, g.recorded_at FROM json_each(?1) j \
             CROSS JOIN retractions r ON r.snapshot_id = j.value \
             JOIN upload_undoings z ON z.id = (SELECT max(y.id) FROM upload_undoings y WHERE y.upload_id = r.upload_id) \
             JOIN changes g ON g.id = z.change_id WHERE z.undone = 1 ORDER BY z.id",
        )?;
        let retractions = statement
            .query_map([id_list(snapshots.iter().map(|id| id.get()))], |row| {
                let undone_at = Timestamp::from_millis(row.get(2)?);
                Ok((
                    SnapshotId::new(row.get(0)?),
                    Retraction { upload: UploadId::new(row.get(1)?), undone_at },
                ))
            })?
            .collect::<Result<_, _>>()?;
        Ok(retractions)
    }
}
