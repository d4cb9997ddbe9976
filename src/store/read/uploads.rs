//! Uploads: what was ingested.

use rusqlite::OptionalExtension;
use rustc_hash::FxHashMap;

use super::{Reader, UploadSource};
use crate::error::Result;
use crate::model::ids::{AccountId, ChangeId, CustomerId, KpiChangeId, SeriesId, UploadId};
use crate::model::time::Timestamp;
use crate::model::upload::{Upload, UploadKind};
use crate::store::heads::id_list;
use crate::store::uploads::{UPLOAD_COLUMNS, find_file, upload_from};
use crate::store::vector_text::parse_ranges;

/// What an upload named of an account at one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRow {
    /// The row of `kpi_changes`.
    pub id: KpiChangeId,
    /// The account.
    pub account: AccountId,
    /// The series named, changed or not.
    pub series: Vec<SeriesId>,
}

impl Reader<'_> {
    /// The customer's uploads, newest first, at most `limit`.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_uploads(&self, customer: CustomerId, limit: u32) -> Result<Vec<Upload>> {
        let mut statement = self.sql().prepare_cached(&format!(
            "WITH RECURSIVE walk (id, step) AS (SELECT upload_id, 1 FROM customer_heads WHERE customer_id = ?1 \
             AND upload_id IS NOT NULL UNION ALL SELECT u.previous_id, w.step + 1 FROM walk w JOIN uploads u \
             ON u.id = w.id WHERE u.previous_id IS NOT NULL AND w.step < ?2) SELECT {UPLOAD_COLUMNS} FROM walk w \
             JOIN uploads u ON u.id = w.id JOIN changes c ON c.id = u.change_id WHERE ?2 > 0 ORDER BY u.id DESC"
        ))?;
        let uploads = statement.query_map((customer.get(), limit), upload_from)?.collect::<Result<_, _>>()?;
        Ok(uploads)
    }

    /// One of the customer's uploads.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn find_upload(&self, customer: CustomerId, id: UploadId) -> Result<Option<Upload>> {
        let upload = self
            .sql()
            .prepare_cached(&format!(
                "SELECT {UPLOAD_COLUMNS} FROM uploads u JOIN changes c ON c.id = u.change_id \
                 WHERE u.customer_id = ?1 AND u.id = ?2"
            ))?
            .query_one((customer.get(), id.get()), upload_from)
            .optional()?;
        Ok(upload)
    }

    /// What to tell of these uploads as the source of something.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn upload_sources(&self, uploads: &[UploadId]) -> Result<FxHashMap<UploadId, UploadSource>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT u.id, u.file_name, g.recorded_at FROM json_each(?1) j CROSS JOIN uploads u ON u.id = j.value \
             JOIN changes g ON g.id = u.change_id",
        )?;
        let sources = statement
            .query_map([id_list(uploads.iter().map(|id| id.get()))], |row| {
                let upload = UploadId::new(row.get(0)?);
                let ingested_at = Timestamp::from_millis(row.get(2)?);
                Ok((upload, UploadSource { upload, file_name: row.get(1)?, ingested_at }))
            })?
            .collect::<Result<_, _>>()?;
        Ok(sources)
    }

    /// When the file of an upload was seen again, and under which name; oldest first.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_sightings(&self, upload: UploadId) -> Result<Vec<(Timestamp, String)>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT c.recorded_at, s.file_name FROM sightings s JOIN changes c ON c.id = s.change_id \
             WHERE s.upload_id = ?1 ORDER BY s.id",
        )?;
        let sightings = statement
            .query_map([upload.get()], |row| Ok((Timestamp::from_millis(row.get(0)?), row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        Ok(sightings)
    }

    /// How an upload was read: canonical JSON of everything that changes values.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn upload_reading(&self, upload: &Upload) -> Result<String> {
        let mut statement = self.sql().prepare_cached("SELECT reading FROM uploads WHERE id = ?1")?;
        Ok(statement.query_one([upload.id.get()], |row| row.get(0))?)
    }

    /// The names of the first accounts that an upload named, by account.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn account_names_of_upload(
        &self,
        customer: CustomerId,
        upload: &Upload,
        limit: usize,
    ) -> Result<Vec<String>> {
        let (first, last) = upload.rows.unwrap_or((1, 0));
        let table = match upload.kind {
            UploadKind::Kpis => "kpi_changes",
            UploadKind::Profiles => "profiles",
            UploadKind::Playbooks => "playbook_runs",
            UploadKind::Health => "health_scores",
            UploadKind::Notes => "notes",
        };
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT h.name FROM (SELECT account_id FROM {table} WHERE id BETWEEN ?2 AND ?3 AND upload_id = ?4 \
             UNION SELECT account_id FROM confirmations WHERE upload_id = ?4) k \
             JOIN account_heads h ON h.account_id = k.account_id AND h.customer_id = ?1 \
             ORDER BY h.account_id LIMIT ?5"
        ))?;
        let names = statement
            .query_map((customer.get(), first, last, upload.id.get(), limit), |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(names)
    }

    /// Whether the customer has an upload of this size: without one, a file cannot be known.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn has_upload_of_size(&self, customer: CustomerId, bytes: u64) -> Result<bool> {
        let mut statement = self
            .sql()
            .prepare_cached("SELECT 1 FROM uploads WHERE customer_id = ?1 AND bytes = ?2 LIMIT 1")?;
        Ok(statement.exists((customer.get(), bytes))?)
    }

    /// The newest upload of these bytes of which the reading, as it was recorded by a change, is the wanted one.
    ///
    /// # Errors
    /// Anything that the database says, or `is_wanted`.
    pub fn find_upload_of_file(
        &self,
        customer: CustomerId,
        kind: UploadKind,
        sha256: &[u8; 32],
        is_wanted: &dyn Fn(&str, ChangeId) -> Result<bool>,
    ) -> Result<Option<Upload>> {
        find_file(self.sql(), customer, kind, sha256, is_wanted)
    }

    /// What an upload named: a row an account and day.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn named_by_upload(&self, upload: &Upload) -> Result<Vec<NamedRow>> {
        let Some((first, last)) = upload.rows else { return Ok(Vec::new()) };
        let mut statement = self.sql().prepare_cached(
            "SELECT id, account_id, named FROM kpi_changes WHERE id BETWEEN ?1 AND ?2 AND upload_id = ?3 ORDER BY id",
        )?;
        let mut rows = statement.query((first, last, upload.id.get()))?;
        let mut named = Vec::new();
        while let Some(row) = rows.next()? {
            named.push(NamedRow {
                id: KpiChangeId::new(row.get(0)?),
                account: AccountId::new(row.get(1)?),
                series: parse_ranges(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)?,
            });
        }
        Ok(named)
    }

    /// The customer's accounts of whose KPIs something was written after an upload. Mostly there are none, which is told
    /// without looking at any of them.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn changed_after(&self, customer: CustomerId, upload: &Upload) -> Result<Vec<AccountId>> {
        let Some((_, last)) = upload.rows else { return Ok(Vec::new()) };
        let mut statement = self.sql().prepare_cached(
            "SELECT account_id FROM account_heads WHERE EXISTS (SELECT 1 FROM kpi_changes WHERE id > ?2) \
             AND customer_id = ?1 AND kpi_fact_id > ?2 ORDER BY account_id",
        )?;
        let accounts = statement.query_map((customer.get(), last), |row| row.get(0).map(AccountId::new))?;
        Ok(accounts.collect::<Result<_, _>>()?)
    }
}
