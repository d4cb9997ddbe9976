//! A customer with everything that is kept of it, its own name included.
//!
//! Nothing is left but the changes themselves, without anybody's words: their digests stand under seals, so that the
//! ledger and every anchor of before still hold. A row that bears no salt, or whose account's is gone, could be guessed
//! from its hash: it leaves one with a salt that nobody keeps.

use rusqlite::types::ValueRef;
use rustc_hash::FxHashMap;

use super::{Erased, account_column, owner_of, place_of};
use crate::error::Result;
use crate::model::redaction::{ERASED, Person};
use crate::store::ledger::{
    Shape, Table, forbid_removal, forbid_rewriting, permit_removal, permit_rewriting, row_hash,
};
use crate::store::purge::Leaving;
use crate::store::salt::Salt;
use crate::store::transaction::WriteTransaction;

/// The caches that have rows of a customer. Snapshots and accounts are still there when the first of them goes.
const CACHES: [&str; 7] = [
    "DELETE FROM snapshot_bridges WHERE snapshot_id IN (SELECT s.id FROM snapshots s \
     JOIN accounts a ON a.id = s.account_id WHERE a.customer_id = ?1)",
    "DELETE FROM kpi_current WHERE account_id IN (SELECT id FROM accounts WHERE customer_id = ?1)",
    "DELETE FROM pending_events WHERE account_id IN (SELECT id FROM accounts WHERE customer_id = ?1)",
    "DELETE FROM cooldowns WHERE account_id IN (SELECT id FROM accounts WHERE customer_id = ?1)",
    "DELETE FROM slot_heads WHERE account_id IN (SELECT id FROM accounts WHERE customer_id = ?1)",
    "DELETE FROM account_heads WHERE account_id IN (SELECT id FROM accounts WHERE customer_id = ?1)",
    "DELETE FROM customer_heads WHERE customer_id = ?1",
];

/// So many rows are hashed at a time.
const BATCH: i64 = 10_000;

/// The tables that go; what earlier purges and erasures left stays, for the ledger needs it.
fn tables() -> impl DoubleEndedIterator<Item = Table> {
    Table::ALL.into_iter().filter(|table| *table != Table::RemovedRows)
}

/// Whether a row `r` of a table is customer ?1's, or of one of its accounts.
fn is_of_customer(shape: &Shape) -> String {
    let names_both = account_column(shape).is_some() && shape.columns.contains(&"customer_id");
    let owner = owner_of(shape);
    // An event that was denied names one customer, and an account of another.
    if names_both { format!("({owner} = ?1 OR r.customer_id = ?1)") } else { format!("{owner} = ?1") }
}

impl WriteTransaction<'_> {
    /// Removes every row of this customer, and the customer itself; of its changes the words of whoever made them.
    /// The change of this transaction is its last.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn erase_customer(&mut self) -> Result<Erased> {
        let customer = self.customer().get();
        self.sql.execute_batch("PRAGMA defer_foreign_keys = ON")?;
        self.redact_own_actor()?;
        let salts = self.salts_of_customer()?;
        tables().try_for_each(|table| self.leave_hashes_of(table, &salts))?;
        for cache in CACHES {
            self.sql.execute(cache, [customer])?;
        }
        let mut erased = Erased::default();
        // Backwards: an account goes after the rows by which it is found.
        for table in tables().rev() {
            let rows = self.remove_rows_of(table)?;
            if table == Table::Accounts {
                erased.accounts = rows;
            }
            if rows > 0 {
                erased.rows.insert(0, (table.shape().name, rows));
            }
        }
        let changes = self.seal_changes()?;
        erased.rows.push(("changes", changes));
        self.heads.clear();
        self.customer_is_erased = true;
        Ok(erased)
    }

    /// Who erases is kept, but not by the customer's name.
    fn redact_own_actor(&mut self) -> Result<()> {
        let names = self.reader().customer_names(self.customer())?;
        if let Some(without) = Person::in_file_names(&names).redact(self.actor()) {
            self.set_actor(without);
        }
        Ok(())
    }

    fn salts_of_customer(&self) -> Result<FxHashMap<i64, Salt>> {
        let mut statement = self.sql.prepare(
            "SELECT a.id, a.salt FROM accounts a WHERE a.customer_id = ?1 \
             OR a.id IN (SELECT e.account_id FROM events e WHERE e.customer_id = ?1)",
        )?;
        let salts = statement.query_map([self.customer().get()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(salts.collect::<rusqlite::Result<_>>()?)
    }

    fn leave_hashes_of(&mut self, table: Table, salts: &FxHashMap<i64, Salt>) -> Result<()> {
        let mut last = 0;
        loop {
            let leaving = self.leaving_after(table, last, salts)?;
            let Some(end) = leaving.last() else { return Ok(()) };
            last = end.row;
            for row in &leaving {
                self.append_removed(table.shape().tag, row)?;
            }
        }
    }

    fn leaving_after(
        &mut self,
        table: Table,
        last: i64,
        salts: &FxHashMap<i64, Salt>,
    ) -> Result<Vec<Leaving>> {
        let shape = table.shape();
        let change = place_of(shape, "change_id")?;
        let has_salt = shape.columns.contains(&"salt");
        let columns: Vec<String> = shape.columns.iter().map(|column| format!("r.{column}")).collect();
        let customer = self.customer().get();
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT {} FROM {} r WHERE {} AND r.id > ?2 ORDER BY r.id LIMIT {BATCH}",
            columns.join(", "),
            shape.name,
            is_of_customer(shape)
        ))?;
        let mut rows = statement.query((customer, last))?;
        let (mut leaving, mut buffer) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next()? {
            let values: Vec<ValueRef<'_>> =
                (0..shape.columns.len()).map(|place| row.get_ref(place)).collect::<rusqlite::Result<_>>()?;
            let key = match shape.keyed_by {
                Some(place) => Some(salts.get(&row.get(place)?).copied().unwrap_or_default()),
                None if has_salt => None,
                None => Some(self.salts.next()?),
            };
            let hash = row_hash(table, key.as_ref(), &values, &mut buffer);
            leaving.push(Leaving { row: row.get(0)?, change: row.get(change)?, hash, redacted: None });
        }
        Ok(leaving)
    }

    fn remove_rows_of(&self, table: Table) -> Result<u64> {
        let shape = table.shape();
        permit_removal(&self.sql, table)?;
        let sql = format!("DELETE FROM {} AS r WHERE {}", shape.name, is_of_customer(shape));
        let rows = self.sql.execute(&sql, [self.customer().get()])?;
        forbid_removal(&self.sql, table)?;
        Ok(rows as u64)
    }

    /// Takes the words out of every change of the customer and seals what is left; says how many changes that were.
    fn seal_changes(&mut self) -> Result<u64> {
        let changes: Vec<(i64, String)> = {
            let mut statement =
                self.sql.prepare("SELECT id FROM changes WHERE customer_id = ?1 ORDER BY id")?;
            let changes =
                statement.query_map([self.customer().get()], |row| Ok((row.get(0)?, ERASED.to_owned())))?;
            changes.collect::<rusqlite::Result<_>>()?
        };
        permit_rewriting(&self.sql, "changes")?;
        self.redact_actors(&changes)?;
        forbid_rewriting(&self.sql, "changes")?;
        Ok(changes.len() as u64)
    }
}
