//! Playbook executions: a row a version, written only where it differs; and the newest of each execution.
//!
//! What follows from what a file says is settled in the model.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::append::value::{int, maybe, maybe_text, text};
use super::failure::damaged;
use super::ledger::Table;
use super::transaction::WriteTransaction;
use super::undoings::Refolded;
use crate::error::Result;
use crate::model::ids::{AccountId, ChangeId, PlaybookRunId, UploadId};
use crate::model::playbook::{PlaybookRun, PlaybookStatus};
use crate::model::time::Timestamp;

/// The newest version of an execution.
#[derive(Debug, Clone, PartialEq)]
pub struct RunVersion {
    /// Its row.
    pub id: PlaybookRunId,
    /// The upload that said it.
    pub upload: UploadId,
    /// The execution.
    pub run: PlaybookRun,
    /// When this or an earlier version was first recorded as completed; None where none is.
    pub recorded_completed_at: Option<Timestamp>,
    /// The change that did so.
    pub completed_in: Option<ChangeId>,
}

impl RunVersion {
    /// Whether this or an earlier version is completed.
    #[must_use]
    pub fn was_completed(&self) -> bool {
        self.recorded_completed_at.is_some()
    }
}

/// What the uploads that count left of an execution, beside its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// The change of the one that first completed it; None where none did.
    pub completed_in: Option<ChangeId>,
}

/// How much of an execution is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// All but the details.
    Outline,
}

/// For accounts as a JSON array, the newest version of each of their executions, in the order of the rows. `now`: when
/// the running write transaction will be recorded, where there is one.
pub(super) fn newest_runs(
    sql: &Connection,
    accounts: &str,
    extent: Extent,
    now: Option<Timestamp>,
) -> Result<FxHashMap<AccountId, Vec<RunVersion>>> {
    let mut statement = sql.prepare_cached(include_str!("sql/newest_playbook_runs.sql"))?;
    let mut rows = statement.query((accounts, extent == Extent::Whole, now.map(Timestamp::millis)))?;
    let mut runs: FxHashMap<AccountId, Vec<RunVersion>> = FxHashMap::default();
    while let Some(row) = rows.next()? {
        runs.entry(AccountId::new(row.get(0)?)).or_default().push(version_from(row)?);
    }
    Ok(runs)
}

pub(super) fn version_from(row: &Row<'_>) -> Result<RunVersion> {
    let id: i64 = row.get(2)?;
    let at = |place: usize| -> Result<Option<Timestamp>> {
        Ok(row.get::<_, Option<i64>>(place)?.map(Timestamp::from_millis))
    };
    let status = PlaybookStatus::from_number(row.get(6)?);
    Ok(RunVersion {
        recorded_completed_at: at(1)?,
        completed_in: row.get::<_, Option<i64>>(12)?.map(ChangeId::new),
        id: PlaybookRunId::new(id),
        upload: UploadId::new(row.get(3)?),
        run: PlaybookRun {
            execution_id: row.get(4)?,
            playbook_id: row.get(5)?,
            status: status.ok_or_else(|| damaged(format!("playbook run {id} has an unknown status")))?,
            started_at: at(7)?,
            completed_at: at(8)?,
            current_step: row.get(9)?,
            report: stored_object(row, 10, id)?,
            details: stored_object(row, 11, id)?.unwrap_or_default(),
        },
    })
}

fn stored_object(row: &Row<'_>, place: usize, id: i64) -> Result<Option<Map<String, Value>>> {
    let text = row.get_ref(place)?.as_str_or_null().map_err(rusqlite::Error::from)?;
    text.map(serde_json::from_str)
        .transpose()
        .map_err(|error| damaged(format!("playbook run {id} cannot be read ({error})")))
}

