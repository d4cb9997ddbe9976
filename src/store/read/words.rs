//! Names alone, for completion: read without anything beside them, because somebody waits at the keyboard.

use super::Reader;
use crate::error::Result;
use crate::model::ids::CustomerId;

impl Reader<'_> {
    /// Name and external id of each account of a customer that is not archived, by id.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn account_words(&self, customer: CustomerId) -> Result<Vec<(String, Option<String>)>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT h.name, h.external_id FROM accounts a JOIN account_heads h ON h.account_id = a.id \
             WHERE a.customer_id = ?1 AND NOT h.archived ORDER BY a.id",
        )?;
        let words = statement.query_map([customer.get()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let words = words.collect::<Result<_, _>>()?;
        Ok(words)
    }

    /// The tags that a snapshot of a customer's bears, each as it was last written, by name.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn tag_words(&self, customer: CustomerId) -> Result<Vec<String>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT name FROM (SELECT t.name_key, t.name, t.snapshot_id, max(t.id) FROM accounts a \
             CROSS JOIN tags t ON t.account_id = a.id WHERE a.customer_id = ?1 GROUP BY t.account_id, t.name_key) \
             WHERE snapshot_id IS NOT NULL GROUP BY name_key ORDER BY name",
        )?;
        let words = statement.query_map([customer.get()], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(words)
    }
}
