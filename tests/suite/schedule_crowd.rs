//! Sixteen runs of the schedule at once: each waits for its turn, one fills the slots, the others find them filled.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::process::Child;

use crate::support::Sandbox;
use crate::support::book::{rows, today};
use crate::support::direct::begin;

const CROWD: usize = 16;

/// Ends each process and gives its exit code, standard output and standard error.
fn finished(crowd: Vec<Child>) -> Vec<(Option<i32>, String, String)> {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let end = |child: Child| child.wait_with_output().expect("a process that ends");
    let outputs = crowd.into_iter().map(end);
    outputs.map(|it| (it.status.code(), text(it.stdout), text(it.stderr))).collect()
}

/// Sixteen runs behind a held lock, which is let go once all have begun.
fn a_crowd_at(sandbox: &Sandbox, time: &str) -> Vec<(Option<i32>, String, String)> {
    let mut store = sandbox.store();
    let lock = begin(&mut store, "north", time);
    let start = |_| sandbox.command(["scheduled", "run"]).at(&today(time)).spawn();
    let mut crowd: Vec<Child> = (0..CROWD).map(start).collect();
    for child in &mut crowd {
        assert!(matches!(child.try_wait(), Ok(None)), "a process ended without the lock");
    }
    lock.roll_back();
    finished(crowd)
}

#[test]
fn each_account_has_one_snapshot_and_everyone_is_content() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "snapshots.toml",
        "[[schedule]]\nname = \"low\"\nwhen = \"health < 70\"\nevery = \"daily\"\n[[schedule]]\nname = \"rest\"\nevery = \"weekly\"\n",
    );
    let names: Vec<String> = (0..20).map(|n| format!("Account {n:02}")).collect();
    for customer in ["north", "south"] {
        let nps = names
            .iter()
            .enumerate()
            .map(|(n, name)| (name.as_str(), "NPS", if n % 2 == 0 { "5" } else { "90" }));
        sandbox.write("kpis.csv", rows(nps));
        let words = ["ingest", "kpis", "kpis.csv", "--no-events", "--customer", customer];
        sandbox.command(words).at("2026-11-09T10:00:00Z").run().ok();
    }
    for (time, slots) in [("10:00:00", 40), ("11:00:00", 40)] {
        for (code, said, told) in a_crowd_at(&sandbox, time) {
            assert_eq!((code, said.as_str(), told.as_str()), (Some(0), "", ""));
        }
        assert_eq!((sandbox.count("slots"), sandbox.count("snapshots")), (slots, slots));
    }
    assert_eq!(sandbox.count("schedule_runs"), 2 * 2 * 16);
    let daily = sandbox.count("slots WHERE label = 'day 2026-11-22'");
    assert_eq!((daily, sandbox.count("slots WHERE label = 'week 2026-W47'")), (20, 20));
}