impl WriteTransaction<'_> {
    /// For accounts whose heads are loaded, the newest version of each of their executions, in the order in which
    /// those were written; an account without any is absent.
    ///
    /// # Errors
    /// Anything that the database says; `Damaged` where an execution cannot be read.
    pub fn load_playbook_runs(
        &self,
        accounts: &[AccountId],
    ) -> Result<FxHashMap<AccountId, Vec<RunVersion>>> {
        self.newest_runs(accounts, Extent::Whole)
    }

    /// As [`Self::load_playbook_runs`], with empty details: all that a snapshot needs, and nothing to build the next
    /// version on.
    ///
    /// # Errors
    /// Anything that the database says; `Damaged` where an execution cannot be read.
    pub fn load_playbook_outlines(
        &self,
        accounts: &[AccountId],
    ) -> Result<FxHashMap<AccountId, Vec<RunVersion>>> {
        self.newest_runs(accounts, Extent::Outline)
    }

    fn newest_runs(
        &self,
        accounts: &[AccountId],
        extent: Extent,
    ) -> Result<FxHashMap<AccountId, Vec<RunVersion>>> {
        let with_rows = self.list_of_heads(accounts, |head| head.playbook_row.map(|_| head.id.get()));
        newest_runs(&self.sql, &with_rows, extent, Some(self.recorded_at()))
    }

    /// Appends a version of an execution. `said_fields`: the names of the fields that the upload named, separated by
    /// commas.
    ///
    /// # Errors
    /// `UnknownAccount` where the account's head is not loaded; anything that the database says.
    pub fn append_playbook_run(
        &mut self,
        account: AccountId,
        upload: UploadId,
        run: &PlaybookRun,
        said_fields: &str,
        replaces: Option<PlaybookRunId>,
    ) -> Result<PlaybookRunId> {
        let id = PlaybookRunId::new(self.next_fact_id("playbook_run")?);
        self.append_run_row(account, id, upload, run, (said_fields, replaces), None)?;
        if let Some(head) = self.head_mut(account) {
            head.playbooks_upload = Some(upload);
        }
        Ok(id)
    }

    /// Appends an execution as the uploads that count said it, in the name of the last one that changed it;
    /// `left` is None where none of them speaks of it.
    ///
    /// # Errors
    /// As [`Self::append_playbook_run`].
    pub fn append_refolded_run(
        &mut self,
        account: AccountId,
        upload: UploadId,
        run: &PlaybookRun,
        replaces: Option<PlaybookRunId>,
        left: Option<Left>,
    ) -> Result<()> {
        let id = PlaybookRunId::new(self.next_id("playbook_run")?);
        let completed_in = left.and_then(|left| left.completed_in);
        let refolded = Some((Refolded::of(left.is_some()), completed_in));
        self.append_run_row(account, id, upload, run, ("", replaces), refolded)
    }

    fn append_run_row(
        &mut self,
        account: AccountId,
        id: PlaybookRunId,
        upload: UploadId,
        run: &PlaybookRun,
        (said_fields, replaces): (&str, Option<PlaybookRunId>),
        refolded: Option<(Refolded, Option<ChangeId>)>,
    ) -> Result<()> {
        let previous = self.loaded_head(account)?.playbook_row;
        let (salt, change) = (self.salts.next()?, self.change().get());
        let details = object_text(&run.details);
        let report = run.report.as_ref().map(object_text);
        let [started, completed] = [run.started_at, run.completed_at].map(|at| at.map(|at| at.to_string()));
        let row = [
            int(id.get()),
            int(account.get()),
            int(upload.get()),
            int(change),
            maybe(previous.map(PlaybookRunId::get)),
            maybe(replaces.map(PlaybookRunId::get)),
            text(&run.execution_id),
            maybe_text(run.playbook_id.as_deref()),
            int(run.status as i64),
            maybe(run.started_at.map(Timestamp::millis)),
            maybe(run.completed_at.map(Timestamp::millis)),
            maybe_text(run.current_step.as_deref()),
            text(&details),
            text(said_fields),
            ValueRef::Blob(&salt),
            maybe_text(report.as_deref()),
            maybe_text(started.as_deref()),
            maybe_text(completed.as_deref()),
            maybe(refolded.map(|(refolded, _)| refolded.number())),
            maybe(refolded.and_then(|(_, completed_in)| completed_in).map(ChangeId::get)),
        ];
        self.appender(Table::PlaybookRuns)?.append(None, &row)?;
        if let Some(head) = self.head_mut(account) {
            head.playbook_row = Some(id);
        }
        Ok(())
    }
}

fn object_text(object: &Map<String, Value>) -> String {
    Value::Object(object.clone()).to_string()
}
