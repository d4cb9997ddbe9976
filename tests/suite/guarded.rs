//! What is never written over, and what is never written: found by trying to break it.

use std::process::Stdio;

use crate::support::Sandbox;

const FILE: &str = "account,kpi,value\nAcme,NPS,5\nBeta,NPS,80\n";

fn with_snapshots() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", FILE);
    sandbox.write("snapshots.toml", "currency = \"USD\"\n");
    sandbox.run(["ingest", "kpis", "a.csv"]).ok();
    sandbox
}

#[test]
fn an_answer_never_replaces_a_database_an_input_or_the_settings() {
    let sandbox = with_snapshots();
    let database = std::fs::read(sandbox.path("test.db")).unwrap();
    for output in ["test.db", "./test.db", "test.db-wal", "snapshots.toml"] {
        sandbox.run(["latest", "--all", "--json", "-o", output]).fails_with(2);
    }
    sandbox.run(["ingest", "kpis", "a.csv", "--json", "-o", "a.csv"]).fails_with(2);
    for rejects in ["a.csv", "test.db", "snapshots.toml"] {
        sandbox
            .run(["ingest", "kpis", "a.csv", "--force", "--on-error", "skip", "--rejects", rejects])
            .fails_with(2);
    }
    let both = ["ingest", "kpis", "a.csv", "--force", "--json", "-o", "out", "--rejects", "out"];
    sandbox.run(both).fails_with(2);
    assert_eq!(std::fs::read(sandbox.path("test.db")).unwrap(), database);
    assert_eq!(
        (sandbox.read("a.csv").as_str(), sandbox.read("snapshots.toml").as_str()),
        (FILE, "currency = \"USD\"\n")
    );
}

#[test]
fn a_link_to_a_database_is_a_database_too() {
    let sandbox = with_snapshots();
    std::os::unix::fs::symlink(sandbox.path("test.db"), sandbox.path("innocent.json")).unwrap();
    sandbox.run(["latest", "--all", "--json", "-o", "innocent.json"]).fails_with(2);
    sandbox.run(["latest", "--all"]).ok();
}

#[test]
fn standard_output_by_its_path_is_standard_output() {
    let sandbox = with_snapshots();
    let script =
        "(echo head; \"$BINARY\" latest -a Acme --field account_id -o /dev/stdout; echo tail) > all.txt";
    sandbox.program("bash", ["-c", script]).env("BINARY", env!("CARGO_BIN_EXE_acctsnap")).run().ok();
    assert_eq!(sandbox.read("all.txt"), "head\n1\ntail\n");
}

#[test]
fn names_given_as_flags_obey_the_law_of_names_in_files() {
    let sandbox = Sandbox::new();
    sandbox.write("one.csv", "kpi,value\nNPS,5\n");
    for (flag, value) in [
        ("-a", "x\u{1b}[31my"),
        ("-a", ""),
        ("-a", "  "),
        ("--customer", "c\u{1b}[31m"),
        ("--customer", " "),
        ("--actor", "x\ny"),
    ] {
        let mut arguments = vec!["ingest", "kpis", "one.csv", flag, value];
        if flag != "-a" {
            arguments.extend(["-a", "Acme"]);
        }
        let refused = sandbox.run(&arguments);
        assert!([Some(2), Some(5)].contains(&refused.code()), "{flag} {value:?}: {}", refused.stderr);
        assert!(!refused.stderr.contains('\u{1b}'), "{:?}", refused.stderr);
    }
    assert!(!sandbox.path("test.db").exists());
}

#[test]
fn where_sqlite_ends_the_transaction_nothing_more_is_written() {
    let sandbox = with_snapshots();
    let connection = rusqlite::Connection::open(sandbox.path("test.db")).unwrap();
    let trigger = "CREATE TRIGGER y BEFORE INSERT ON snapshots WHEN NEW.account_id = 2 \
                   BEGIN SELECT RAISE(ROLLBACK, 'rolled back'); END";
    connection.execute_batch(trigger).unwrap();
    let counts = || -> Vec<i64> {
        let tables =
            ["changes", "uploads", "events", "snapshots", "accounts", "account_heads", "pending_events"];
        let count = |table: &&str| {
            connection.query_one(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
        };
        tables.iter().map(count).collect()
    };
    let before = counts();
    sandbox.write("b.csv", "account,kpi,value\nBeta,NPS,81\nAcme,NPS,82\nNew,NPS,3\n");
    let failed = sandbox.run(["ingest", "kpis", "b.csv", "--at", "2099-01-01T00:00:00Z"]);
    assert_eq!(failed.code(), Some(1), "{}", failed.stderr);
    assert_eq!(counts(), before);
    sandbox.run(["snapshot", "create", "--all", "--at", "2099-01-01T00:00:00Z"]).fails_with(1);
    assert_eq!(counts(), before);
}

#[test]
fn many_processes_may_make_the_database_at_once() {
    for _ in 0..4 {
        let sandbox = Sandbox::new();
        let start = |number: usize| {
            let file = sandbox
                .write(format!("{number}.csv"), format!("account,kpi,value\nA{number},NPS,{number}\n"));
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_acctsnap"));
            command.args(["ingest", "kpis"]).arg(file).args(["-q", "--db"]).arg(sandbox.path("test.db"));
            command.current_dir(sandbox.path("")).stderr(Stdio::piped()).spawn().unwrap()
        };
        let crowd: Vec<_> = (0..16).map(start).collect();
        for process in crowd {
            let done = process.wait_with_output().unwrap();
            assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
        }
        assert_eq!(sandbox.run(["latest", "--all", "--json"]).ok().json()["count"], 16);
    }
}

#[test]
fn a_customer_whose_clock_is_ahead_keeps_no_other_from_its_flush() {
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", FILE);
    sandbox.write("b.csv", "account,kpi,value\nAcme,NPS,6\n");
    let ingest = |customer: &str, file: &str, at: &str| {
        sandbox.run(["ingest", "kpis", file, "--customer", customer, "--at", at]).ok();
    };
    ingest("ahead", "a.csv", "2026-06-01T00:00:00Z");
    ingest("owed", "a.csv", "2026-05-01T10:00:00Z");
    ingest("owed", "b.csv", "2026-05-01T10:02:00Z");
    let flushed = sandbox.run(["flush", "--json", "--at", "2026-05-01T11:00:00Z"]);
    flushed.fails_with(3);
    assert_eq!(flushed.json()["created"], 1);
    assert!(flushed.stderr.contains("customer 'ahead' is left"), "{}", flushed.stderr);
}

#[test]
fn an_unknown_customer_is_told_of_no_other() {
    let sandbox = with_snapshots();
    let refused = sandbox.run(["latest", "--all", "--customer", "zz"]);
    refused.fails_with(4);
    assert!(!refused.stderr.contains("default"), "{}", refused.stderr);
}
