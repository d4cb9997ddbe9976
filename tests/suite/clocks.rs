//! Clocks that go wrong, and days that are not like others: back an hour, a day, a year; forward and back; both changes
//! of the clocks, the leap day, the last millisecond of a day. Every command that looks at the time meets them.
//!
//! A clock that went back is the system's own, before a database whose last change a clock ahead of it recorded.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use crate::support::{Outcome, Sandbox};

fn from_now(passed: Duration) -> String {
    (Utc::now() + passed).to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

fn kpis(sandbox: &Sandbox, value: &str) -> String {
    let file = format!("kpis-{value}.csv");
    sandbox.write(&file, format!("account,kpi,value,weight\nAcme,NPS,{value},{}\n", value.len()));
    file
}

/// A customer of sixty days, of whom a clock that stood ahead by so much then recorded a value, a change that waits, and
/// a slot.
fn ahead(by: Duration) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("snapshots.toml", "[[schedule]]\nname = \"daily\"\nevery = \"daily\"\n");
    sandbox.write("profiles.csv", "account,arr,renewal_date\nAcme,1200,2030-01-31\n");
    let long_ago = from_now(Duration::days(-60));
    for words in [["kpis", &kpis(&sandbox, "1")], ["profiles", "profiles.csv"]] {
        sandbox.command(["ingest"].iter().chain(&words)).at(&long_ago).run().ok();
    }
    for value in ["22", "333"] {
        let words = ["ingest", "kpis", &kpis(&sandbox, value)];
        sandbox.command(words).at(&from_now(by)).run().ok();
    }
    sandbox.command(["scheduled", "run"]).at(&from_now(by + Duration::minutes(1))).run().ok();
    sandbox
}

#[track_caller]
fn verifies(sandbox: &Sandbox) {
    sandbox.run(["verify"]).ok();
}

fn current(sandbox: &Sandbox) -> Value {
    let values = "SELECT value FROM v_kpi_current WHERE account_name = 'Acme'";
    sandbox.sql().query_one(values, [], |row| row.get::<_, f64>(0)).expect("a value").into()
}

/// What writes, of one customer, and each word of it that is new in each round.
fn writers(sandbox: &Sandbox) -> Vec<Vec<String>> {
    let month = Utc::now().format("%Y-%m");
    sandbox.write("later.csv", "account,arr,renewal_date\nAcme,2400,2031-01-31\n");
    sandbox.write("health.csv", format!("account,period,score\nAcme,{month},55\n"));
    sandbox.write("notes.csv", "account,note_id,title,content\nAcme,n1,Call,fine\n");
    sandbox.write("playbooks.csv", "execution id,playbook id,account,status\ne1,voc,Acme,completed\n");
    let file = kpis(sandbox, "44");
    let words = [
        format!("ingest kpis {file}"),
        "ingest profiles later.csv".to_owned(),
        "ingest health health.csv".to_owned(),
        "ingest notes notes.csv".to_owned(),
        "ingest playbooks playbooks.csv".to_owned(),
        "snapshot create -a Acme --tag now-1".to_owned(),
        "snapshot pin 1".to_owned(),
        "health calculate --all".to_owned(),
        "accounts alias Acme Acmeone".to_owned(),
        "kpis set NPS --worst -50".to_owned(),
        "uploads undo 3 --yes".to_owned(),
        "uploads redo 3 --yes".to_owned(),
    ];
    words.iter().map(|line| line.split(' ').map(ToOwned::to_owned).collect()).collect()
}

/// What serves every customer and writes, and what only reads; the system's clock is theirs.
const OTHERS: [&str; 22] = [
    "flush",
    "flush --now",
    "scheduled run",
    "scheduled plan",
    "retention plan",
    "retention apply --yes",
    "retention purge --yes",
    "status",
    "latest --all",
    "latest -a Acme --create-missing",
    "history -a Acme --every day",
    "compare -a Acme",
    "compare --all previous latest",
    "explain -a Acme",
    "context -a Acme",
    "snapshot list --since 30d",
    "accounts show Acme",
    "customers list",
    "events list",
    "backup folder/",
    "export snapshots all.csv",
    "kpis list",
];

#[test]
fn a_clock_that_went_back_is_told_of_and_nothing_is_lost() {
    std::thread::scope(|scope| {
        for by in [Duration::hours(1), Duration::hours(25), Duration::days(366)] {
            scope.spawn(move || went_back(by));
        }
    });
}

