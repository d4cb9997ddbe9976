//! What is known of one account, as rows of the ledger bring it.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde_json::Map;

use super::cells::LedgerRow;
use super::facts::{Counting, Wrong, unreadable};
use crate::model::health::month::{Month, MonthScores};
use crate::model::health::source::IngestedHealth;
use crate::model::ids::{ChangeId, HealthRowId, KpiChangeId, NoteRowId, PlaybookRunId, ProfileId, UploadId};
use crate::model::kpi::state::KpiState;
use crate::model::note::Note;
use crate::model::playbook::{PlaybookRun, PlaybookStatus};
use crate::model::profile::Profile;
use crate::model::score::Score;
use crate::model::snapshot::content::AccountParts;
use crate::model::snapshot::parts::{KnownRun, NoteState, PlaybookState, completed_since};
use crate::model::time::Timestamp;
use crate::store::undoings::Refolded;
use crate::store::{NoteVersion, PartUploads, RunVersion};

/// "Completed in the last 30 days", in milliseconds.
const COMPLETED_WINDOW: i64 = 30 * 86_400_000;

/// What a taking back left of a thing: nothing.
const GONE: i64 = Refolded::Gone as i64;

/// What is known of an account.
#[derive(Default)]
pub(super) struct AccountFacts {
    pub(super) customer: i64,
    pub(super) kpis: KpiState,
    pub(super) kpis_change: Option<ChangeId>,
    pub(super) kpi_fact: Option<KpiChangeId>,
    pub(super) values_change: Option<ChangeId>,
    pub(super) profile: Option<(ProfileId, Profile)>,
    health: BTreeMap<Month, IngestedHealth>,
    runs: BTreeMap<String, RunVersion>,
    /// With the change from which each counts.
    notes: FxHashMap<String, (ChangeId, NoteVersion)>,
    pub(super) uploads: PartUploads,
    /// The newest row of each table that leads to the one before it.
    pub(super) newest: FxHashMap<&'static str, i64>,
    /// Whether a fact changed since somebody looked.
    pub(super) has_news: bool,
}

impl AccountFacts {
    pub(super) fn take_health(&mut self, row: &LedgerRow, counting: Counting) -> Result<(), Wrong> {
        let month = row.text("month").and_then(Month::from_stored).ok_or_else(unreadable("the month"))?;
        if row.int("source") != Some(1) || row.int("is_late").is_some() {
            return Ok(());
        }
        if counting.refolded == Some(GONE) {
            self.health.remove(&month);
            return Ok(());
        }
        let score = |column: &str| {
            row.int(column).and_then(|hundredths| i32::try_from(hundredths).ok()).map(Score::from_hundredths)
        };
        let scores = MonthScores {
            overall: score("overall"),
            categories: [
                score("product_usage"),
                score("support"),
                score("customer_sentiment"),
                score("business_outcomes"),
                score("relationship_strength"),
            ],
        };
        let health = IngestedHealth { row: HealthRowId::new(row.id()), scores, came_in: counting.change };
        self.health.insert(month, health);
        Ok(())
    }

    /// `completed`: of a row that a taking back wrote, in which change and when the execution was first completed.
    pub(super) fn take_run(
        &mut self,
        row: &LedgerRow,
        counting: Counting,
        completed: Option<(ChangeId, Timestamp)>,
    ) -> Result<(), Wrong> {
        let execution = row.text("execution_id").ok_or_else(unreadable("the execution's id"))?;
        if counting.refolded == Some(GONE) {
            self.runs.remove(execution);
            return Ok(());
        }
        let status =
            row.int("status").and_then(PlaybookStatus::from_number).ok_or_else(unreadable("the status"))?;
        let report = row.text("report").map(serde_json::from_str).transpose();
        let owned = |column: &str| row.text(column).map(ToOwned::to_owned);
        let instant = |column: &str| row.int(column).map(Timestamp::from_millis);
        let own = (status == PlaybookStatus::Completed).then_some((counting.change, counting.recorded_at));
        let before = self.runs.get(execution).and_then(|run| run.completed_in.zip(run.recorded_completed_at));
        let completed = if counting.refolded.is_some() { completed } else { before.or(own) };
        let version = RunVersion {
            id: PlaybookRunId::new(row.id()),
            upload: UploadId::new(row.int("upload_id").unwrap_or(0)),
            recorded_completed_at: completed.map(|(_, at)| at),
            completed_in: completed.map(|(change, _)| change),
            run: PlaybookRun {
                execution_id: execution.to_owned(),
                playbook_id: owned("playbook_id"),
                status,
                started_at: instant("started_at"),
                completed_at: instant("completed_at"),
                current_step: owned("current_step"),
                report: report.map_err(|error| format!("the report cannot be read ({error})"))?,
                details: Map::new(),
            },
        };
        self.runs.insert(execution.to_owned(), version);
        Ok(())
    }

    pub(super) fn take_note(&mut self, row: &LedgerRow, counting: Counting) -> Result<(), Wrong> {
        let id = row.text("note_id").ok_or_else(unreadable("the note's id"))?;
        if counting.refolded == Some(GONE) {
            self.notes.remove(id);
            return Ok(());
        }
        let note = Note {
            written_at: row.int("written_at").map(Timestamp::from_millis),
            note_id: id.to_owned(),
            note_type: None,
            title: None,
            author: None,
            content: None,
        };
        let version = NoteVersion {
            id: NoteRowId::new(row.id()),
            upload: UploadId::new(row.int("upload_id").unwrap_or(0)),
            note,
            recorded_at: counting.recorded_at,
        };
        self.notes.insert(id.to_owned(), (counting.change, version));
        Ok(())
    }

    /// The newest version of each execution, in the order of the rows.
    fn known_runs(&self) -> Vec<KnownRun<'_>> {
        let mut versions: Vec<&RunVersion> = self.runs.values().collect();
        versions.sort_by_key(|version| version.id);
        let known = versions.into_iter().map(|version| KnownRun {
            run: &version.run,
            recorded_completed_at: version.recorded_completed_at,
        });
        known.collect()
    }

    /// How many executions were completed in the 30 days before; None where none is known.
    pub(super) fn completed_in_window(&self, now: Timestamp) -> Option<u32> {
        let since = now.plus_millis(-COMPLETED_WINDOW);
        (!self.runs.is_empty()).then(|| completed_since(&self.known_runs(), since, now))
    }

    /// What is known beside the KPIs, as of an instant. Days, which depend on a time zone that no row keeps, are those of
    /// UTC: nothing that is compared holds them.
    pub(super) fn parts(&self, now: Timestamp) -> AccountParts {
        let mut notes: Vec<&(ChangeId, NoteVersion)> = self.notes.values().collect();
        notes.sort_by_key(|(change, version)| {
            let at = version.note.written_at.unwrap_or(version.recorded_at);
            std::cmp::Reverse((at, *change, version.id))
        });
        AccountParts {
            profile: self.profile.clone(),
            health: self.health.last_key_value().map(|(_, health)| *health),
            values_changed: self.values_change,
            playbooks: PlaybookState::of(&self.known_runs(), chrono_tz::UTC),
            completed_in_window: self.completed_in_window(now),
            notes: NoteState::of(notes.iter().map(|(_, version)| &version.note), chrono_tz::UTC),
        }
    }
}
