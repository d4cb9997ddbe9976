//! `snapshot list`, `snapshot show` and `history` as a user meets them.

use crate::support::Sandbox;
use serde_json::{Value, json};

const NPS: &str = "Net Promoter Score (NPS)";

/// Two accounts; what the second file changes comes within the cooldown of the first.
fn with_snapshots() -> Sandbox {
    let sandbox = Sandbox::new();
    let ingest = |name: &str, rows: &str, at: &str| {
        sandbox.write(name, format!("account,account_id,kpi,value\n{rows}"));
        sandbox.command(["ingest", "kpis", name]).at(at).run().ok();
    };
    ingest(
        "one.csv",
        "Acme,A-1,NPS,45\nAcme,A-1,Ticket Volume,900\nBeta,B-2,NPS,70\n",
        "2026-09-01T10:00:00Z",
    );
    ingest("two.csv", "Acme,A-1,NPS,30\n", "2026-09-01T10:02:00Z");
    ingest("three.csv", "Acme,A-1,NPS,20\nAcme,A-1,Ticket Volume,90\n", "2026-10-01T10:00:00Z");
    let create = ["snapshot", "create", "-a", "Acme", "--reason", "before the QBR"];
    sandbox.command(create).at("2026-10-02T10:00:00Z").run().ok();
    sandbox
}

const NOW: &str = "2026-10-03T10:00:00Z";

fn ids(list: &Value) -> Vec<i64> {
    list["items"].as_array().into_iter().flatten().filter_map(|item| item["snapshot_id"].as_i64()).collect()
}

fn listed(sandbox: &Sandbox, arguments: &[&str]) -> Vec<i64> {
    let words = ["snapshots", "list", "--json"].iter().chain(arguments);
    ids(&sandbox.command(words).at(NOW).run().ok().json())
}

// ---- snapshot list

#[test]
fn the_newest_snapshot_comes_first_in_every_form() {
    let sandbox = with_snapshots();
    sandbox.run(["snapshot", "list"]).ok().matches_golden("snapshots/list");
    let list = sandbox.run(["snapshot", "list", "--json"]).ok().json();
    assert_eq!((&list["schema"], &list["count"]), (&json!("acctsnap.snapshots/1"), &json!(4)));
    let newest = json!({
        "snapshot_id": 4, "account_id": 1, "external_account_id": "A-1", "account_name": "Acme",
        "snapshot_timestamp": "2026-10-02T10:00:00.000Z", "snapshot_type": "manual",
        "snapshot_reason": "before the QBR", "trigger_event": null, "trigger_action": null,
        "snapshot_sequence_number": 3, "overall_health_score": 58.33, "overall_health_status": "at_risk",
        "health_score_change_from_last": 0, "is_unchanged": true, "retracted": null,
    });
    assert_eq!(list["items"][0], newest);
    let lines = sandbox.run(["snapshot", "list", "--format", "jsonl"]).ok().jsonl();
    assert_eq!(Value::from(lines), list["items"]);
    let csv = sandbox.run(["snapshot", "list", "--format", "csv", "--limit", "1"]).ok().stdout.clone();
    assert_eq!(
        csv.lines().collect::<Vec<_>>(),
        [
            "snapshot_id,account_id,external_account_id,account_name,snapshot_timestamp,snapshot_type,snapshot_reason,\
         trigger_event,trigger_action,snapshot_sequence_number,overall_health_score,overall_health_status,\
         health_score_change_from_last,is_unchanged,retracted",
            "4,1,A-1,Acme,2026-10-02T10:00:00.000Z,manual,before the QBR,,,3,58.33,at_risk,0,true,",
        ]
    );
}

