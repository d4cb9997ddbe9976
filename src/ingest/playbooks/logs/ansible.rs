//! Event streams of Ansible Runner: <https://docs.ansible.com/projects/runner>, and of the dispatcher around it.
//!
//! The playbook's uuid is the execution, its file the playbook. The last event decides: statistics with failed or
//! unreachable hosts are a failure, others a success. A stream without them was cut off: it runs for all we know.

use serde_json::{Map, Value};

use super::stream::{StreamRun, Streams};
use super::{keep, object, text};
use crate::model::playbook::PlaybookStatus;

/// How many failed tasks are kept.
const FAILED_TASKS_KEPT: usize = 100;

/// What the statistics at the end tell of the hosts.
const STATISTICS: [&str; 8] =
    ["processed", "ok", "changed", "failures", "dark", "skipped", "rescued", "ignored"];

/// Whether an element is one event: each has a kind, its own uuid and a place in the stream.
pub(super) fn is_event(element: &Map<String, Value>) -> bool {
    let has_place = element.get("counter").is_some_and(Value::is_i64);
    has_place && text(element, "event").is_some() && text(element, "uuid").is_some()
}

/// Takes one event on.
pub(super) fn add(streams: &mut Streams, line: u32, event: &Map<String, Value>) {
    let empty = Map::new();
    let data = object(event, "event_data").unwrap_or(&empty);
    let kind = text(event, "event").unwrap_or_default();
    if kind == "executor_on_start" {
        streams.begin(line);
    }
    streams.event(text(data, "playbook_uuid"), line, |run| {
        run.status.get_or_insert(PlaybookStatus::InProgress);
        if let Some(playbook) = text(data, "playbook") {
            run.playbook.get_or_insert_with(|| playbook.to_owned());
        }
        if let Some(created) = text(event, "created") {
            run.started.get_or_insert_with(|| utc(created));
        }
        keep(event, &["runner_ident"], &mut run.details);
        keep(data, &["crc_dispatcher_correlation_id"], &mut run.details);
        take(run, kind, event, data);
    });
}

/// What one kind of event tells.
fn take(run: &mut StreamRun, kind: &str, event: &Map<String, Value>, data: &Map<String, Value>) {
    match kind {
        "playbook_on_task_start" => run.current_step = text(data, "task").map(str::to_owned),
        "runner_on_failed" | "runner_on_unreachable" => keep_failed_task(run, kind, data),
        "playbook_on_stats" => {
            let failed = has_hosts(data, "failures") || has_hosts(data, "dark");
            end(run, if failed { PlaybookStatus::Failed } else { PlaybookStatus::Completed }, event);
            let mut statistics = Map::new();
            keep(data, &STATISTICS, &mut statistics);
            run.details.insert("stats".to_owned(), Value::Object(statistics));
        }
        "executor_on_failed" => {
            end(run, PlaybookStatus::Failed, event);
            keep(data, &["crc_dispatcher_error_code", "crc_dispatcher_error_details"], &mut run.details);
        }
        _ => {}
    }
}

fn end(run: &mut StreamRun, status: PlaybookStatus, event: &Map<String, Value>) {
    run.status = Some(status);
    run.completed = text(event, "created").map(utc);
    run.current_step = None;
}

/// Whether any host is counted under this name.
fn has_hosts(data: &Map<String, Value>, name: &str) -> bool {
    object(data, name).is_some_and(|hosts| hosts.values().any(|count| count.as_i64() != Some(0)))
}

fn keep_failed_task(run: &mut StreamRun, kind: &str, data: &Map<String, Value>) {
    if data.get("ignore_errors").and_then(Value::as_bool) == Some(true) {
        return;
    }
    let mut task = Map::new();
    keep(data, &["task", "host"], &mut task);
    task.insert("event".to_owned(), Value::from(kind));
    if let Some(message) = object(data, "res").and_then(|result| text(result, "msg")) {
        task.insert("msg".to_owned(), Value::from(message));
    }
    let tasks = run.details.entry("failed_tasks").or_insert_with(|| Value::Array(Vec::new()));
    if let Some(tasks) = tasks.as_array_mut().filter(|tasks| tasks.len() < FAILED_TASKS_KEPT) {
        tasks.push(Value::Object(task));
    }
}

