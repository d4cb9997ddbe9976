//! Uploads: what was ingested.

use rusqlite::OptionalExtension;

use super::Reader;
use crate::error::Result;
use crate::model::ids::{CustomerId, UploadId};
use crate::model::time::Timestamp;
use crate::model::upload::Upload;
use crate::store::uploads::{UPLOAD_COLUMNS, upload_from};

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
}
