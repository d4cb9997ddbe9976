//! An account with everything that is kept of it.

use super::words::Edit;
use super::{Erased, owner_of, tables_of_accounts};
use crate::error::Result;
use crate::model::ids::AccountId;
use crate::model::redaction::Person;
use crate::store::ledger::{Table, forbid_removal, forbid_rewriting, permit_removal, permit_rewriting};
use crate::store::transaction::WriteTransaction;

/// The caches that have rows of an account. Snapshots are still there when the first of them goes.
const CACHES: [&str; 6] = [
    "DELETE FROM snapshot_bridges WHERE snapshot_id IN (SELECT id FROM snapshots WHERE account_id = ?1)",
    "DELETE FROM account_heads WHERE account_id = ?1",
    "DELETE FROM kpi_current WHERE account_id = ?1",
    "DELETE FROM pending_events WHERE account_id = ?1",
    "DELETE FROM cooldowns WHERE account_id = ?1",
    "DELETE FROM slot_heads WHERE account_id = ?1",
];

/// The tables that name files.
const FILES: [Table; 2] = [Table::Uploads, Table::Sightings];

impl WriteTransaction<'_> {
    /// Removes every row of an account of this customer, and the account itself; its names are taken out of the names of
    /// files. Its salt goes with it, so that no hash that stays tells anything.
    ///
    /// # Errors
    /// `UnknownAccount` for an account of another customer; anything that the database says.
    pub fn erase_account(&mut self, account: AccountId) -> Result<Erased> {
        self.load_heads(&[account])?;
        self.loaded_head(account)?;
        self.sql.execute_batch("PRAGMA defer_foreign_keys = ON")?;
        let edits = self.find_file_names(account)?;
        let others: Vec<(Table, i64)> = edits.iter().map(|edit| (edit.table, edit.id)).collect();
        let before = self.hashes_of(&[account.get()], &others)?;
        for cache in CACHES {
            self.sql.execute(cache, [account.get()])?;
        }
        let mut erased = Erased { accounts: 1, ..Erased::default() };
        for (table, column) in tables_of_accounts() {
            let name = table.shape().name;
            permit_removal(&self.sql, table)?;
            let rows =
                self.sql.execute(&format!("DELETE FROM {name} WHERE {column} = ?1"), [account.get()])?;
            forbid_removal(&self.sql, table)?;
            if rows > 0 {
                erased.rows.push((name, rows as u64));
            }
        }
        self.heads.remove(&account);
        edits.iter().for_each(|edit| erased.count(edit.table.shape().name));
        FILES.iter().try_for_each(|table| permit_rewriting(&self.sql, table.shape().name))?;
        self.apply(&edits)?;
        FILES.iter().try_for_each(|table| forbid_rewriting(&self.sql, table.shape().name))?;
        let after = self.hashes_of(&[], &others)?;
        self.leave_hashes(&before, &after)?;
        Ok(erased)
    }

    /// The files of the customer in whose names a name of the account stands, without it.
    fn find_file_names(&self, account: AccountId) -> Result<Vec<Edit>> {
        let names: Vec<String> = self
            .reader()
            .list_account_names(self.customer(), account)?
            .into_iter()
            .map(|name| name.name)
            .collect();
        let names = Person::in_file_names(&names);
        let mut edits = Vec::new();
        for table in FILES {
            let shape = table.shape();
            let mut statement = self.sql.prepare(&format!(
                "SELECT r.id, r.file_name FROM {} r WHERE {} = ?1 ORDER BY r.id",
                shape.name,
                owner_of(shape)
            ))?;
            let mut rows = statement.query([self.customer().get()])?;
            while let Some(row) = rows.next()? {
                let file_name: String = row.get(1)?;
                let Some(without) = names.redact(&file_name) else { continue };
                edits.push(Edit {
                    table,
                    id: row.get(0)?,
                    account: None,
                    columns: vec![("file_name", without)],
                    is_salted: true,
                });
            }
        }
        Ok(edits)
    }
}
