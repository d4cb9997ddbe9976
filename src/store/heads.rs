//! An account's head: its name, and the newest of everything that is kept of it. A cache, written at commit.

use rusqlite::{Row, params};

use super::health_scores::stored_month;
use super::salt::Salt;
use super::transaction::WriteTransaction;
use crate::error::{Error, ErrorKind, Result};
use crate::model::health::month::Month;
use crate::model::ids::{
    AccountId, ChangeId, ContentId, EventId, HealthRowId, KpiChangeId, NoteRowId, PlaybookRunId, ProfileId,
    SnapshotId, UploadId,
};

/// The newest of everything that is kept of an account.
#[derive(Debug, Clone)]
pub struct AccountHead {
    /// Our id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Its external id.
    pub external_id: Option<String>,
    /// Whether it was archived.
    pub archived: bool,
    pub(super) salt: Salt,
    pub(super) kpi_row: Option<KpiChangeId>,
    /// The newest row of what uploads said of its KPIs.
    pub kpi_fact: Option<KpiChangeId>,
    pub(super) kpis_change: Option<ChangeId>,
    /// The upload that last named its KPIs.
    pub kpis_upload: Option<UploadId>,
    pub(super) event: Option<EventId>,
    pub(super) snapshot: Option<SnapshotId>,
    pub(super) content: Option<ContentId>,
    /// The change that last changed the value of one of its KPIs, weights and impacts aside.
    pub kpi_values_change: Option<ChangeId>,
    /// The newest version of its profile.
    pub profile: Option<ProfileId>,
    /// The upload that last named its profile.
    pub profile_upload: Option<UploadId>,
    /// The ingested health row of the newest month, then of the newest upload.
    pub health: Option<HealthRowId>,
    pub(super) health_month: Option<Month>,
    pub(super) health_row: Option<HealthRowId>,
    /// The upload that last named its health scores.
    pub health_upload: Option<UploadId>,
    /// The newest version of any of its playbook executions.
    pub playbook_row: Option<PlaybookRunId>,
    /// The upload that last named its playbooks.
    pub playbooks_upload: Option<UploadId>,
    /// The newest version of any of its notes.
    pub note_row: Option<NoteRowId>,
    /// The upload that last named its notes.
    pub notes_upload: Option<UploadId>,
    pub(super) unsaved: bool,
}

/// The columns of a head, as [`AccountHead::from_row`] reads them; `a` is accounts, `h` is account_heads.
pub(super) const HEAD_COLUMNS: &str = "h.account_id, h.name, h.external_id, h.archived, a.salt, h.kpi_row_id, \
     h.kpi_fact_id, h.kpis_change_id, h.kpis_upload_id, h.event_id, h.snapshot_id, h.content_id, \
     h.kpi_values_change_id, h.profile_id, h.profile_upload_id, h.health_id, h.health_month, h.health_row_id, \
     h.health_upload_id, h.playbook_row_id, h.playbooks_upload_id, h.note_row_id, h.notes_upload_id";

/// How many columns those are: what is read beside a head begins there.
pub(super) const HEAD_COLUMN_COUNT: usize = 23;

impl AccountHead {
    pub(super) fn new(id: AccountId, name: &str, external_id: Option<&str>, salt: Salt) -> Self {
        Self {
            id,
            name: name.to_owned(),
            external_id: external_id.map(ToOwned::to_owned),
            archived: false,
            salt,
            kpi_row: None,
            kpi_fact: None,
            kpis_change: None,
            kpis_upload: None,
            event: None,
            snapshot: None,
            content: None,
            kpi_values_change: None,
            profile: None,
            profile_upload: None,
            health: None,
            health_month: None,
            health_row: None,
            health_upload: None,
            playbook_row: None,
            playbooks_upload: None,
            note_row: None,
            notes_upload: None,
            unsaved: true,
        }
    }

    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let id = |place: usize| row.get::<_, Option<i64>>(place);
        Ok(Self {
            id: AccountId::new(row.get(0)?),
            name: row.get(1)?,
            external_id: row.get(2)?,
            archived: row.get(3)?,
            salt: row.get(4)?,
            kpi_row: id(5)?.map(KpiChangeId::new),
            kpi_fact: id(6)?.map(KpiChangeId::new),
            kpis_change: id(7)?.map(ChangeId::new),
            kpis_upload: id(8)?.map(UploadId::new),
            event: id(9)?.map(EventId::new),
            snapshot: id(10)?.map(SnapshotId::new),
            content: id(11)?.map(ContentId::new),
            kpi_values_change: id(12)?.map(ChangeId::new),
            profile: id(13)?.map(ProfileId::new),
            profile_upload: id(14)?.map(UploadId::new),
            health: id(15)?.map(HealthRowId::new),
            health_month: row.get_ref(16)?.as_str_or_null()?.map(stored_month).transpose()?,
            health_row: id(17)?.map(HealthRowId::new),
            health_upload: id(18)?.map(UploadId::new),
            playbook_row: id(19)?.map(PlaybookRunId::new),
            playbooks_upload: id(20)?.map(UploadId::new),
            note_row: id(21)?.map(NoteRowId::new),
            notes_upload: id(22)?.map(UploadId::new),
            unsaved: false,
        })
    }
}

