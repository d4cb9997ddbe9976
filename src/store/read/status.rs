//! How old what is kept of accounts is.

use rustc_hash::FxHashMap;

use super::Reader;
use super::retracted::standing;
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId, SnapshotId};
use crate::model::time::Timestamp;
use crate::store::heads::id_list;

/// An account, with the age of what is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountAge {
    /// Our id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Its external id.
    pub external_id: Option<String>,
    /// When its first fact was recorded.
    pub first_fact_at: Timestamp,
    /// Its newest snapshot that is not retracted, and when that was taken.
    pub snapshot: Option<(SnapshotId, Timestamp)>,
    /// When an upload last named its KPIs.
    pub kpis_named_at: Option<Timestamp>,
}

impl Reader<'_> {
    /// The accounts of a customer that are not archived, by id.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_account_ages(&self, customer: CustomerId) -> Result<Vec<AccountAge>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT a.id, h.name, h.external_id, g.recorded_at, h.snapshot_id, sg.recorded_at, ug.recorded_at \
             FROM accounts a JOIN account_heads h ON h.account_id = a.id JOIN changes g ON g.id = a.change_id \
             LEFT JOIN snapshots s ON s.id = h.snapshot_id LEFT JOIN changes sg ON sg.id = s.change_id \
             LEFT JOIN uploads u ON u.id = h.kpis_upload_id LEFT JOIN changes ug ON ug.id = u.change_id \
             WHERE a.customer_id = ?1 AND h.archived = 0 ORDER BY a.id",
        )?;
        let ages = statement
            .query_map([customer.get()], |row| {
                let instant = |place: usize| -> rusqlite::Result<Option<Timestamp>> {
                    Ok(row.get::<_, Option<i64>>(place)?.map(Timestamp::from_millis))
                };
                let snapshot = row.get::<_, Option<i64>>(4)?.map(SnapshotId::new);
                Ok(AccountAge {
                    id: AccountId::new(row.get(0)?),
                    name: row.get(1)?,
                    external_id: row.get(2)?,
                    first_fact_at: Timestamp::from_millis(row.get(3)?),
                    snapshot: snapshot.zip(instant(5)?),
                    kpis_named_at: instant(6)?,
                })
            })?
            .collect::<rusqlite::Result<Vec<AccountAge>>>()?;
        self.pass_over_retracted(ages)
    }

    fn pass_over_retracted(&self, mut ages: Vec<AccountAge>) -> Result<Vec<AccountAge>> {
        let newest: Vec<SnapshotId> = ages.iter().filter_map(|age| Some(age.snapshot?.0)).collect();
        let standing = standing(self.sql(), &newest)?;
        let mut statement = self.sql().prepare_cached(
            "SELECT s.id, g.recorded_at FROM json_each(?1) j CROSS JOIN snapshots s ON s.id = j.value \
             JOIN changes g ON g.id = s.change_id",
        )?;
        let instead: FxHashMap<SnapshotId, Timestamp> = statement
            .query_map([id_list(standing.values().flatten().map(|id| id.get()))], |row| {
                Ok((SnapshotId::new(row.get(0)?), Timestamp::from_millis(row.get(1)?)))
            })?
            .collect::<rusqlite::Result<_>>()?;
        for age in &mut ages {
            if let Some(before) = age.snapshot.and_then(|(newest, _)| standing.get(&newest)) {
                age.snapshot = before.and_then(|id| Some((id, *instead.get(&id)?)));
            }
        }
        Ok(ages)
    }
}
