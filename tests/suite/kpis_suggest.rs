//! `kpis suggest` as a user meets it: what it prints pastes in as it is, and never applies itself.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use crate::support::Sandbox;
use serde_json::{Value, json};

const FIRST: &str = "2026-11-01T10:00:00Z";
const LATER: &str = "2026-11-02T10:00:00Z";

/// Twelve accounts: a KPI whose name tells a direction, one that goes with the score, one that tells nothing, one that
/// is always the same, one of few values, and one with a hostile name.
fn with_values() -> Sandbox {
    let sandbox = Sandbox::new();
    let mut rows = "account,kpi,category,value\n".to_owned();
    for place in 0..12 {
        let mut row = |kpi: &str, category: &str, value: i32| {
            rows.push_str(&format!("Account {place:02},{kpi},{category},{value}\n"));
        };
        row("NPS", "", place * 8 - 40);
        row("Open tickets", "", (place * 5) % 12);
        row("Widget flow", "Product Usage", place * place);
        row("Gizmo index", "", (place * 5) % 12);
        row("Licence tier", "", 3);
        row("\"=cmd \"\"thing\"\"] \\n # [events] = '\u{202e} tickets\"", "", place);
        if place < 3 {
            row("Rarely seen", "", place);
        }
    }
    sandbox.write("values.csv", rows);
    sandbox.command(["ingest", "kpis", "values.csv"]).at(FIRST).run().ok();
    sandbox
}

fn item<'v>(list: &'v Value, name: &str) -> &'v Value {
    let items = list["items"].as_array().expect("items");
    items.iter().find(|item| item["kpi_name"] == name).expect("the KPI")
}

#[test]
fn what_is_printed_pastes_in_and_the_kpis_are_scored() {
    let sandbox = with_values();
    let printed = sandbox.run(["kpis", "suggest"]).ok().stdout.clone();
    sandbox.run(["kpis", "suggest"]).ok().matches_golden("kpis/suggest");
    let before = sandbox.run(["kpis", "show", "Open tickets", "--json"]).ok().json();
    assert_eq!(before["direction"], Value::Null, "nothing is applied by itself");
    sandbox.write("snapshots.toml", printed);
    sandbox.run(["config", "check"]).ok();
    sandbox.command(["flush"]).at(LATER).run().ok();
    for (kpi, direction) in [("Open tickets", "lower"), ("Widget flow", "higher")] {
        let view = sandbox.run(["kpis", "show", kpi, "--json"]).ok().json();
        assert_eq!((&view["direction"], &view["origin"]), (&json!(direction), &json!("config")), "{kpi}");
        let bands = &view["bands"];
        assert_eq!((&bands["unscored"], &bands["critical"]), (&json!(0), &json!(3)), "{kpi}: {bands}");
    }
    let left = sandbox.run(["kpis", "suggest", "--json"]).ok().json();
    let names: Vec<_> = left["items"].as_array().expect("items").iter().map(|i| &i["kpi_name"]).collect();
    assert_eq!(names, ["Gizmo index", "Licence tier", "Rarely seen"]);
}

#[test]
fn every_guess_has_its_reason_and_what_cannot_be_told_is_left_open() {
    let sandbox = with_values();
    let list = sandbox.run(["kpis", "suggest", "--json"]).ok().json();
    assert_eq!((&list["schema"], &list["count"]), (&json!("acctsnap.kpi_suggestions/1"), &json!(6)));
    for (name, verdict, direction, from) in [
        ("Open tickets", "suggested", json!("lower"), json!("name")),
        ("Widget flow", "suggested", json!("higher"), json!("correlation")),
        ("Gizmo index", "undecided", Value::Null, Value::Null),
        ("Licence tier", "all_equal", Value::Null, Value::Null),
        ("Rarely seen", "too_few", Value::Null, Value::Null),
    ] {
        let item = item(&list, name);
        let found = (&item["verdict"], &item["direction"], &item["direction_from"]);
        assert_eq!(found, (&json!(verdict), &direction, &from), "{name}");
        let text = item["toml"].as_str().unwrap_or_default();
        let is_open = text.lines().all(|line| line.starts_with('#'));
        assert_eq!(is_open, verdict != "suggested", "{text}");
    }
    let flow = item(&list, "Widget flow");
    let points = ["lowest", "lower_quartile", "median", "upper_quartile", "highest", "values"];
    assert_eq!(points.map(|name| flow[name].clone()), [0.0, 7.75, 30.5, 68.25, 121.0, 12.0].map(number));
    assert_eq!((&flow["correlation"], &flow["correlation_pairs"]), (&json!(1), &json!(12)));
    let csv = sandbox.run(["kpis", "suggest", "--format", "csv"]).ok().stdout.clone();
    assert!(csv.starts_with("kpi_name,verdict,category,"), "{csv}");
}

/// A number as the answers write it.
fn number(value: f64) -> Value {
    serde_json::from_str(&value.to_string()).expect("a number")
}

#[test]
fn another_customer_is_neither_counted_nor_told() {
    let sandbox = with_values();
    sandbox.write("theirs.csv", "account,kpi,value\nTheirs,Open tickets,900\n");
    const THEIRS: &str = "the \"others\"";
    sandbox.command(["ingest", "kpis", "theirs.csv", "--customer", THEIRS]).at(FIRST).run().ok();
    let ours = sandbox.run(["kpis", "suggest", "--json"]).ok().json();
    assert_eq!(item(&ours, "Open tickets")["values"], 12);
    let list = sandbox.run(["kpis", "suggest", "--json", "--customer", THEIRS]).ok().json();
    assert_eq!((&list["count"], &list["items"][0]["values"]), (&json!(1), &json!(1)));
}

#[test]
fn nothing_to_suggest_is_said_and_what_is_not_there_is_exit_4() {
    let sandbox = Sandbox::new();
    sandbox.run(["kpis", "suggest"]).fails_with(4);
    sandbox.write("values.csv", "account,kpi,value\nAcme,NPS,45\n");
    sandbox.run(["ingest", "kpis", "values.csv"]).ok();
    let text = sandbox.run(["kpis", "suggest"]).ok().stdout.clone();
    assert_eq!(text, "# every KPI that is stored has a definition\n");
    assert_eq!(sandbox.run(["kpis", "suggest", "--json"]).ok().json()["count"], 0);
    sandbox.run(["kpis", "suggest", "--customer", "nobody"]).fails_with(4);
}
