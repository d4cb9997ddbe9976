//! KPIs: which series there are, and what is known of an account's, now or at an earlier moment.

use rustc_hash::FxHashMap;

use super::Reader;
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId, KpiChangeId, SeriesId, UploadId};
use crate::model::kpi::replay::{Said, replay};
use crate::model::kpi::state::KpiState;
use crate::store::kpis::load_states;
use crate::store::{day, vector_text};

/// How much a series is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SeriesUse {
    /// Accounts that have it.
    pub accounts: u64,
    /// Accounts that have a value of it.
    pub with_value: u64,
}

impl Reader<'_> {
    /// The current KPIs of accounts; an account without any is absent.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn kpi_states(&self, accounts: &[AccountId]) -> Result<FxHashMap<AccountId, KpiState>> {
        load_states(self.sql(), &mut self.weightings.borrow_mut(), accounts)
    }

    /// An account's KPIs as they were known when `row` was the newest of what uploads had said.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn kpi_state_at(&self, row: KpiChangeId) -> Result<KpiState> {
        let mut statement = self.sql().prepare_cached(include_str!("../sql/kpi_rows_until.sql"))?;
        let mut rows = statement.query([row.get()])?;
        let mut said = Vec::new();
        while let Some(row) = rows.next()? {
            let weights: Option<String> = row.get(5)?;
            said.push(Said {
                observed_on: day(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?,
                dated: row.get(1)?,
                ingested_on: day(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)?,
                upload: UploadId::new(row.get(3)?),
                changed: vector_text::parse_changed(
                    row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?,
                )?,
                weights: weights
                    .as_deref()
                    .map(vector_text::parse_weight_change)
                    .transpose()?
                    .unwrap_or_default(),
            });
        }
        Ok(replay(&said))
    }

    /// How many accounts use each of a customer's series.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn series_use(&self, customer: CustomerId) -> Result<FxHashMap<SeriesId, SeriesUse>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT CAST(j.key AS INTEGER), count(*), count(json_extract(j.value, '$[0]')) FROM accounts a \
             JOIN kpi_current k ON k.account_id = a.id, json_each(k.vector) j WHERE a.customer_id = ?1 GROUP BY 1",
        )?;
        let used = statement
            .query_map([customer.get()], |row| {
                let used = SeriesUse { accounts: row.get(1)?, with_value: row.get(2)? };
                Ok((SeriesId::new(row.get(0)?), used))
            })?
            .collect::<Result<_, _>>()?;
        Ok(used)
    }
}
