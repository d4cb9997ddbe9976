//! `compare`: two moments of an account.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use crate::support::Sandbox;
use serde_json::{Value, json};

fn ingest(sandbox: &Sandbox, kind: &str, text: &str, at: &str) {
    sandbox.write("file.csv", text);
    sandbox.command(["ingest", kind, "file.csv", "-q"]).at(at).run().ok();
}

/// Two months of an account, each with a profile: four snapshots.
fn told() -> Sandbox {
    let sandbox = Sandbox::new();
    let may = "account,kpi,value,date\nAcme,Net Promoter Score (NPS),72,2026-05-31\nAcme,First Response Time,2,2026-05-31\n\
               Acme,Ticket Volume,20,2026-05-31\nAcme,Salmon,5,2026-05-31\nAcme,Gross Revenue Retention (GRR),95,2026-05-31\n";
    let june = "account,kpi,value,date\nAcme,Net Promoter Score (NPS),30,2026-06-30\nAcme,First Response Time,9,2026-06-30\n\
                Acme,Ticket Volume,20,2026-06-30\nAcme,Salmon,7,2026-06-30\nAcme,Upsell Revenue,60,2026-06-30\n\
                Acme,Gross Revenue Retention (GRR),N/A,2026-06-30\n";
    ingest(&sandbox, "kpis", may, "2026-06-01T10:00:00Z");
    let profile = "account,arr,status,csm,products_used,seats\n";
    ingest(
        &sandbox,
        "profiles",
        &format!("{profile}Acme,120000,active,Jo,\"Core,Mobile\",12\n"),
        "2026-06-01T11:00:00Z",
    );
    ingest(&sandbox, "kpis", june, "2026-07-01T10:00:00Z");
    ingest(
        &sandbox,
        "profiles",
        &format!("{profile}Acme,100000,at-risk,Kim,\"Core,Web\",9\n"),
        "2026-07-01T12:00:00Z",
    );
    sandbox
}

fn compared(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let all = ["compare", "--json", "--at", "2026-07-02T10:00:00Z"];
    sandbox.run(all.iter().chain(arguments)).json()
}

/// Points as whole hundredths, by their text: no float is rounded.
fn hundredths(value: &Value) -> i64 {
    let text = format!("{:.2}", value.as_f64().expect("points"));
    text.replace('.', "").parse().expect("hundredths")
}

#[test]
fn in_text() {
    let sandbox = told();
    let arguments = ["compare", "-a", "Acme", "2026-06", "latest", "--at", "2026-07-02T10:00:00Z"];
    sandbox.run(arguments).ok().matches_golden("compare");
}

#[test]
fn terms_causes_and_categories_add_up_to_the_change() {
    let sandbox = told();
    let view = compared(&sandbox, &["-a", "Acme", "2026-06", "now"]);
    let score = &view["score"];
    let total = hundredths(&score["change"]);
    assert_eq!(total, hundredths(&score["new"]) - hundredths(&score["old"]));
    for part in ["terms", "causes", "categories"] {
        let sum: i64 =
            score[part].as_array().expect("a list").iter().map(|one| hundredths(&one["points"])).sum();
        assert_eq!(sum, total, "{part}");
    }
    let causes: Vec<&Value> =
        score["causes"].as_array().expect("causes").iter().map(|one| &one["cause"]).collect();
    assert_eq!(causes, ["behaviour", "coverage", "configuration", "source"]);
}

