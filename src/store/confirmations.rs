//! What uploads said again without a change: kept, so that ages are right and an upload can be taken back.

use std::collections::BTreeMap;

use super::append::value::{int, maybe_text, text};
use super::heads::id_list;
use super::ledger::Table;
use super::transaction::WriteTransaction;
use crate::error::Result;
use crate::model::ids::{AccountId, UploadId};
use crate::model::upload::UploadKind;

impl WriteTransaction<'_> {
    /// Records that an upload said again what is known of an account. `rows`: the versions confirmed, in the table of
    /// the upload's kind; `fields`: of a profile, the names of the fields confirmed, of each other version those that
    /// the upload named of it, separated by commas (of scores their bits).
    ///
    /// # Errors
    /// `UnknownAccount` where the account's head is not loaded; anything that the database says.
    pub fn confirm(
        &mut self,
        account: AccountId,
        upload: UploadId,
        kind: UploadKind,
        rows: &[i64],
        fields: &[String],
    ) -> Result<()> {
        let key = self.loaded_head(account)?.salt;
        let id = self.next_id("confirmation")?;
        let rows = id_list(rows.iter().copied());
        let fields = (!fields.is_empty()).then(|| fields.join("\n"));
        let row = [
            int(id),
            int(account.get()),
            int(upload.get()),
            int(self.change().get()),
            text(&rows),
            maybe_text(fields.as_deref()),
        ];
        self.appender(Table::Confirmations)?.append(Some(&key), &row)?;
        if let Some(head) = self.head_mut(account) {
            let named = match kind {
                UploadKind::Kpis => &mut head.kpis_upload,
                UploadKind::Profiles => &mut head.profile_upload,
                UploadKind::Playbooks => &mut head.playbooks_upload,
                UploadKind::Health => &mut head.health_upload,
                UploadKind::Notes => &mut head.notes_upload,
            };
            *named = Some(upload);
        }
        Ok(())
    }

    /// As [`Self::confirm`], for versions each with what was named of it; nothing is recorded where there are none.
    ///
    /// # Errors
    /// As [`Self::confirm`].
    pub fn confirm_versions(
        &mut self,
        account: AccountId,
        upload: UploadId,
        kind: UploadKind,
        confirmed: &BTreeMap<i64, String>,
    ) -> Result<()> {
        let (rows, fields): (Vec<i64>, Vec<String>) =
            confirmed.iter().map(|(row, fields)| (*row, fields.replace('\n', " "))).unzip();
        if rows.is_empty() { Ok(()) } else { self.confirm(account, upload, kind, &rows, &fields) }
    }
}
