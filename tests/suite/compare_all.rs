//! `compare --all`: the portfolio between two moments.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use crate::support::{Outcome, Sandbox};
use serde_json::{Value, json};

const NOW: &str = "2026-07-02T10:00:00Z";

fn ingest(sandbox: &Sandbox, kind: &str, text: &str, at: &str) {
    sandbox.write("file.csv", text);
    sandbox.command(["ingest", kind, "file.csv", "-q"]).at(at).run().ok();
}

/// Two months of a portfolio: one that grows, one that shrinks, one that leaves, one that comes, one in euros, one
/// without a revenue.
fn told() -> Sandbox {
    let sandbox = Sandbox::new();
    let kpis = |rows: &[(&str, u32, u32)]| {
        let row = |(account, nps, response): &(&str, u32, u32)| {
            format!("{account},Net Promoter Score (NPS),{nps}\n{account},First Response Time,{response}\n")
        };
        format!("account,kpi,value\n{}", rows.iter().map(row).collect::<String>())
    };
    let head = "account,arr,currency,status,industry,csm\n";
    let may = "Acme,120000.50,USD,active,Retail,Jo\nBorealis,80000,USD,active,Retail,Kim\n\
               Cinder,50000,USD,active,Energy,Kim\nDelta,70000,EUR,active,Energy,Jo\nEcho,,,active,,Jo\n";
    let june = "Acme,150000.75,USD,active,Retail,Jo\nBorealis,60000,USD,active,Energy,Kim\n\
                Cinder,50000,USD,Churned,Energy,Kim\nFoxtrot,10000,USD,active,Retail,Jo\n";
    ingest(&sandbox, "profiles", &format!("{head}{may}"), "2026-05-31T09:00:00Z");
    let rows = [("Acme", 72, 2), ("Borealis", 72, 2), ("Cinder", 40, 4), ("Delta", 50, 4)];
    ingest(&sandbox, "kpis", &kpis(&rows), "2026-05-31T10:00:00Z");
    ingest(&sandbox, "profiles", &format!("{head}{june}"), "2026-06-30T09:00:00Z");
    let rows = [("Acme", 30, 9), ("Borealis", 75, 2), ("Foxtrot", 60, 3)];
    ingest(&sandbox, "kpis", &kpis(&rows), "2026-06-30T10:00:00Z");
    sandbox
}

fn run(sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
    let all = ["compare", "--all", "--at", NOW];
    sandbox.run(all.iter().chain(arguments))
}

fn compared(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    run(sandbox, &[&["--json"], arguments].concat()).json()
}

fn names(view: &Value) -> Vec<&str> {
    let accounts = view["accounts"].as_array().expect("accounts").iter();
    accounts.filter_map(|account| account["account_name"].as_str()).collect()
}

#[test]
fn in_text() {
    let sandbox = told();
    run(&sandbox, &["2026-05", "2026-06", "--by", "industry"]).ok().matches_golden("compare_all");
}

#[test]
fn who_came_who_left_and_what_that_did_to_the_revenue() {
    let sandbox = told();
    for moments in [["2026-05", "2026-06"], ["2026-05", "now"], ["2026-05", "latest"]] {
        let view = compared(&sandbox, &moments);
        let total = &view["total"];
        assert_eq!((&total["accounts_at_start"], &total["accounts_at_end"]), (&json!(5), &json!(5)));
        assert_eq!((&total["accounts_lost"], &total["accounts_new"]), (&json!(1), &json!(1)));
        assert_eq!(total["logo_retention_percent"], json!(80));
        let euros = json!({
            "currency": "EUR", "accounts": 1, "start": 70000, "new": 0, "expansion": 0, "contraction": 0,
            "churned": 0, "end": 70000, "nrr_percent": 100, "grr_percent": 100
        });
        assert_eq!(total["revenue"][0], euros);
        let dollars = json!({
            "currency": "USD", "accounts": 4, "start": 250_000.5, "new": 10000, "expansion": 30000.25,
            "contraction": 20000, "churned": 50000, "end": 220_000.75, "nrr_percent": 84, "grr_percent": 72
        });
        assert_eq!(total["revenue"][1], dollars);
        let left_out = json!({
            "accounts": 1, "without_revenue_at_start": 1, "without_revenue_at_end": 1, "other_currency": 0
        });
        assert_eq!(total["revenue_left_out"], left_out);
        assert_eq!(view["differs"], true);
    }
}