#[test]
fn filters_narrow_the_list() {
    let sandbox = with_snapshots();
    assert_eq!(listed(&sandbox, &[]), [4, 3, 2, 1]);
    assert_eq!(listed(&sandbox, &["-a", "ext:B-2"]), [2]);
    assert_eq!(listed(&sandbox, &["--type", "manual"]), [4]);
    assert_eq!(listed(&sandbox, &["--limit", "2"]), [4, 3]);
    assert_eq!(listed(&sandbox, &["--since", "2d"]), [4, 3]);
    assert_eq!(listed(&sandbox, &["--since", "1d23h59m59s"]), [4]);
    assert_eq!(listed(&sandbox, &["--since", "2026-10-02"]), [4]);
    assert_eq!(listed(&sandbox, &["--since", "2026-Q4"]), [4, 3]);
    assert_eq!(listed(&sandbox, &["--until", "2026-09"]), [2, 1]);
    assert_eq!(listed(&sandbox, &["--until", "2026-10-01T10:00:00Z", "--since", "2026-10"]), [3]);
    assert_eq!(listed(&sandbox, &["--type", "manual", "-a", "Beta"]), [0; 0]);
    // In New York the first of September at 10:00 UTC is 06:00; its fiscal year starts in October.
    sandbox.write("snapshots.toml", "timezone = \"America/New_York\"\nfiscal_year_starts = 10\n");
    assert_eq!(listed(&sandbox, &["--since", "FY27-Q1"]), [4, 3]);
    assert_eq!(listed(&sandbox, &["--until", "FY26"]), [2, 1]);
}

#[test]
fn what_makes_no_sense_is_a_usage_error() {
    let sandbox = with_snapshots();
    let cases = [
        (&["snapshot", "list", "--since", "soon"][..], "--since: expected a moment"),
        (&["snapshot", "list", "--until", "30d"], "--until: expected a date"),
        (&["snapshot", "list", "--type", "weekly"], "expected a snapshot type"),
        (&["snapshot", "list", "--limit", "0"], "0 is not in 1.."),
        (&["snapshot", "show", "0"], "a snapshot's id (from 1)"),
        (&["history", "-a", "Acme", "--since", "5 days"], "--since: expected a moment"),
        (
            &["history", "-a", "Acme", "--field", "helth"],
            "expected the name of a snapshot field, got 'helth'",
        ),
    ];
    for (command, message) in cases {
        let error = sandbox.command(command).arg("--json").run().fails_with(2).error_json();
        assert!(error["message"].as_str().unwrap_or_default().contains(message), "{command:?}: {error}");
    }
}

#[test]
fn nothing_to_list_is_an_empty_list() {
    let sandbox = Sandbox::new();
    sandbox.write("one.csv", "account,kpi,value\nAcme,NPS,45\n");
    sandbox.run(["ingest", "kpis", "one.csv", "--no-events"]).ok();
    assert_eq!(sandbox.run(["snapshot", "list"]).ok().stdout, "no snapshots\n");
    assert_eq!(sandbox.run(["snapshot", "list", "--format", "jsonl"]).ok().stdout, "");
    assert_eq!(sandbox.run(["snapshot", "list", "--json"]).ok().json()["items"], json!([]));
    assert_eq!(sandbox.run(["history", "-a", "Acme"]).ok().stdout, "no snapshots of Acme\n");
    assert_eq!(sandbox.run(["history", "-a", "Acme", "--json"]).ok().json()["count"], 0);
    assert_eq!(sandbox.run(["history", "-a", "Acme", "--field", "revenue"]).ok().stdout, "");
    sandbox.run(["history", "-a", "Acme", "--field", "nothing"]).fails_with(2);
}

// ---- snapshot show

#[test]
fn a_snapshot_is_shown_whole_with_the_events_that_it_covers() {
    let sandbox = with_snapshots();
    sandbox.command(["snapshot", "show", "3"]).at(NOW).run().ok().matches_golden("snapshots/show");
    let newest = sandbox.command(["snapshot", "show", "4", "--json"]).at(NOW).run().ok().json();
    assert_eq!(newest, sandbox.command(["latest", "-a", "Acme", "--json"]).at(NOW).run().ok().json());
    let csv = sandbox.command(["snapshot", "show", "4", "--format", "csv"]).at(NOW).run().ok().stdout.clone();
    assert!(csv.starts_with("schema,snapshot_id,account_id,account_name,"), "{csv}");
    assert_eq!(csv.lines().count(), 2);
}

