//! Several rows of one account in a profile file: put together, or set aside, and always counted.

pub mod support;

use serde_json::json;
use support::Sandbox;

#[test]
fn rows_that_only_the_database_knows_for_one_account_are_counted_whatever_becomes_of_them() {
    let sandbox = Sandbox::new();
    sandbox.write("known.csv", "id,name,region\n1,Acme,EMEA\n");
    sandbox.run(["ingest", "profiles", "known.csv"]).ok();
    sandbox.write("again.csv", "id,name,region,seats\n1,Acme,EMEA,\n1,Acme,,5\n,Acme,APAC,\n2,Bolt,X,\n");
    let answer = sandbox.run(["ingest", "profiles", "again.csv", "--on-error", "skip", "--json"]);
    let rows = answer.fails_with(3).json()["files"][0]["rows"].clone();
    assert_eq!(rows, json!({"read": 4, "inserted": 1, "updated": 0, "unchanged": 1, "rejected": 2}));
}

#[test]
fn rows_that_complete_each_other_make_one_event() {
    let sandbox = Sandbox::new();
    sandbox.write("p.csv", "name,region,arr,currency\nAcme,EMEA,,\nAcme,,5,\nacme,,,EUR\n");
    let answer = sandbox.run(["ingest", "profiles", "p.csv", "--json"]).ok().json();
    let file = &answer["files"][0];
    assert_eq!(file["rows"], json!({"read": 3, "inserted": 1, "updated": 0, "unchanged": 2, "rejected": 0}));
    assert_eq!(file["events"]["published"], 1);
    let latest = sandbox.run(["latest", "-a", "Acme", "--json"]).ok().json();
    assert_eq!((&latest["revenue"], &latest["currency"]), (&json!(5), &json!("EUR")));
}