fn went_back(by: Duration) {
    let sandbox = ahead(by);
    for words in writers(&sandbox) {
        let run = sandbox.run(&words);
        run.ok().mentions("the system's clock stands at");
        verifies(&sandbox);
    }
    for line in OTHERS {
        sandbox.run(line.split(' ')).ok();
    }
    verifies(&sandbox);
    let order = "SELECT count(*) FROM changes c JOIN changes p ON p.id = c.previous_id WHERE c.recorded_at < p.recorded_at";
    let fallen: i64 = sandbox.sql().query_one(order, [], |row| row.get(0)).expect("a count");
    assert_eq!((fallen, current(&sandbox)), (0, json!(44.0)), "{by}");
    let latest = sandbox.run(["latest", "-a", "Acme", "--json"]);
    latest.ok().mentions("after the moment of this answer");
    assert_eq!(latest.json()["dirty_since"], Value::Null, "nothing waits for a year: {by}");
    // The same file again is known, and the clock that is right again goes on from there.
    sandbox.run(["ingest", "kpis", "kpis-44.csv"]).ok().tells("known");
    let later = from_now(by + Duration::days(2));
    let on = sandbox.command(["ingest", "kpis", &kpis(&sandbox, "55555")]).at(&later).run();
    on.ok().keeps_silent_of("clock");
    assert_eq!(current(&sandbox), json!(55555.0), "{by}");
    verifies(&sandbox);
}

#[test]
fn snapshots_of_a_clock_ahead_are_kept_and_pass_for_no_fresh_ones() {
    let sandbox = ahead(Duration::days(366));
    let plan = sandbox.run(["retention", "plan", "--json"]).ok().json();
    let items = plan["items"].as_array().expect("items");
    assert!(items.iter().any(|item| item["is_future_dated"] == true), "{plan}");
    for item in items.iter().filter(|item| item["is_future_dated"] == true) {
        assert_eq!(item["verdict"], "keep", "{item}");
    }
    // The newest that is not of the future stays as well, or nothing of today would be left.
    assert!(items.iter().any(|item| item["is_future_dated"] == false && item["verdict"] == "keep"));
    for (limit, reason) in [("--max-age", "max_age"), ("--max-data-age", "max_data_age")] {
        sandbox.run(["latest", "--all", limit, "2d"]).fails_with(8);
        sandbox.run(["latest", "--all", limit, "3y"]).ok();
        let stale =
            |age| sandbox.run(["status", "--json", limit, age]).json()["customers"][0]["stale"].clone();
        assert_eq!(stale("2d")[0]["reasons"], json!([reason]));
        assert_eq!(stale("3y"), json!([]));
    }
}

#[test]
fn an_instant_before_the_last_change_is_refused_by_whatever_writes() {
    let sandbox = ahead(Duration::hours(1));
    let writers = writers(&sandbox);
    let changes = sandbox.count("changes");
    for words in writers {
        let refused = sandbox.command(&words).at(&from_now(Duration::days(-1))).run();
        refused.fails_with(5).mentions("lies before the customer's last recorded change");
        assert_eq!(sandbox.count("changes"), changes, "{words:?}");
    }
    for line in ["flush --now", "scheduled run"] {
        let left = sandbox.command(line.split(' ')).at(&from_now(Duration::days(-1))).run();
        assert!(matches!(left.code(), Some(3 | 5)), "{}", left.transcript());
        assert_eq!(sandbox.count("changes"), changes, "{line}");
    }
    // Reading under an old date is allowed: it is what `--at` is for.
    for line in
        ["latest --all", "status", "retention plan", "retention apply --yes", "scheduled plan", "verify"]
    {
        sandbox.command(line.split(' ')).at(&from_now(Duration::days(-1))).run().ok();
    }
}

#[test]
fn what_was_taken_back_leaves_its_day_to_nobody() {
    let sandbox = ahead(Duration::days(366));
    for upload in ["4", "3"] {
        sandbox.run(["uploads", "undo", upload, "--yes"]).ok();
    }
    sandbox.run(["ingest", "kpis", &kpis(&sandbox, "66")]).ok();
    let day = sandbox.sql().query_one("SELECT observed_at FROM v_kpi_current", [], |row| row.get(0));
    let day: String = day.expect("a day");
    assert_eq!(day, Utc::now().format("%Y-%m-%d").to_string());
    for upload in ["3", "4"] {
        sandbox.run(["uploads", "redo", upload, "--yes"]).ok();
        verifies(&sandbox);
    }
}

#[test]
fn a_zone_further_west_takes_no_day_back() {
    let sandbox = Sandbox::new();
    let ingest = |zone: &str, at: &str, file: &str| -> Outcome {
        sandbox.write("snapshots.toml", format!("timezone = \"{zone}\"\n"));
        sandbox.command(["ingest", "kpis", file]).at(at).run()
    };
    let seen = |value: f64| {
        sandbox.command(["verify"]).at("2026-12-01T00:00:00Z").run().ok();
        let found: f64 = sandbox
            .sql()
            .query_one("SELECT value FROM v_kpi_current", [], |row| row.get(0))
            .expect("a value");
        assert!((found - value).abs() < f64::EPSILON, "{found} is not {value}");
    };
    ingest("Asia/Tokyo", "2026-11-23T01:00:00Z", &kpis(&sandbox, "1")).ok();
    ingest("America/New_York", "2026-11-23T02:00:00Z", &kpis(&sandbox, "22")).ok();
    seen(22.0);
    sandbox.write("dated.csv", "account,kpi,value,date\nAcme,NPS,7,2026-11-24\n");
    ingest("America/New_York", "2026-11-24T12:00:00Z", "dated.csv").ok();
    seen(7.0);
}

