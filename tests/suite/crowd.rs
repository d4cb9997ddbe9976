//! Many processes at once: each takes its turn behind the lock, and the cooldown holds between them.

use std::process::Child;

use crate::support::Sandbox;
use crate::support::book::{nps, today};
use crate::support::direct::begin;
use serde_json::json;

const CROWD: usize = 16;

/// Ends each process and gives its exit code and standard error.
fn finished(crowd: Vec<Child>) -> Vec<(Option<i32>, String)> {
    let end = |child: Child| child.wait_with_output().ok();
    let outputs = crowd.into_iter().filter_map(end);
    outputs.map(|it| (it.status.code(), String::from_utf8_lossy(&it.stderr).into_owned())).collect()
}

/// Starts a crowd behind a held lock, each with a value of its own for one account; lets it go once all have begun.
fn a_crowd_at(sandbox: &Sandbox, time: &str) -> Vec<(Option<i32>, String)> {
    let mut store = sandbox.store();
    let lock = begin(&mut store, "default", "09:00:00");
    let start = |member: usize| {
        let file = format!("{time}-{member}.csv").replace(':', "");
        sandbox.write(&file, nps("Acme", &format!("{}", member + 1)));
        sandbox.command(["ingest", "kpis", &file]).at(&today(time)).spawn()
    };
    let mut crowd: Vec<Child> = (0..CROWD).map(start).collect();
    // Nobody can be done while the lock is held, and nobody gave up.
    for child in &mut crowd {
        assert!(matches!(child.try_wait(), Ok(None)), "a process ended without the lock");
    }
    lock.roll_back();
    finished(crowd)
}

#[test]
fn a_crowd_behind_one_lock_takes_one_snapshot_and_loses_no_upload() {
    for _ in 0..3 {
        let sandbox = Sandbox::new();
        sandbox.ingest("09:00:00", &nps("Beta", "1"), &["--no-events"]).ok();
        let first = a_crowd_at(&sandbox, "10:00:00");
        assert!(first.len() == CROWD && first.iter().all(|(code, _)| *code == Some(0)), "{first:?}");
        assert_eq!(sandbox.count("uploads"), 1 + 16);
        assert_eq!(sandbox.count("snapshots"), 1, "one cooldown, one snapshot");
        let created =
            first.iter().filter(|(_, told)| told.contains("Auto-created snapshot 1 for account Acme"));
        let skipped =
            first.iter().filter(|(_, told)| told.contains("Skipping snapshot for account 2 (cooldown: 300s"));
        assert_eq!((created.count(), skipped.count()), (1, CROWD - 1));
        let outcomes = sandbox.outcomes("default");
        assert_eq!((outcomes[0], outcomes[1..].iter().all(|it| *it == "skipped")), ("created", true));

        let last = sandbox.at("10:05:00", &["flush", "--json"]).ok().json();
        assert_eq!(last["created"], 1);
        assert_eq!(sandbox.count("pending_events"), 0);
        assert_eq!(sandbox.count("snapshots"), 2);
    }
}

#[test]
fn the_numbers_and_digests_of_a_crowd_form_one_chain() {
    let sandbox = Sandbox::new();
    let crowd = a_crowd_at(&sandbox, "10:00:00");
    assert!(crowd.iter().all(|(code, _)| *code == Some(0)), "{crowd:?}");
    let sql = sandbox.sql();
    let chained = "SELECT count(*) FROM changes c JOIN changes p ON p.id = c.previous_id AND p.id = c.id - 1";
    let links: i64 = sql.query_one(chained, [], |row| row.get(0)).unwrap_or_default();
    assert_eq!((sandbox.count("changes"), links), (16, 15));
    let last: i64 = sql.query_one("SELECT max(id) FROM uploads", [], |row| row.get(0)).unwrap_or_default();
    assert_eq!((sandbox.count("accounts"), sandbox.count("customers"), last), (1, 1, 16));
}

#[test]
fn flushes_at_once_write_each_owed_snapshot_once() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "1"), &[]).ok();
    sandbox.ingest("10:01:00", &nps("Acme", "2"), &[]).ok();
    let mut store = sandbox.store();
    let lock = begin(&mut store, "default", "10:01:00");
    let flush = || sandbox.command(["flush"]).at(&today("10:06:00")).spawn();
    let crowd: Vec<Child> = (0..CROWD).map(|_| flush()).collect();
    lock.roll_back();
    assert!(finished(crowd).iter().all(|(code, _)| *code == Some(0)));
    assert_eq!(sandbox.count("snapshots"), 2);
}

#[test]
fn who_does_not_wait_is_told_that_the_database_is_busy() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "1"), &[]).ok();
    let mut store = sandbox.store();
    let lock = begin(&mut store, "default", "10:01:00");
    let writes: [&[&str]; 3] =
        [&["ingest", "kpis", "kpis.csv", "--force"], &["flush"], &["snapshot", "create", "--all"]];
    for words in writes {
        let run = sandbox.at("10:02:00", &[words, &["--wait", "0s", "--json"]].concat());
        let error = run.fails_with(6).error_json();
        assert_eq!((&error["code"], &error["exit_code"]), (&json!("busy"), &json!(6)));
        assert!(error["hint"].to_string().contains("--wait"), "{error}");
    }
    // Reading works while a writer holds the lock.
    sandbox.at("10:02:00", &["latest", "--all", "--wait", "0s"]).ok();
    lock.roll_back();
    sandbox.at("10:02:00", &["flush", "--wait", "0s"]).ok();
    assert_eq!((sandbox.count("uploads"), sandbox.count("snapshots")), (1, 1));
}

#[test]
fn a_crowd_of_all_kinds_takes_one_snapshot_and_one_more_holds_everything() {
    let sandbox = Sandbox::new();
    sandbox.ingest("09:00:00", &nps("Acme", "1"), &["--no-events"]).ok();
    let mut store = sandbox.store();
    let lock = begin(&mut store, "default", "09:00:00");
    let file = |member: usize| match member % 3 {
        0 => ("profiles", format!("account,column {member}\nAcme,{member}\n")),
        1 => ("health", format!("account,period,score\nAcme,2026-{:02},{}\n", 1 + member % 10, member + 1)),
        _ => ("playbooks", format!("account,execution id,status\nAcme,e{member},completed\n")),
    };
    let start = |member: usize| {
        let (kind, text) = file(member);
        let name = format!("{member}.csv");
        sandbox.write(&name, text);
        sandbox.command(["ingest", kind, &name]).at(&today("10:00:00")).spawn()
    };
    let crowd: Vec<Child> = (0..12).map(start).collect();
    lock.roll_back();
    let ended = finished(crowd);
    assert!(ended.len() == 12 && ended.iter().all(|(code, _)| *code == Some(0)), "{ended:?}");
    assert_eq!((sandbox.count("uploads"), sandbox.count("snapshots")), (13, 1));
    let outcomes = sandbox.outcomes("default");
    assert_eq!((outcomes.len(), outcomes.iter().filter(|it| **it == "skipped").count()), (12, 11));

    sandbox.at("10:05:00", &["flush"]).ok();
    let newest = sandbox.latest("10:05:00", "Acme");
    assert_eq!(newest["attributes"].as_object().map(serde_json::Map::len), Some(4));
    assert_eq!((&newest["playbooks_completed_count"], &newest["dirty_since"]), (&json!(4), &json!(null)));
    assert_eq!(newest["health_score_source"], "ingested");
    assert_eq!(crate::support::chain::check(&sandbox.sql()).0, Vec::<i64>::new());
}
