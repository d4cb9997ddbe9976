//! `explain`: the score term by term, what would lift it, what became of the events.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use crate::support::Sandbox;
use serde_json::Value;

const KPIS: &str = "account,kpi,value,weight,product\n\
    Acme,Net Promoter Score (NPS),30,,\n\
    Acme,First Response Time,9,,\n\
    Acme,Ticket Volume,20,,\n\
    Acme,Ticket Volume,900,,Mobile\n\
    Acme,Gross Revenue Retention (GRR),N/A,,\n\
    Acme,Salmon,5,,\n";

fn told() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("kpis.csv", KPIS);
    sandbox.command(["ingest", "kpis", "kpis.csv", "-q"]).at("2026-06-01T10:00:00Z").run().ok();
    sandbox
}

fn explained(sandbox: &Sandbox, at: &str) -> Value {
    sandbox.command(["explain", "-a", "Acme", "--json"]).at(at).run().json()
}

/// Points as whole hundredths, by their text.
fn hundredths(value: &Value) -> i64 {
    let text = format!("{:.2}", value.as_f64().expect("points"));
    text.replace('.', "").parse().expect("hundredths")
}

fn sum(list: &Value) -> i64 {
    list.as_array().expect("a list").iter().map(|term| hundredths(&term["contribution"])).sum()
}

#[test]
fn contributions_of_kpis_and_of_categories_are_the_score() {
    let view = explained(&told(), "2026-06-02T10:00:00Z");
    assert_eq!(view["schema"], "acctsnap.explain/1");
    let score = hundredths(&view["overall_health_score"]);
    assert_eq!(sum(&view["kpis"]), score);
    assert_eq!(sum(&view["categories"]), score);
    let kpi = &view["kpis"][0];
    assert_eq!((&kpi["file"], &kpi["age_days"]), (&"kpis.csv".into(), &1.into()));
}

#[test]
fn what_takes_no_part_says_why() {
    let view = explained(&told(), "2026-06-02T10:00:00Z");
    let why = |name: &str| {
        let unscored = view["unscored"].as_array().expect("a list");
        unscored.iter().find(|kpi| kpi["kpi_name"] == name).map(|kpi| kpi["why"].clone())
    };
    assert_eq!(why("Gross Revenue Retention (GRR)"), Some("no_value".into()));
    assert_eq!(why("Salmon"), Some("no_definition".into()));
    assert_eq!(why("Ticket Volume"), Some("account_level_counts".into()));
}

/// What is said to reach the next band does reach it.
#[test]
fn each_way_to_the_next_band_leads_there() {
    let sandbox = told();
    let view = explained(&sandbox, "2026-06-02T10:00:00Z");
    let next = &view["next_band"];
    let ways = next["ways"].as_array().expect("ways");
    assert!(!ways.is_empty(), "{view}");
    for (hour, way) in ways.iter().enumerate() {
        let (name, needed) = (way["kpi_name"].as_str().expect("a name"), &way["needed"]);
        let other = told();
        other.write("next.csv", format!("account,kpi,value\nAcme,\"{name}\",{needed}\n"));
        let at = format!("2026-06-03T{hour:02}:00:00Z");
        other.command(["ingest", "kpis", "next.csv", "-q"]).at(&at).run().ok();
        assert_eq!(explained(&other, "2026-06-04T10:00:00Z")["overall_health_status"], next["band"], "{way}");
    }
}

/// A KPI's own next band begins where it is said to: there where lower is better, just above where higher is.
#[test]
fn each_kpi_says_where_its_own_next_band_begins() {
    let view = explained(&told(), "2026-06-02T10:00:00Z");
    let kpi = |name: &str| {
        let kpis = view["kpis"].as_array().expect("a list");
        kpis.iter().find(|kpi| kpi["kpi_name"] == name).cloned().expect("a KPI")
    };
    assert_eq!(kpi("Ticket Volume")["next_health_status"], Value::Null, "it is healthy");
    for (name, added, direction) in
        [("First Response Time", 0.0, "lower"), ("Net Promoter Score (NPS)", 0.001, "higher")]
    {
        let term = kpi(name);
        assert_eq!(term["direction"], direction);
        let reached = term["next_health_status_from"].as_f64().expect("an edge") + added;
        let other = told();
        other.write("next.csv", format!("account,kpi,value\nAcme,{name},{reached}\n"));
        other.command(["ingest", "kpis", "next.csv", "-q"]).at("2026-06-03T10:00:00Z").run().ok();
        let then = explained(&other, "2026-06-04T10:00:00Z");
        let kpis = then["kpis"].as_array().expect("a list");
        let now = kpis.iter().find(|kpi| kpi["kpi_name"] == name).expect("the KPI");
        assert_eq!(now["health_status"], term["next_health_status"], "{name}");
    }
}

#[test]
fn an_ingested_score_is_told_from_what_the_kpis_give() {
    let sandbox = told();
    sandbox.write("health.csv", "account,period,score\nAcme,2026-06,90\n");
    sandbox.command(["ingest", "health", "health.csv", "-q"]).at("2026-06-30T10:00:00Z").run().ok();
    let view = explained(&sandbox, "2026-06-30T11:00:00Z");
    assert_eq!(view["health_score_source"], "ingested");
    let difference = hundredths(&view["source_difference"]);
    assert_eq!(hundredths(&view["calculated_score"]) + difference, 9000);
    assert_eq!(sum(&view["kpis"]), hundredths(&view["calculated_score"]));
    assert_eq!(view["next_band"], Value::Null);
}

#[test]
fn a_change_in_the_cooldown_is_pending() {
    let sandbox = told();
    sandbox.write("next.csv", "account,kpi,value\nAcme,Salmon,7\n");
    sandbox.command(["ingest", "kpis", "next.csv", "-q"]).at("2026-06-01T10:01:00Z").run().ok();
    let view = explained(&sandbox, "2026-06-01T10:02:00Z");
    assert_eq!(view["events"][0]["pending"], true);
    assert_eq!(view["events"][0]["due_at"], "2026-06-01T10:05:00.000Z");
    assert_eq!(view["events"][1]["pending"], false);
    let text = sandbox.command(["explain", "-a", "Acme"]).at("2026-06-01T10:02:00Z").run();
    text.ok().matches_golden("explain");
}

#[test]
fn nobody_is_explained_who_is_not_there() {
    told().run(["explain", "-a", "Nobody"]).fails_with(4);
}