/// Instants in New York, with the day and the month that clocks show there.
const NEW_YORK: [(&str, &str, &str); 9] = [
    // the last millisecond before the clocks are put forward, and the first after it
    ("2026-03-08T06:59:59.999Z", "2026-03-08", "2026-03"),
    ("2026-03-08T07:00:00.000Z", "2026-03-08", "2026-03"),
    // the first and the second time that they show half past one
    ("2026-11-01T05:30:00.000Z", "2026-11-01", "2026-11"),
    ("2026-11-01T06:30:00.000Z", "2026-11-01", "2026-11"),
    // the last millisecond of a day, of a month, of a leap day; the first of a leap day and of a year
    ("2026-11-23T04:59:59.999Z", "2026-11-22", "2026-11"),
    ("2026-12-01T04:59:59.999Z", "2026-11-30", "2026-11"),
    ("2028-02-29T05:00:00.000Z", "2028-02-29", "2028-02"),
    ("2028-03-01T04:59:59.999Z", "2028-02-29", "2028-02"),
    ("2027-01-01T05:00:00.000Z", "2027-01-01", "2027-01"),
];

#[test]
fn every_command_knows_the_day_and_the_month_of_its_zone() {
    std::thread::scope(|scope| {
        for (at, day, month) in NEW_YORK {
            scope.spawn(move || a_day(at, day, month));
        }
    });
}

/// Every command that looks at the time, at an instant; and the cooldown, which counts milliseconds, not what clocks show.
fn a_day(at: &str, day: &str, month: &str) {
    let instant: DateTime<Utc> = at.parse().expect("an instant");
    let after = |millis: i64| {
        let then = instant + Duration::milliseconds(millis);
        then.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
    };
    let date: chrono::NaiveDate = day.parse().expect("a day");
    let (before, tomorrow) = (date.pred_opt().expect("a day"), date.succ_opt().expect("a day").to_string());
    let sandbox = Sandbox::new();
    sandbox.write(
        "snapshots.toml",
        "timezone = \"America/New_York\"\n[[schedule]]\nname = \"daily\"\nevery = \"daily\"\n[retention.default]\nday = 2\n",
    );
    let run = |at: &str, line: &str| sandbox.command(line.split(' ')).at(at).run();
    run(&after(-40 * 3_600_000), &format!("ingest kpis {}", kpis(&sandbox, "1"))).ok();
    run(at, &format!("ingest kpis {}", kpis(&sandbox, "22"))).ok();
    let observed: String = sandbox
        .sql()
        .query_one("SELECT observed_at FROM v_kpi_current", [], |row| row.get(0))
        .expect("a day");
    assert_eq!(observed, day, "{at}");
    sandbox.write("ahead.csv", format!("account,kpi,value,date\nAcme,NPS,9,{tomorrow}\n"));
    run(at, "ingest kpis ahead.csv").fails_with(5);
    let calculated = run(at, "health calculate --all --json").ok().json();
    assert_eq!(calculated["month"], month, "{at}");
    let filled = run(at, "scheduled run --json").ok().json();
    assert_eq!(filled["slots"][0]["label"], format!("day {day}"), "{at}");
    assert_eq!(run(at, "scheduled run --json").ok().json()["slots"], json!([]), "{at}");
    let newest = run(at, "snapshot create -a Acme --json").ok().json()["created"][0]["snapshot_id"].clone();
    let known = |moment: &str| run(&after(1), &format!("latest -a Acme --json --as-of {moment}")).ok().json();
    assert_eq!(known(day)["snapshot_id"], newest, "{at}");
    assert_eq!(known(&before.to_string())["snapshot_id"], 1, "{at}");
    let since = run(at, &format!("snapshot list --json --since {day}")).ok().json();
    assert_eq!(since["count"], 4, "{at}: {since}");
    let days = run(at, "history -a Acme --json --every day").ok().json();
    assert_eq!(days["items"].as_array().map(|items| json!(items.len())), Some(days["count"].clone()));
    run(at, "status").ok();
    run(at, "retention plan").ok();
    run(at, "retention apply --yes").ok();
    // A change at the instant is owed 300,000 ms after the snapshot, whatever clocks show by then.
    run(&after(1_000), &format!("ingest kpis {}", kpis(&sandbox, "333"))).ok();
    assert_eq!(run(&after(299_999), "flush --json").ok().json()["created"], 0, "{at}");
    assert_eq!(run(&after(300_000), "flush --json").ok().json()["created"], 1, "{at}");
    run(&after(300_000), "verify").ok();
}
