//! Uploads that are taken back, and that count again: the mark, the rows that say in words what had gone without
//! saying, and the snapshots that were made from what was taken back.

mod naming;
mod said;

pub(in crate::store) use naming::naming;
pub use said::{SaidOf, SaidRow};

use rusqlite::types::ValueRef;
use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::model::ids::{AccountId, ChangeId, KpiChangeId, SnapshotId, UploadId};
use crate::model::kpi::fold::DayChange;
use crate::model::kpi::replay::Said;
use crate::model::kpi::retell::{Retold, ToldRow};
use crate::model::kpi::taken_in::Told;
use crate::model::upload::{Upload, UploadKind};
use crate::store::append::value::{int, maybe, text};
use crate::store::failure::damaged;
use crate::store::heads::id_list;
use crate::store::ledger::Table;
use crate::store::transaction::WriteTransaction;
use crate::store::{day, vector_text};
use chrono::NaiveDate;

/// Whether an upload is taken back now: a condition on `k.upload_id`, for queries over `k`.
pub(in crate::store) const NOT_UNDONE: &str = "(SELECT z.undone FROM upload_undoings z WHERE z.upload_id = k.upload_id \
     ORDER BY z.id DESC LIMIT 1) IS NOT 1";

/// Why a row of KPIs was written that no upload brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Retelling {
    /// What had gone without saying, in the name of the upload that had named it.
    InWords = 1,
    /// What was said of an account that was merged into this one.
    TakenIn = 2,
}

/// What is left of a thing when the uploads that count are folded again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Refolded {
    /// As they said it.
    Left = 1,
    /// None of them speaks of it.
    Gone = 2,
}

impl Refolded {
    pub(in crate::store) fn of(is_left: bool) -> Self {
        if is_left { Self::Left } else { Self::Gone }
    }

    pub(in crate::store) fn number(self) -> i64 {
        self as i64
    }
}

/// The table in which an upload of a kind keeps its facts.
pub(in crate::store) fn table_of(kind: UploadKind) -> &'static str {
    match kind {
        UploadKind::Kpis => "kpi_changes",
        UploadKind::Profiles => "profiles",
        UploadKind::Playbooks => "playbook_runs",
        UploadKind::Health => "health_scores",
        UploadKind::Notes => "notes",
    }
}

/// A snapshot of an account, and how far it knows the uploads of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacedSnapshot {
    /// The account.
    pub account: AccountId,
    /// The snapshot.
    pub id: SnapshotId,
    /// The newest upload of the kind that had named the account.
    pub upload: UploadId,
}

