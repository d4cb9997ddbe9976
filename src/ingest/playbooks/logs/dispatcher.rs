//! Event streams of a playbook dispatcher that runs through Red Hat Satellite: `playbook_run_update`, `_finished`
//! (one host) and `_completed` (all of them). The correlation id is the execution; no event bears a time.
//!
//! What is said of the whole run decides; until then a host that failed makes it a failure, and one that succeeded
//! says nothing of the others.

use serde_json::{Map, Value};

use super::stream::{StreamRun, Streams};
use super::{keep, text};
use crate::model::playbook::PlaybookStatus;

/// What every kind of event begins with.
const PREFIX: &str = "playbook_run_";

/// Whether an element is one event.
pub(super) fn is_event(element: &Map<String, Value>) -> bool {
    text(element, "type").is_some_and(|kind| kind.starts_with(PREFIX))
        && text(element, "correlation_id").is_some()
}

/// Takes one event on.
pub(super) fn add(streams: &mut Streams, line: u32, event: &Map<String, Value>) {
    let kind = text(event, "type").and_then(|kind| kind.strip_prefix(PREFIX)).unwrap_or_default();
    streams.event(text(event, "correlation_id"), line, |run| {
        let known = *run.status.get_or_insert(PlaybookStatus::InProgress);
        let said = text(event, "status");
        match kind {
            "finished" => {
                keep_host(run, event, said);
                let said = said.and_then(PlaybookStatus::parse);
                if said == Some(PlaybookStatus::Failed) && !run.details.contains_key("status") {
                    run.status = said;
                }
            }
            "completed" => {
                keep(event, &["status"], &mut run.details);
                keep(event, &CODES, &mut run.details);
                // A word that is no state leaves the run as it was: it is not known to be over.
                run.status = said.and_then(PlaybookStatus::parse).or(Some(known));
            }
            _ => {}
        }
    });
}

/// What a failure of the whole run is explained by.
const CODES: [&str; 4] = [
    "satellite_connection_code",
    "satellite_connection_error",
    "satellite_infrastructure_code",
    "satellite_infrastructure_error",
];

/// Keeps how a host ended, by its name.
fn keep_host(run: &mut StreamRun, event: &Map<String, Value>, said: Option<&str>) {
    let hosts = run.details.entry("hosts").or_insert_with(|| Value::Object(Map::new()));
    if let (Some(hosts), Some(host), Some(said)) = (hosts.as_object_mut(), text(event, "host"), said) {
        hosts.insert(host.to_owned(), Value::from(said));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::playbooks::logs::LogElement;

    fn status(events: &[(&str, &str)]) -> (Option<PlaybookStatus>, Map<String, Value>) {
        let mut streams = Streams::default();
        for (line, (kind, status)) in (1..).zip(events) {
            let event = serde_json::json!({
                "type": format!("playbook_run_{kind}"), "correlation_id": "c", "host": format!("h{line}"),
                "status": status, "satellite_connection_code": 0
            });
            let event = event.as_object().unwrap();
            assert_eq!(LogElement::of(event), Some(LogElement::DispatcherEvent));
            streams.add(LogElement::DispatcherEvent, line, event);
        }
        let runs = streams.into_runs();
        assert_eq!((runs.len(), runs[0].execution_id.as_str(), runs[0].started.as_deref()), (1, "c", None));
        (runs[0].status, runs[0].details.clone())
    }

    #[test]
    fn the_end_of_the_run_decides_and_a_failed_host_before_it() {
        use PlaybookStatus::{Cancelled, Completed, Failed, InProgress};
        for (events, expected) in [
            (&[("update", "")][..], InProgress),
            (&[("finished", "success")], InProgress),
            (&[("finished", "success"), ("finished", "failure")], Failed),
            (&[("finished", "failure"), ("finished", "success")], Failed),
            (&[("finished", "success"), ("completed", "success")], Completed),
            (&[("finished", "failure"), ("completed", "failure")], Failed),
            (&[("completed", "success"), ("finished", "failure")], Completed),
            (&[("completed", "canceled")], Cancelled),
            (&[("finished", "success"), ("completed", "whatever")], InProgress),
        ] {
            assert_eq!(status(events).0, Some(expected), "{events:?}");
        }
    }

    #[test]
    fn hosts_and_codes_are_kept() {
        let details = status(&[("finished", "success"), ("completed", "success")]).1;
        assert_eq!(
            Value::Object(details),
            serde_json::json!({"hosts": {"h1": "success"}, "status": "success", "satellite_connection_code": 0})
        );
    }
}
