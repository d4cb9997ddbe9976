//! A file that changes a value of the past says so, with the snapshots that were made with the old one.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use crate::support::outcome::Outcome;
use crate::support::{Sandbox, shape};
use serde_json::{Value, json};

const ADDED: &str = "2026-07-10T10:00:00Z";

fn at(sandbox: &Sandbox, instant: &str, words: &[&str]) -> Outcome {
    sandbox.command(words).at(instant).run()
}

fn ingest(sandbox: &Sandbox, instant: &str, kind: &str, csv: &str, flags: &[&str]) -> Outcome {
    sandbox.write("file.csv", csv);
    at(sandbox, instant, &[&["ingest", kind, "file.csv"], flags].concat())
}

/// May of two customers in three snapshots of TechCorp, then June.
fn with_may_and_june() -> Sandbox {
    let sandbox = Sandbox::new();
    let may = "account,kpi,product,value,date\nTechCorp,Revenue,,100,2026-05-31\nTechCorp,Revenue,Widget,40,2026-05-31\n\
               Other,Revenue,,7,2026-05-31\n";
    ingest(&sandbox, "2026-06-02T10:00:00Z", "kpis", may, &[]).ok();
    ingest(&sandbox, "2026-06-02T11:00:00Z", "kpis", may, &["--customer", "beta"]).ok();
    for instant in ["2026-06-03T10:00:00Z", "2026-06-04T10:00:00Z"] {
        at(&sandbox, instant, &["snapshot", "create", "-a", "TechCorp"]).ok();
    }
    let june =
        "account,kpi,product,value,date\nTechCorp,Revenue,,110,2026-06-30\nOther,Revenue,,8,2026-06-30\n";
    let answer = ingest(&sandbox, "2026-07-02T10:00:00Z", "kpis", june, &["--json"]).ok().json();
    assert_eq!((&answer["restated"], &answer["files"][0]["restatements"]), (&json!(0), &json!([])));
    sandbox
}

const CORRECTION: &str = "account,kpi,product,value,date\nTechCorp,Revenue,,120,2026-05-31\n\
                          TechCorp,Revenue,Widget,40,2026-05-31\nOther,Revenue,,8,2026-06-30\nOther,Seats,,5,2026-05-31\n";

fn revenue(file: &Value) -> Value {
    let list = file["restatements"].as_array().expect("a list");
    let fields = ["account_name", "kpi", "product", "date", "old", "new", "snapshots"];
    list.iter().map(|item| Value::from(fields.map(|field| item[field].clone()).to_vec())).collect()
}

#[test]
fn a_correction_says_what_was_known_and_how_many_snapshots_hold_it() {
    let sandbox = with_may_and_june();
    let expected = json!([["TechCorp", "Revenue", null, "2026-05-31", 100, 120, 3]]);
    let tried = ingest(&sandbox, ADDED, "kpis", CORRECTION, &["--json", "--dry-run"]).ok().json();
    assert_eq!(revenue(&tried["files"][0]), expected, "{tried}");
    let answer = ingest(&sandbox, ADDED, "kpis", CORRECTION, &["--json"]).ok().json();
    shape::check("ingest", &answer);
    assert_eq!((&answer["restated"], revenue(&answer["files"][0])), (&json!(1), expected.clone()));
    at(&sandbox, "2026-07-11T10:00:00Z", &["snapshot", "create", "-a", "TechCorp"]).ok();
    // Later snapshots and corrections leave what this upload corrected as it was.
    let again = "account,kpi,value,date\nTechCorp,Revenue,130,2026-05-31\n";
    let later = ingest(&sandbox, "2026-07-12T10:00:00Z", "kpis", again, &["--json"]).ok().json();
    let of_history = json!([["TechCorp", "Revenue", null, "2026-05-31", 120, 130, 0]]);
    assert_eq!(revenue(&later["files"][0]), of_history, "120 was never current");
    let upload = answer["files"][0]["upload_id"].to_string();
    for flags in [&[][..], &["--as-of", "2026-07-11T12:00:00Z"]] {
        let line = [&["uploads", "show", &upload, "--json"], flags].concat();
        let view = at(&sandbox, "2026-07-13T10:00:00Z", &line).ok().json();
        shape::check("upload", &view);
        assert_eq!(revenue(&view), expected, "{flags:?}");
    }
    let first = at(&sandbox, ADDED, &["uploads", "show", "1", "--json"]).ok().json();
    assert_eq!((&first["restated"], &first["restatements"]), (&json!(0), &json!([])));
    let line = ["uploads", "show", &upload, "--json", "--customer", "beta"];
    at(&sandbox, ADDED, &line).fails_with(4);
}

