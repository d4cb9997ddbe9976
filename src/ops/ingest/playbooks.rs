//! Playbook files: what each row says of an execution, taken into what is known of it, in the order of its states.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::facts::{Facts, LateRejection, News};
use super::kind::{Kind, Reading, Storing, by_account};
use super::read_rows;
use crate::error::Result;
use crate::ingest::{KindFile, read_playbooks};
use crate::model::event::EventType;
use crate::model::ids::AccountId;
use crate::model::playbook::{Merged, PlaybookBatch, PlaybookRow, PlaybookRun, PlaybookStatus};
use crate::model::rejection::Problem;
use crate::model::upload::UploadKind;
use crate::report::text::count;
use crate::store::{RunVersion, WriteTransaction};

/// How many accounts are loaded and stored at once.
const CHUNK: usize = 500;

/// Playbook files.
pub(super) struct Playbooks;

impl Kind for Playbooks {
    const KIND: UploadKind = UploadKind::Playbooks;
    const COMMAND: &'static str = "ingest playbooks";
    const MAKES_ACCOUNTS: bool = false;
    const JUDGES_ROWS: bool = true;
    type Batch = PlaybookBatch;
    type Plan = ();

    fn read(reading: Reading<'_, '_>) -> Result<KindFile<PlaybookBatch>> {
        read_rows(Self::KIND, reading, read_playbooks)
    }

    fn store(
        transaction: &mut WriteTransaction<'_>,
        storing: &Storing<'_, '_, PlaybookBatch>,
        (): (),
    ) -> Result<Facts> {
        let mut facts = Facts::default();
        let mut stale = 0;
        let grouped = by_account(storing, &storing.batch().rows, |row| row.account);
        for chunk in grouped.chunks(CHUNK) {
            let accounts: Vec<AccountId> = chunk.iter().map(|(account, _)| *account).collect();
            let mut known = transaction.load_playbook_runs(&accounts)?;
            for (account, rows) in chunk {
                let (id, rejected) = (*account, facts.rejected.len());
                let versions = known.remove(account).unwrap_or_default();
                let mut account = Account::new(*account, versions);
                for row in rows {
                    account.take(transaction, storing, row, &mut facts)?;
                }
                facts.touch(id, rows.len(), rejected);
                stale += account.stale;
                account.confirm(transaction, storing)?;
            }
        }
        if stale > 0 {
            let rows = count(stale, "row");
            facts.notes.push(format!(
                "{rows} of executions that are over tell of an earlier state: what is known stands"
            ));
        }
        Ok(facts)
    }
}

/// An account's executions while a file's rows are taken in.
struct Account {
    account: AccountId,
    runs: FxHashMap<String, RunVersion>,
    /// The versions confirmed, with the names of the fields.
    confirmed: BTreeMap<i64, String>,
    stale: u64,
}

impl Account {
    fn new(account: AccountId, versions: Vec<RunVersion>) -> Self {
        let runs = versions.into_iter().map(|version| (version.run.execution_id.clone(), version)).collect();
        Self { account, runs, confirmed: BTreeMap::new(), stale: 0 }
    }

    fn take(
        &mut self,
        transaction: &mut WriteTransaction<'_>,
        storing: &Storing<'_, '_, PlaybookBatch>,
        row: &PlaybookRow,
        facts: &mut Facts,
    ) -> Result<()> {
        facts.blanks += u64::from(row.blanks);
        let known = self.runs.get(&row.said.execution_id);
        let run = match PlaybookRun::after(known.map(|known| &known.run), &row.said) {
            Merged::Run(run) => *run,
            Merged::Stale => {
                self.stale += 1;
                facts.counts.unchanged += 1;
                return Ok(());
            }
            Merged::UnknownExecution => {
                facts.rejected.push(unknown_execution(row));
                return Ok(());
            }
        };
        if let Some(known) = known.filter(|known| known.run == run) {
            self.confirmed.insert(known.id.get(), row.said.names().join(","));
            facts.counts.unchanged += 1;
            return Ok(());
        }
        let replaces = known.map(|known| known.id);
        let was_completed = known.and_then(|known| known.recorded_completed_at);
        let completed_in = known.and_then(|known| known.completed_in);
        let id = transaction.append_playbook_run(
            self.account,
            storing.upload,
            &run,
            &row.said.names().join(","),
            replaces,
        )?;
        match replaces {
            Some(_) => facts.counts.updated += 1,
            None => facts.counts.inserted += 1,
        }
        let is_completed = run.status == PlaybookStatus::Completed;
        // An execution becomes completed once, whatever is corrected afterwards.
        if is_completed && was_completed.is_none() {
            facts.news.push(News {
                account: self.account,
                event_type: EventType::AccountDataChanged,
                action: Some("playbook_execution_completed"),
            });
        }
        let version = RunVersion {
            id,
            run,
            upload: storing.upload,
            recorded_completed_at: was_completed.or(is_completed.then(|| transaction.recorded_at())),
            completed_in: completed_in.or(is_completed.then(|| transaction.change())),
        };
        self.runs.insert(row.said.execution_id.clone(), version);
        Ok(())
    }

    fn confirm(
        self,
        transaction: &mut WriteTransaction<'_>,
        storing: &Storing<'_, '_, PlaybookBatch>,
    ) -> Result<()> {
        transaction.confirm_versions(self.account, storing.upload, UploadKind::Playbooks, &self.confirmed)
    }
}

fn unknown_execution(row: &PlaybookRow) -> LateRejection {
    LateRejection {
        line: row.line,
        problem: Problem {
            code: "unknown_execution",
            column: None,
            message: "expected a status, or an execution that is known: there is nothing to add to"
                .to_owned(),
            hint: Some("ingest the execution itself first, or give its status".to_owned()),
        },
        value: Some(row.said.execution_id.clone()),
    }
}
