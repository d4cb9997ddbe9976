//! An execution as it is known, and what a row makes of it. What a row does not say is never taken back.

use serde_json::{Map, Value};

use super::{PlaybookSaid, PlaybookStatus};
use crate::model::time::Timestamp;

/// An execution as it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaybookRun {
    /// The execution's id in the system that it comes from.
    pub execution_id: String,
    /// Which playbook.
    pub playbook_id: Option<String>,
    /// The state.
    pub status: PlaybookStatus,
    /// When it started.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// Where it stands.
    pub current_step: Option<String>,
    /// The report, where there is one.
    pub report: Option<Map<String, Value>>,
    /// Everything else, by name.
    pub details: Map<String, Value>,
}

/// What a row made of an execution.
#[derive(Debug, Clone, PartialEq)]
pub enum Merged {
    /// Nothing is said of its state, and it is not known: there is nothing to add to.
    UnknownExecution,
    /// The row tells of an earlier state than the one known: what it says is not taken.
    Stale,
    /// The execution as it is known now.
    Run(Box<PlaybookRun>),
}

impl PlaybookRun {
    /// The execution after what a row says: what that does not say stands.
    ///
    /// States come in order: what is over does not run again, unless the row says that it started after the end.
    #[must_use]
    pub fn after(known: Option<&Self>, said: &PlaybookSaid) -> Merged {
        let Some(known) = known else {
            let Some(status) = said.status else { return Merged::UnknownExecution };
            return Merged::Run(Box::new(Self {
                execution_id: said.execution_id.clone(),
                playbook_id: said.playbook_id.clone(),
                status,
                started_at: said.started_at,
                completed_at: said.completed_at,
                current_step: said.current_step.clone(),
                report: said.report.clone(),
                details: said.details.clone(),
            }));
        };
        let restarts = said.status == Some(PlaybookStatus::InProgress) && known.status.is_over();
        if restarts && known.completed_at.zip(said.started_at).is_none_or(|(end, start)| start <= end) {
            return Merged::Stale;
        }
        // Of two ends the later one holds, in whatever order they are told.
        let ends_earlier = said.status.is_some_and(PlaybookStatus::is_over)
            && known.status.is_over()
            && said.completed_at.zip(known.completed_at).is_some_and(|(said, known)| said < known);
        if ends_earlier {
            return Merged::Stale;
        }
        let mut next = known.clone();
        next.status = said.status.unwrap_or(known.status);
        next.playbook_id = said.playbook_id.clone().or(next.playbook_id);
        next.started_at = said.started_at.or(next.started_at);
        next.completed_at =
            if restarts { said.completed_at } else { said.completed_at.or(next.completed_at) };
        next.current_step = said.current_step.clone().or(next.current_step);
        next.report = said.report.clone().or(next.report);
        next.details.extend(said.details.clone());
        Merged::Run(Box::new(next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: Option<PlaybookStatus>, started: Option<i64>, completed: Option<i64>) -> PlaybookSaid {
        PlaybookSaid {
            execution_id: "e1".to_owned(),
            status,
            started_at: started.map(Timestamp::from_millis),
            completed_at: completed.map(Timestamp::from_millis),
            ..PlaybookSaid::default()
        }
    }

    fn run(known: Option<&PlaybookRun>, said: &PlaybookSaid) -> PlaybookRun {
        match PlaybookRun::after(known, said) {
            Merged::Run(run) => *run,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_over_does_not_run_again_unless_it_started_after_its_end() {
        use PlaybookStatus::{Completed, Failed, InProgress};
        let running = run(None, &said(Some(InProgress), Some(1), None));
        let done = run(Some(&running), &said(Some(Completed), None, Some(5)));
        assert_eq!((done.status, done.started_at), (Completed, Some(Timestamp::from_millis(1))));
        assert_eq!(PlaybookRun::after(Some(&done), &said(Some(InProgress), Some(1), None)), Merged::Stale);
        assert_eq!(PlaybookRun::after(Some(&done), &said(Some(InProgress), None, None)), Merged::Stale);
        let again = run(Some(&done), &said(Some(InProgress), Some(6), None));
        assert_eq!((again.status, again.completed_at), (InProgress, None));
        let corrected = run(Some(&done), &said(Some(Failed), None, None));
        assert_eq!((corrected.status, corrected.completed_at), (Failed, Some(Timestamp::from_millis(5))));
    }

    #[test]
    fn a_report_adds_to_an_execution_that_is_known() {
        let mut report = said(None, None, None);
        report.report = Some(Map::from_iter([("executive_summary".to_owned(), Value::from("fine"))]));
        assert_eq!(PlaybookRun::after(None, &report), Merged::UnknownExecution);
        let known = run(None, &said(Some(PlaybookStatus::Completed), None, None));
        assert_eq!(run(Some(&known), &report).report, report.report);
    }
}
