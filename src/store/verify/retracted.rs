//! Which snapshots were retracted at each moment: made from an upload that was taken back and did not count then.

use rusqlite::Connection;
use rustc_hash::{FxHashMap, FxHashSet};

use super::cells::LedgerRow;
use crate::error::Result;

/// What was taken back until now, and the snapshots that were made from it.
#[derive(Default)]
pub(super) struct Retracted {
    undone: FxHashSet<i64>,
    made_from: FxHashMap<i64, Vec<i64>>,
    /// The accounts of which a snapshot is ever retracted.
    accounts: FxHashSet<i64>,
}

impl Retracted {
    pub(super) fn new(sql: &Connection) -> Result<Self> {
        let mut statement = sql.prepare("SELECT DISTINCT account_id FROM main.retractions")?;
        let accounts = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(Self { accounts, ..Self::default() })
    }

    /// Whether a snapshot of the account is ever retracted.
    pub(super) fn concerns(&self, account: i64) -> bool {
        self.accounts.contains(&account)
    }

    /// Takes a change's rows in.
    pub(super) fn take(&mut self, rows: &[LedgerRow]) {
        for row in rows {
            let upload = row.int("upload_id").unwrap_or(0);
            match row.shape().name {
                "upload_undoings" if row.int("undone") == Some(1) => drop(self.undone.insert(upload)),
                "upload_undoings" => drop(self.undone.remove(&upload)),
                "retractions" => {
                    let snapshot = row.int("snapshot_id").unwrap_or(0);
                    self.made_from.entry(snapshot).or_default().push(upload);
                }
                _ => {}
            }
        }
    }

    /// Whether a snapshot is retracted now.
    pub(super) fn holds(&self, snapshot: i64) -> bool {
        self.made_from
            .get(&snapshot)
            .is_some_and(|uploads| uploads.iter().any(|upload| self.undone.contains(upload)))
    }
}
