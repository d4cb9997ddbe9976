//! Runs, jobs and checks of GitHub Actions, alone, in a list of the REST API, or inside a webhook's payload:
//! <https://docs.github.com/en/webhooks/webhook-events-and-payloads>.
//!
//! The id is the object's own: a job's `run_id` is the run that it belongs to. A run has no end of its own; that it
//! is over makes its last update the end.

use serde_json::{Map, Value};

use super::{keep, object, text};

/// The members of a payload that hold the object.
const INSIDE: [&str; 3] = ["workflow_run", "workflow_job", "check_run"];

/// The object that an element is or holds; None where it is something else.
fn run_inside(element: &Map<String, Value>) -> Option<&Map<String, Value>> {
    let is_run = |run: &&Map<String, Value>| {
        ["id", "head_sha", "status", "conclusion"].iter().all(|name| run.contains_key(*name))
    };
    INSIDE.iter().find_map(|name| object(element, name)).or(Some(element)).filter(is_run)
}

/// Whether an element is such a run.
pub(super) fn is_run(element: &Map<String, Value>) -> bool {
    run_inside(element).is_some()
}

/// The run as a row with the names that playbook rows have; the sender's own names for the rest.
///
/// Of the payload around it only the action is kept: who sent it and the repository say nothing of the run.
pub(in super::super) fn row(element: &Map<String, Value>) -> Map<String, Value> {
    let empty = Map::new();
    let run = run_inside(element).unwrap_or(&empty);
    let mut row = Map::new();
    keep(element, &["action"], &mut row);
    for (name, value) in run {
        if !RENAMED.contains(&name.as_str()) && !BULKY.contains(&name.as_str()) {
            row.insert(name.clone(), value.clone());
        }
    }
    let is_over = text(run, "status") == Some("completed");
    let last_update = if is_over { text(run, "updated_at") } else { None };
    let texts = [
        ("playbook_id", ["name", "workflow_name", "path"].iter().find_map(|name| text(run, name))),
        ("started_at", ["run_started_at", "started_at"].iter().find_map(|name| text(run, name))),
        ("completed_at", text(run, "completed_at").or(last_update)),
        ("current_step", steps(run, "status", &["in_progress"]).next()),
    ];
    if let Some(id) = text(run, "external_id") {
        // On its own an external id would be the account's.
        row.insert("check_external_id".to_owned(), Value::from(id));
    }
    row.insert("execution_id".to_owned(), run.get("id").cloned().unwrap_or_default());
    for (name, text) in texts {
        row.insert(name.to_owned(), text.map_or(Value::Null, Value::from));
    }
    let failed: Vec<_> = steps(run, "conclusion", &["failure", "timed_out"]).map(Value::from).collect();
    if !failed.is_empty() {
        row.insert("failed_steps".to_owned(), Value::Array(failed));
    }
    row
}

/// What stands in the row under another name.
const RENAMED: [&str; 6] = ["id", "name", "external_id", "run_started_at", "started_at", "completed_at"];

/// What describes the repository and people, not the run.
const BULKY: [&str; 4] = ["repository", "head_repository", "actor", "triggering_actor"];

/// The names of the steps of which a member is one of these words.
fn steps<'e>(
    run: &'e Map<String, Value>,
    member: &'e str,
    words: &'e [&'e str],
) -> impl Iterator<Item = &'e str> {
    let steps = run.get("steps").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    steps
        .iter()
        .filter_map(Value::as_object)
        .filter(move |step| text(step, member).is_some_and(|word| words.contains(&word)))
        .filter_map(|step| text(step, "name"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        let Value::Object(map) = value else { panic!("{value}") };
        map
    }

    #[test]
    fn a_job_keeps_its_own_id_and_its_failed_steps() {
        let payload = map(json!({
            "action": "completed", "sender": {"id": 1},
            "workflow_job": {
                "id": 7, "run_id": 9, "head_sha": "x", "status": "completed", "conclusion": "failure",
                "name": "linters", "started_at": "2021-08-05T10:34:58Z", "completed_at": "2021-08-05T10:38:16Z",
                "steps": [{"name": "a", "conclusion": "success"}, {"name": "b", "conclusion": "failure"}]
            }
        }));
        let row = row(&payload);
        for (name, value) in [
            ("execution_id", json!(7)),
            ("run_id", json!(9)),
            ("playbook_id", json!("linters")),
            ("completed_at", json!("2021-08-05T10:38:16Z")),
            ("failed_steps", json!(["b"])),
            ("action", json!("completed")),
        ] {
            assert_eq!(row[name], value, "{name}");
        }
        assert!(!row.contains_key("sender") && !row.contains_key("id"));
    }

    #[test]
    fn the_last_update_is_the_end_of_a_run_that_is_over_alone() {
        for (status, end) in [("completed", json!("2020-10-05T16:33:49Z")), ("in_progress", Value::Null)] {
            let run = map(json!({
                "id": 7, "head_sha": "x", "status": status, "conclusion": null, "name": "", "path": "test.yml",
                "run_started_at": "2020-10-05T16:30:00Z", "started_at": "2020-10-05T16:29:00Z",
                "updated_at": "2020-10-05T16:33:49Z", "steps": [{"name": "a", "status": "in_progress"}]
            }));
            assert!(is_run(&run));
            let row = row(&run);
            assert_eq!((&row["completed_at"], &row["playbook_id"]), (&end, &json!("test.yml")));
            assert_eq!(
                (&row["started_at"], &row["current_step"]),
                (&json!("2020-10-05T16:30:00Z"), &json!("a"))
            );
        }
    }

    #[test]
    fn other_objects_are_no_runs() {
        for other in [json!({"id": 1, "status": "completed"}), json!({"workflow_run": 5}), json!({})] {
            assert!(!is_run(&map(other.clone())), "{other}");
        }
    }
}
