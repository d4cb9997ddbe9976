//! What a row says of an execution, from what its fields tell. It must never make up a state, an end or an id.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::PlaybookFault;
use super::fields::PlaybookField;
use super::told::Told;
use crate::ingest::date::Written;
use crate::ingest::text::clean_name;
use crate::model::playbook::{PlaybookSaid, PlaybookStatus};
use crate::model::time::Timestamp;
use crate::model::zone::{end_of_day, local_time};

/// What rows are read by.
pub(super) struct Rules {
    /// The zone of times without one of their own.
    pub(super) zone: Tz,
    /// The last instant that is not in the future.
    latest: Timestamp,
}

impl Rules {
    /// The rules of a file that is read on this day.
    pub(super) fn new(today: NaiveDate, zone: Tz) -> Self {
        Self { zone, latest: end_of_day(today, zone) }
    }

    /// What the row says.
    ///
    /// # Errors
    /// It names no execution, or one of its fields cannot be what it says.
    pub(super) fn said(&self, told: Told, instants: &InstantOf<'_>) -> Result<PlaybookSaid, PlaybookFault> {
        let execution_id = name(&told, PlaybookField::ExecutionId)?.ok_or_else(missing_execution)?;
        let status = status(&told)?;
        let started_at = instant(&told, PlaybookField::Started, instants)?;
        let completed_at = instant(&told, PlaybookField::Completed, instants)?;
        let completed_at = self.end(&told, started_at, completed_at)?;
        self.check_future(&told, started_at, completed_at)?;
        let playbook_id = name(&told, PlaybookField::Playbook)?;
        let current_step = name(&told, PlaybookField::CurrentStep)?;
        let (report, details) = told.into_report(status.is_some());
        Ok(PlaybookSaid {
            execution_id,
            playbook_id,
            status,
            started_at,
            completed_at,
            current_step,
            report,
            details,
        })
    }

    /// The end, which is not before the start; an end that names its day alone is no earlier than a start on it.
    fn end(
        &self,
        told: &Told,
        started: Option<Timestamp>,
        completed: Option<Timestamp>,
    ) -> Result<Option<Timestamp>, PlaybookFault> {
        let (Some(start), Some(end)) = (started, completed) else { return Ok(completed) };
        if start <= end {
            return Ok(completed);
        }
        let written = told.text(PlaybookField::Completed).and_then(Written::read);
        let day_alone = written.is_some_and(|written| !written.has_time());
        if day_alone && local_time(start, self.zone).date() == local_time(end, self.zone).date() {
            return Ok(started);
        }
        let expected = "expected an end at or after the start, found an earlier one";
        Err(PlaybookFault::of(PlaybookField::Completed, "ended_before_start", expected))
    }

    /// Nothing has ended tomorrow, and only what is planned begins then.
    fn check_future(
        &self,
        told: &Told,
        started: Option<Timestamp>,
        completed: Option<Timestamp>,
    ) -> Result<(), PlaybookFault> {
        let is_planned = told.text(PlaybookField::Status).is_some_and(PlaybookStatus::is_planned);
        if !is_planned && started.is_some_and(|start| start > self.latest) {
            let expected = "expected a start up to today, found a later one";
            return Err(PlaybookFault::of(PlaybookField::Started, "future_date", expected)
                .with_hint("an execution that is yet to start has the status scheduled"));
        }
        if completed.is_some_and(|end| end > self.latest) {
            let expected = "expected an end up to today, found a later one";
            return Err(PlaybookFault::of(PlaybookField::Completed, "future_date", expected));
        }
        Ok(())
    }
}

/// The instant that a trimmed text of a field is, as its column writes it.
pub(super) type InstantOf<'a> = dyn Fn(PlaybookField, &str) -> Result<Timestamp, PlaybookFault> + 'a;

fn instant(
    told: &Told,
    field: PlaybookField,
    instants: &InstantOf<'_>,
) -> Result<Option<Timestamp>, PlaybookFault> {
    told.text(field).map(|text| instants(field, text)).transpose()
}

/// A text on one line.
fn name(told: &Told, field: PlaybookField) -> Result<Option<String>, PlaybookFault> {
    let Some(text) = told.text(field) else { return Ok(None) };
    clean_name(text).map(|name| Some(name.into_owned())).map_err(|fault| PlaybookFault::of_name(field, fault))
}

