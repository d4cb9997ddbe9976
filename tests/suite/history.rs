//! `history`: what moved, KPIs by their own dates, the last snapshot of each period and the gaps between.

use crate::support::Sandbox;
use serde_json::{Value, json};

const NPS: &str = "Net Promoter Score (NPS)";
const NOW: &str = "2027-02-10T10:00:00Z";

fn ingest(sandbox: &Sandbox, kind: &str, text: &str, at: &str) {
    sandbox.write("file.csv", text);
    sandbox.command(["ingest", kind, "file.csv", "-q"]).at(at).run().ok();
}

/// Snapshots of September, of October (two), none of November, of December by other rules, none since.
fn told() -> Sandbox {
    let sandbox = Sandbox::new();
    let kpis = "account,kpi,value,date,product\n";
    let september =
        "Acme,Net Promoter Score (NPS),10,2026-08-31,\nAcme,Ticket Volume,900,2026-08-31,Mobile\n";
    ingest(&sandbox, "kpis", &format!("{kpis}{september}"), "2026-09-02T10:00:00Z");
    ingest(&sandbox, "profiles", "account,arr\nAcme,120000\n", "2026-10-02T10:00:00Z");
    let october =
        "Acme,Net Promoter Score (NPS),30,2026-10-15,\nAcme,Net Promoter Score (NPS),20,2026-09-15,\n";
    ingest(&sandbox, "kpis", &format!("{kpis}{october}"), "2026-10-20T10:00:00Z");
    let set = ["kpis", "set", "NPS", "--critical-edge", "20"];
    sandbox.command(set).at("2026-12-01T09:00:00Z").run().ok();
    ingest(&sandbox, "kpis", &format!("{kpis}Acme,NPS,50,2026-11-30,\n"), "2026-12-01T10:00:00Z");
    sandbox
}

fn history(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let all = ["history", "-a", "Acme", "--json"];
    sandbox.command(all.iter().chain(arguments)).at(NOW).run().ok().json()
}

fn of(view: &Value, name: &str) -> Vec<Value> {
    view["items"].as_array().into_iter().flatten().map(|item| item[name].clone()).collect()
}

#[test]
fn in_text() {
    let sandbox = told();
    let kpis = ["--kpi", "NPS", "--kpi", "Ticket Volume (Mobile)"];
    for (golden, more) in [("plain", &[][..]), ("kpis", &kpis), ("every", &["--every", "month"])] {
        let words = ["history", "-a", "Acme"].iter().chain(more);
        sandbox.command(words).at(NOW).run().ok().matches_golden(&format!("history/{golden}"));
    }
}

#[test]
fn months_show_the_last_of_each_and_gaps_as_gaps() {
    let view = history(&told(), &["--every", "month"]);
    let months = ["2026-09", "2026-10", "2026-11", "2026-12", "2027-01"];
    assert_eq!(of(&view, "period"), months);
    assert_eq!(of(&view, "gap"), [false, false, true, false, true]);
    assert_eq!(of(&view, "snapshot_id"), [json!(1), json!(3), Value::Null, json!(4), Value::Null]);
    assert_eq!(view["items"][2]["overall_health_score"], Value::Null);
    assert_eq!(view["items"][2]["is_unchanged"], Value::Null);
    let changed = [json!(false), json!(false), Value::Null, json!(true), Value::Null];
    assert_eq!(of(&view, "is_scoring_config_changed"), changed);
    let score = |place: usize| view["items"][place]["overall_health_score"].as_f64().expect("a score");
    let change = view["items"][3]["health_score_change_from_row"].as_f64().expect("a change");
    assert!((score(3) - score(1) - change).abs() < 0.005, "gaps are passed over: {view}");
}

#[test]
fn a_period_that_still_runs_is_no_gap_yet_and_since_begins_with_gaps() {
    let sandbox = told();
    let view = history(&sandbox, &["--every", "month", "--since", "2026-11"]);
    assert_eq!(of(&view, "period"), ["2026-11", "2026-12", "2027-01"]);
    assert_eq!(view["items"][1]["is_scoring_config_changed"], true);
    let before_all = history(&sandbox, &["--every", "month", "--since", "2026-06"]);
    assert_eq!(before_all["items"][0]["period"], "2026-09", "there was no account yet");
    let weeks = history(&sandbox, &["--every", "week", "--since", "2026-12-01"]);
    assert_eq!(weeks["items"][0]["period"], "2026-W49");
    assert_eq!(weeks["count"], 10);
    // The account's snapshot of the 20th lies in the month that is cut by --since: the month is no gap.
    let cut = history(&sandbox, &["--every", "month", "--since", "2026-10-25"]);
    assert_eq!((&cut["items"][0]["gap"], &cut["items"][0]["snapshot_id"]), (&json!(false), &json!(3)));
}

#[test]
fn periods_are_those_of_the_customers_zone() {
    let sandbox = Sandbox::new();
    sandbox.write("zone.toml", "timezone = \"America/New_York\"\n");
    sandbox.write("file.csv", "account,kpi,value\nAcme,NPS,10\n");
    let at = "2026-10-01T02:00:00Z";
    sandbox.command(["ingest", "kpis", "file.csv", "-q", "--config", "zone.toml"]).at(at).run().ok();
    let words = ["history", "-a", "Acme", "--json", "--every", "day", "--config", "zone.toml"];
    let view = sandbox.command(words).at("2026-10-01T03:00:00Z").run().ok().json();
    assert_eq!(of(&view, "period"), ["2026-09-30"]);
}

