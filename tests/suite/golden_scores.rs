//! The worked examples of HEALTH.md, "A KPI's score" and "Category, overall, band", through the program itself.

use crate::support::Sandbox;
use serde_json::Value;

const CASES: &str = include_str!("../golden/account_scores.csv");
const EXPECTED: &str = include_str!("../golden/account_scores.json");

#[test]
fn every_worked_example_scores_as_written() {
    let expected: Vec<Value> = serde_json::from_str(EXPECTED).expect("the golden file");
    let sandbox = Sandbox::new();
    let ingest = sandbox.ingested("10:00:00", CASES, &["--on-error", "refuse"]);
    assert_eq!(ingest["rows"]["inserted"], CASES.lines().count() - 1);
    let newest = sandbox.latest_of_all("10:00:00", "default");
    assert_eq!((newest.len(), expected.is_empty()), (expected.len(), false));
    let mut compared = 0;
    for case in &expected {
        let account = &case["account"];
        let snapshot = newest.iter().find(|snapshot| snapshot["account_name"] == *account);
        let snapshot = snapshot.unwrap_or_else(|| panic!("no snapshot of {account}"));
        for (field, value) in case.as_object().expect("a case is an object") {
            if field != "account" {
                assert!(is_same(&snapshot[field], value), "{account} {field}: {} {value}", snapshot[field]);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, expected.len() * 11);
}

/// Scores and counts are shown with at most two decimals, so they are equal or not.
fn is_same(shown: &Value, expected: &Value) -> bool {
    let hundredths = |value: &Value| value.as_f64().map(|number| (number * 100.0).round());
    shown.is_null() == expected.is_null() && hundredths(shown) == hundredths(expected)
}