#[test]
fn the_largest_movement_comes_first_and_says_why_in_the_words_of_compare() {
    let sandbox = told();
    let view = compared(&sandbox, &["2026-05", "2026-06"]);
    assert_eq!(names(&view), ["Acme", "Borealis", "Delta", "Echo", "Cinder", "Foxtrot"]);
    let acme = &view["accounts"][0];
    let of_one = sandbox.run(["compare", "-a", "Acme", "2026-05", "2026-06", "--json", "--at", NOW]).json();
    assert_eq!(acme["score_change"], of_one["score"]["change"]);
    assert_eq!(acme["reason_points"], of_one["kpis"][0]["points"]);
    assert_eq!(acme["reason_kpi"], of_one["kpis"][0]["kpi_name"]);
    assert_eq!(acme["reason_cause"], "behaviour");
    assert_eq!(acme["revenue_flow"], "expansion");
    let none = compared(&sandbox, &["2026-05", "2026-06", "--top", "0"]);
    assert_eq!(none["accounts"][0]["reason"], Value::Null);
    let fates = view["accounts"].as_array().expect("accounts").iter().map(|account| &account["fate"]);
    assert_eq!(fates.collect::<Vec<_>>(), ["kept", "kept", "kept", "kept", "lost", "new"]);
    assert_eq!(view["accounts"][4]["new_score"], Value::Null, "who has left has no score");
}

#[test]
fn segments_are_of_the_later_moment_and_add_up() {
    let sandbox = told();
    let view = compared(&sandbox, &["2026-05", "2026-06", "--by", "industry"]);
    let segments = view["segments"].as_array().expect("segments");
    let named: Vec<&Value> = segments.iter().map(|segment| &segment["segment"]).collect();
    assert_eq!(named, [&json!("Energy"), &json!("Retail"), &Value::Null]);
    for key in ["accounts_at_start", "accounts_at_end", "accounts_lost", "accounts_new", "bands_crossed_down"]
    {
        let sum: i64 = segments.iter().filter_map(|segment| segment[key].as_i64()).sum();
        assert_eq!(Some(sum), view["total"][key].as_i64(), "{key}");
    }
    assert_eq!(segments[0]["accounts_at_start"], 3, "Borealis went over to energy");
    let by_short_name = compared(&sandbox, &["2026-05", "now", "--by", "csm"]);
    assert_eq!(by_short_name["by"], "assigned_csm");
    assert_eq!(by_short_name["segments"][0]["segment"], "Jo");
}

