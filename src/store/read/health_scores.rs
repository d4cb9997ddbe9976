//! Health scores of months: one by its row, or all of an account.

use rustc_hash::FxHashMap;

use super::{Reader, UploadSource};
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId, HealthRowId};
use crate::model::snapshot::content::ScoreSource;
use crate::model::time::Timestamp;
use crate::store::failure::damaged;
use crate::store::heads::id_list;
use crate::store::health_scores::{HEALTH_COLUMNS, HealthVersion, version_from};

/// An account's scores of a month, and where they came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthRecord {
    /// The scores.
    pub version: HealthVersion,
    /// Whether they were ingested or calculated.
    pub source: ScoreSource,
    /// When they were recorded.
    pub recorded_at: Timestamp,
    /// The file; None for calculated ones.
    pub upload: Option<UploadSource>,
}

impl Reader<'_> {
    /// These versions of health scores.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn health_rows_by_id(&self, rows: &[HealthRowId]) -> Result<FxHashMap<HealthRowId, HealthVersion>> {
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT {HEALTH_COLUMNS} FROM json_each(?1) j CROSS JOIN health_scores s ON s.id = j.value"
        ))?;
        let versions = statement
            .query_map([id_list(rows.iter().map(|id| id.get()))], |row| version_from(row, 0))?
            .map(|version| version.map(|version| (version.id, version)))
            .collect::<Result<_, _>>()?;
        Ok(versions)
    }

    /// An account's scores, the newest version of each month and source, late ones aside, newest month first; none
    /// where the account is another customer's.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_health(&self, customer: CustomerId, account: AccountId) -> Result<Vec<HealthRecord>> {
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT s.source, g.recorded_at, u.file_name, {HEALTH_COLUMNS} \
             FROM accounts a JOIN health_scores s ON s.account_id = a.id LEFT JOIN uploads u ON u.id = s.upload_id \
             JOIN changes g ON g.id = CASE WHEN s.refolded IS NULL THEN s.change_id ELSE u.change_id END WHERE a.id = ?2 AND a.customer_id = ?1 \
             AND s.is_late IS NULL AND s.refolded IS NOT 2 AND NOT EXISTS (SELECT 1 FROM health_scores n \
             WHERE n.account_id = s.account_id AND n.month = s.month AND n.source = s.source AND n.is_late IS NULL \
             AND n.id > s.id) ORDER BY s.month DESC, s.source, s.id"
        ))?;
        let mut rows = statement.query((customer.get(), account.get()))?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            let version = version_from(row, 3)?;
            let recorded_at = Timestamp::from_millis(row.get(1)?);
            let source = ScoreSource::from_number(row.get(0)?)
                .ok_or_else(|| damaged(format!("health row {} has an unknown source", version.id)))?;
            let upload = version.upload.zip(row.get(2)?).map(|(upload, file_name)| UploadSource {
                upload,
                file_name,
                ingested_at: recorded_at,
            });
            records.push(HealthRecord { version, source, recorded_at, upload });
        }
        Ok(records)
    }
}
