//! `scheduled run`: which slots are filled, when, by which rule; what a late, repeated, killed or failed run leaves to the
//! next one; and what is said.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use crate::support::book::rows;
use crate::support::{Outcome, Sandbox};
use serde_json::{Value, json};

const RULES: &str = r#"
[[schedule]]
name = "gone"
when = "status in [inactive, churned]"
every = "monthly"
[[schedule]]
name = "high value"
when = "revenue > 1000000"
every = "daily"
at = "02:00"
[[schedule]]
name = "the rest"
every = "weekly"
"#;

/// Three accounts since 1 November, one for each of the rules.
fn three() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("snapshots.toml", RULES);
    sandbox.write(
        "profiles.csv",
        "account,status,arr\nAcme,active,2000000\nBeta,active,50000\nGone,churned,70000\n",
    );
    let words = ["ingest", "profiles", "profiles.csv", "--no-events"];
    sandbox.command(words).at("2026-11-01T10:00:00Z").run().ok();
    sandbox
}

fn run(sandbox: &Sandbox, at: &str) -> Outcome {
    sandbox.command(["scheduled", "run"]).at(at).run()
}

fn run_json(sandbox: &Sandbox, at: &str) -> Value {
    sandbox.command(["scheduled", "run", "--json"]).at(at).run().ok().json()
}

/// Account, label, rule and gap of each filled slot, in order.
fn slots(sandbox: &Sandbox) -> Vec<String> {
    let sql = sandbox.sql();
    let mut statement = sql
        .prepare(
            "SELECT account_name || ' ' || label || ' ' || rule || \
             coalesce(' ' || gap_from || '..' || gap_to || ' ' || gap_count, '') FROM v_slots ORDER BY snapshot_id",
        )
        .expect("the view of slots");
    statement.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("texts")
}

#[test]
fn the_first_rule_that_holds_decides_and_the_snapshot_says_which() {
    let sandbox = three();
    let view = run_json(&sandbox, "2026-11-09T03:00:00Z");
    let line = |place: usize| {
        let slot = &view["slots"][place];
        (slot["rule"].clone(), slot["label"].clone(), slot["created"].clone(), slot["missed"].clone())
    };
    assert_eq!(line(0), (json!("high value"), json!("day 2026-11-09"), json!(1), json!(7)));
    assert_eq!(line(1), (json!("the rest"), json!("week 2026-W46"), json!(1), json!(1)));
    // The slot of November was due before the account's first fact.
    assert_eq!((&view["slots"][2], &view["next_due_at"]), (&Value::Null, &json!("2026-11-10T02:00:00.000Z")));
    let words = ["latest", "-a", "Acme", "--json"];
    let snapshot = sandbox.command(words).at("2026-11-09T03:00:01Z").run().ok().json();
    assert_eq!(
        (&snapshot["snapshot_type"], &snapshot["trigger_event"], &snapshot["trigger_action"]),
        (&json!("scheduled"), &json!("schedule"), &json!("high value"))
    );
    assert_eq!(
        (&snapshot["created_by"], &snapshot["snapshot_timestamp"]),
        (&json!("acctsnap"), &json!("2026-11-09T03:00:00.000Z"))
    );
    run(&sandbox, "2026-12-01T00:00:00Z").ok();
    assert!(slots(&sandbox).contains(&"Gone month 2026-12 gone".to_owned()), "{:?}", slots(&sandbox));
}

#[test]
fn without_a_rule_every_account_is_due_on_monday() {
    let sandbox = Sandbox::new();
    sandbox.write("kpis.csv", rows([("Acme", "NPS", "5")]));
    let words = ["ingest", "kpis", "kpis.csv", "--no-events"];
    sandbox.command(words).at("2026-11-09T10:00:00Z").run().ok();
    assert_eq!(run_json(&sandbox, "2026-11-15T23:59:59.999Z")["slots"], json!([]));
    run(&sandbox, "2026-11-16T00:00:00Z").ok();
    assert_eq!(slots(&sandbox), ["Acme week 2026-W47 weekly"]);
}

