//! Row by row to a batch: which rows are executions, which are pieces of a log, and whose they are.

use super::element;
use super::fields::PlaybookField;
use super::logs::{LogElement, StreamRun, Streams, github};
use super::names::Names;
use super::said::{Rules, missing_execution};
use super::suggestion::Sample;
use super::told::{Told, is_report_member};
use super::{PlaybookColumns, PlaybookFault};
use crate::error::{Error, Result};
use crate::ingest::accounts::Accounts;
use crate::ingest::date::instant;
use crate::ingest::note::Notes;
use crate::ingest::options::RowOptions;
use crate::ingest::refusal::{self, quoted};
use crate::ingest::rows::RowsEnd;
use crate::ingest::rows::cell::Cell;
use crate::ingest::rows::row::Row;
use crate::model::playbook::{PlaybookBatch, PlaybookRow};

/// Reads the rows of one file.
pub(super) struct PlaybookReader<'a> {
    names: Names,
    rules: Rules,
    account_is_given: bool,
    accounts: Accounts<'a, PlaybookField>,
    rows: Vec<PlaybookRow>,
    streams: Streams,
    sample: Sample,
    counts: Counts,
}

/// What the rows were.
#[derive(Debug, Default)]
struct Counts {
    /// Runs of GitHub.
    github_runs: u64,
    /// Events of streams.
    events: u64,
    /// Records of CSV.
    records: u64,
}

impl<'a> PlaybookReader<'a> {
    /// A reader of rows that are all of the given account, where there is one.
    pub(super) fn new(names: Names, rules: Rules, options: &RowOptions<'a>) -> Self {
        let given = options.given_account;
        Self {
            names,
            rules,
            account_is_given: given.is_some(),
            accounts: Accounts::new(given).without_missing(options.values),
            rows: Vec::new(),
            streams: Streams::default(),
            sample: Sample::default(),
            counts: Counts::default(),
        }
    }

    /// Takes one row.
    ///
    /// # Errors
    /// Why it cannot be taken.
    pub(super) fn take(&mut self, row: &Row<'_, PlaybookField>) -> Result<(), PlaybookFault> {
        let element = element::of_row(row);
        self.counts.records += u64::from(row.element().is_none());
        match LogElement::of(&element) {
            None => {
                self.sample.add(row);
                self.take_element(row, &element)
            }
            Some(LogElement::GitHub) => {
                self.counts.github_runs += 1;
                self.take_element(row, &github::row(&element))
            }
            Some(kind) => {
                self.counts.events += 1;
                self.streams.add(kind, row.line, &element);
                Ok(())
            }
        }
    }

    fn take_element(
        &mut self,
        row: &Row<'_, PlaybookField>,
        element: &serde_json::Map<String, serde_json::Value>,
    ) -> Result<(), PlaybookFault> {
        let is_blank = |text: &str| text.is_empty() || row.not_missing(Cell::Text(text.into())).is_none();
        let told = Told::of_element(element, &self.names, &is_blank)?;
        let text = |field| told.text(field).unwrap_or_default();
        let account = self.accounts.find(text(PlaybookField::Account), text(PlaybookField::ExternalId))?;
        let blanks = told.blanks;
        let zone = self.rules.zone;
        let said = self.rules.said(told, &|field, text: &str| row.instant_of(field, text, zone))?;
        self.rows.push(PlaybookRow { account, line: row.line, said, blanks });
        Ok(())
    }

    /// Checks that what an execution needs is there: an id, a state or a report, and the account.
    ///
    /// # Errors
    /// The file lacks one of them; the hint says what would mend it.
    pub(super) fn require(&self, name: &str, columns: &PlaybookColumns) -> Result<()> {
        if self.counts.github_runs + self.counts.events > 0 {
            return if self.account_is_given { Ok(()) } else { Err(log_without_account(name)) };
        }
        let has = |field| columns.index(field).is_some();
        let has_report = || columns.others().any(|(_, header)| is_report_member(header));
        let lacks_id = !has(PlaybookField::ExecutionId);
        let lacks_state = !has(PlaybookField::Status)
            && !has(PlaybookField::Conclusion)
            && !has(PlaybookField::Report)
            && !has_report();
        let what = match (lacks_id, lacks_state) {
            (false, false) => return columns.require_account(self.account_is_given),
            (true, false) => "the id of an execution",
            (false, true) => "the state of an execution",
            (true, true) => "the id of an execution, and none for its state",
        };
        Err(columns.missing(what, &self.sample.hint(lacks_id, lacks_state)))
    }

    /// The batch; executions that were put together from events stand where their first event stood.
    pub(super) fn finish(mut self, end: &mut RowsEnd<PlaybookField>, notes: &mut Notes) -> PlaybookBatch {
        end.columns().for_each(|columns| self.tell_kept(columns, notes));
        self.tell(notes);
        for run in std::mem::take(&mut self.streams).into_runs() {
            let (line, events) = (run.line, run.events);
            match self.take_run(run) {
                Ok(row) => {
                    let id = quoted(&row.said.execution_id);
                    notes.add("event_stream", || format!("{events} events were read as the execution {id}"));
                    self.rows.push(row);
                }
                Err(fault) => end.reject(line, fault),
            }
        }
        self.rows.sort_by_key(|row| row.line);
        PlaybookBatch { accounts: self.accounts.into_mentions(), rows: self.rows }
    }

    fn take_run(&mut self, run: StreamRun) -> Result<PlaybookRow, PlaybookFault> {
        let account = self.accounts.find("", "")?;
        let line = run.line;
        if run.execution_id.is_empty() {
            return Err(missing_execution());
        }
        let said = self.rules.said(Told::of_run(run), &|field, text: &str| {
            let expected = "expected an instant such as 2026-10-31T10:00:00Z";
            let at = instant(text, self.rules.zone);
            at.ok_or_else(|| PlaybookFault::of(field, "bad_date", expected))
        })?;
        Ok(PlaybookRow { account, line, said, blanks: 0 })
    }

    /// Tells what was kept, and what was not.
    fn tell(&self, notes: &mut Notes) {
        if self.counts.github_runs > 0 {
            notes.add("github_payload", || {
                "of a GitHub payload the run, job or check was read; repository and people were not"
                    .to_owned()
            });
        }
    }

    fn tell_kept(&self, columns: &PlaybookColumns, notes: &mut Notes) {
        if self.counts.records > 0 {
            columns.note_unnamed(notes);
            let kept: Vec<_> = columns.others().map(|(_, header)| quoted(header)).collect();
            if !kept.is_empty() {
                notes.add("kept_columns", || format!("kept as details by their names: {}", kept.join(", ")));
            }
        }
    }
}

/// The refusal of a log, none of whose elements names an account.
fn log_without_account(name: &str) -> Error {
    refusal::file(
        name,
        "is a log of runs, which names no account",
        "name the account that they are for with --account",
    )
}
