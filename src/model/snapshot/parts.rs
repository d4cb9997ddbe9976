//! What a snapshot takes of an account's playbooks and notes: narrow, and as it is shown.

use std::cmp::Reverse;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::model::note::{Note, RECENT_NOTES};
use crate::model::playbook::{PlaybookRun, PlaybookStatus, RECENT_REPORTS};
use crate::model::time::Timestamp;

/// An account's playbooks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaybookState {
    /// The playbooks that are running, each once, sorted; an execution of an unnamed playbook by its own id.
    pub running: Vec<String>,
    /// How many executions are running.
    pub running_count: u32,
    /// How many are completed.
    pub completed: u32,
    /// The one that started last.
    pub last: Option<LastRun>,
    /// The newest executions with a report, at most [`RECENT_REPORTS`]: the report's id, else the execution's.
    pub reports: Vec<String>,
    /// The newest day in them; kept beside the content, not part of it.
    pub newest: Option<NaiveDate>,
}

/// The execution that started last. The fields stand in the order of canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRun {
    /// Which execution.
    pub execution_id: String,
    /// Of which playbook.
    pub playbook_id: Option<String>,
    /// When it started.
    pub started_at: Option<Timestamp>,
    /// Its state.
    pub status: PlaybookStatus,
}

/// An execution, and when it was first recorded as completed.
#[derive(Debug, Clone, Copy)]
pub struct KnownRun<'a> {
    /// The execution as it is known.
    pub run: &'a PlaybookRun,
    /// When a change first recorded it as completed.
    pub recorded_completed_at: Option<Timestamp>,
}

impl KnownRun<'_> {
    /// When it was completed: as the source says, else when that was first recorded. None where it is not.
    fn completed_at(&self) -> Option<Timestamp> {
        let is_completed = self.run.status == PlaybookStatus::Completed;
        is_completed.then(|| self.run.completed_at.or(self.recorded_completed_at)).flatten()
    }

    fn report_id(&self) -> Option<String> {
        let report = self.run.report.as_ref()?;
        let id = ["report_id", "reportId", "id"].iter().find_map(|key| report.get(*key));
        let text = id.map(|id| id.as_str().map_or_else(|| id.to_string(), ToOwned::to_owned));
        Some(text.unwrap_or_else(|| self.run.execution_id.clone()))
    }
}

impl PlaybookState {
    /// The state of an account's executions; None where there are none.
    #[must_use]
    pub fn of(runs: &[KnownRun<'_>], zone: Tz) -> Option<Self> {
        if runs.is_empty() {
            return None;
        }
        let is = |status| move |known: &&KnownRun<'_>| known.run.status == status;
        let name = |known: &KnownRun<'_>| {
            known.run.playbook_id.clone().unwrap_or_else(|| known.run.execution_id.clone())
        };
        let mut running: Vec<String> = runs.iter().filter(is(PlaybookStatus::InProgress)).map(name).collect();
        let running_count = count(running.len());
        running.sort_unstable();
        running.dedup();
        let by_start = |known: &&KnownRun<'_>| (known.run.started_at, known.run.execution_id.clone());
        let last = runs.iter().max_by_key(by_start).map(|known| LastRun {
            execution_id: known.run.execution_id.clone(),
            playbook_id: known.run.playbook_id.clone(),
            started_at: known.run.started_at,
            status: known.run.status,
        });
        let instants = runs.iter().flat_map(|known| [known.run.started_at, known.run.completed_at]).flatten();
        Some(Self {
            running,
            running_count,
            completed: count(runs.iter().filter(is(PlaybookStatus::Completed)).count()),
            last,
            reports: reports(runs),
            newest: instants.max().map(|at| at.date_in(zone)),
        })
    }
}

fn reports(runs: &[KnownRun<'_>]) -> Vec<String> {
    let mut reported: Vec<_> = runs.iter().filter_map(|known| Some((known, known.report_id()?))).collect();
    reported.sort_by_key(|(known, _)| {
        (Reverse(known.run.completed_at.or(known.run.started_at)), known.run.execution_id.clone())
    });
    reported.into_iter().take(RECENT_REPORTS).map(|(_, id)| id).collect()
}

/// How many executions were completed after `since`, up to `now`.
#[must_use]
pub fn completed_since(runs: &[KnownRun<'_>], since: Timestamp, now: Timestamp) -> u32 {
    let within = |at: &Timestamp| *at > since && *at <= now;
    count(runs.iter().filter_map(KnownRun::completed_at).filter(within).count())
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// An account's newest notes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteState {
    /// Their ids, newest first.
    pub ids: Vec<String>,
    /// The newest day in them; kept beside the content, not part of it.
    pub newest: Option<NaiveDate>,
}

impl NoteState {
    /// The state of an account's newest notes, newest first; None where there are none.
    #[must_use]
    pub fn of<'n>(notes: impl IntoIterator<Item = &'n Note>, zone: Tz) -> Option<Self> {
        let notes: Vec<&Note> = notes.into_iter().take(RECENT_NOTES).collect();
        let newest = notes.iter().filter_map(|note| note.written_at).max();
        (!notes.is_empty()).then(|| Self {
            ids: notes.iter().map(|note| note.note_id.clone()).collect(),
            newest: newest.map(|at| at.date_in(zone)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Map, Value};

    fn run(id: &str, status: PlaybookStatus, started: i64, completed: Option<i64>) -> PlaybookRun {
        PlaybookRun {
            execution_id: id.to_owned(),
            playbook_id: Some(format!("playbook {}", &id[..1])),
            status,
            started_at: Some(Timestamp::from_millis(started)),
            completed_at: completed.map(Timestamp::from_millis),
            current_step: None,
            report: None,
            details: Map::new(),
        }
    }

    #[test]
    fn executions_are_counted_by_state_and_the_last_to_start_is_named() {
        use PlaybookStatus::{Cancelled, Completed, Failed, InProgress};
        let mut runs = [
            run("b1", InProgress, 5, None),
            run("a1", InProgress, 4, None),
            run("a2", InProgress, 3, None),
            run("c1", Completed, 1, Some(9)),
            run("c2", Completed, 2, None),
            run("d1", Failed, 6, Some(7)),
            run("e1", Cancelled, 0, Some(8)),
        ];
        runs[3].report = Some(Map::from_iter([("report_id".to_owned(), Value::from("r-9"))]));
        runs[5].report = Some(Map::new());
        let recorded = Timestamp::from_millis(20);
        let known: Vec<KnownRun<'_>> =
            runs.iter().map(|run| KnownRun { run, recorded_completed_at: Some(recorded) }).collect();
        let state = PlaybookState::of(&known, Tz::UTC).unwrap();
        assert_eq!(state.running, ["playbook a", "playbook b"]);
        assert_eq!((state.running_count, state.completed), (3, 2));
        assert_eq!(state.last.unwrap().execution_id, "d1");
        assert_eq!(state.reports, ["r-9", "d1"]);
        let at = Timestamp::from_millis;
        assert_eq!(completed_since(&known, at(9), at(20)), 1);
        assert_eq!(completed_since(&known, at(8), at(20)), 2);
        assert_eq!(PlaybookState::of(&[], Tz::UTC), None);
    }

    #[test]
    fn what_is_kept_reads_back() {
        let runs = [run("b1", PlaybookStatus::InProgress, 5, None)];
        let state =
            PlaybookState::of(&[KnownRun { run: &runs[0], recorded_completed_at: None }], Tz::UTC).unwrap();
        let text = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<PlaybookState>(&text).unwrap(), state);
        assert!(text.contains(r#""started_at":"1970-01-01T00:00:00.005Z""#), "{text}");
    }
}
