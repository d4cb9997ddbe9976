//! `status`: what is stale, what waits, what failed, whether the schedule runs; for people, scripts and monitors.

use crate::support::book::{nps, rows, today};
use crate::support::{Outcome, Sandbox, shape};
use serde_json::{Value, json};

fn at(sandbox: &Sandbox, instant: &str, words: &[&str]) -> Outcome {
    sandbox.command(words).at(instant).run()
}

/// The status as JSON, whatever its exit code.
#[track_caller]
fn status(sandbox: &Sandbox, instant: &str, flags: &[&str], exit: i32) -> Value {
    let words: Vec<&str> = ["status", "--json"].iter().chain(flags).copied().collect();
    let view = at(sandbox, instant, &words).fails_with(exit).json();
    shape::check("status", &view);
    view
}

/// Two accounts, ingested on Sunday the 22nd at 10:00, and a run of the schedule at 10:30.
fn scheduled(config: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("snapshots.toml", config);
    sandbox.ingest("10:00:00", &rows([("Acme", "NPS", "40"), ("Beta", "NPS", "50")]), &[]).ok();
    sandbox.at("10:30:00", &["scheduled", "run"]).ok();
    sandbox
}

const DAILY: &str = "[[schedule]]\nname = \"every day\"\nevery = \"daily\"\nat = \"02:00\"\n";

#[test]
fn where_all_is_well_it_is_one_line() {
    let sandbox = scheduled("");
    let text = sandbox.at("10:42:00", &["status"]);
    text.ok().matches_golden("status/well");
    assert!(text.stdout.lines().count() == 1 && text.stdout.len() <= 81, "{}", text.stdout);
    let view = status(&sandbox, &today("10:42:00"), &[], 0);
    assert_eq!((&view["verdict"], &view["as_of"]), (&json!("ok"), &json!(today("10:42:00.000"))));
    let customer = &view["customers"][0];
    assert_eq!((&customer["accounts"], &customer["stale"]), (&json!(2), &json!([])));
    assert_eq!(customer["newest_kpis_age_seconds"], 42 * 60);
    assert_eq!(customer["schedule"]["last_runs"][0]["age_seconds"], 12 * 60);
    assert_eq!(customer["schedule"]["next_due_at"], "2026-11-23T00:00:00.000Z");
    sandbox.at("10:42:00", &["status", "--nagios"]).ok().matches_golden("status/nagios_well");
}

#[test]
fn before_there_is_anything_it_says_what_is_missing() {
    let sandbox = Sandbox::new();
    sandbox.at("10:00:00", &["status"]).fails_with(4).mentions("hint:");
    assert!(!sandbox.path("test.db").exists());
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    let never = at(&sandbox, "2026-12-22T10:00:00Z", &["status"]);
    assert!(never.ok().stdout.contains("the schedule has never run (acctsnap scheduled install)"));
    let view = status(&sandbox, "2026-12-22T10:00:00Z", &[], 0);
    let schedule = &view["customers"][0]["schedule"];
    assert_eq!((&schedule["unfilled_slots"], &schedule["overdue_slots"]), (&json!(1), &json!(0)));
    sandbox.at("10:01:00", &["accounts", "archive", "Acme"]).ok();
    assert_eq!(
        sandbox.at("10:02:00", &["status"]).ok().stdout,
        "no accounts yet: acctsnap ingest kpis FILE\n"
    );
}

#[test]
fn a_dead_cron_is_told_two_hours_after_a_slot_was_due() {
    let sandbox = scheduled(DAILY);
    let due_for_two_hours = status(&sandbox, "2026-11-23T04:00:00Z", &[], 0);
    let schedule = &due_for_two_hours["customers"][0]["schedule"];
    assert_eq!((&schedule["unfilled_slots"], &schedule["overdue_slots"]), (&json!(2), &json!(0)));
    let late = status(&sandbox, "2026-11-23T04:00:00.001Z", &[], 8);
    let schedule = &late["customers"][0]["schedule"];
    assert_eq!((&late["verdict"], &schedule["overdue_slots"]), (&json!("stale"), &json!(2)));
    assert_eq!(schedule["oldest_unfilled_due_at"], "2026-11-23T02:00:00.000Z");
    assert_eq!(
        late["customers"][0]["stale"],
        json!([]),
        "the snapshots are not older than a day and a period"
    );
    at(&sandbox, "2026-11-23T05:00:00Z", &["status"]).fails_with(8).matches_golden("status/dead_cron");
    at(&sandbox, "2026-11-23T05:00:00Z", &["status", "--nagios"])
        .fails_with(2)
        .matches_golden("status/nagios_dead_cron");
    at(&sandbox, "2026-11-23T05:00:01Z", &["scheduled", "run"]).ok();
    status(&sandbox, "2026-11-23T05:00:02Z", &[], 0);
}

