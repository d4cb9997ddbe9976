//! `backup` and `restore` killed at any instant: the file that stood there is whole, and no half one bears its name.
//! And a crowd: a backup that is taken while others write is one state of the ledger.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::support::Sandbox;
use crate::support::chain::check;
use rusqlite::Connection;

const ACCOUNTS: usize = 400;

fn file(value: usize) -> String {
    let rows = (0..ACCOUNTS).map(|n| format!("Account {n},NPS,{}\n", (n + value) % 100));
    std::iter::once("account,kpi,value\n".to_owned()).chain(rows).collect()
}

/// How many snapshots a whole database holds.
fn whole(path: &Path) -> i64 {
    let sql = Connection::open(path).expect("a database");
    let sound: String = sql.query_one("PRAGMA integrity_check", [], |row| row.get(0)).expect("an answer");
    assert_eq!(sound, "ok", "{}", path.display());
    assert_eq!(check(&sql).0, [0; 0], "{}", path.display());
    sql.query_one("SELECT count(*) FROM snapshots", [], |row| row.get(0)).expect("a count")
}

/// Runs a command and kills it after so many milliseconds, unless it was faster.
fn kill(sandbox: &Sandbox, words: &[&str], delay: u64) {
    let mut process = sandbox.command(words).spawn();
    std::thread::sleep(Duration::from_millis(delay));
    process.kill().expect("a signal");
    process.wait().expect("its end");
}

/// Delays that spread over the whole run, from its start to past its end.
fn delays() -> impl Iterator<Item = u64> {
    (0..24).map(|step: u64| step * step / 2)
}

#[test]
fn a_killed_backup_leaves_the_old_one_or_the_new_one() {
    let sandbox = Sandbox::new();
    let one = i64::try_from(ACCOUNTS).expect("a small number");
    sandbox.ingest("10:00:00", &file(0), &[]).ok();
    sandbox.run(["backup", "copy.db"]).ok();
    sandbox.ingest("12:00:00", &file(1), &[]).ok();
    for delay in delays() {
        let old = sandbox.path("copy.db");
        kill(&sandbox, &["backup", "copy.db", "--replace", "-q"], delay);
        assert!([one, 2 * one].contains(&whole(&old)), "killed after {delay} ms");
        let fresh = sandbox.path(format!("fresh-{delay}.db"));
        kill(&sandbox, &["backup", &format!("fresh-{delay}.db"), "-q"], delay);
        assert!(!fresh.exists() || whole(&fresh) == 2 * one, "killed after {delay} ms");
    }
    sandbox.run(["backup", "copy.db", "--replace"]).ok();
    assert_eq!(whole(&sandbox.path("copy.db")), 2 * one);
}

#[test]
fn a_killed_restore_leaves_the_old_database_or_the_new_one() {
    let made = Sandbox::new();
    let one = i64::try_from(ACCOUNTS).expect("a small number");
    made.ingest("10:00:00", &file(0), &[]).ok();
    made.run(["backup", "one.db"]).ok();
    made.ingest("12:00:00", &file(1), &[]).ok();
    made.run(["backup", "two.db"]).ok();
    for delay in delays() {
        let sandbox = Sandbox::new();
        for (from, to) in [("one.db", "one.db"), ("two.db", "test.db")] {
            fs::copy(made.path(from), sandbox.path(to)).expect("a copy");
        }
        // The last change is still in the log, as after a kill.
        sandbox.ingest("13:00:00", "account,kpi,value\nAccount 0,NPS,77\n", &[]).ok();
        kill(&sandbox, &["restore", "one.db", "--force", "--yes", "-q"], delay);
        let found = whole(&sandbox.path("test.db"));
        assert!([one, 2 * one + 1].contains(&found), "{found} after {delay} ms");
        sandbox.run(["restore", "one.db", "--force", "--yes"]).ok();
        assert_eq!(whole(&sandbox.path("test.db")), one);
        kill(&sandbox, &["restore", "one.db", "--db", "new.db", "-q"], delay);
        let new = sandbox.path("new.db");
        assert!(!new.exists() || whole(&new) == one, "killed after {delay} ms");
    }
}

#[test]
fn a_backup_while_others_write_is_one_state_of_the_ledger() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &file(0), &[]).ok();
    let mut writers: Vec<_> = (0..4)
        .map(|writer| {
            let name = format!("{writer}.csv");
            sandbox.write(&name, file(10 + writer));
            sandbox.command(["ingest", "kpis", &name, "--customer", &format!("c{writer}"), "-q"]).spawn()
        })
        .collect();
    for number in 0..6 {
        let name = format!("copy-{number}.db");
        sandbox.run(["backup", &name, "-q"]).ok();
        let snapshots = whole(&sandbox.path(&name));
        assert_eq!(snapshots % i64::try_from(ACCOUNTS).expect("a small number"), 0, "whole ingests only");
    }
    for writer in &mut writers {
        assert!(writer.wait().expect("its end").success());
    }
}