#[test]
fn people_read_a_line_a_correction_and_five_at_most() {
    let sandbox = with_may_and_june();
    let text = ingest(&sandbox, ADDED, "kpis", CORRECTION, &[]).ok().stdout.clone();
    let line = "TechCorp, Revenue of 2026-05-31: 100 -> 120, used in 3 snapshots";
    assert!(text.contains(&format!("\nrestated: {line}\n")), "{text}");
    let shown = at(&sandbox, ADDED, &["uploads", "show", "4"]).ok().stdout.clone();
    assert!(shown.contains("Restated") && shown.contains(line), "{shown}");
    let of = |value: &str| {
        let row =
            |place: u8| format!("\"=cmd|'/C calc'!A{place} \"\"quoted\"\"\",Seats,{value},2026-05-31\n");
        format!("account,kpi,value,date\n{}", (1..=8).map(row).collect::<String>())
    };
    ingest(&sandbox, "2026-07-11T10:00:00Z", "kpis", &of("1"), &[]).ok();
    let text = ingest(&sandbox, "2026-07-12T10:00:00Z", "kpis", &of("2"), &[]).ok().stdout.clone();
    let told: Vec<&str> = text.lines().filter(|line| line.starts_with("restated: ")).collect();
    assert_eq!((told.len(), told.last()), (6, Some(&"restated: and 3 more")), "{text}");
    assert!(
        told[0].starts_with("restated: =cmd|'/C calc'!A1 \"quoted\", Seats of 2026-05-31: 1 -> 2"),
        "{text}"
    );
}

#[test]
fn a_value_of_today_and_an_undated_one_correct_nothing_until_the_day_is_over() {
    let sandbox = with_may_and_june();
    let today = "account,kpi,value,date\nTechCorp,Seats,5,2026-07-10\n";
    ingest(&sandbox, ADDED, "kpis", today, &[]).ok();
    let mend = "account,kpi,value,date\nTechCorp,Seats,6,2026-07-10\n";
    let answer = ingest(&sandbox, "2026-07-10T11:00:00Z", "kpis", mend, &["--json"]).ok().json();
    assert_eq!(answer["restated"], 0, "a day that is not over");
    let undated = "account,kpi,value\nTechCorp,Revenue,9\n";
    let answer = ingest(&sandbox, "2026-07-11T10:00:00Z", "kpis", undated, &["--json"]).ok().json();
    assert_eq!(answer["restated"], 0);
    let answer = ingest(&sandbox, "2026-07-12T10:00:00Z", "kpis", today, &["--json", "--force"]).ok().json();
    let of_today = json!([["TechCorp", "Seats", null, "2026-07-10", 6, 5, 2]]);
    assert_eq!(revenue(&answer["files"][0]), of_today, "the day is over now");
}

#[test]
fn health_scores_of_past_months_are_told_and_those_of_this_month_are_not() {
    let sandbox = with_may_and_june();
    let file = |rows: &str| format!("account,month,year,health_score,support\n{rows}");
    let may = file("TechCorp,5,2026,60,50\n");
    ingest(&sandbox, "2026-07-02T12:00:00Z", "health", &may, &[]).ok();
    let july = file("TechCorp,7,2026,70,\n");
    ingest(&sandbox, "2026-07-03T12:00:00Z", "health", &july, &[]).ok();
    let mended = file("TechCorp,5,2026,61.5,50\nTechCorp,7,2026,75,\n");
    let answer = ingest(&sandbox, ADDED, "health", &mended, &["--json"]).ok().json();
    shape::check("ingest", &answer);
    let expected = json!([["TechCorp", "Overall health score", null, "2026-05", 60, 61.5, 1]]);
    assert_eq!(revenue(&answer["files"][0]), expected);
    let upload = answer["files"][0]["upload_id"].to_string();
    let view = at(&sandbox, ADDED, &["uploads", "show", &upload, "--json"]).ok().json();
    assert_eq!(revenue(&view), expected);
}
