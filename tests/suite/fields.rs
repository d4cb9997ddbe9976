//! `--field`: every command that reads gives exactly the fields asked for, in the order asked for, in each format.

use crate::support::Sandbox;
use crate::support::book::rows;
use serde_json::json;

/// A command, two fields of it, and whether it lists.
const READING: &[(&[&str], [&str; 2], bool)] = &[
    (&["snapshot", "list"], ["snapshot_id", "account_name"], true),
    (&["snapshot", "show", "1"], ["overall_health_score", "snapshot_id"], false),
    (&["uploads", "list"], ["file", "upload_id"], true),
    (&["uploads", "show", "1"], ["upload_id", "kind"], false),
    (&["events", "list"], ["event_type", "event_id"], true),
    (&["accounts", "list"], ["account_name", "account_id"], true),
    (&["accounts", "show", "Acme"], ["account_name", "account_id"], false),
    (&["customers", "list"], ["accounts_count", "customer"], true),
    (&["kpis", "list"], ["kpi_name", "unit"], true),
    (&["kpis", "show", "NPS"], ["unit", "kpi_name"], false),
    (&["kpis", "unknown"], ["kpi_name", "accounts"], true),
    (&["kpis", "suggest"], ["kpi_name", "direction"], true),
    (&["tags", "list"], ["accounts", "tag"], true),
    (&["retention", "plan"], ["verdict", "snapshot_id"], true),
    (&["scheduled", "plan"], ["account_name", "due_at"], true),
    (&["explain", "-a", "Acme"], ["account_name", "account_id"], false),
    (&["compare", "-a", "Acme", "1", "now"], ["differs", "account_name"], false),
    (&["compare", "--all", "latest", "now"], ["to", "from"], false),
    (&["status"], ["verdict", "as_of"], false),
    (&["latest", "--all"], ["account_name", "snapshot_id"], true),
    (&["history", "-a", "Acme"], ["revenue", "snapshot_id"], true),
];

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &rows([("Acme", "NPS", "40"), ("Acme", "Sprockets", "3")]), &[]).ok();
    sandbox.at("11:00:00", &["snapshot", "tag", "--all", "first"]).ok();
    sandbox
}

#[test]
fn exactly_the_fields_asked_for_in_that_order() {
    let sandbox = sandbox();
    for (command, fields, is_list) in READING {
        let asked: Vec<&str> =
            command.iter().copied().chain(fields.iter().flat_map(|f| ["--field", *f])).collect();
        let with = |more: &[&str]| sandbox.at("12:00:00", &[&asked[..], more].concat()).ok().stdout.clone();
        let answer: serde_json::Value = serde_json::from_str(&with(&["--json"])).unwrap_or_default();
        let item = if *is_list { answer["items"][0].clone() } else { answer };
        let mut keys: Vec<&str> =
            item.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
        let mut wanted = fields.to_vec();
        keys.sort_unstable();
        wanted.sort_unstable();
        if *command != ["scheduled", "plan"] {
            assert_eq!(keys, wanted, "{command:?}");
        }
        let lines = with(&["--format", "csv"]);
        assert_eq!(lines.lines().next(), Some(fields.join(",").as_str()), "{command:?}");
        let wrong = [&command[..], &["--field", "no_such_field"]].concat();
        let refused = sandbox.at("12:00:00", &wrong);
        refused.fails_with(2).mentions("no_such_field").mentions("acctsnap schema");
    }
}

#[test]
fn one_field_is_its_bare_value_in_text() {
    let sandbox = sandbox();
    let bare = |words: &[&str]| sandbox.at("12:00:00", words).ok().stdout.clone();
    assert_eq!(bare(&["status", "--field", "verdict"]), "ok\n");
    assert_eq!(bare(&["tags", "list", "--field", "tag"]), "first\n");
    assert_eq!(bare(&["snapshot", "show", "1", "--field", "revenue"]), "\n", "null is an empty line");
    assert_eq!(bare(&["kpis", "unknown", "--field", "kpi_name"]), "Sprockets\n");
    let listed = sandbox.at("12:00:00", &["tags", "list", "--field", "tag", "--json"]).ok().json();
    assert_eq!(listed, json!({"schema": "acctsnap.fields/1", "count": 1, "items": [{"tag": "first"}]}));
}
