//! Which value is current and which list is shown, whatever the order in which things were said.

use crate::support::Sandbox;
use serde_json::Value;

fn latest(sandbox: &Sandbox, account: &str, field: &str, at: &str) -> String {
    sandbox.run(["latest", "-a", account, "--field", field, "--at", at]).ok().stdout.trim().to_owned()
}

#[test]
fn a_month_that_is_sent_again_when_it_is_over_outranks_what_was_said_within_it() {
    let sandbox = Sandbox::new();
    sandbox.write("month.csv", "account,kpi,value,period\nM,NPS,-100,2026-11\n");
    sandbox.write("within.csv", "account,kpi,value\nM,NPS,100\n");
    sandbox.run(["ingest", "kpis", "month.csv", "--at", "2026-11-10T00:00:00Z"]).ok();
    sandbox.run(["ingest", "kpis", "within.csv", "--at", "2026-11-20T00:00:00Z"]).ok();
    assert_eq!(latest(&sandbox, "M", "overall_health_score", "2026-11-20T01:00:00Z"), "100");
    let known = sandbox.run(["ingest", "kpis", "month.csv", "--at", "2026-12-01T00:00:00Z"]);
    assert!(known.ok().stderr.contains("--force"), "{}", known.stderr);
    let forced =
        sandbox.run(["ingest", "kpis", "month.csv", "--force", "--json", "--at", "2026-12-01T00:01:00Z"]);
    assert_eq!(forced.ok().json()["rows"]["updated"], 1);
    assert_eq!(latest(&sandbox, "M", "overall_health_score", "2026-12-01T00:02:00Z"), "0");
}

#[test]
fn equal_facts_give_one_list_of_the_worst_and_one_hash_whatever_the_order_of_rows() {
    const KPIS: [&str; 7] = [
        "Product Activation Rate",
        "Customer Retention Rate",
        "Onboarding Completion Rate",
        "Training Participation Rate",
        "Feature Adoption Rate",
        "Knowledge Base Usage",
        "Learning Path Completion Rate",
    ];
    let content = |kpis: &[&str]| -> Value {
        let sandbox = Sandbox::new();
        let rows: String = kpis.iter().map(|kpi| format!("A,{kpi},0\n")).collect();
        sandbox.write("a.csv", format!("account,kpi,value\n{rows}"));
        sandbox.run(["ingest", "kpis", "a.csv", "--at", "2026-11-22T10:00:00Z"]).ok();
        sandbox.run(["latest", "-a", "A", "--json", "--at", "2026-11-22T10:00:00Z"]).ok().json()
    };
    let turned: Vec<&str> = KPIS.iter().rev().copied().collect();
    let (one, other) = (content(&KPIS), content(&turned));
    assert_eq!(one["top_critical_kpis"], other["top_critical_kpis"]);
    assert_eq!(one["top_critical_kpis"][0]["kpi_name"], KPIS[0]);
    assert_eq!(one["content_hash"], other["content_hash"]);
}

#[test]
fn a_weight_in_percent_weighs_as_much_as_the_fraction() {
    let score = |weight: &str| {
        let sandbox = Sandbox::new();
        let file = format!("account,kpi,value,weight\nA,NPS,100,{weight}\nA,Customer Complaints,35,0.85\n");
        sandbox.write("a.csv", file);
        sandbox.run(["ingest", "kpis", "a.csv", "--at", "2026-11-22T10:00:00Z"]).ok();
        latest(&sandbox, "A", "customer_sentiment_score", "2026-11-22T10:00:00Z")
    };
    assert_eq!(score("15%"), score("0.15"));
}

#[test]
fn a_known_file_read_with_other_flags_for_accounts_is_read_anew() {
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", "account,kpi,value\nAcme,NPS,5\n");
    sandbox
        .run(["ingest", "kpis", "a.csv", "--no-create", "--on-error", "skip", "--rejects", "r.csv"])
        .fails_with(3);
    assert_eq!(sandbox.run(["ingest", "kpis", "a.csv", "--json"]).ok().json()["rows"]["inserted"], 1);
}

#[test]
fn an_age_limit_takes_months_and_a_snapshot_of_the_future_is_warned_of() {
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", "account,kpi,value\nAcme,NPS,5\n");
    sandbox.run(["ingest", "kpis", "a.csv", "--at", "2026-06-15T00:00:00Z"]).ok();
    let aged = |limit: &str, at: &str| sandbox.run(["latest", "-a", "Acme", "--max-age", limit, "--at", at]);
    aged("1mo", "2026-07-14T00:00:00Z").ok();
    aged("1mo", "2026-07-16T00:00:00Z").fails_with(8);
    let future = aged("1y", "2026-06-01T00:00:00Z");
    assert!(future.stderr.contains("after the moment of this answer"), "{}", future.stderr);
}

#[test]
fn a_weight_beside_a_blank_value_is_said_not_to_be_taken() {
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", "account,kpi,value,weight\nC,NPS,50,0.1\n");
    sandbox.write("b.csv", "account,kpi,value,weight\nC,NPS,,0.9\n");
    sandbox.run(["ingest", "kpis", "a.csv"]).ok();
    let told = sandbox.run(["ingest", "kpis", "b.csv"]);
    assert!(told.ok().stdout.contains("with another weight or impact beside"), "{}", told.stdout);
}
