//! What a known file said that is another by now.

use super::Reader;
use crate::error::Result;
use crate::model::upload::{Upload, UploadKind};

impl Reader<'_> {
    /// How many versions of an upload of profiles, playbooks, health scores or notes say something that is another
    /// by now; what later uploads only added does not count.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn superseded_rows(&self, upload: &Upload) -> Result<u64> {
        let Some((first, last)) = upload.rows else { return Ok(0) };
        let sql = match upload.kind {
            UploadKind::Kpis => return Ok(0),
            UploadKind::Profiles => include_str!("../sql/superseded_profiles.sql").to_owned(),
            UploadKind::Playbooks => {
                let fields =
                    ["playbook_id", "status", "started_at", "completed_at", "current_step", "report"];
                newest("playbook_runs", "execution_id", "", &said_otherwise(&fields))
            }
            UploadKind::Health => newest(
                "health_scores",
                "month",
                "AND m.source = 1 AND m.is_late IS NULL",
                "o.is_late IS NULL AND (o.said & 1 AND n.overall IS NOT o.overall \
                 OR o.said & 2 AND n.product_usage IS NOT o.product_usage \
                 OR o.said & 4 AND n.support IS NOT o.support \
                 OR o.said & 8 AND n.customer_sentiment IS NOT o.customer_sentiment \
                 OR o.said & 16 AND n.business_outcomes IS NOT o.business_outcomes \
                 OR o.said & 32 AND n.relationship_strength IS NOT o.relationship_strength)",
            ),
            UploadKind::Notes => {
                let fields = ["note_type", "title", "content", "author", "written_at"];
                newest("notes", "note_id", "", &said_otherwise(&fields))
            }
        };
        let count =
            self.sql().prepare_cached(&sql)?.query_one((first, last, upload.id.get()), |row| row.get(0))?;
        Ok(count)
    }
}

/// Counts the rows `o` of an upload of which the newest version `n` differs and is a later upload's; of several rows
/// of the upload about one thing the last one counts. All texts are our own.
fn newest(table: &str, key: &str, of_versions: &str, differs: &str) -> String {
    format!(
        "SELECT count(*) FROM {table} o JOIN {table} n ON n.id = (SELECT max(m.id) FROM {table} m \
         WHERE m.account_id = o.account_id AND m.{key} = o.{key} {of_versions}) \
         WHERE o.id BETWEEN ?1 AND ?2 AND o.upload_id = ?3 AND n.id > o.id AND n.upload_id IS NOT ?3 \
         AND NOT EXISTS (SELECT 1 FROM {table} m WHERE m.account_id = o.account_id AND m.{key} = o.{key} \
         AND m.upload_id = ?3 AND m.id > o.id {of_versions}) AND ({differs})"
    )
}

/// Whether one of the fields that a row named is another in the newest version.
fn said_otherwise(fields: &[&str]) -> String {
    let of =
        |field: &&str| format!("(',' || o.said || ',' LIKE '%,{field},%' AND n.{field} IS NOT o.{field})");
    fields.iter().map(of).collect::<Vec<_>>().join(" OR ")
}
