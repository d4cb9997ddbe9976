//! Notes of an account.

use super::{Reader, UploadSource};
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId};
use crate::store::notes::{NOTE_COLUMNS, NoteVersion, version_from};

/// A note, and the file that last changed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRecord {
    /// The note.
    pub version: NoteVersion,
    /// The file, and when it was recorded.
    pub upload: UploadSource,
}

impl Reader<'_> {
    /// An account's notes, the newest version of each: by when they were written (recorded, where that is not
    /// known), newest first; none where the account is another customer's.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_notes(&self, customer: CustomerId, account: AccountId) -> Result<Vec<NoteRecord>> {
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT u.file_name, {NOTE_COLUMNS} FROM accounts a JOIN notes n ON n.account_id = a.id \
             JOIN uploads u ON u.id = n.upload_id \
             JOIN changes g ON g.id = CASE WHEN n.refolded IS NULL THEN n.change_id ELSE u.change_id END \
             WHERE a.id = ?1 AND a.customer_id = ?3 AND NOT EXISTS (SELECT 1 FROM notes o \
             WHERE o.account_id = n.account_id AND o.note_id = n.note_id AND o.id > n.id) \
             AND n.refolded IS NOT 2 ORDER BY coalesce(n.written_at, g.recorded_at) DESC, g.id DESC, n.id DESC"
        ))?;
        let notes = statement
            .query_map((account.get(), None::<i64>, customer.get()), |row| {
                let version = version_from(row, 1)?;
                let (upload, ingested_at) = (version.upload, version.recorded_at);
                Ok(NoteRecord {
                    version,
                    upload: UploadSource { upload, file_name: row.get(0)?, ingested_at },
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(notes)
    }
}