#[test]
fn a_snapshot_is_stale_when_a_whole_period_of_its_cadence_went_by() {
    let sandbox = scheduled(
        "[[schedule]]\nname = \"low\"\nwhen = \"health < 70\"\nevery = \"daily\"\n[[schedule]]\nname = \"rest\"\nevery = \"weekly\"\n",
    );
    // Acme has 60 points, Beta 66.67: both are daily until Beta's rise to 90.
    sandbox.ingest("10:40:00", &nps("Beta", "90"), &[]).ok();
    let reasons = |instant: &str| {
        let view = at(&sandbox, instant, &["status", "--json"]).json();
        let stale = view["customers"][0]["stale"].as_array().expect("a list").clone();
        stale
            .iter()
            .map(|it| {
                (
                    it["account_name"].as_str().unwrap_or_default().to_owned(),
                    it["rule"].as_str().unwrap_or_default().to_owned(),
                )
            })
            .collect::<Vec<_>>()
    };
    assert!(reasons("2026-11-23T23:59:59.999Z").is_empty(), "one slot was missed");
    assert_eq!(
        reasons("2026-11-24T00:00:00Z"),
        [("Acme".to_owned(), "low".to_owned())],
        "the second one is due"
    );
    assert_eq!(reasons("2026-11-29T23:59:59.999Z"), [("Acme".to_owned(), "low".to_owned())]);
    let both = [("Acme".to_owned(), "low".to_owned()), ("Beta".to_owned(), "rest".to_owned())];
    assert_eq!(reasons("2026-11-30T00:00:00Z"), both, "two Mondays");
    at(&sandbox, "2026-12-02T12:00:00Z", &["status"]).fails_with(8).matches_golden("status/stale");
}

#[test]
fn ages_are_limits_to_the_millisecond() {
    let sandbox = scheduled("");
    for (flag, since_ten) in
        [("--max-data-age", "2026-11-22T11:00:00Z"), ("--max-age", "2026-11-22T11:00:00Z")]
    {
        let limit = [flag, "1h"];
        status(&sandbox, since_ten, &limit, 0);
        let later = since_ten.replace("00Z", "00.001Z");
        let view = status(&sandbox, &later, &limit, 8);
        assert_eq!(view["customers"][0]["stale"].as_array().map(Vec::len), Some(2), "{flag}");
        let reason = if flag == "--max-age" { "max_age" } else { "max_data_age" };
        assert_eq!(view["customers"][0]["stale"][0]["reasons"], json!([reason]));
    }
    // What was never there is as old as can be.
    sandbox.write("profiles.csv", "account,industry\nGamma,Transport\n");
    sandbox.at("10:50:00", &["ingest", "profiles", "profiles.csv", "--no-events"]).ok();
    let view = status(&sandbox, &today("10:50:00"), &["--max-age", "9d", "--max-data-age", "9d"], 8);
    let stale = &view["customers"][0]["stale"];
    assert_eq!((&stale[0]["account_name"], stale.as_array().map(Vec::len)), (&json!("Gamma"), Some(1)));
    assert_eq!(stale[0]["reasons"], json!(["max_age", "max_data_age"]));
    sandbox.at("10:50:00", &["status", "--max-age", "soon"]).fails_with(2).mentions("--max-age");
}

#[test]
fn changes_that_wait_are_told_and_are_stale_when_nobody_flushes() {
    let sandbox = scheduled("");
    sandbox.ingest("10:31:00", &nps("Acme", "41"), &[]).ok();
    sandbox.ingest("10:32:00", &nps("Acme", "42"), &[]).ok();
    sandbox.ingest("10:33:00", &nps("Beta", "43"), &["--defer"]).ok();
    let view = status(&sandbox, &today("10:33:00"), &[], 0);
    let pending = &view["customers"][0]["pending"];
    let said = ["accounts", "events", "deferred", "failing", "overdue_accounts"].map(|field| &pending[field]);
    assert_eq!(said, [&json!(2), &json!(2), &json!(1), &json!(0), &json!(0)]);
    assert_eq!(
        (&pending["oldest_at"], &pending["due_at"]),
        (&json!(today("10:32:00.000")), &json!(today("10:33:00.000")))
    );
    assert!(sandbox.at("10:33:00", &["status"]).ok().stdout.contains("2 wait for a snapshot"));
    // Deferred at 10:33 and due at once; skipped until 10:36.
    status(&sandbox, &today("12:33:00"), &[], 0);
    assert_eq!(
        status(&sandbox, &today("12:33:00.001"), &[], 8)["customers"][0]["pending"]["overdue_accounts"],
        1
    );
    sandbox.at("12:40:00", &["status"]).fails_with(8).matches_golden("status/pending");
    sandbox.at("12:40:00", &["flush"]).ok();
    status(&sandbox, &today("12:40:00"), &[], 0);
}

