//! A snapshot that the database refuses, for one account of many: the upload stands, the others have theirs, and
//! the account is tried again.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use crate::support::Sandbox;
use crate::support::book::rows;
use acctsnap::events::RETRIES;
use acctsnap::model::decision::Outcome::{Created, Failed};
use serde_json::json;

const SAID: &str = "⚠️  Failed to create snapshot for account Beta";
const WHY: &str = "Error creating snapshot for account Beta: ";

/// Three accounts, with a database that takes no snapshot of Beta, the second of them.
fn with_refused_beta() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.ingest("09:00:00", &values("1"), &["--no-events"]).ok();
    refuse(&sandbox);
    sandbox
}

fn values(value: &str) -> String {
    rows(["Acme", "Beta", "Gamma"].map(|account| (account, "NPS", value)))
}

fn refuse(sandbox: &Sandbox) {
    let trigger = "CREATE TRIGGER refused BEFORE INSERT ON snapshots WHEN NEW.account_id = 2 \
                   BEGIN SELECT RAISE(ABORT, 'beta is not welcome'); END";
    sandbox.sql().execute_batch(trigger).expect("a trigger");
}

fn allow(sandbox: &Sandbox) {
    sandbox.sql().execute_batch("DROP TRIGGER refused").expect("the trigger");
}

#[test]
fn the_upload_stands_and_the_others_have_theirs() {
    let sandbox = with_refused_beta();
    let run = sandbox.ingest("10:00:00", &values("2"), &["--json"]);
    run.fails_with(3).says(SAID).mentions(WHY).mentions("beta is not welcome");
    run.says("✅ Auto-created snapshot 1 for account Acme (trigger: kpi_data_uploaded)");
    run.says("✅ Auto-created snapshot 2 for account Gamma (trigger: kpi_data_uploaded)");
    let answer = run.json();
    assert_eq!((&answer["status"], &answer["rows"]["updated"]), (&json!("ingested"), &json!(3)));
    let snapshots = &answer["snapshots"];
    assert_eq!(
        (&snapshots["created"], &snapshots["failed"], &snapshots["pending"]),
        (&json!(2), &json!(1), &json!(1))
    );
    let newest = sandbox.latest_of_all("10:00:00", "default");
    assert_eq!(
        newest.iter().map(|it| &it["account_name"]).collect::<Vec<_>>(),
        [&json!("Acme"), &json!("Gamma")]
    );
    assert_eq!(sandbox.outcomes("default"), ["created", "failed", "created"]);
    let error = sandbox.events("default")[1].error.clone();
    assert!(error.as_ref().is_some_and(|error| error.contains("beta is not welcome")), "{error:?}");
}

#[test]
fn a_failure_begins_no_cooldown_and_a_flush_makes_it_good() {
    let sandbox = with_refused_beta();
    sandbox.ingest("10:00:00", &values("2"), &[]).fails_with(3);
    let again = sandbox.at("10:00:01", &["flush", "--json"]);
    again.fails_with(3).says(SAID).mentions(WHY);
    assert_eq!((&again.json()["failed"], &again.json()["created"]), (&json!(1), &json!(0)));
    allow(&sandbox);
    let flush = sandbox.at("10:00:02", &["flush", "--json"]).ok().json();
    assert_eq!((&flush["created"], &flush["failed"]), (&json!(1), &json!(0)));
    let beta = &sandbox.events("default")[1];
    assert_eq!((beta.first_outcome, beta.outcome), (Failed, Created));
    assert!(sandbox.latest("10:00:02", "Beta")["dirty_since"].is_null());
}

#[test]
fn five_retries_and_then_no_more() {
    let sandbox = with_refused_beta();
    sandbox.ingest("10:00:00", &values("2"), &[]).fails_with(3);
    assert_eq!(RETRIES, 5);
    for _ in 0..RETRIES {
        assert_eq!(sandbox.at("10:01:00", &["flush", "--json"]).fails_with(3).json()["failed"], 1);
    }
    let given_up = sandbox.at("10:01:00", &["flush", "--json"]);
    given_up.fails_with(3);
    assert!(given_up.stderr.contains("acctsnap snapshot create -a"), "{}", given_up.stderr);
    let given_up = given_up.json();
    assert_eq!((&given_up["failed"], &given_up["given_up"]), (&json!(0), &json!(1)));
    assert_eq!(sandbox.count("decisions WHERE outcome = 6"), i64::from(RETRIES));
    // A later snapshot of the account still covers it.
    allow(&sandbox);
    sandbox.at("10:02:00", &["snapshot", "create", "-a", "Beta"]).ok();
    assert_eq!(sandbox.outcomes("default"), ["created", "covered", "created"]);
    assert_eq!(sandbox.at("10:03:00", &["flush", "--json"]).ok().json()["given_up"], 0);
}

#[test]
fn a_skipped_change_whose_flush_fails_inside_a_write_is_told_and_kept() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &values("1"), &[]).ok();
    sandbox.ingest("10:01:00", &rows([("Beta", "NPS", "2")]), &[]).ok();
    refuse(&sandbox);
    let run = sandbox.ingest("10:06:00", &rows([("Acme", "NPS", "3")]), &[]);
    run.fails_with(3).says(SAID).mentions(WHY);
    allow(&sandbox);
    assert_eq!(sandbox.at("10:07:00", &["flush", "--json"]).ok().json()["created"], 1);
    assert_eq!(sandbox.outcomes("default"), ["created", "created", "created", "created", "created"]);
}

#[test]
fn a_snapshot_by_hand_that_fails_is_told_the_same_way() {
    let sandbox = with_refused_beta();
    let run = sandbox.at("10:00:00", &["snapshot", "create", "--all", "--json"]);
    run.fails_with(3).says(SAID).mentions(WHY);
    assert_eq!(run.json()["failed"][0]["account_name"], "Beta");
    assert_eq!(run.json()["created"].as_array().map(Vec::len), Some(2));
}

#[test]
fn the_ledgers_digests_are_those_of_what_stayed() {
    let sandbox = with_refused_beta();
    sandbox.ingest("10:00:00", &values("2"), &[]).fails_with(3);
    let ids: Vec<i64> = {
        let sql = sandbox.sql();
        let mut statement =
            sql.prepare("SELECT id FROM snapshot_contents ORDER BY id").expect("the contents");
        statement.query_map([], |row| row.get(0)).expect("ids").collect::<Result<_, _>>().expect("numbers")
    };
    assert_eq!(ids, [1, 2], "nothing of the attempt that failed stayed, not even its numbers");
}
