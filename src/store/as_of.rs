//! What was known at an earlier moment: the database as it stood then, for everything that reads.
//!
//! Every table of the ledger is append-only and every row carries its change, so the database of a moment is the rows
//! of the changes that were recorded until then. Temporary views of the same names show just these, and the caches are
//! folded again from them; the statements of the readers stay as they are. Nothing is written to the file.

use rusqlite::Connection;

use super::Store;
use super::ledger::SHAPES;
use super::read::told::for_each_told;
use crate::error::Result;
use crate::model::ids::{KpiChangeId, UploadId};
use crate::model::time::Timestamp;

impl Store {
    /// The same database as it was known at a moment that has passed: up to the last change recorded at or before it.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn known_at(mut self, at: Timestamp) -> Result<Self> {
        // The views last as long as the connection; what they need besides is kept in memory.
        self.connection.execute_batch("PRAGMA temp_store = MEMORY")?;
        let transaction = self.connection.unchecked_transaction()?;
        let bound = bound(&transaction, at)?;
        for shape in &SHAPES {
            let name = shape.name;
            transaction.execute_batch(&format!(
                "CREATE TEMP VIEW {name} AS SELECT * FROM main.{name} WHERE change_id {bound}"
            ))?;
        }
        transaction.execute_batch(&format!(
            "CREATE TEMP VIEW changes AS SELECT * FROM main.changes WHERE id {bound}"
        ))?;
        fold_caches(&transaction)?;
        transaction.commit()?;
        self.known_at = Some(at);
        Ok(self)
    }
}

/// Folds the caches from the history as it can be seen, into temporary tables of the same names.
pub(super) fn fold_caches(sql: &Connection) -> Result<()> {
    sql.execute_batch(include_str!("sql/as_of_caches.sql"))?;
    // Where uploads were taken back, which of the others changed a value is for the model to say.
    let newest: Vec<KpiChangeId> = sql
        .prepare(
            "SELECT h.kpi_row_id FROM (SELECT DISTINCT account_id FROM kpi_changes WHERE retold IS NOT NULL) k \
             JOIN temp.account_heads h ON h.account_id = k.account_id",
        )?
        .query_map([], |row| row.get(0).map(KpiChangeId::new))?
        .collect::<Result<_, _>>()?;
    let mut correct = sql.prepare(
        "UPDATE temp.account_heads SET kpi_values_change_id = (SELECT change_id FROM uploads WHERE id = ?2) \
         WHERE account_id = ?1",
    )?;
    for_each_told(sql, &newest, |account, told| {
        let (_, values_changed) = told.last();
        correct.execute((account.get(), values_changed.map(UploadId::get)))?;
        Ok(())
    })
}

/// Which changes had been recorded: a condition on a change's number.
///
/// Mostly these are the first so many of the database. Where a clock stood wrong, one customer's can lie between
/// another's later ones, and each is looked up.
fn bound(sql: &Connection, at: Timestamp) -> Result<String> {
    let last: i64 = sql.query_one(
        "SELECT coalesce(max(id), 0) FROM main.changes WHERE recorded_at <= ?1",
        [at.millis()],
        |row| row.get(0),
    )?;
    let later_before: i64 = sql.query_one(
        "SELECT count(*) FROM main.changes WHERE id < ?1 AND recorded_at > ?2",
        [last, at.millis()],
        |row| row.get(0),
    )?;
    Ok(match later_before {
        0 => format!("<= {last}"),
        _ => format!(
            "IN (SELECT g.id FROM main.changes g WHERE g.id <= {last} AND g.recorded_at <= {})",
            at.millis()
        ),
    })
}