#[test]
fn a_condition_asks_the_later_moment_and_of_the_lost_the_earlier() {
    let sandbox = told();
    let where_ = |condition: &str| {
        let view = compared(&sandbox, &["2026-05", "2026-06", "--where", condition]);
        names(&view).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(where_("industry = energy"), ["Borealis", "Delta", "Cinder"]);
    assert_eq!(where_("revenue > 100000"), ["Acme"]);
    let none = compared(&sandbox, &["2026-05", "2026-06", "--where", "region = moon"]);
    assert_eq!((&none["total"]["accounts_at_start"], &none["differs"]), (&json!(0), &json!(false)));
    assert_eq!(none["total"]["logo_retention_percent"], Value::Null);
    run(&sandbox, &["2026-05", "2026-06", "--where", "region = moon"]).ok();
}

#[test]
fn an_archived_account_is_lost() {
    let sandbox = told();
    sandbox.command(["accounts", "archive", "Delta"]).at("2026-07-01T09:00:00Z").run().ok();
    let lost = |to: &str| compared(&sandbox, &["2026-05", to])["total"]["accounts_lost"].clone();
    assert_eq!(lost("2026-06"), 1, "not archived yet");
    assert_eq!(lost("now"), 2);
    assert_eq!(lost("latest"), 2);
}

#[test]
fn what_is_ignored_or_within_the_tolerance_is_no_difference() {
    let sandbox = told();
    let code = |arguments: &[&str]| run(&sandbox, &[&["--exit-code"], arguments].concat()).code();
    assert_eq!(code(&["2026-05", "2026-06"]), Some(10));
    assert_eq!(code(&["2026-06", "2026-06"]), Some(0));
    let kept = ["2026-05", "2026-06", "--where", "csm = Jo and industry = energy"];
    assert_eq!(code(&kept), Some(0), "Delta stays as it was");
    let borealis = ["2026-05", "2026-06", "--where", "csm = Kim and revenue > 55000", "--tolerance", "5"];
    assert_eq!(code(&borealis), Some(10));
    assert_eq!(code(&[&borealis[..], &["--ignore", "revenue"]].concat()), Some(0));
}

#[test]
fn a_line_an_account_in_csv_and_json_lines() {
    let sandbox = told();
    let csv = run(&sandbox, &["2026-05", "2026-06", "--format", "csv"]).ok().stdout.clone();
    assert_eq!(csv.lines().count(), 7);
    assert!(csv.starts_with("account_id,external_account_id,account_name,segment,fate,"), "{csv}");
    assert!(csv.contains(",120000.5,150000.75,30000.25,expansion,"), "{csv}");
    let view = compared(&sandbox, &["2026-05", "2026-06"]);
    let lines = run(&sandbox, &["2026-05", "2026-06", "--format", "jsonl"]).ok().stdout.clone();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(Some(&lines), view["accounts"].as_array());
    let headers: Vec<&str> = csv.lines().next().expect("headers").split(',').collect();
    let keys: Vec<&str> = lines[0].as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(headers, keys);
}

#[test]
fn what_makes_no_sense_is_said() {
    let sandbox = told();
    let failing = |arguments: &[&str], code: i32| {
        let outcome = run(&sandbox, arguments);
        outcome.fails_with(code);
        outcome.stderr
    };
    failing(&["2026-05"], 2);
    failing(&[], 2);
    failing(&["2026-05", "now", "-a", "Acme"], 2);
    assert!(failing(&["3", "now"], 2).contains("snapshot 3 is of one account"));
    assert!(failing(&["now", "2026-05"], 2).contains("'now' lies after '2026-05'"));
    assert!(failing(&["2026-05", "now", "--by", "industri"], 2).contains("did you mean 'industry'"));
    assert!(failing(&["2026-05", "now", "--where", "industri = x"], 2).contains("industry"));
    assert!(failing(&["2025-01", "2025-02"], 4).contains("no account is there at '2025-01' or at '2025-02'"));
    sandbox.run(["compare", "-a", "Acme", "--by", "industry"]).fails_with(2);
}

#[test]
fn hostile_names_and_another_customer_stay_where_they_belong() {
    let sandbox = told();
    sandbox.write("other.csv", "account,kpi,value\n\"=cmd|' /C \"\"x\"\"!A0\",Salmon,5\n");
    sandbox
        .command(["ingest", "kpis", "other.csv", "-q", "--customer", "other"])
        .at("2026-07-01T09:00:00Z")
        .run()
        .ok();
    let of_other = run(&sandbox, &["2026-05", "now", "--customer", "other"]).ok().stdout.clone();
    assert!(of_other.contains("=cmd|' /C \"x\"!A0") && !of_other.contains("Acme"), "{of_other}");
    let of_first = run(&sandbox, &["2026-05", "now"]).ok().stdout.clone();
    assert!(!of_first.contains("cmd"), "{of_first}");
    let view = compared(&sandbox, &["2026-05", "now", "--customer", "other", "--by", "industry"]);
    assert_eq!(view["accounts"][0]["account_name"], "=cmd|' /C \"x\"!A0");
}