impl WriteTransaction<'_> {
    /// Marks an upload as taken back, or as one that counts again.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn mark_undone(&mut self, upload: UploadId, is_undone: bool) -> Result<()> {
        let id = self.next_id("upload_undoing")?;
        let row = [
            int(id),
            int(self.customer().get()),
            int(self.change().get()),
            int(upload.get()),
            int(i64::from(is_undone)),
        ];
        self.appender(Table::UploadUndoings)?.append(None, &row)
    }

    /// The accounts that an upload named, by id.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn accounts_of_upload(&self, upload: &Upload) -> Result<Vec<AccountId>> {
        let (first, last) = upload.rows.unwrap_or((1, 0));
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT account_id FROM {} WHERE id BETWEEN ?1 AND ?2 AND upload_id = ?3 \
             UNION SELECT account_id FROM confirmations WHERE upload_id = ?3 ORDER BY 1",
            table_of(upload.kind)
        ))?;
        let accounts = statement
            .query_map((first, last, upload.id.get()), |row| row.get(0).map(AccountId::new))?
            .collect::<Result<_, _>>()?;
        Ok(accounts)
    }

    /// Those of the accounts that only this upload made: it is the first and only one that ever named them.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn accounts_made_by(&self, upload: &Upload, accounts: &[AccountId]) -> Result<Vec<AccountId>> {
        let tables = ["kpi_changes", "profiles", "playbook_runs", "health_scores", "notes", "confirmations"];
        // One walk through each table, whatever the number of accounts: none has an index by account alone.
        let named: Vec<String> = tables
            .iter()
            .map(|table| {
                format!(
                    "SELECT k.account_id FROM {table} k WHERE k.upload_id <> ?2 AND {NOT_UNDONE} \
                     AND k.account_id IN (SELECT value FROM json_each(?1))"
                )
            })
            .collect();
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT a.id FROM json_each(?1) j CROSS JOIN accounts a ON a.id = j.value \
             WHERE a.change_id = ?3 AND a.id NOT IN ({}) ORDER BY a.id",
            named.join(" UNION ALL ")
        ))?;
        let made = statement
            .query_map(
                (id_list(accounts.iter().map(|id| id.get())), upload.id.get(), upload.change.get()),
                |row| row.get(0).map(AccountId::new),
            )?
            .collect::<Result<_, _>>()?;
        Ok(made)
    }

    /// All that uploads said of accounts' KPIs, as it counted so far and as it counts when `upload` is taken back or
    /// counts again.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn told_rows(
        &self,
        accounts: &[AccountId],
        upload: UploadId,
        counts: bool,
    ) -> Result<FxHashMap<AccountId, Told>> {
        let mut statement = self.sql.prepare_cached(include_str!("../sql/told_rows.sql"))?;
        let mut rows = statement.query([id_list(accounts.iter().map(|id| id.get()))])?;
        let mut told: FxHashMap<AccountId, Told> = FxHashMap::default();
        while let Some(row) = rows.next()? {
            let said = said(row)?;
            let counted: bool = row.get(8)?;
            let counts = if said.upload == upload { counts } else { counted };
            let named = row.get_ref(9)?.as_str().map_err(rusqlite::Error::from)?;
            let confirmed: Option<String> = row.get(10)?;
            let confirmed = confirmed.as_deref().map(vector_text::parse_weight_change).transpose()?;
            let (named, confirmed) = (vector_text::parse_ranges(named)?, confirmed.unwrap_or_default());
            let row_told = ToldRow { said, named, confirmed, counted, counts };
            let of_account = told.entry(AccountId::new(row.get(7)?)).or_default();
            match row.get(11)? {
                true => of_account.taken_in.push(row_told),
                false => of_account.own.push(row_told),
            }
        }
        Ok(told)
    }

    /// The changes in which uploads came in.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn changes_of_uploads(&self, uploads: &[UploadId]) -> Result<FxHashMap<UploadId, ChangeId>> {
        let mut statement = self.sql.prepare_cached(
            "SELECT u.id, u.change_id FROM json_each(?1) j CROSS JOIN uploads u ON u.id = j.value",
        )?;
        let changes = statement
            .query_map([id_list(uploads.iter().map(|id| id.get()))], |row| {
                Ok((UploadId::new(row.get(0)?), ChangeId::new(row.get(1)?)))
            })?
            .collect::<Result<_, _>>()?;
        Ok(changes)
    }

    /// Writes what has to be said in words, and the mark that an account's KPIs are another fold from here on, in the
    /// name of the upload that was turned; after a merge there is none, and what was taken in marks it.
    /// `values_changed`: the change of the last upload that counts and that changed a value.
    ///
    /// # Errors
    /// `UnknownAccount` where the account's head is not loaded; anything that the database says.
    pub fn append_retold(
        &mut self,
        account: AccountId,
        turned: Option<UploadId>,
        retold: &Retold,
        values_changed: Option<ChangeId>,
        today: NaiveDate,
    ) -> Result<()> {
        for (said_by, change) in &retold.retold {
            self.append_retold_row(account, *said_by, change, Retelling::InWords)?;
        }
        let mark = DayChange {
            observed_on: today,
            dated: false,
            named: Vec::new(),
            changed: Vec::new(),
            weights: Vec::new(),
            confirmed: Vec::new(),
        };
        if let Some(upload) = turned {
            self.append_retold_row(account, upload, &mark, Retelling::InWords)?;
        }
        if let Some(head) = self.head_mut(account) {
            head.kpi_values_change = values_changed;
        }
        Ok(())
    }

    /// Writes what uploads said of an account that was merged into this one, in their names, each row in the place of
    /// the one that was taken in of its upload and day before.
    ///
    /// # Errors
    /// As [`Self::append_retold`].
    pub fn append_taken_in(&mut self, account: AccountId, rows: &[(UploadId, DayChange)]) -> Result<()> {
        rows.iter().try_for_each(|(said_by, change)| {
            self.append_retold_row(account, *said_by, change, Retelling::TakenIn)
        })
    }

    fn append_retold_row(
        &mut self,
        account: AccountId,
        upload: UploadId,
        row: &DayChange,
        retelling: Retelling,
    ) -> Result<()> {
        let id = KpiChangeId::new(self.next_id("kpi_change")?);
        let weighting = self.weighting_of(&row.weights)?;
        let change = self.change();
        let Some(head) = self.head_mut(account) else {
            return Err(damaged(format!("account {account} is not loaded")));
        };
        let (salt, previous) = (head.salt, head.kpi_row.replace(id));
        (head.kpi_fact, head.kpis_change) = (Some(id), Some(change));
        let mut changed = String::new();
        vector_text::changed_text(&row.changed, &mut changed);
        let (observed_on, named) = (row.observed_on.to_string(), vector_text::ranges(&row.named));
        let row = [
            int(id.get()),
            int(account.get()),
            int(upload.get()),
            int(change.get()),
            maybe(previous.map(KpiChangeId::get)),
            text(&observed_on),
            int(i64::from(row.dated)),
            text(&named),
            text(&changed),
            maybe(weighting),
            int(retelling as i64),
            ValueRef::Null,
        ];
        self.appender(Table::KpiChanges)?.append(Some(&salt), &row)
    }

    /// Takes the current KPIs of an account away: no upload that counts says anything of them.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn clear_kpi_state(&mut self, account: AccountId) -> Result<()> {
        self.sql.prepare_cached("DELETE FROM kpi_current WHERE account_id = ?1")?.execute([account.get()])?;
        Ok(())
    }

    /// The snapshots of accounts that a change or a later one wrote, with how far each knows the uploads of a kind;
    /// those aside that knew none.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn snapshots_since(
        &self,
        accounts: &[AccountId],
        since: ChangeId,
        kind: UploadKind,
    ) -> Result<Vec<PlacedSnapshot>> {
        let column = match kind {
            UploadKind::Kpis => "kpis_upload_id",
            UploadKind::Profiles => "profile_upload_id",
            UploadKind::Playbooks => "playbooks_upload_id",
            UploadKind::Health => "health_upload_id",
            UploadKind::Notes => "notes_upload_id",
        };
        let mut statement = self.sql.prepare_cached(&format!(
            "WITH RECURSIVE walk (id) AS (SELECT h.snapshot_id FROM json_each(?1) j \
             CROSS JOIN account_heads h ON h.account_id = j.value WHERE h.snapshot_id IS NOT NULL UNION ALL \
             SELECT s.previous_id FROM walk w JOIN snapshots s ON s.id = w.id \
             WHERE s.previous_id IS NOT NULL AND s.change_id >= ?2) \
             SELECT s.account_id, s.id, s.{column} FROM walk w JOIN snapshots s ON s.id = w.id \
             WHERE s.change_id >= ?2 AND s.{column} IS NOT NULL ORDER BY s.id"
        ))?;
        let placed = statement
            .query_map((id_list(accounts.iter().map(|id| id.get())), since.get()), |row| {
                Ok(PlacedSnapshot {
                    account: AccountId::new(row.get(0)?),
                    id: SnapshotId::new(row.get(1)?),
                    upload: UploadId::new(row.get(2)?),
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(placed)
    }

    /// Records that a snapshot was made from an upload that is taken back; once is enough.
    ///
    /// # Errors
    /// `UnknownAccount` where the account's head is not loaded; anything that the database says.
    pub fn retract(&mut self, snapshot: PlacedSnapshot, upload: UploadId) -> Result<()> {
        let is_known = self
            .sql
            .prepare_cached("SELECT 1 FROM retractions WHERE snapshot_id = ?1 AND upload_id = ?2")?
            .exists((snapshot.id.get(), upload.get()))?;
        if is_known {
            return Ok(());
        }
        let key = self.loaded_head(snapshot.account)?.salt;
        let row = [
            int(self.next_id("retraction")?),
            int(snapshot.account.get()),
            int(self.change().get()),
            int(snapshot.id.get()),
            int(upload.get()),
        ];
        self.appender(Table::Retractions)?.append(Some(&key), &row)
    }

    /// Later uploads of the same kind that count and that named some of the accounts: id, file and how many of them;
    /// oldest first.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn later_uploads(
        &self,
        upload: &Upload,
        accounts: &[AccountId],
    ) -> Result<Vec<(UploadId, String, u64)>> {
        let of_accounts = "account_id IN (SELECT value FROM json_each(?1)) AND upload_id > ?2";
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT k.upload_id, u.file_name, count(DISTINCT k.account_id) FROM \
             (SELECT account_id, upload_id FROM {} WHERE {of_accounts} UNION ALL \
             SELECT account_id, upload_id FROM confirmations WHERE {of_accounts}) k \
             JOIN uploads u ON u.id = k.upload_id WHERE u.kind = ?3 AND {NOT_UNDONE} GROUP BY k.upload_id ORDER BY 1",
            table_of(upload.kind)
        ))?;
        let later = statement
            .query_map(
                (id_list(accounts.iter().map(|id| id.get())), upload.id.get(), upload.kind.number()),
                |row| Ok((UploadId::new(row.get(0)?), row.get(1)?, row.get(2)?)),
            )?
            .collect::<Result<_, _>>()?;
        Ok(later)
    }
}

/// What a row of `kpi_changes` says; its columns begin at 0, as in `told_rows.sql`.
pub(in crate::store) fn said(row: &rusqlite::Row<'_>) -> Result<Said> {
    let weights: Option<String> = row.get(5)?;
    Ok(Said {
        observed_on: day(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?,
        dated: row.get(1)?,
        ingested_on: day(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)?,
        upload: UploadId::new(row.get(3)?),
        changed: vector_text::parse_changed(row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?)?,
        weights: weights.as_deref().map(vector_text::parse_weight_change).transpose()?.unwrap_or_default(),
    })
}
