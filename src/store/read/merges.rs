//! Which account answers for one that was merged into another.

use rusqlite::OptionalExtension;
use rustc_hash::FxHashMap;

use super::Reader;
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId};

impl Reader<'_> {
    /// The account into which another one was merged, the last one of a chain; None where it was not.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn merged_into(&self, account: AccountId) -> Result<Option<AccountId>> {
        let into = self
            .sql()
            .prepare_cached(
                "SELECT t.into_id FROM account_merges t JOIN accounts o ON o.id = t.into_id WHERE t.account_id = ?1 \
                 ORDER BY t.id DESC LIMIT 1",
            )?
            .query_one([account.get()], |row| row.get(0).map(AccountId::new))
            .optional()?;
        Ok(into)
    }

    /// The accounts of a customer that were merged, each with the one that answers for it.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn merged(&self, customer: CustomerId) -> Result<FxHashMap<AccountId, AccountId>> {
        // Of an account the newest stands last.
        let mut statement = self.sql().prepare_cached(
            "SELECT t.account_id, t.into_id FROM account_merges t JOIN accounts o ON o.id = t.into_id \
             WHERE o.customer_id = ?1 ORDER BY t.id",
        )?;
        let merged = statement
            .query_map([customer.get()], |row| {
                Ok((AccountId::new(row.get(0)?), AccountId::new(row.get(1)?)))
            })?
            .collect::<Result<_, _>>()?;
        Ok(merged)
    }

    /// The account that answers for one: itself, or the one into which it was merged.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn answering_for(&self, account: AccountId) -> Result<AccountId> {
        Ok(self.merged_into(account)?.unwrap_or(account))
    }

    /// The accounts whose names lead to one, by id.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn merged_from(&self, account: AccountId) -> Result<Vec<AccountId>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT DISTINCT m.account_id FROM account_merges m WHERE m.into_id = ?1 AND m.id = (SELECT max(t.id) \
             FROM account_merges t JOIN accounts o ON o.id = t.into_id WHERE t.account_id = m.account_id) ORDER BY 1",
        )?;
        let merged = statement
            .query_map([account.get()], |row| row.get(0).map(AccountId::new))?
            .collect::<Result<_, _>>()?;
        Ok(merged)
    }
}
