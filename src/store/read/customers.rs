//! Customers: who there is.

use super::Reader;
use crate::error::Result;
use crate::model::canonical::hex;
use crate::model::health::config::ScoringConfig;
use crate::model::ids::{ChangeId, CustomerId, ScoringConfigId};
use crate::model::kpi::series::SeriesSet;
use crate::model::time::Timestamp;
use crate::store::{customers, series};

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRecord {
    /// Our id.
    pub id: CustomerId,
    /// Its name.
    pub name: String,
    /// How many accounts it has.
    pub accounts: u64,
    /// How many snapshots were taken of them.
    pub snapshots: u64,
    /// Its last change.
    pub last_change: ChangeId,
    /// When that was recorded.
    pub last_change_at: Timestamp,
    /// The digest of that change, in hexadecimal.
    pub digest: String,
}

impl Reader<'_> {
    /// The customer that a name leads to.
    ///
    /// # Errors
    /// `UnknownCustomer`, with the known ones in the hint.
    pub fn find_customer(&self, name: &str) -> Result<CustomerId> {
        match customers::find(self.sql(), name)? {
            Some(id) => Ok(id),
            None => Err(customers::unknown(self.sql(), name)),
        }
    }

    /// A customer's name as it is kept.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn customer_name(&self, customer: CustomerId) -> Result<String> {
        Ok(customers::load_head(self.sql(), customer)?.name)
    }

    /// Every name that a customer ever had, its present one first.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn customer_names(&self, customer: CustomerId) -> Result<Vec<String>> {
        let mut statement = self
            .sql()
            .prepare_cached("SELECT name FROM customer_names WHERE customer_id = ?1 ORDER BY id DESC")?;
        let names = statement.query_map([customer.get()], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(names)
    }

    /// As [`Reader::find_customer`], but None where there is no such customer.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn match_customer(&self, name: &str) -> Result<Option<CustomerId>> {
        customers::find(self.sql(), name)
    }

    /// Every customer, by id.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_customers(&self) -> Result<Vec<CustomerRecord>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT h.customer_id, h.name, h.change_id, h.recorded_at, h.digest, \
             (SELECT count(*) FROM accounts a WHERE a.customer_id = h.customer_id), \
             (SELECT coalesce(sum(s.sequence), 0) FROM accounts a JOIN account_heads d ON d.account_id = a.id \
              JOIN snapshots s ON s.id = d.snapshot_id WHERE a.customer_id = h.customer_id) \
             FROM customer_heads h ORDER BY h.customer_id",
        )?;
        let customers = statement
            .query_map([], |row| {
                Ok(CustomerRecord {
                    id: CustomerId::new(row.get(0)?),
                    name: row.get(1)?,
                    last_change: ChangeId::new(row.get(2)?),
                    last_change_at: Timestamp::from_millis(row.get(3)?),
                    digest: hex(&row.get::<_, Vec<u8>>(4)?),
                    accounts: row.get(5)?,
                    snapshots: row.get(6)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(customers)
    }

    /// The customer's newest scoring configuration, its id and hash; None before its first write.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn scoring_config(
        &self,
        customer: CustomerId,
    ) -> Result<Option<(ScoringConfigId, ScoringConfig, String)>> {
        let Some(id) = customers::load_head(self.sql(), customer)?.scoring_config else { return Ok(None) };
        let (config, hash) = series::load_config(self.sql(), id)?;
        Ok(Some((id, config, hash)))
    }

    /// A scoring configuration and its hash.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn scoring_config_by_id(&self, id: ScoringConfigId) -> Result<(ScoringConfig, String)> {
        series::load_config(self.sql(), id)
    }

    /// The customer's series.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn series(&self, customer: CustomerId) -> Result<SeriesSet> {
        series::load(self.sql(), customer)
    }

    /// The newest definition of each KPI that was imported for a customer, as JSON, in order of first import.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn kpi_definitions(&self, customer: CustomerId) -> Result<Vec<String>> {
        self.kpi_definitions_at(customer, ChangeId::new(i64::MAX))
    }

    /// What a customer said of its KPIs after a change.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn kpi_definitions_at(&self, customer: CustomerId, change: ChangeId) -> Result<Vec<String>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT d.content FROM kpi_definitions d WHERE d.customer_id = ?1 AND d.id = (SELECT max(n.id) FROM \
             kpi_definitions n WHERE n.customer_id = d.customer_id AND n.kpi_key = d.kpi_key AND n.change_id <= ?2) \
             ORDER BY d.id",
        )?;
        let contents = statement.query_map((customer.get(), change.get()), |row| row.get(0))?;
        let contents = contents.collect::<Result<_, _>>()?;
        Ok(contents)
    }
}
