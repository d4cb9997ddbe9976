//! Which uploads named an account, be it that it was merged into another that took in what they said, and the newest of
//! them that counts.

use rustc_hash::FxHashMap;

use super::{NOT_UNDONE, table_of};
use crate::error::Result;
use crate::model::ids::{AccountId, UploadId};
use crate::model::upload::UploadKind;
use crate::store::heads::id_list;
use crate::store::transaction::WriteTransaction;

/// A condition on a row `k` of `kpi_changes`: no later row stands in its place.
const STANDS: &str = "(k.retold IS NOT 2 OR k.named <> '' AND NOT EXISTS (SELECT 1 FROM kpi_changes y WHERE y.retold = 2 \
     AND y.account_id = k.account_id AND y.upload_id = k.upload_id AND y.observed_on = k.observed_on \
     AND y.dated = k.dated AND y.id > k.id AND y.change_id <= ?2))";

/// The accounts that uploads of a kind named until the change ?2, as `account_id`, `upload_id`, `change_id`; ?1: which
/// accounts, as a JSON array.
pub(in crate::store) fn naming(kind: UploadKind) -> String {
    let (table, kind_number) = (table_of(kind), kind.number());
    let stands = if kind == UploadKind::Kpis { STANDS } else { "TRUE" };
    format!(
        "SELECT k.account_id, k.upload_id, k.change_id FROM {table} k WHERE k.upload_id IS NOT NULL \
         AND k.change_id <= ?2 AND k.account_id IN (SELECT value FROM json_each(?1)) AND {stands} \
         UNION ALL SELECT c.account_id, c.upload_id, c.change_id FROM confirmations c \
         JOIN uploads u ON u.id = c.upload_id WHERE u.kind = {kind_number} AND c.change_id <= ?2 \
         AND c.account_id IN (SELECT value FROM json_each(?1))"
    )
}

impl WriteTransaction<'_> {
    /// Has the heads of accounts name the newest upload that counts and that named each part.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn refresh_last_uploads(&mut self, accounts: &[AccountId], kind: UploadKind) -> Result<()> {
        let newest: FxHashMap<AccountId, UploadId> = {
            let mut statement = self.sql.prepare_cached(&format!(
                "SELECT k.account_id, max(k.upload_id) FROM ({}) k WHERE {NOT_UNDONE} GROUP BY k.account_id",
                naming(kind)
            ))?;
            let list = id_list(accounts.iter().map(|id| id.get()));
            let rows = statement.query_map((list, self.change().get()), |row| {
                Ok((AccountId::new(row.get(0)?), UploadId::new(row.get(1)?)))
            })?;
            rows.collect::<Result<_, _>>()?
        };
        for account in accounts {
            let Some(head) = self.head_mut(*account) else { continue };
            let named = match kind {
                UploadKind::Kpis => &mut head.kpis_upload,
                UploadKind::Profiles => &mut head.profile_upload,
                UploadKind::Playbooks => &mut head.playbooks_upload,
                UploadKind::Health => &mut head.health_upload,
                UploadKind::Notes => &mut head.notes_upload,
            };
            *named = newest.get(account).copied();
        }
        Ok(())
    }
}