#[test]
fn what_failed_is_a_warning_while_it_is_tried_again_and_outranks_all_when_given_up() {
    let sandbox = scheduled("");
    let trigger = "CREATE TRIGGER refused BEFORE INSERT ON snapshots WHEN NEW.account_id = 2 \
                   BEGIN SELECT RAISE(ABORT, 'not | welcome'); END";
    sandbox.sql().execute_batch(trigger).expect("a trigger");
    sandbox.ingest("10:40:00", &nps("Beta", "60"), &[]).fails_with(3);
    let failing = status(&sandbox, &today("10:40:00"), &[], 0);
    assert_eq!(
        (&failing["verdict"], &failing["customers"][0]["pending"]["failing"]),
        (&json!("warning"), &json!(1))
    );
    sandbox.at("10:40:00", &["status"]).ok().matches_golden("status/failing");
    sandbox.at("10:40:00", &["status", "--nagios"]).fails_with(1).matches_golden("status/nagios_failing");
    for _ in 0..5 {
        sandbox.at("10:41:00", &["flush"]).fails_with(3);
    }
    let failed = status(&sandbox, &today("10:41:00"), &["--max-age", "1s"], 3);
    assert_eq!(failed["verdict"], "failed");
    assert!(
        !failed["customers"][0]["stale"].as_array().expect("a list").is_empty(),
        "it outranks what is stale"
    );
    let event = &failed["customers"][0]["failed_events"][0];
    assert_eq!((&event["account_name"], &event["failures"]), (&json!("Beta"), &json!(6)));
    assert!(event["error"].as_str().is_some_and(|error| error.contains("not | welcome")));
    let text = sandbox.at("10:41:00", &["status"]);
    assert!(
        text.fails_with(3).stdout.contains("acctsnap snapshot create -a id:2 --customer default\n"),
        "{}",
        text.stdout
    );
    let line = sandbox.at("10:41:00", &["status", "--nagios"]).fails_with(2).stdout.clone();
    assert!(
        line.starts_with("ACCTSNAP CRITICAL - 1 event failed") && line.matches('|').count() == 1,
        "{line}"
    );
}

#[test]
fn a_monitor_gets_unknown_for_whatever_goes_wrong() {
    let sandbox = Sandbox::new();
    let unknown = |words: &[&str]| {
        let run = sandbox.at("10:00:00", words);
        run.fails_with(3);
        assert!(
            run.stdout.starts_with("ACCTSNAP UNKNOWN - ") && run.stdout.lines().count() == 1,
            "{}",
            run.stdout
        );
        assert!(!run.stdout.contains('|'), "{}", run.stdout);
    };
    unknown(&["status", "--nagios"]);
    unknown(&["status", "--nagios", "--db", "no|such.db"]);
    unknown(&["status", "--nagios", "--bogus"]);
    unknown(&["status", "--nagios", "--max-age", "soon"]);
    unknown(&["status", "--nagios", "--config", "missing.toml"]);
    sandbox.write("text.db", "this is no database, and long enough to be read as one ".repeat(20));
    unknown(&["status", "--nagios", "--db", "text.db"]);
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    unknown(&["status", "--nagios", "--customer", "nobody"]);
    let line = sandbox.at("10:00:00", &["status", "--nagios", "--json"]).ok().stdout.clone();
    assert!(line.starts_with("ACCTSNAP OK - 1 account; the schedule has never run | accounts=1 "), "{line}");
}

#[test]
fn every_customer_is_looked_at_and_the_worst_decides() {
    let sandbox = scheduled("");
    sandbox.ingest("10:35:00", &nps("Secret", "1"), &["--customer", "other", "--defer"]).ok();
    let all = status(&sandbox, &today("13:00:00"), &[], 8);
    let verdicts: Vec<_> =
        all["customers"].as_array().expect("a list").iter().map(|it| &it["verdict"]).collect();
    assert_eq!(verdicts, [&json!("ok"), &json!("stale")]);
    sandbox.at("13:00:00", &["status"]).fails_with(8).matches_golden("status/customers");
    let one = status(&sandbox, &today("13:00:00"), &["--customer", "default"], 0);
    assert!(!one.to_string().contains("other"));
    sandbox.at("13:00:00", &["status", "--customer", "nobody"]).fails_with(4);
}

#[test]
fn archived_accounts_have_no_part_in_it() {
    let sandbox = scheduled(DAILY);
    sandbox.ingest("10:40:00", &nps("Beta", "1"), &["--defer"]).ok();
    sandbox.at("10:41:00", &["accounts", "archive", "Beta"]).ok();
    sandbox.at("10:42:00", &["accounts", "archive", "Acme"]).ok();
    let view = status(&sandbox, "2026-12-22T10:00:00Z", &["--max-age", "1d"], 0);
    let customer = &view["customers"][0];
    assert_eq!((&customer["accounts"], &customer["pending"]["events"]), (&json!(0), &json!(0)));
    assert_eq!(customer["schedule"]["unfilled_slots"], 0);
}

#[test]
fn it_only_reads_and_answers_while_another_process_holds_the_lock() {
    let sandbox = scheduled("");
    let changes = sandbox.count("changes");
    let writer = sandbox.sql();
    writer.execute_batch("BEGIN IMMEDIATE").expect("the write lock");
    sandbox.at("10:42:00", &["status", "--wait", "0s"]).ok();
    sandbox.at("10:42:00", &["status", "--nagios", "--wait", "0s"]).ok();
    writer.execute_batch("ROLLBACK").expect("the lock is let go");
    assert_eq!(sandbox.count("changes"), changes);
}
