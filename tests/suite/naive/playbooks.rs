//! An account's playbook executions: their states come in order, and one becomes completed once.

use std::collections::{BTreeMap, BTreeSet};

use super::DAY;
use super::rows::{Fate, PlaybookRow, Status};

/// An execution as it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// The playbook's number.
    pub playbook: Option<usize>,
    /// Its state.
    pub status: Status,
    /// Its first day.
    pub started: Option<i64>,
    /// Its last day.
    pub completed: Option<i64>,
}

/// One account's executions.
#[derive(Debug, Default, Clone)]
pub struct Playbooks {
    /// By number.
    pub runs: BTreeMap<usize, Run>,
    /// When each was first recorded as completed.
    completions: BTreeMap<usize, i64>,
}

/// What became of a row.
pub struct Taken {
    /// Its fate.
    pub fate: Fate,
    /// Whether it made an execution completed.
    pub completes: bool,
    /// Whether it was taken at all: one that tells of a state that is over is not.
    pub names: bool,
}

impl Playbooks {
    /// Takes a row in.
    pub fn take(&mut self, row: &PlaybookRow, now: i64) -> Taken {
        let not_taken = |fate| Taken { fate, completes: false, names: false };
        let ends_before_start = row.started.zip(row.completed).is_some_and(|(start, end)| end < start);
        if row.status == Some(Status::Unreadable) || ends_before_start {
            return not_taken(Fate::Rejected);
        }
        let known = self.runs.get(&row.execution).copied();
        let Some(status) = row.status.or(known.map(|known| known.status)) else {
            return not_taken(Fate::Rejected);
        };
        let restarts =
            known.is_some_and(|known| known.status != Status::Running) && row.status == Some(Status::Running);
        let known_end = known.and_then(|known| known.completed);
        let is_new_start = known_end.zip(row.started).is_some_and(|(end, start)| start > end);
        if restarts && !is_new_start {
            return not_taken(Fate::Unchanged);
        }
        // Of two ends the later one holds.
        let is_over = |status: Status| status != Status::Running;
        let says_end = row.status.is_some_and(is_over) && known.is_some_and(|known| is_over(known.status));
        if says_end && row.completed.zip(known_end).is_some_and(|(said, end)| said < end) {
            return not_taken(Fate::Unchanged);
        }
        let after = Run {
            playbook: row.playbook.or(known.and_then(|known| known.playbook)),
            status,
            started: row.started.or(known.and_then(|known| known.started)),
            completed: if restarts { row.completed } else { row.completed.or(known_end) },
        };
        let fate = Fate::of(known.as_ref(), &after);
        self.runs.insert(row.execution, after);
        let completes = status == Status::Completed && !self.completions.contains_key(&row.execution);
        if completes {
            self.completions.insert(row.execution, now);
        }
        Taken { fate, completes, names: true }
    }

    /// How many are in a state.
    pub fn count(&self, status: Status) -> usize {
        self.runs.values().filter(|run| run.status == status).count()
    }

    /// How many were completed within the 30 days before now.
    pub fn completed_lately(&self, now: i64) -> usize {
        let end = |(number, run): (&usize, &Run)| {
            let recorded = self.completions.get(number).copied();
            let end = run.completed.map(|day| day * DAY).or(recorded);
            end.filter(|_| run.status == Status::Completed)
        };
        self.runs.iter().filter_map(end).filter(|end| *end > now - 30 * DAY && *end <= now).count()
    }

    /// The playbooks that run, each once; an execution of no known playbook by its own number.
    pub fn running(&self) -> BTreeSet<Result<usize, usize>> {
        let running = self.runs.iter().filter(|(_, run)| run.status == Status::Running);
        running.map(|(number, run)| run.playbook.ok_or(*number)).collect()
    }

    /// The one that started last; of those that started together, the one of the highest number.
    pub fn last(&self) -> Option<(usize, Run)> {
        self.runs
            .iter()
            .max_by_key(|(number, run)| (run.started, **number))
            .map(|(number, run)| (*number, *run))
    }
}
