//! A process that is killed in the middle of a file leaves all of it or none of it, and the same command goes on.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::Sandbox;

const ACCOUNTS: usize = 400;

/// A file that takes long enough to be killed in.
fn file() -> String {
    const KPIS: [&str; 5] =
        ["NPS", "Ticket Volume", "Churn Rate", "Feature Adoption Rate", "Escalation Rate"];
    let rows = (0..ACCOUNTS).flat_map(|account| {
        KPIS.iter().map(move |kpi| format!("Account {account},{kpi},{}\n", account % 90))
    });
    format!("account,kpi,value\n{}", rows.collect::<String>())
}

fn count(sandbox: &Sandbox, sql: &str) -> i64 {
    let connection = rusqlite::Connection::open(sandbox.path("test.db")).unwrap();
    connection.query_one(sql, [], |row| row.get(0)).unwrap_or(0)
}

#[test]
fn a_killed_ingest_is_whole_or_absent_and_can_be_repeated() {
    let (mut whole, mut absent) = (0, 0);
    for delay in [0, 5, 10, 20, 30, 45, 60, 80, 110, 150, 200, 300, 450, 700] {
        let sandbox = Sandbox::new();
        sandbox.write("a.csv", file());
        let mut ingest = Command::new(env!("CARGO_BIN_EXE_acctsnap"));
        ingest.args(["ingest", "kpis", "a.csv", "--db", "test.db", "-q"]).current_dir(sandbox.path(""));
        let mut process = ingest.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        process.kill().unwrap();
        process.wait().unwrap();
        if sandbox.path("test.db").exists() {
            let snapshots = count(&sandbox, "SELECT count(*) FROM snapshots");
            let uploads = count(&sandbox, "SELECT count(*) FROM uploads");
            let expected = if uploads == 1 { ACCOUNTS as i64 } else { 0 };
            assert_eq!(snapshots, expected, "killed after {delay} ms");
            assert_eq!(
                count(&sandbox, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"),
                1
            );
            whole += i32::from(uploads == 1);
            absent += i32::from(uploads == 0);
        }
        sandbox.run(["ingest", "kpis", "a.csv"]).ok();
        for table in ["uploads", "snapshots", "events"] {
            let expected = if table == "uploads" { 1 } else { ACCOUNTS as i64 };
            assert_eq!(
                count(&sandbox, &format!("SELECT count(*) FROM {table}")),
                expected,
                "{table} after {delay} ms"
            );
        }
    }
    println!("{whole} whole, {absent} absent");
}

/// Files of the other kinds about the same accounts; each row is an event of its account.
fn other_files() -> [(&'static str, String); 3] {
    let rows = |row: fn(usize) -> String| (0..ACCOUNTS).map(row).collect::<String>();
    let profiles = rows(|n| format!("Account {n},Industry {n},{n}\n"));
    let health = rows(|n| format!("Account {n},2026-01,{}\n", n % 90));
    let playbooks = rows(|n| format!("Account {n},e{n},completed\n"));
    [
        ("profiles", format!("account,industry,arr\n{profiles}")),
        ("health", format!("account,period,health_score\n{health}")),
        ("playbooks", format!("account,execution id,status\n{playbooks}")),
    ]
}

#[test]
fn a_killed_ingest_of_the_other_kinds_is_whole_or_absent_too() {
    let made = Sandbox::new();
    made.write("a.csv", file());
    made.run(["ingest", "kpis", "a.csv", "--no-events"]).ok();
    for (kind, text) in other_files() {
        for delay in [10, 40, 90, 160] {
            let sandbox = Sandbox::new();
            std::fs::copy(made.path("test.db"), sandbox.path("test.db")).unwrap();
            sandbox.write("b.csv", &text);
            let mut process = sandbox.command(["ingest", kind, "b.csv", "-q"]).spawn();
            std::thread::sleep(Duration::from_millis(delay));
            process.kill().unwrap();
            process.wait().unwrap();
            let uploads = count(&sandbox, "SELECT count(*) - 1 FROM uploads");
            for table in ["events", "snapshots"] {
                let rows = count(&sandbox, &format!("SELECT count(*) FROM {table}"));
                assert_eq!(rows, uploads * ACCOUNTS as i64, "{table} of {kind} after {delay} ms");
            }
            sandbox.run(["ingest", kind, "b.csv"]).ok();
            assert_eq!(count(&sandbox, "SELECT count(*) FROM snapshots"), ACCOUNTS as i64, "{kind}");
            assert_eq!(
                crate::support::chain::check(&sandbox.sql()).0,
                Vec::<i64>::new(),
                "{kind} after {delay} ms"
            );
        }
    }
}