/// Ids as a JSON array, the one parameter of a set-oriented statement.
pub(super) fn id_list(ids: impl IntoIterator<Item = i64>) -> String {
    let mut list = String::from("[");
    for id in ids {
        if list.len() > 1 {
            list.push(',');
        }
        list.push_str(&id.to_string());
    }
    list.push(']');
    list
}

impl WriteTransaction<'_> {
    /// Loads the heads of accounts of this customer that are not loaded yet; others' are passed over.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn load_heads(&mut self, accounts: &[AccountId]) -> Result<()> {
        let missing = id_list(accounts.iter().filter(|id| !self.heads.contains_key(id)).map(|id| id.get()));
        if missing == "[]" {
            return Ok(());
        }
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT {HEAD_COLUMNS} FROM json_each(?1) j CROSS JOIN account_heads h ON h.account_id = j.value \
             JOIN accounts a ON a.id = h.account_id WHERE h.customer_id = ?2"
        ))?;
        let mut rows = statement.query((missing, self.customer.id.get()))?;
        while let Some(row) = rows.next()? {
            let head = AccountHead::from_row(row)?;
            self.heads.insert(head.id, Box::new(head));
        }
        Ok(())
    }

    /// Loads the heads of all accounts of this customer that are stored; their ids, in order.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn load_all_heads(&mut self) -> Result<Vec<AccountId>> {
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT {HEAD_COLUMNS} FROM account_heads h JOIN accounts a ON a.id = h.account_id \
             WHERE h.customer_id = ?1 ORDER BY h.account_id"
        ))?;
        let mut rows = statement.query([self.customer.id.get()])?;
        let mut accounts = Vec::new();
        while let Some(row) = rows.next()? {
            let head = AccountHead::from_row(row)?;
            accounts.push(head.id);
            // What is loaded already may have changed since.
            self.heads.entry(head.id).or_insert_with(|| Box::new(head));
        }
        Ok(accounts)
    }

    /// A loaded head; None for an account of another customer, or none at all.
    #[must_use]
    pub fn head(&self, account: AccountId) -> Option<&AccountHead> {
        self.heads.get(&account).map(Box::as_ref)
    }

    /// A head that must be loaded: an account of another customer, or one not loaded, is refused.
    pub(super) fn loaded_head(&self, account: AccountId) -> Result<&AccountHead> {
        self.head(account).ok_or_else(|| {
            let message = format!("account {account} is not loaded, or none of this customer's");
            Error::new(ErrorKind::UnknownAccount, message)
        })
    }

    /// Of those of the accounts that are loaded, one id each, as the parameter of a set-oriented statement; accounts
    /// for which `pick` gives none are left out, and none stands twice.
    pub(super) fn list_of_heads(
        &self,
        accounts: &[AccountId],
        pick: impl Fn(&AccountHead) -> Option<i64>,
    ) -> String {
        let mut ids: Vec<i64> =
            accounts.iter().filter_map(|account| self.head(*account).and_then(&pick)).collect();
        ids.sort_unstable();
        ids.dedup();
        id_list(ids)
    }

    pub(super) fn save_account_heads(&mut self) -> Result<()> {
        let mut statement = self.sql.prepare_cached(include_str!("sql/save_account_head.sql"))?;
        let mut unsaved: Vec<&mut AccountHead> =
            self.heads.values_mut().map(Box::as_mut).filter(|head| head.unsaved).collect();
        unsaved.sort_by_key(|head| head.id);
        for head in unsaved {
            statement.execute(params![
                head.id.get(),
                self.customer.id.get(),
                &head.name,
                &head.external_id,
                head.archived,
                head.kpi_row.map(KpiChangeId::get),
                head.kpi_fact.map(KpiChangeId::get),
                head.kpis_change.map(ChangeId::get),
                head.kpis_upload.map(UploadId::get),
                head.event.map(EventId::get),
                head.snapshot.map(SnapshotId::get),
                head.content.map(ContentId::get),
                head.kpi_values_change.map(ChangeId::get),
                head.profile.map(ProfileId::get),
                head.profile_upload.map(UploadId::get),
                head.health.map(HealthRowId::get),
                head.health_month.map(|month| month.to_string()),
                head.health_row.map(HealthRowId::get),
                head.health_upload.map(UploadId::get),
                head.playbook_row.map(PlaybookRunId::get),
                head.playbooks_upload.map(UploadId::get),
                head.note_row.map(NoteRowId::get),
                head.notes_upload.map(UploadId::get),
            ])?;
            head.unsaved = false;
        }
        Ok(())
    }
}

impl WriteTransaction<'_> {
    /// How many of the customer's accounts are not among these, and the names of the first of them.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn absent_accounts(&self, present: &[AccountId], names: usize) -> Result<(u64, Vec<String>)> {
        // Accounts that this transaction made are not in the table of heads yet, and all of them are present.
        let present = id_list(present.iter().map(|id| id.get()));
        let absent = "FROM accounts a JOIN account_heads h ON h.account_id = a.id WHERE a.customer_id = ?1 \
                      AND h.archived = 0 AND a.id NOT IN (SELECT value FROM json_each(?2))";
        let customer = self.customer.id.get();
        let count = self
            .sql
            .prepare_cached(&format!("SELECT count(*) {absent}"))?
            .query_one((customer, &present), |row| row.get(0))?;
        let names = self
            .sql
            .prepare_cached(&format!("SELECT h.name {absent} ORDER BY a.id LIMIT ?3"))?
            .query_map((customer, &present, names), |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok((count, names))
    }
}