#[test]
fn an_earlier_snapshot_is_shown_with_the_kpis_of_its_moment() {
    let sandbox = with_snapshots();
    let first = sandbox.command(["snapshot", "show", "1", "--json"]).at(NOW).run().ok().json();
    let worst = json!({
        "kpi_name": "Ticket Volume", "product": null, "value": 900, "unit": "count", "category": "Support",
        "impact_level": null, "score": 16.67, "health_status": "critical",
    });
    assert_eq!(first["top_critical_kpis"], json!([worst]));
    let newest = sandbox.command(["snapshot", "show", "4", "--json"]).at(NOW).run().ok().json();
    assert_eq!(newest["top_critical_kpis"], json!([]));
}

#[test]
fn a_snapshot_of_nobody_or_of_another_customer_is_not_there() {
    let sandbox = with_snapshots();
    sandbox.write("theirs.csv", "account,kpi,value\nZeta,NPS,1\n");
    sandbox.command(["ingest", "kpis", "theirs.csv", "--customer", "other"]).at(NOW).run().ok();
    for (customer, id) in [("default", "99"), ("default", "5"), ("other", "1")] {
        let command = ["snapshot", "show", id, "--customer", customer, "--json"];
        let error = sandbox.run(command).fails_with(4).error_json();
        assert_eq!(error["code"], "no_snapshot");
        assert_eq!(error["message"], format!("customer '{customer}' has no snapshot {id}"));
    }
    sandbox.run(["snapshot", "show", "5", "--customer", "other"]).ok();
    let theirs = sandbox.run(["snapshot", "list", "--customer", "other", "--json"]).ok().json();
    assert_eq!(ids(&theirs), [5]);
    sandbox.run(["snapshot", "list", "-a", "Acme", "--customer", "other"]).fails_with(4);
    sandbox.run(["history", "-a", "Acme", "--customer", "other"]).fails_with(4);
}

#[test]
fn reading_makes_nothing() {
    let sandbox = Sandbox::new();
    for command in [&["snapshot", "list"][..], &["snapshot", "show", "1"], &["history", "-a", "Acme"]] {
        let error = sandbox.command(command).arg("--json").run().fails_with(4).error_json();
        assert_eq!(error["code"], "no_database");
    }
    assert!(!sandbox.path("test.db").exists());
}

// ---- history

/// Snapshot 5 is of the same facts by other rules.
fn with_other_rules(sandbox: &Sandbox) {
    let header = "kpi_name,category,unit,direction,worst,critical_edge,healthy_edge,best";
    sandbox.write("defs.csv", format!("{header}\n{NPS},Customer Sentiment,score,higher,-100,10,40,100\n"));
    sandbox.command(["kpis", "import", "defs.csv"]).at("2026-10-02T12:00:00Z").run().ok();
    sandbox.command(["snapshot", "create", "-a", "Acme"]).at("2026-10-02T12:30:00Z").run().ok();
}

#[test]
fn a_history_is_a_line_a_snapshot_the_oldest_first() {
    let sandbox = with_snapshots();
    with_other_rules(&sandbox);
    sandbox.run(["history", "-a", "Acme"]).ok().matches_golden("snapshots/history");
    let list = sandbox.run(["history", "-a", "Acme", "--json"]).ok().json();
    assert_eq!((&list["schema"], ids(&list)), (&json!("acctsnap.history/1"), vec![1, 3, 4, 5]));
    let marks = |name: &str| -> Vec<Value> {
        list["items"].as_array().into_iter().flatten().map(|item| item[name].clone()).collect()
    };
    assert_eq!(marks("is_unchanged"), [false, false, true, false]);
    assert_eq!(marks("is_scoring_config_changed"), [false, false, false, true]);
    assert_eq!(marks("critical_kpis_count"), [1, 0, 0, 0]);
    assert_eq!(marks("snapshot_sequence_number"), [1, 2, 3, 4]);
    let csv = sandbox.run(["history", "-a", "Acme", "--format", "csv"]).ok().stdout.clone();
    let header = "snapshot_id,snapshot_timestamp,snapshot_type,snapshot_reason,trigger_event,trigger_action,\
        snapshot_sequence_number,overall_health_score,overall_health_status,health_score_change_from_last,\
        critical_kpis_count,is_significant_change,is_unchanged,scoring_config_hash,is_scoring_config_changed,revenue,\
        currency,period,gap,health_score_change_from_row";
    assert_eq!(csv.lines().next(), Some(header));
    assert_eq!(csv.lines().count(), 5);
}