#[test]
fn a_good_run_is_silent_in_a_cron_job_and_tells_where_it_is_asked() {
    let sandbox = three();
    let quiet = run(&sandbox, "2026-11-09T03:00:00Z");
    assert_eq!((quiet.ok().stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    let told = sandbox.command(["scheduled", "run", "--verbose"]).at("2026-11-10T03:00:00Z").run();
    assert_eq!(told.ok().stdout, "1 scheduled snapshot taken\n  high value, day 2026-11-10: 1 taken\n");
    told.says("✅ Auto-created snapshot 3 for account Acme (trigger: schedule)");
    let again = sandbox.command(["scheduled", "run", "--verbose"]).at("2026-11-10T04:00:00Z").run();
    assert_eq!(again.ok().stdout, "no slot was due; next 2026-11-11 02:00:00 +00:00\n");
    assert_eq!((sandbox.count("snapshots"), sandbox.count("schedule_runs")), (3, 3));
}

#[test]
fn a_dead_cron_leaves_one_snapshot_and_a_gap_to_the_day() {
    let sandbox = three();
    for at in ["2026-11-09T03:00:00Z", "2026-11-10T03:00:00Z", "2026-11-24T03:00:00Z"] {
        run(&sandbox, at).ok();
    }
    let expected = [
        "Acme day 2026-11-09 high value day 2026-11-02..day 2026-11-08 7",
        "Beta week 2026-W46 the rest week 2026-W45..week 2026-W45 1",
        "Acme day 2026-11-10 high value",
        "Acme day 2026-11-24 high value day 2026-11-11..day 2026-11-23 13",
        "Beta week 2026-W48 the rest week 2026-W47..week 2026-W47 1",
    ];
    assert_eq!(slots(&sandbox), expected);
}

#[test]
fn a_rule_that_changes_in_mid_period_makes_no_second_slot_and_no_false_gap() {
    let sandbox = three();
    run(&sandbox, "2026-11-09T03:00:00Z").ok();
    // The day moves to later in the week, then the cadence to daily and back.
    sandbox
        .write("snapshots.toml", RULES.replace("every = \"weekly\"", "every = \"weekly\"\non = \"friday\""));
    run(&sandbox, "2026-11-13T03:00:00Z").ok();
    sandbox.write("snapshots.toml", RULES.replace("every = \"weekly\"", "every = \"daily\""));
    run(&sandbox, "2026-11-13T04:00:00Z").ok();
    sandbox.write("snapshots.toml", RULES);
    run(&sandbox, "2026-11-13T05:00:00Z").ok();
    run(&sandbox, "2026-11-16T00:00:00Z").ok();
    let of_beta: Vec<String> = slots(&sandbox).into_iter().filter(|slot| slot.starts_with("Beta")).collect();
    let expected = [
        "Beta week 2026-W46 the rest week 2026-W45..week 2026-W45 1",
        "Beta day 2026-11-13 the rest",
        "Beta week 2026-W47 the rest",
    ];
    assert_eq!(of_beta, expected);
}

#[test]
fn an_account_that_comes_under_another_rule_is_due_by_it_without_a_gap() {
    let sandbox = three();
    run(&sandbox, "2026-11-12T03:00:00Z").ok();
    sandbox.write("profiles.csv", "account,arr\nBeta,3000000\n");
    let words = ["ingest", "profiles", "profiles.csv", "--no-events"];
    sandbox.command(words).at("2026-11-12T12:00:00Z").run().ok();
    run(&sandbox, "2026-11-12T13:00:00Z").ok();
    assert_eq!(slots(&sandbox).last().map(String::as_str), Some("Beta day 2026-11-12 high value"));
}

#[test]
fn a_failed_snapshot_fills_no_slot_and_is_tried_again() {
    let sandbox = three();
    run(&sandbox, "2026-11-09T03:00:00Z").ok();
    let refuse = "CREATE TRIGGER refused BEFORE INSERT ON snapshots WHEN NEW.account_id = 1 \
                  BEGIN SELECT RAISE(ABORT, 'acme is not welcome'); END";
    sandbox.sql().execute_batch(refuse).expect("a trigger");
    let failed = sandbox.command(["scheduled", "run", "--json"]).at("2026-11-16T03:00:00Z").run();
    let view = failed.fails_with(3).mentions("acme is not welcome").json();
    assert_eq!(
        (&view["failures"][0]["account_name"], &view["failures"][0]["label"]),
        (&json!("Acme"), &json!("day 2026-11-16"))
    );
    assert_eq!(slots(&sandbox).last().map(String::as_str), Some("Beta week 2026-W47 the rest"));
    run(&sandbox, "2026-11-17T03:00:00Z").fails_with(3);
    assert_eq!(sandbox.count("schedule_runs WHERE failed = 1 AND failed_accounts = '[1]'"), 2);
    sandbox.sql().execute_batch("DROP TRIGGER refused").expect("the trigger");
    run(&sandbox, "2026-11-17T04:00:00Z").ok();
    // Since the run of the 9th, which was the last that left nothing undone of it.
    let last = slots(&sandbox).pop();
    assert_eq!(last.as_deref(), Some("Acme day 2026-11-17 high value day 2026-11-10..day 2026-11-16 7"));
}

#[test]
fn a_run_that_is_taken_back_leaves_everything_to_the_next() {
    let sandbox = three();
    let tried = sandbox.command(["scheduled", "run", "--dry-run", "--json"]).at("2026-11-09T03:00:00Z").run();
    assert_eq!(tried.ok().json()["snapshot_ids"], json!([1, 2]));
    assert_eq!((sandbox.count("slots"), sandbox.count("schedule_runs")), (0, 0));
    assert_eq!(run_json(&sandbox, "2026-11-09T03:00:00Z")["snapshot_ids"], json!([1, 2]));
}

#[test]
fn a_customer_that_refuses_the_instant_leaves_the_others() {
    let sandbox = three();
    let late = ["ingest", "profiles", "profiles.csv", "--no-events", "--customer", "late"];
    sandbox.command(late).at("2026-12-01T10:00:00Z").run().ok();
    run(&sandbox, "2026-11-09T03:00:00Z").fails_with(3).mentions("customer 'late' is left");
    assert_eq!(sandbox.count("slots"), 2);
    let alone = ["scheduled", "run", "--customer", "late"];
    sandbox.command(alone).at("2026-11-09T03:00:00Z").run().fails_with(5);
    sandbox
        .command(["scheduled", "run", "--customer", "nobody"])
        .at("2026-11-09T03:00:00Z")
        .run()
        .fails_with(4);
}

#[test]
fn pending_changes_are_covered_or_flushed_and_archived_accounts_are_left_out() {
    let sandbox = three();
    let archive = ["accounts", "archive", "Beta"];
    sandbox.command(archive).at("2026-11-08T10:00:00Z").run().ok();
    sandbox.write("kpis.csv", rows([("Acme", "NPS", "5"), ("Gone", "NPS", "7")]));
    let defer = ["ingest", "kpis", "kpis.csv", "--defer"];
    sandbox.command(defer).at("2026-11-09T02:30:00Z").run().ok();
    let view = run_json(&sandbox, "2026-11-09T03:00:00Z");
    assert_eq!((&view["flushed"], view["snapshot_ids"].as_array().map(Vec::len)), (&json!(1), Some(1)));
    assert_eq!(sandbox.outcomes("default"), ["covered", "created"]);
    assert_eq!(slots(&sandbox), ["Acme day 2026-11-09 high value day 2026-11-02..day 2026-11-08 7"]);
}

#[test]
fn a_clock_that_stood_wrong_takes_nobody_s_turn() {
    let sandbox = Sandbox::new();
    sandbox.write("snapshots.toml", RULES);
    sandbox.write("profiles.csv", "account,arr\nAcme,2000000\n");
    let days_on = |days| (chrono::Utc::now() + chrono::Duration::days(days)).to_rfc3339();
    let words = ["ingest", "profiles", "profiles.csv", "--no-events"];
    sandbox.command(words).at(&days_on(-60)).run().ok();
    // A run a year ahead, as a machine with a wrong clock makes it; then the right time again, as the system tells it.
    run(&sandbox, &days_on(365)).ok();
    let now = || sandbox.command(["scheduled", "run", "--json"]).run().ok().json()["snapshot_ids"].clone();
    assert_eq!((now(), now()), (json!([2]), json!([])));
}

#[test]
fn a_zone_decides_when_a_day_begins() {
    let sandbox = three();
    sandbox.write("snapshots.toml", format!("timezone = \"Asia/Kathmandu\"\n{RULES}"));
    run(&sandbox, "2026-11-08T20:14:59.999Z").ok();
    run(&sandbox, "2026-11-08T20:15:00Z").ok();
    let days: Vec<String> = slots(&sandbox).into_iter().filter(|slot| slot.contains(" day ")).collect();
    assert_eq!(days[0].split(" high").next(), Some("Acme day 2026-11-08"));
    assert_eq!(days[1], "Acme day 2026-11-09 high value");
}

#[test]
fn no_database_and_bad_settings_are_refused() {
    let sandbox = Sandbox::new();
    run(&sandbox, "2026-11-09T03:00:00Z").fails_with(4);
    let sandbox = three();
    sandbox.write("snapshots.toml", RULES.replace("revenue >", "revenu >"));
    let wrong = sandbox.command(["scheduled", "run", "--json"]).at("2026-11-09T03:00:00Z").run();
    assert_eq!(wrong.fails_with(2).error_json()["code"], "usage");
    sandbox.command(["scheduled"]).run().fails_with(2);
}
