//! The hashes of rows as they stand: taken before and after, they tell what an erasure changed.

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;
use rustc_hash::FxHashMap;

use super::{place_of, table_at, tables_of_accounts};
use crate::error::Result;
use crate::store::heads::id_list;
use crate::store::ledger::{Table, row_hash};
use crate::store::purge::Leaving;
use crate::store::salt::Salt;
use crate::store::transaction::WriteTransaction;

/// A row's hash, and the change that wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowHash {
    change: i64,
    hash: [u8; 32],
}

/// Hashes by the table's place and the row's id.
pub(super) type Hashes = BTreeMap<(usize, i64), RowHash>;

impl WriteTransaction<'_> {
    /// The hashes of every row of accounts, and of these rows of other tables.
    pub(super) fn hashes_of(&self, accounts: &[i64], rows: &[(Table, i64)]) -> Result<Hashes> {
        let list = id_list(accounts.iter().copied());
        let salts = self.salts_of(&list)?;
        let mut hashes = Hashes::new();
        for (table, column) in tables_of_accounts() {
            self.add_hashes(table, column, &list, &salts, &mut hashes)?;
        }
        for table in Table::ALL {
            let ids: Vec<i64> = rows.iter().filter(|(of, _)| *of == table).map(|(_, id)| *id).collect();
            if !ids.is_empty() {
                self.add_hashes(table, "id", &id_list(ids), &salts, &mut hashes)?;
            }
        }
        Ok(hashes)
    }

    fn salts_of(&self, accounts: &str) -> Result<FxHashMap<i64, Salt>> {
        let mut statement = self.sql.prepare_cached(
            "SELECT a.id, a.salt FROM json_each(?1) j CROSS JOIN accounts a ON a.id = j.value ORDER BY a.id",
        )?;
        let salts = statement.query_map([accounts], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(salts.collect::<rusqlite::Result<_>>()?)
    }

    fn add_hashes(
        &self,
        table: Table,
        column: &str,
        list: &str,
        salts: &FxHashMap<i64, Salt>,
        hashes: &mut Hashes,
    ) -> Result<()> {
        let shape = table.shape();
        let change = place_of(shape, "change_id")?;
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT {} FROM {} WHERE {column} IN (SELECT value FROM json_each(?1)) ORDER BY id",
            shape.columns.join(", "),
            shape.name
        ))?;
        let (mut rows, mut buffer) = (statement.query([list])?, Vec::new());
        while let Some(row) = rows.next()? {
            let values: Vec<ValueRef<'_>> =
                (0..shape.columns.len()).map(|place| row.get_ref(place)).collect::<rusqlite::Result<_>>()?;
            let account: Option<i64> = shape.keyed_by.map(|place| row.get(place)).transpose()?;
            let key = account.map(|account| salts.get(&account).copied().unwrap_or_default());
            let hash = row_hash(table, key.as_ref(), &values, &mut buffer);
            hashes.insert((table as usize, row.get(0)?), RowHash { change: row.get(change)?, hash });
        }
        Ok(())
    }

    /// Leaves the hash of each row that is not what it was.
    pub(super) fn leave_hashes(&mut self, before: &Hashes, after: &Hashes) -> Result<()> {
        for (key @ (place, row), was) in before {
            let is = after.get(key);
            if is != Some(was) {
                let tag = table_at(*place)?.shape().tag;
                let redacted = is.map(|is| is.hash);
                self.append_removed(
                    tag,
                    &Leaving { row: *row, change: was.change, hash: was.hash, redacted },
                )?;
            }
        }
        Ok(())
    }
}
