//! `latest --create-missing`: a snapshot by hand of an account that has none, as a click on the account takes one.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use crate::support::{ACTOR, Outcome, Sandbox};
use serde_json::{Value, json};

/// Two accounts without any snapshot.
fn without_snapshots() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "file.csv",
        "account,kpi,value\nAcme,Net Promoter Score (NPS),7\nBolt,First Response Time,9\n",
    );
    sandbox.command(["ingest", "kpis", "file.csv", "--no-events"]).at("2026-06-30T10:00:00Z").run().ok();
    sandbox
}

fn latest(sandbox: &Sandbox, more: &[&str]) -> Outcome {
    sandbox.command(["latest"].iter().chain(more)).at("2026-06-30T11:00:00Z").run()
}

/// The accounts of all snapshots, oldest first.
fn taken(sandbox: &Sandbox) -> Vec<String> {
    let sql = sandbox.sql();
    let mut names =
        sql.prepare("SELECT account_name FROM v_snapshots ORDER BY snapshot_id").expect("a query");
    let names = names.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>();
    names.expect("names")
}

#[test]
fn an_account_without_one_gets_a_manual_snapshot_and_is_answered() {
    let sandbox = without_snapshots();
    latest(&sandbox, &["-a", "Acme"]).fails_with(4);
    let outcome = latest(&sandbox, &["-a", "Acme", "--create-missing", "--json"]);
    let answer = outcome.ok().json();
    for (field, expected) in [
        ("snapshot_type", json!("manual")),
        ("snapshot_reason", json!("asked for by latest --create-missing")),
        ("created_by", json!(ACTOR)),
        ("trigger_event", Value::Null),
        ("age_seconds", json!(0)),
        ("snapshot_sequence_number", json!(1)),
    ] {
        assert_eq!(answer[field], expected, "{field}");
    }
    assert_eq!(taken(&sandbox), ["Acme"]);
    // Who has one keeps it, however old it is.
    let again = sandbox.command(["latest", "-a", "Acme", "--create-missing", "--json"]);
    assert_eq!(again.at("2026-12-30T11:00:00Z").run().ok().json()["snapshot_id"], 1);
    assert_eq!(taken(&sandbox), ["Acme"]);
}

#[test]
fn of_all_those_that_lack_one_get_one_but_archived_ones() {
    let sandbox = without_snapshots();
    sandbox.command(["accounts", "archive", "Bolt"]).at("2026-06-30T10:30:00Z").run().ok();
    let answer = latest(&sandbox, &["--all", "--create-missing", "--json"]).ok().json();
    assert_eq!(answer["count"], 1);
    assert_eq!(taken(&sandbox), ["Acme"]);
    assert!(
        latest(&sandbox, &["-a", "Nobody", "--create-missing"]).fails_with(4).stderr.contains("no account")
    );
}

#[test]
fn sixteen_at_once_take_one() {
    let sandbox = without_snapshots();
    let line = ["latest", "-a", "Acme", "--create-missing", "--field", "snapshot_id"];
    let crowd: Vec<_> = (0..16).map(|_| sandbox.command(line).spawn()).collect();
    for child in crowd {
        let output = child.wait_with_output().expect("an answer");
        assert!(output.status.success(), "{output:?}");
        assert_eq!(output.stdout, b"1\n");
    }
    assert_eq!(taken(&sandbox), ["Acme"]);
}

#[test]
fn where_nothing_can_be_written_that_is_an_error() {
    let sandbox = without_snapshots();
    let writer = sandbox.sql();
    writer.execute_batch("BEGIN IMMEDIATE").expect("the write lock");
    latest(&sandbox, &["-a", "Acme", "--create-missing", "--wait", "0s"]).fails_with(6);
    writer.execute_batch("ROLLBACK").expect("the lock is given back");
    latest(&sandbox, &["-a", "Acme", "--create-missing", "--as-of", "2026-06-30"]).fails_with(2);
    assert!(taken(&sandbox).is_empty());
}

#[cfg(unix)]
#[test]
fn a_file_that_may_only_be_read_is_an_error() {
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = without_snapshots();
    let database = sandbox.path("test.db");
    let permissions = |mode| std::fs::set_permissions(&database, std::fs::Permissions::from_mode(mode));
    permissions(0o444).expect("a read-only file");
    if std::fs::OpenOptions::new().append(true).open(&database).is_ok() {
        eprintln!("skipped: this user may write read-only files");
        return;
    }
    let refused = latest(&sandbox, &["-a", "Acme", "--create-missing", "--json"]);
    assert_eq!(refused.fails_with(9).error_json()["code"], "read_only");
    permissions(0o644).expect("a file of ours");
    assert!(taken(&sandbox).is_empty());
}