#[test]
fn a_kpi_is_told_as_each_snapshot_knew_it_and_by_its_own_dates() {
    let sandbox = told();
    let view = history(&sandbox, &["--kpi", "nps"]);
    let values: Vec<Value> = of(&view, "kpis").iter().map(|kpis| kpis[0]["value"].clone()).collect();
    let values: Vec<Option<f64>> = values.iter().map(Value::as_f64).collect();
    assert_eq!(values, [Some(10.0), Some(10.0), Some(30.0), Some(50.0)]);
    assert_eq!(view["items"][2]["kpis"][0]["observed_at"], "2026-10-15");
    let dated = view["kpi_history"].as_array().expect("dated values");
    let days: Vec<&Value> = dated.iter().map(|value| &value["observed_at"]).collect();
    assert_eq!(days, ["2026-08-31", "2026-09-15", "2026-10-15", "2026-11-30"]);
    assert_eq!(dated[1]["ingested_at"], "2026-10-20T10:00:00.000Z");
    let later = history(&sandbox, &["--kpi", "NPS", "--since", "2026-10-01"]);
    assert_eq!(later["kpi_history"].as_array().map(Vec::len), Some(2));
    assert_eq!(history(&sandbox, &[])["kpi_history"], json!([]));
}

#[test]
fn kpis_are_found_by_name_abbreviation_product_and_their_written_form() {
    let sandbox = told();
    let found = |name: &str| {
        let kpis = history(&sandbox, &["--kpi", name])["items"][0]["kpis"].clone();
        let kpis = kpis.as_array().cloned().unwrap_or_default();
        let named = |kpi: &Value| format!("{} {}", kpi["kpi_name"], kpi["product"]).replace('"', "");
        kpis.iter().map(named).collect::<Vec<_>>()
    };
    for name in ["NPS", "net promoter score", NPS] {
        assert_eq!(found(name), [format!("{NPS} null")], "{name}");
    }
    for name in ["Ticket Volume", "mobile", "Ticket Volume (Mobile)"] {
        assert_eq!(found(name), ["Ticket Volume Mobile"], "{name}");
    }
    assert_eq!(found("Churn Rate"), ["Churn Rate null"], "defined, never said");
    let failed = sandbox.run(["history", "-a", "Acme", "--kpi", "Ticket Volumne", "--json"]);
    let error = failed.fails_with(4).error_json();
    assert!(error["hint"].as_str().unwrap_or_default().contains("Ticket Volume"), "{error}");
}

#[test]
fn plots_have_plain_columns() {
    let sandbox = told();
    let arguments = ["--every", "month", "--field", "overall_health_score", "--kpi", "NPS"];
    let run = |format: &str| {
        let words = ["history", "-a", "Acme", "--format", format].into_iter().chain(arguments);
        sandbox.command(words).at(NOW).run().ok().stdout.clone()
    };
    let csv = run("csv");
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("period,gap,overall_health_score,kpis.Net Promoter Score (NPS)"));
    assert_eq!(lines.clone().nth(2), Some("2026-11,true,,"));
    assert!(
        lines.next().is_some_and(|line| line.starts_with("2026-09,false,") && line.ends_with(",10")),
        "{csv}"
    );
    let third: Value = serde_json::from_str(run("jsonl").lines().nth(2).expect("a line")).expect("JSON");
    let expected =
        json!({"period": "2026-11", "gap": true, "overall_health_score": null, format!("kpis.{NPS}"): null});
    assert_eq!(third, expected);
    let whole = sandbox.command(["history", "-a", "Acme", "--format", "csv", "--kpi", "NPS"]).at(NOW).run();
    assert!(
        whole.ok().stdout.lines().next().is_some_and(|line| line.ends_with(",kpis.Net Promoter Score (NPS)"))
    );
}

#[test]
fn hostile_names_are_data_and_other_customers_kpis_are_not_there() {
    let sandbox = told();
    let hostile = "account,kpi,value\nAcme,\"=cmd|' /C calc'!\u{1b}[2J \"\"x\"\"\",5\n";
    sandbox.write("file.csv", hostile);
    sandbox.command(["ingest", "kpis", "file.csv", "-q"]).at("2027-01-05T10:00:00Z").run();
    let name = "=cmd|' /C calc'!\u{1b}[2J \"x\"";
    let shown = sandbox.command(["history", "-a", "Acme", "--kpi", name]).at(NOW).run();
    assert!(!shown.stdout.contains("\u{1b}[2J") && !shown.stderr.contains("\u{1b}[2J"), "{}", shown.stdout);
    let theirs = "account,kpi,value\nAcme,Secret KPI,1\n";
    sandbox.write("theirs.csv", theirs);
    let other = ["ingest", "kpis", "theirs.csv", "-q", "--customer", "other"];
    sandbox.command(other).at("2027-01-06T10:00:00Z").run().ok();
    sandbox.run(["history", "-a", "Acme", "--kpi", "Secret KPI"]).fails_with(4);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let sandbox = told();
    sandbox.run(["history", "-a", "Acme", "--every", "fortnight"]).fails_with(2);
    let centuries = ["history", "-a", "Acme", "--every", "day"];
    let failed = sandbox.command(centuries).at("2400-01-01T00:00:00Z").run();
    assert!(failed.fails_with(2).stderr.contains("--every month"), "{}", failed.stderr);
    let empty = history(&sandbox, &["--every", "month", "--since", "2027-02-09"]);
    assert_eq!(empty["count"], 0);
}