#[test]
fn the_first_line_is_compared_with_what_came_before_the_time_asked_for() {
    let sandbox = with_snapshots();
    with_other_rules(&sandbox);
    let since = ["history", "-a", "Acme", "--since", "2026-10-02T12:30:00Z", "--json"];
    let list = sandbox.run(since).ok().json();
    assert_eq!(ids(&list), [5]);
    assert_eq!(list["items"][0]["is_scoring_config_changed"], true);
    let days =
        sandbox.command(["history", "-a", "Acme", "--since", "30d", "--json"]).at(NOW).run().ok().json();
    assert_eq!(ids(&days), [3, 4, 5]);
}

#[test]
fn chosen_fields_come_alone_and_in_the_order_asked_for() {
    let sandbox = with_snapshots();
    let fields =
        ["--field", "snapshot_timestamp", "--field", "overall_health_score", "--field", "snapshot_reason"];
    let run = |more: &[&str]| {
        let words = ["history", "-a", "Acme"].iter().chain(&fields).chain(more);
        sandbox.command(words).at(NOW).run().ok().stdout.clone()
    };
    let text = "overall_health_score  ▁██\n\n\
                snapshot_timestamp        overall_health_score  snapshot_reason\n\
                2026-09-01T10:00:00.000Z                    40\n\
                2026-10-01T10:00:00.000Z                 58.33\n\
                2026-10-02T10:00:00.000Z                 58.33  before the QBR\n";
    assert_eq!(run(&[]), text);
    let csv = "snapshot_timestamp,overall_health_score,snapshot_reason\n2026-09-01T10:00:00.000Z,40,\n\
               2026-10-01T10:00:00.000Z,58.33,\n2026-10-02T10:00:00.000Z,58.33,before the QBR\n";
    assert_eq!(run(&["--format", "csv"]), csv);
    let line = "{\"snapshot_timestamp\":\"2026-09-01T10:00:00.000Z\",\"overall_health_score\":40,\
                \"snapshot_reason\":null}";
    assert_eq!(run(&["--format", "jsonl"]).lines().next(), Some(line));
    let bare = sandbox.run(["history", "-a", "Acme", "--field", "snapshot_reason"]).ok().stdout.clone();
    assert_eq!(bare, "\n\nbefore the QBR\n");
}

#[test]
fn a_history_in_full_is_what_each_snapshot_shows() {
    let sandbox = with_snapshots();
    let fields = ["--field", "snapshot_id", "--field", "top_critical_kpis", "--field", "sources"];
    let words = ["history", "-a", "Acme", "--format", "jsonl"].iter().chain(&fields);
    let lines = sandbox.command(words).at(NOW).run().ok().jsonl();
    assert_eq!(lines.len(), 3);
    for line in lines {
        let id = line["snapshot_id"].to_string();
        let shown = sandbox.command(["snapshot", "show", &id, "--json"]).at(NOW).run().ok().json();
        assert_eq!(line["top_critical_kpis"], shown["top_critical_kpis"], "{id}");
        assert_eq!(line["sources"], shown["sources"], "{id}");
    }
}

#[test]
fn every_answer_has_the_fields_that_its_schema_requires() {
    let sandbox = with_snapshots();
    for (name, command) in [("snapshots", &["snapshot", "list"][..]), ("history", &["history", "-a", "Acme"])]
    {
        let answer = sandbox.command(command).arg("--json").run().ok().json();
        let schema = sandbox.run(["schema", name]).ok().json();
        let item = schema["properties"]["items"]["items"]["$ref"].as_str().unwrap_or_default();
        let item = item.rsplit('/').next().unwrap_or_default();
        let required = schema["$defs"][item]["required"].as_array().into_iter().flatten();
        let mut required: Vec<&str> = required.filter_map(Value::as_str).collect();
        let first = answer["items"][0].as_object();
        let mut given: Vec<&str> = first.into_iter().flatten().map(|(key, _)| key.as_str()).collect();
        required.sort_unstable();
        given.sort_unstable();
        assert!(!given.is_empty());
        assert_eq!(required, given, "{name}");
    }
}