/// The fault of a row that names no execution.
pub(super) fn missing_execution() -> PlaybookFault {
    let expected = "expected the id of an execution, found none";
    PlaybookFault::of(PlaybookField::ExecutionId, "missing_execution", expected)
        .with_hint("give each row the id that the execution has in its own system")
}

/// The state; where it only says that the execution is over, as GitHub's does, the conclusion says how.
fn status(told: &Told) -> Result<Option<PlaybookStatus>, PlaybookFault> {
    let read = |field| told.text(field).map(|text| parse_status(field, text)).transpose();
    match read(PlaybookField::Status)? {
        None | Some(PlaybookStatus::Completed) => match read(PlaybookField::Conclusion)? {
            None => read(PlaybookField::Status),
            conclusion => Ok(conclusion),
        },
        status => Ok(status),
    }
}

fn parse_status(field: PlaybookField, text: &str) -> Result<PlaybookStatus, PlaybookFault> {
    PlaybookStatus::parse(text).ok_or_else(|| {
        let expected = "expected in-progress (running, open, scheduled), completed (done, success, closed), \
                        failed (failure, error, timed out) or cancelled (aborted, skipped, dismissed)";
        PlaybookFault::of(field, "unknown_status", expected)
            .with_hint("write one of these words in its place")
    })
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Berlin;
    use serde_json::json;

    use super::*;
    use crate::ingest::convention::{Conventions, Place};

    fn said(row: &serde_json::Value) -> Result<PlaybookSaid, (&'static str, Option<PlaybookField>)> {
        let rules = Rules::new("2026-11-22".parse().unwrap(), Berlin);
        let told = Told::sample(row).map_err(|fault| (fault.code, fault.field))?;
        let conventions = Conventions::default();
        let instants = |field, text: &str| {
            let at = conventions.instant(Place { table: 0, column: 0 }, 1, text, Berlin);
            at.ok_or_else(|| PlaybookFault::of(field, "bad_date", "expected a date"))
        };
        rules.said(told, &instants).map_err(|fault| (fault.code, fault.field))
    }

    fn at(text: &str) -> Option<Timestamp> {
        Some(Timestamp::parse(text).unwrap())
    }

    #[test]
    fn the_fields_of_an_execution_are_read_and_the_rest_is_kept() {
        let said = said(&json!({
            "id": "ex-1", "playbookId": "voc-sprint", "accountId": 7, "status": "In Progress",
            "startedAt": "2026-11-01T09:00:00Z", "completedAt": null, "currentStep": "step-2",
            "results": [{"stepId": "step-1"}], "context": {"accountId": 7}, "customerId": 1, "metadata": {},
            "acctsnap_line": 4
        }))
        .unwrap();
        assert_eq!((said.execution_id.as_str(), said.playbook_id.as_deref()), ("ex-1", Some("voc-sprint")));
        assert_eq!(said.status, Some(PlaybookStatus::InProgress));
        assert_eq!((said.started_at, said.completed_at), (at("2026-11-01T09:00:00Z"), None));
        assert_eq!(said.current_step.as_deref(), Some("step-2"));
        assert_eq!(said.report, None);
        let details = json!({
            "status": "In Progress", "results": [{"stepId": "step-1"}], "context": {"accountId": 7},
            "customerId": 1, "metadata": {}
        });
        assert_eq!(json!(said.details), details);
    }

    #[test]
    fn a_conclusion_says_how_it_ended() {
        use PlaybookStatus::{Cancelled, Completed, Failed, InProgress};
        for (status, conclusion, expected) in [
            (json!("completed"), json!("success"), Some(Completed)),
            (json!("completed"), json!("failure"), Some(Failed)),
            (json!("completed"), json!("timed_out"), Some(Failed)),
            (json!("completed"), json!("action_required"), Some(Failed)),
            (json!("completed"), json!("cancelled"), Some(Cancelled)),
            (json!("completed"), json!("skipped"), Some(Cancelled)),
            (json!("completed"), json!("neutral"), Some(Cancelled)),
            (json!("completed"), json!(null), Some(Completed)),
            (json!("queued"), json!("success"), Some(InProgress)),
            (json!(null), json!("failure"), Some(Failed)),
            (json!(null), json!(null), None),
        ] {
            let said = said(&json!({"id": 1, "status": status, "conclusion": conclusion})).unwrap();
            assert_eq!(said.status, expected, "{status} {conclusion}");
            assert_eq!(said.details.get("status").is_some(), status.is_string());
        }
    }

    #[test]
    fn rows_that_cannot_be_say_why() {
        let row = |more: serde_json::Value| {
            let mut row = json!({"id": 1});
            row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            said(&row).map(|_| ())
        };
        use PlaybookField::{Completed, ExecutionId, Started, Status};
        for (more, code, field) in [
            (json!({"id": null}), "missing_execution", ExecutionId),
            (json!({"id": " "}), "missing_execution", ExecutionId),
            (json!({"id": "N/A"}), "missing_execution", ExecutionId),
            (json!({"id": [1]}), "not_a_text", ExecutionId),
            (json!({"id": "a\u{1b}"}), "control_character", ExecutionId),
            (json!({"status": "renewed"}), "unknown_status", Status),
            (json!({"startedAt": "01/13/2026x"}), "bad_date", Started),
            (json!({"startedAt": "2026-11-23"}), "future_date", Started),
            (json!({"status": "completed", "completedAt": "2026-11-23T00:00:00"}), "future_date", Completed),
            (
                json!({"startedAt": "2026-11-02", "completedAt": "2026-11-01"}),
                "ended_before_start",
                Completed,
            ),
            (json!({"status": "done", "Status": "failed"}), "two_values", Status),
        ] {
            assert_eq!(row(more.clone()), Err((code, Some(field))), "{more}");
        }
        for more in [
            json!({"status": "scheduled", "startedAt": "2027-01-01"}),
            json!({"completedAt": "2026-11-22T23:59:59"}),
            json!({"status": "done", "Status": "done"}),
        ] {
            assert_eq!(row(more.clone()), Ok(()), "{more}");
        }
    }

    #[test]
    fn times_without_a_zone_are_the_customers_and_a_day_alone_ends_no_earlier_than_it_began() {
        let said = |row: &serde_json::Value| said(row).unwrap();
        let day = said(&json!({"id": 1, "started": "2026-11-01", "completed": "2026-11-02 08:00"}));
        assert_eq!(day.started_at, at("2026-10-31T23:00:00Z"));
        assert_eq!(day.completed_at, at("2026-11-02T07:00:00Z"));
        let same = said(&json!({"id": 1, "started": "2026-11-01T10:00:00+01:00", "completed": "2026-11-01"}));
        assert_eq!(
            (same.started_at, same.completed_at),
            (at("2026-11-01T09:00:00Z"), at("2026-11-01T09:00:00Z"))
        );
    }

    #[test]
    fn reports_are_kept_apart() {
        let with = said(&json!({
            "id": 1, "status": "completed", "executive_summary": "fine", "outcomes_achieved": ["a"], "team": "x"
        }))
        .unwrap();
        assert_eq!(json!(with.report), json!({"executive_summary": "fine", "outcomes_achieved": ["a"]}));
        assert_eq!(json!(with.details), json!({"status": "completed", "team": "x"}));
        let alone = said(&json!({
            "executionId": "e", "id": "r1", "executive_summary": "fine", "kpi_impact": {"NPS": 4}, "gone": null
        }))
        .unwrap();
        assert_eq!((alone.execution_id.as_str(), alone.status), ("e", None));
        let report = json!({"id": "r1", "executive_summary": "fine", "kpi_impact": {"NPS": 4}});
        assert_eq!((json!(alone.report), alone.details.len()), (report, 0));
        let inside =
            said(&json!({"id": 1, "status": "done", "report": {"executive_summary": "ok"}})).unwrap();
        assert_eq!(json!(inside.report), json!({"executive_summary": "ok"}));
        let text = said(&json!({"id": 1, "status": "done", "report": "https://reports/1"})).unwrap();
        assert_eq!((text.report, &text.details["report"]), (None, &json!("https://reports/1")));
    }
}
