//! An account with everything that is kept of it.

use super::hashes::Hashes;
use super::{Erased, tables_of_accounts};
use crate::error::Result;
use crate::model::ids::AccountId;
use crate::store::ledger::{forbid_removal, permit_removal};
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

impl WriteTransaction<'_> {
    /// Removes every row of an account of this customer, and the account itself. Its salt goes with it, so that no hash
    /// that stays tells anything.
    ///
    /// # Errors
    /// `UnknownAccount` for an account of another customer; anything that the database says.
    pub fn erase_account(&mut self, account: AccountId) -> Result<Erased> {
        self.load_heads(&[account])?;
        self.loaded_head(account)?;
        self.sql.execute_batch("PRAGMA defer_foreign_keys = ON")?;
        let before = self.hashes_of(&[account.get()], &[])?;
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
        self.leave_hashes(&before, &Hashes::new())?;
        Ok(erased)
    }
}
