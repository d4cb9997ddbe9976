//! By what a customer or an account is told from another of the same number in another database: the digest of the change
//! that made it, which no erasure changes.

use rusqlite::OptionalExtension;

use super::Reader;
use crate::error::Result;
use crate::model::canonical::hex;
use crate::model::ids::{AccountId, CustomerId};

impl Reader<'_> {
    /// The digest of a customer's first change, in hexadecimal; None where there is no such customer, or none any more.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn origin_of_customer(&self, customer: CustomerId) -> Result<Option<String>> {
        let digest = self
            .sql()
            .prepare_cached(
                "SELECT g.digest FROM customers c JOIN changes g ON g.id = c.change_id WHERE c.id = ?1",
            )?
            .query_one([customer.get()], |row| row.get::<_, Vec<u8>>(0))
            .optional()?;
        Ok(digest.map(|digest| hex(&digest)))
    }

    /// The digest of the change that made an account of a customer; None where there is no such account.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn origin_of_account(&self, customer: CustomerId, account: AccountId) -> Result<Option<String>> {
        let digest = self
            .sql()
            .prepare_cached(
                "SELECT g.digest FROM accounts a JOIN changes g ON g.id = a.change_id \
                 WHERE a.id = ?1 AND a.customer_id = ?2",
            )?
            .query_one((account.get(), customer.get()), |row| row.get::<_, Vec<u8>>(0))
            .optional()?;
        Ok(digest.map(|digest| hex(&digest)))
    }
}
