//! Uploads: one row an ingested file, and the later sightings of the same file.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::append::value::{count, int, maybe, text};
use super::ledger::Table;
use super::transaction::WriteTransaction;
use crate::error::Result;
use crate::model::ids::{ChangeId, CustomerId, UploadId};
use crate::model::upload::{Upload, UploadCounts, UploadKind};
use chrono::NaiveDate;

/// A file, about to be recorded.
#[derive(Debug, Clone)]
pub struct NewUpload<'a> {
    /// What kind of file.
    pub kind: UploadKind,
    /// Its name, without folders.
    pub file_name: &'a str,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// Its size in bytes.
    pub bytes: u64,
    /// How it was read: canonical JSON of everything that changes values.
    pub reading: &'a str,
    /// The day of the ingest in the customer's time zone.
    pub ingested_on: NaiveDate,
    /// How its rows fared.
    pub counts: UploadCounts,
}

pub(super) const UPLOAD_COLUMNS: &str = "u.id, u.kind, u.file_name, u.sha256, u.bytes, u.rows_read, u.rows_inserted, \
     u.rows_updated, u.rows_unchanged, u.rows_rejected, u.accounts_touched, u.accounts_created, c.recorded_at, \
     c.actor, u.change_id, u.ingested_on, u.rows_from, u.rows_to, \
     (SELECT CASE z.undone WHEN 1 THEN zg.recorded_at END FROM upload_undoings z JOIN changes zg ON zg.id = z.change_id \
     WHERE z.upload_id = u.id ORDER BY z.id DESC LIMIT 1)";

pub(super) fn upload_from(row: &Row<'_>) -> rusqlite::Result<Upload> {
    Ok(Upload {
        id: UploadId::new(row.get(0)?),
        kind: UploadKind::from_number(row.get(1)?).unwrap_or(UploadKind::Kpis),
        file_name: row.get(2)?,
        sha256: row.get(3)?,
        bytes: row.get(4)?,
        counts: UploadCounts {
            read: row.get(5)?,
            inserted: row.get(6)?,
            updated: row.get(7)?,
            unchanged: row.get(8)?,
            rejected: row.get(9)?,
            accounts_touched: row.get(10)?,
            accounts_created: row.get(11)?,
        },
        ingested_at: crate::model::time::Timestamp::from_millis(row.get(12)?),
        actor: row.get(13)?,
        change: ChangeId::new(row.get(14)?),
        ingested_on: super::day(row.get_ref(15)?.as_str()?)?,
        rows: row.get::<_, Option<i64>>(16)?.zip(row.get(17)?),
        undone_at: row.get::<_, Option<i64>>(18)?.map(crate::model::time::Timestamp::from_millis),
    })
}

/// The newest upload of these bytes of which the reading is the wanted one.
pub(super) fn find_file(
    sql: &Connection,
    customer: CustomerId,
    kind: UploadKind,
    sha256: &[u8; 32],
    is_wanted: &dyn Fn(&str, ChangeId) -> Result<bool>,
) -> Result<Option<Upload>> {
    let mut statement = sql.prepare_cached(&format!(
        "SELECT {UPLOAD_COLUMNS}, u.reading FROM uploads u JOIN changes c ON c.id = u.change_id \
         WHERE u.customer_id = ?1 AND u.sha256 = ?2 AND u.kind = ?3 AND {} ORDER BY u.id DESC",
        super::undoings::NOT_UNDONE.replace("k.upload_id", "u.id"),
    ))?;
    let mut rows = statement.query((customer.get(), sha256, kind.number()))?;
    while let Some(row) = rows.next()? {
        let change = ChangeId::new(row.get("change_id")?);
        if is_wanted(row.get_ref("reading")?.as_str().map_err(rusqlite::Error::from)?, change)? {
            return Ok(Some(upload_from(row)?));
        }
    }
    Ok(None)
}

impl WriteTransaction<'_> {
    /// The newest earlier upload of the same bytes of which the reading, as it was recorded by a change, is the
    /// wanted one.
    ///
    /// # Errors
    /// Anything that the database says, or `is_wanted`.
    pub fn find_upload(
        &self,
        kind: UploadKind,
        sha256: &[u8; 32],
        is_wanted: &dyn Fn(&str, ChangeId) -> Result<bool>,
    ) -> Result<Option<Upload>> {
        find_file(&self.sql, self.customer.id, kind, sha256, is_wanted)
    }

    /// The id that the next upload will have; facts name it before the row with its counts is written.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn next_upload(&mut self) -> Result<UploadId> {
        Ok(UploadId::new(self.next_id("upload")?))
    }

    /// The day that an ingest of today bears: never before that of the last upload that counts. A clock that went back,
    /// or another time zone, would otherwise let what was said last stand behind what it replaces.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn day_of_ingest(&self, today: NaiveDate) -> Result<NaiveDate> {
        let last = format!(
            "SELECT u.ingested_on FROM uploads u WHERE +u.customer_id = ?1 AND {} ORDER BY u.id DESC LIMIT 1",
            super::undoings::NOT_UNDONE.replace("k.upload_id", "u.id"),
        );
        let mut statement = self.sql.prepare_cached(&last)?;
        let mut rows = statement.query([self.customer.id.get()])?;
        let Some(row) = rows.next()? else { return Ok(today) };
        let last = super::day(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?;
        Ok(today.max(last))
    }

    /// The id of the next row of facts that the running upload writes: its row tells the first and the last of them.
    pub(super) fn next_fact_id(&mut self, kind: &'static str) -> Result<i64> {
        let id = self.next_id(kind)?;
        self.fact_rows = Some((self.fact_rows.map_or(id, |(first, _)| first), id));
        Ok(id)
    }

    /// Records a file.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn insert_upload(&mut self, id: UploadId, upload: &NewUpload<'_>) -> Result<()> {
        let salt = self.salts.next()?;
        let previous = self.customer.upload.map(UploadId::get);
        let (customer, change) = (self.customer.id.get(), self.change().get());
        let day = upload.ingested_on.to_string();
        let counts = upload.counts;
        let rows = self.fact_rows.take();
        let row = [
            int(id.get()),
            int(customer),
            int(change),
            maybe(previous),
            int(upload.kind.number()),
            text(upload.file_name),
            ValueRef::Blob(&upload.sha256),
            count(upload.bytes),
            text(upload.reading),
            text(&day),
            count(counts.read),
            count(counts.inserted),
            count(counts.updated),
            count(counts.unchanged),
            count(counts.rejected),
            count(counts.accounts_touched),
            count(counts.accounts_created),
            maybe(rows.map(|(first, _)| first)),
            maybe(rows.map(|(_, last)| last)),
            ValueRef::Blob(&salt),
        ];
        self.appender(Table::Uploads)?.append(None, &row)?;
        self.customer.upload = Some(id);
        Ok(())
    }

    /// Records that a known file was seen again.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn insert_sighting(&mut self, upload: UploadId, file_name: &str) -> Result<()> {
        let (id, salt) = (self.next_id("sighting")?, self.salts.next()?);
        let row =
            [int(id), int(upload.get()), int(self.change().get()), text(file_name), ValueRef::Blob(&salt)];
        self.appender(Table::Sightings)?.append(None, &row)
    }
}