/// Ansible Runner writes `created` in UTC, and older versions do not say so.
fn utc(created: &str) -> String {
    let clock = created.split_once('T').map_or("", |(_, clock)| clock);
    let has_zone = clock.ends_with(['Z', 'z']) || clock.contains(['+', '-']);
    if has_zone || clock.is_empty() { created.to_owned() } else { format!("{created}Z") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::playbooks::logs::LogElement;

    const START: &str = r#"{"event":"playbook_on_start","uuid":"p1","counter":2,"created":"2021-01-22T15:07:21.3",
        "runner_ident":"r","event_data":{"playbook":"ping.yml","playbook_uuid":"p1"}}"#;
    const TASK: &str = r#"{"event":"playbook_on_task_start","uuid":"t1","counter":3,
        "event_data":{"playbook_uuid":"p1","task":"ping the host"}}"#;

    fn event(text: &str) -> Map<String, Value> {
        serde_json::from_str(text).unwrap()
    }

    fn stats(failures: &str, dark: &str) -> String {
        format!(
            r#"{{"event":"playbook_on_stats","uuid":"s1","counter":9,"created":"2021-01-22T15:09:00+01:00",
            "event_data":{{"playbook_uuid":"p1","failures":{failures},"dark":{dark},"artifact_data":{{}}}}}}"#
        )
    }

    fn runs(events: &[&str]) -> Vec<StreamRun> {
        let mut streams = Streams::default();
        for (line, text) in (1..).zip(events) {
            let event = event(text);
            assert_eq!(LogElement::of(&event), Some(LogElement::AnsibleEvent), "{text}");
            streams.add(LogElement::AnsibleEvent, line, &event);
        }
        streams.into_runs()
    }

    #[test]
    fn the_statistics_decide() {
        for (failures, dark, status) in [
            ("{}", "{}", PlaybookStatus::Completed),
            (r#"{"a":0}"#, "{}", PlaybookStatus::Completed),
            (r#"{"a":0,"b":1}"#, "{}", PlaybookStatus::Failed),
            ("{}", r#"{"a":1}"#, PlaybookStatus::Failed),
        ] {
            let runs = runs(&[START, TASK, &stats(failures, dark)]);
            let [run] = runs.as_slice() else { panic!("{runs:?}") };
            assert_eq!((run.status, run.current_step.as_deref()), (Some(status), None));
            assert_eq!((run.execution_id.as_str(), run.playbook.as_deref()), ("p1", Some("ping.yml")));
            assert_eq!(run.started.as_deref(), Some("2021-01-22T15:07:21.3Z"));
            assert_eq!(run.completed.as_deref(), Some("2021-01-22T15:09:00+01:00"));
        }
    }

    #[test]
    fn a_stream_that_was_cut_off_runs_though_a_task_failed() {
        let failed = r#"{"event":"runner_on_failed","uuid":"f","counter":4,
            "event_data":{"playbook_uuid":"p1","task":"ping","host":"h","res":{"msg":"no"}}}"#;
        let ignored = r#"{"event":"runner_on_failed","uuid":"g","counter":5,
            "event_data":{"playbook_uuid":"p1","task":"pong","ignore_errors":true}}"#;
        let runs = runs(&[START, TASK, failed, ignored]);
        assert_eq!(runs[0].status, Some(PlaybookStatus::InProgress));
        assert_eq!(
            (runs[0].completed.as_deref(), runs[0].current_step.as_deref()),
            (None, Some("ping the host"))
        );
        let tasks = serde_json::json!([{"task":"ping","host":"h","event":"runner_on_failed","msg":"no"}]);
        assert_eq!(runs[0].details["failed_tasks"], tasks);
    }

    #[test]
    fn events_before_the_playbook_are_of_the_run_that_begins() {
        let executor = r#"{"event":"executor_on_start","uuid":"e","counter":-1,
            "event_data":{"crc_dispatcher_correlation_id":"c1"}}"#;
        let verbose = r#"{"event":"verbose","uuid":"v","counter":1,"stdout":"Identity added"}"#;
        let second = START.replace("p1", "p2");
        let runs = runs(&[executor, verbose, START, &stats("{}", "{}"), executor, &second]);
        let seen: Vec<_> =
            runs.iter().map(|run| (run.line, run.events, run.execution_id.as_str(), run.status)).collect();
        let (completed, running) = (PlaybookStatus::Completed, PlaybookStatus::InProgress);
        assert_eq!(seen, [(1, 4, "p1", Some(completed)), (5, 2, "p2", Some(running))]);
        assert_eq!(runs[0].details["crc_dispatcher_correlation_id"], "c1");
    }

    #[test]
    fn an_executor_that_failed_is_a_failure_without_an_id_of_its_own() {
        let failed = r#"{"event":"executor_on_failed","uuid":"e","counter":-1,
            "event_data":{"crc_dispatcher_error_code":"ANSIBLE_PLAYBOOK_NOT_INSTALLED"}}"#;
        let runs = runs(&[failed]);
        assert_eq!((runs[0].execution_id.as_str(), runs[0].status), ("", Some(PlaybookStatus::Failed)));
    }
}
