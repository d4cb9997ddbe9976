//! Executions put together from the events of a stream; one is held however many events it has.
//! The events themselves are not kept.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{LogElement, ansible, dispatcher};
use crate::model::playbook::PlaybookStatus;

/// An execution as its events tell it; times as they stand.
#[derive(Debug, Default)]
pub(in super::super) struct StreamRun {
    /// The physical line of its first event.
    pub(in super::super) line: u32,
    /// How many events were put together.
    pub(in super::super) events: u64,
    /// Its id; empty where no event tells it.
    pub(in super::super) execution_id: String,
    /// Which playbook.
    pub(in super::super) playbook: Option<String>,
    /// The state; in progress as long as no event tells of an end.
    pub(in super::super) status: Option<PlaybookStatus>,
    /// When it started.
    pub(in super::super) started: Option<String>,
    /// When it ended.
    pub(in super::super) completed: Option<String>,
    /// Where it stands; None once it is over.
    pub(in super::super) current_step: Option<String>,
    /// What else its events tell.
    pub(in super::super) details: Map<String, Value>,
}

/// The executions of a file of events, in order of their first events.
#[derive(Debug, Default)]
pub(in super::super) struct Streams {
    runs: Vec<StreamRun>,
    by_id: HashMap<String, usize>,
    /// The run that events which name none belong to.
    open: Option<usize>,
}

impl Streams {
    /// Takes one event on; an element that is none changes nothing.
    pub(in super::super) fn add(&mut self, kind: LogElement, line: u32, event: &Map<String, Value>) {
        match kind {
            LogElement::AnsibleEvent => ansible::add(self, line, event),
            LogElement::DispatcherEvent => dispatcher::add(self, line, event),
            LogElement::GitHub => {}
        }
    }

    /// The executions, in order of their first events.
    pub(in super::super) fn into_runs(self) -> Vec<StreamRun> {
        self.runs
    }

    /// Begins a run whose id is not known yet: that of the events that come before the playbook's own.
    pub(super) fn begin(&mut self, line: u32) {
        self.open = Some(self.runs.len());
        self.runs.push(StreamRun { line, ..StreamRun::default() });
    }

    /// Takes an event on to the run of its id, else to the run at hand.
    pub(super) fn event(&mut self, id: Option<&str>, line: u32, change: impl FnOnce(&mut StreamRun)) {
        match id {
            Some(id) => self.open = Some(self.place_of(id, line)),
            None if self.open.is_none() => self.begin(line),
            None => {}
        }
        if let Some(run) = self.open.and_then(|place| self.runs.get_mut(place)) {
            run.events += 1;
            change(run);
        }
    }

    /// The run of this id, which a run that waits for its id takes.
    fn place_of(&mut self, id: &str, line: u32) -> usize {
        if let Some(place) = self.by_id.get(id) {
            return *place;
        }
        let nameless = |place: &usize| self.runs.get(*place).is_some_and(|run| run.execution_id.is_empty());
        let place = self.open.filter(nameless).unwrap_or_else(|| {
            self.runs.push(StreamRun { line, ..StreamRun::default() });
            self.runs.len() - 1
        });
        if let Some(run) = self.runs.get_mut(place) {
            id.clone_into(&mut run.execution_id);
        }
        self.by_id.insert(id.to_owned(), place);
        place
    }
}
