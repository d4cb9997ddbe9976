//! Accounts that were merged into others.
//!
//! No row of theirs moves: their names and ids lead to the other account, and what uploads said of them stands among what
//! is folded for it.

use super::append::value::int;
use super::heads::id_list;
use super::ledger::Table;
use super::transaction::WriteTransaction;
use super::undoings::table_of;
use crate::error::Result;
use crate::model::ids::{AccountId, ChangeId, UploadId};
use crate::model::upload::{Upload, UploadKind};

/// The account to which a name leads, of a row `n` of names. Where that one was erased, it leads to its own again.
pub(in crate::store) const LEADS_TO: &str = "coalesce((SELECT t.into_id FROM account_merges t \
     JOIN accounts o ON o.id = t.into_id WHERE t.account_id = n.account_id ORDER BY t.id DESC LIMIT 1), n.account_id)";

/// An account that was merged into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// The account whose names and ids lead elsewhere.
    pub from: AccountId,
    /// The account that took its facts in.
    pub into: AccountId,
    /// The change that merged them.
    pub change: ChangeId,
    /// The newest upload of before.
    pub last_upload: Option<UploadId>,
}

impl WriteTransaction<'_> {
    /// Has the names and ids of an account lead to another, and with them those that led to it. Of both, the heads must
    /// be loaded.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn merge_account(&mut self, from: AccountId, into: AccountId) -> Result<()> {
        let led_here = self.reader().merged_from(from)?;
        self.load_heads(&led_here)?;
        for account in std::iter::once(from).chain(led_here) {
            let key = self.loaded_head(account)?.salt;
            let row = [
                int(self.next_id("account_merge")?),
                int(account.get()),
                int(self.change().get()),
                int(into.get()),
            ];
            self.appender(Table::AccountMerges)?.append(Some(&key), &row)?;
        }
        Ok(())
    }

    /// The merges by which these accounts took others in, and those others in their turn, oldest first.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn merges_under(&self, accounts: &[AccountId]) -> Result<Vec<Merge>> {
        let mut statement = self.sql.prepare_cached(
            "WITH RECURSIVE direct AS (SELECT t.id, t.account_id, t.into_id, t.change_id FROM account_merges t \
             WHERE t.id = (SELECT min(m.id) FROM account_merges m JOIN accounts o ON o.id = m.into_id \
             WHERE m.account_id = t.account_id)), \
             walk (id) AS (SELECT a.id FROM json_each(?1) j CROSS JOIN accounts a ON a.id = j.value \
             UNION SELECT d.account_id FROM walk w JOIN direct d ON d.into_id = w.id) \
             SELECT d.account_id, d.into_id, d.change_id, \
             (SELECT max(u.id) FROM uploads u WHERE u.change_id < d.change_id) \
             FROM walk w JOIN direct d ON d.into_id = w.id ORDER BY d.id",
        )?;
        let merges = statement
            .query_map([id_list(accounts.iter().map(|id| id.get()))], |row| {
                Ok(Merge {
                    from: AccountId::new(row.get(0)?),
                    into: AccountId::new(row.get(1)?),
                    change: ChangeId::new(row.get(2)?),
                    last_upload: row.get::<_, Option<i64>>(3)?.map(UploadId::new),
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(merges)
    }

    /// The accounts for which was folded what an upload said of others, by id: also where one of these was erased.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn taken_in_of_upload(&self, upload: &Upload) -> Result<Vec<AccountId>> {
        let is_folded =
            if upload.kind == UploadKind::Kpis { "k.retold = 2" } else { "k.refolded IS NOT NULL" };
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT DISTINCT k.account_id FROM {} k WHERE k.upload_id = ?1 AND {is_folded} ORDER BY 1",
            table_of(upload.kind)
        ))?;
        let accounts = statement
            .query_map([upload.id.get()], |row| row.get(0).map(AccountId::new))?
            .collect::<Result<_, _>>()?;
        Ok(accounts)
    }

    /// The accounts that took these in, at whatever remove, by id.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn merged_over(&self, accounts: &[AccountId]) -> Result<Vec<AccountId>> {
        let mut statement = self.sql.prepare_cached(
            "SELECT DISTINCT t.into_id FROM json_each(?1) j CROSS JOIN account_merges t ON t.account_id = j.value \
             JOIN accounts o ON o.id = t.into_id ORDER BY 1",
        )?;
        let over = statement
            .query_map([id_list(accounts.iter().map(|id| id.get()))], |row| row.get(0).map(AccountId::new))?
            .collect::<Result<_, _>>()?;
        Ok(over)
    }
}