#[test]
fn fields_kpis_and_lists_say_what_they_did() {
    let sandbox = told();
    let view = compared(&sandbox, &["-a", "Acme", "2", "4"]);
    let field = |name: &str| {
        let fields = view["fields"].as_array().expect("fields");
        fields.iter().find(|field| field["field"] == name).cloned().unwrap_or_default()
    };
    let revenue = json!({"field": "revenue", "old": 120_000, "new": 100_000, "change": -20000.0, "effect": "worse", "not_recorded": null});
    assert_eq!(field("revenue")["change"].as_f64(), Some(-20000.0));
    assert_eq!(field("revenue")["effect"], revenue["effect"]);
    assert_eq!(
        (&field("attributes.seats")["old"], &field("attributes.seats")["new"]),
        (&json!("12"), &json!("9"))
    );
    assert_eq!(field("snapshot_timestamp"), Value::Null);
    assert_eq!(view["products_added"], json!(["Web"]));
    assert_eq!(view["products_removed"], json!(["Mobile"]));
    let kpi = |name: &str| {
        let kpis = view["kpis"].as_array().expect("kpis");
        kpis.iter().find(|kpi| kpi["kpi_name"] == name).cloned().unwrap_or_default()
    };
    let response = kpi("First Response Time");
    assert_eq!(response["effect"], "worse", "a rising response time is no improvement");
    assert_eq!(response["crossed_band"], true);
    assert_eq!(kpi("Upsell Revenue")["fate"], "appeared");
    assert_eq!(kpi("Gross Revenue Retention (GRR)")["fate"], "went_missing");
    assert_eq!(kpi("Salmon")["old_score"], Value::Null);
    assert_eq!(view["kpis_unchanged"], 1);
}

#[test]
fn moments_are_ids_dates_words_and_alone_the_last_two() {
    let sandbox = told();
    let ids = |arguments: &[&str]| {
        let view = compared(&sandbox, arguments);
        (view["from"]["snapshot_id"].clone(), view["to"]["snapshot_id"].clone())
    };
    assert_eq!(ids(&["-a", "Acme"]), (json!(3), json!(4)));
    assert_eq!(ids(&["1", "4"]), (json!(1), json!(4)));
    assert_eq!(ids(&["-a", "Acme", "2026-06-01", "2026-Q3"]), (json!(2), json!(4)));
    assert_eq!(ids(&["-a", "Acme", "previous", "now"]), (json!(3), Value::Null));
}

#[test]
fn what_is_ignored_or_within_the_tolerance_is_no_difference() {
    let sandbox = told();
    let code = |arguments: &[&str]| {
        let all = ["compare", "-a", "Acme", "--exit-code", "--at", "2026-07-02T10:00:00Z"];
        sandbox.run(all.iter().chain(arguments)).code()
    };
    assert_eq!(code(&["3", "4"]), Some(10));
    assert_eq!(code(&["4", "now"]), Some(0));
    let ignored = ["--ignore", "revenue", "--ignore", "account_status", "--ignore", "assigned_csm"];
    let rest = ["3", "4", "--ignore", "attributes", "--ignore", "products_used"];
    assert_eq!(code(&[&ignored[..], &rest[..]].concat()), Some(0));
    let within = compared(&sandbox, &["3", "4", "--tolerance", "20000"]);
    assert!(!within["fields"].to_string().contains("\"revenue\""), "{within}");
}

#[test]
fn what_makes_no_sense_is_said() {
    let sandbox = told();
    let failing = |arguments: &[&str], code: i32| {
        let outcome = sandbox.run(["compare"].iter().chain(arguments));
        outcome.fails_with(code);
        outcome.stderr
    };
    assert!(failing(&["-a", "Acme", "2026-01", "latest"], 4).contains("no snapshot of 2026-01 or before"));
    assert!(failing(&["-a", "Acme", "yesterday"], 4).contains("no snapshot with the tag 'yesterday'"));
    assert!(failing(&["-a", "Acme", "--ignore", "revenu"], 2).contains("revenue"));
    assert!(failing(&["-a", "Acme", "--tolerance", "-1"], 2).contains("expected a number from 0"));
    failing(&[], 2);
    failing(&["99", "1"], 4);
    ingest(&sandbox, "kpis", "account,kpi,value\nBorealis,Salmon,5\n", "2026-07-03T10:00:00Z");
    assert!(failing(&["1", "5"], 4).contains("snapshot 5 is of account 'Borealis'"));
}
