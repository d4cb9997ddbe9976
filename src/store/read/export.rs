//! What an export is made of, a batch at a time: which accounts and snapshots there are, what was said of KPIs, events.

use chrono::NaiveDate;

use super::Reader;
use super::events::EventRecord;
use super::retention::{HIDDEN, PREVIOUS};
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId, EventId, SeriesId, SnapshotId, UploadId};
use crate::model::time::Timestamp;
use crate::store::heads::id_list;
use crate::store::{day, vector_text};

/// What one upload said of an account's KPIs.
#[derive(Debug, Clone, PartialEq)]
pub struct SaidRecord {
    /// The account.
    pub account: AccountId,
    /// The account's name.
    pub account_name: String,
    /// The account's external id.
    pub external_account_id: Option<String>,
    /// The day of the values.
    pub observed_on: NaiveDate,
    /// When they were read.
    pub ingested_at: Timestamp,
    /// The upload.
    pub upload: UploadId,
    /// The values that it changed, by series; None where it withdrew one.
    pub changed: Vec<(SeriesId, Option<f64>)>,
}

impl Reader<'_> {
    /// The ids of all of a customer's accounts, rising.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn account_ids(&self, customer: CustomerId) -> Result<Vec<AccountId>> {
        let mut statement =
            self.sql().prepare_cached("SELECT id FROM accounts WHERE customer_id = ?1 ORDER BY id")?;
        let ids = statement
            .query_map([customer.get()], |row| row.get(0).map(AccountId::new))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(ids)
    }

    /// Every snapshot of these accounts of a customer that retention does not hide, by account, then by id; reached over
    /// their chains.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn snapshots_of(&self, customer: CustomerId, accounts: &[AccountId]) -> Result<Vec<SnapshotId>> {
        let mut statement = self.sql().prepare_cached(&format!(
            "WITH RECURSIVE walk (account_id, id) AS (SELECT h.account_id, h.snapshot_id \
             FROM json_each(?2) j CROSS JOIN account_heads h ON h.account_id = j.value \
             WHERE h.customer_id = ?1 AND h.snapshot_id IS NOT NULL \
             UNION ALL SELECT w.account_id, {PREVIOUS} FROM walk w JOIN snapshots s ON s.id = w.id \
             WHERE s.previous_id IS NOT NULL) \
             SELECT s.id FROM walk s WHERE NOT {HIDDEN} ORDER BY s.account_id, s.id"
        ))?;
        let accounts = id_list(accounts.iter().map(|id| id.get()));
        let ids = statement
            .query_map((customer.get(), accounts), |row| row.get(0).map(SnapshotId::new))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(ids)
    }

    /// Shows all that uploads said of the KPIs of these accounts of a customer, by account, in upload order.
    ///
    /// # Errors
    /// Anything that the database or the visitor says.
    pub fn for_each_said(
        &self,
        customer: CustomerId,
        accounts: &[AccountId],
        mut visit: impl FnMut(SaidRecord) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.sql().prepare_cached(include_str!("../sql/kpi_history_of_accounts.sql"))?;
        let accounts = id_list(accounts.iter().map(|id| id.get()));
        let mut rows = statement.query((customer.get(), accounts))?;
        while let Some(row) = rows.next()? {
            let text = |place: usize| row.get_ref(place)?.as_str().map_err(rusqlite::Error::from);
            visit(SaidRecord {
                account: AccountId::new(row.get(0)?),
                account_name: row.get(1)?,
                external_account_id: row.get(2)?,
                observed_on: day(text(3)?)?,
                ingested_at: Timestamp::from_millis(row.get(4)?),
                upload: UploadId::new(row.get(5)?),
                changed: vector_text::parse_changed(text(6)?)?,
            })?;
        }
        Ok(())
    }

    /// The customer's events after one of them, oldest first, at most so many.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn events_after(&self, customer: CustomerId, after: EventId, limit: u32) -> Result<Vec<EventRecord>> {
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT {COLUMNS} FROM events e {JOINS} WHERE e.customer_id = ?1 AND e.id > ?2 ORDER BY e.id LIMIT ?3",
            COLUMNS = super::events::COLUMNS,
            JOINS = super::events::JOINS
        ))?;
        super::events::collect(statement.query((customer.get(), after.get(), limit))?)
    }
}
