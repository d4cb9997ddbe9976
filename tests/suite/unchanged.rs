//! A snapshot of an account that nothing has happened to: it refers to the content before, and whatever does happen makes
//! another one. `verify` makes every content anew from the facts and says where one is not what it should be.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;

use crate::support::Sandbox;

/// The content that Acme's newest snapshot refers to.
fn content(sandbox: &Sandbox) -> i64 {
    let query = "SELECT content_id FROM snapshots WHERE account_id = 1 ORDER BY id DESC LIMIT 1";
    sandbox.sql().query_row(query, [], |row| row.get(0)).expect("a snapshot")
}

fn run(sandbox: &Sandbox, time: &str, line: &str) {
    sandbox.at(time, &line.split(' ').collect::<Vec<_>>()).ok();
}

const FILES: [(&str, &str); 6] = [
    ("one.csv", "account,kpi,value\nAcme,Net Promoter Score (NPS),-20\nAcme,First Response Time,9 hours\n"),
    ("two.csv", "account,kpi,value\nAcme,Net Promoter Score (NPS),-30\n"),
    ("profiles.csv", "account,industry,region\nAcme,Retail,EMEA\n"),
    ("health.csv", "account,month,overall_health_score\nAcme,2026-11,61\n"),
    ("notes.csv", "account,note,date\nAcme,They called twice,2026-11-20\n"),
    ("playbooks.csv", "account,playbook_id,execution_id,status,started_at\nAcme,save,1,running,2026-11-20\n"),
];

#[test]
fn whatever_happens_makes_another_content_and_nothing_else_does() {
    let sandbox = Sandbox::new();
    for (name, text) in FILES {
        sandbox.write(name, text);
    }
    // What happens, and whether it tells anything new of the account.
    let story = [
        ("ingest kpis one.csv --no-events", true),
        ("ingest kpis one.csv --no-events", false),
        ("ingest kpis two.csv --no-events", true),
        ("kpis rename NPS Fans", true),
        ("ingest profiles profiles.csv --no-events", true),
        ("ingest health health.csv --no-events", true),
        ("ingest notes notes.csv --no-events", true),
        ("ingest playbooks playbooks.csv --no-events", true),
        ("uploads undo 2 --yes", true),
    ];
    let (mut before, mut told) = (0, String::new());
    for (place, (line, is_news)) in story.into_iter().enumerate() {
        let at = |second: usize| format!("10:{place:02}:{second:02}");
        run(&sandbox, &at(0), line);
        run(&sandbox, &at(10), "snapshot create -a Acme");
        let after = content(&sandbox);
        run(&sandbox, &at(20), "snapshot create -a Acme");
        run(&sandbox, &at(30), "snapshot create -a Acme");
        let _ = writeln!(told, "{line}: {before} -> {after}");
        assert_eq!(after != before, is_news, "{told}");
        assert_eq!(content(&sandbox), after, "nothing happened since {line}");
        before = after;
    }
    sandbox.write("snapshots.toml", "[health]\nprefer = \"calculated\"\n");
    run(&sandbox, "11:00:00", "snapshot create -a Acme");
    assert_ne!(content(&sandbox), before, "other rules, another score");
    run(&sandbox, "11:10:00", "verify");
}

#[test]
fn the_score_of_thirty_days_ago_is_found_within_a_run_of_one_content_and_before_it() {
    let sandbox = Sandbox::new();
    let on =
        |day: &str, line: &[&str]| sandbox.command(line).at(&format!("{day}T08:00:00Z")).run().ok().json();
    let value = |day: &str, value: &str| {
        sandbox.write("kpis.csv", format!("account,kpi,value\nAcme,Net Promoter Score (NPS),{value}\n"));
        on(day, &["ingest", "kpis", "kpis.csv", "--json"]);
    };
    let taken = |day: &str| {
        on(day, &["snapshot", "create", "-a", "Acme", "--json"]);
        on(day, &["latest", "-a", "Acme", "--json"])
    };
    let score = |day: &str| taken(day)["overall_health_score"].as_f64().expect("a score");
    let change = |day: &str| taken(day)["health_score_change_30d"].as_f64().expect("a change");
    value("2026-01-01", "10");
    let first = score("2026-01-02");
    value("2026-01-11", "40");
    let second = score("2026-01-12");
    assert!(second > first, "{first} {second}");
    for (day, expected, why) in [
        ("2026-01-20", second - first, "an account younger than that: its first"),
        ("2026-02-05", second - first, "thirty days back lies before the run"),
        ("2026-02-12", 0.0, "within the run"),
        ("2026-06-01", 0.0, "all of it within the run"),
    ] {
        assert!((change(day) - expected).abs() < 1e-9, "{day}: {why}");
    }
    on("2026-06-02", &["verify", "--json"]);
}
