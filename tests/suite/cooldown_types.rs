//! The cooldown of each type of snapshot, to the millisecond: its own stamp, its own length, and what waits in it.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use crate::support::Sandbox;
use crate::support::book::{nps, today};
use acctsnap::model::time::Timestamp;
use serde_json::{Value, json};

const MINUTE: i64 = 60_000;

/// So many milliseconds after 08:00.
fn after(millis: i64) -> String {
    Timestamp::parse(&today("08:00:00")).expect("an instant").plus_millis(millis).to_string()
}

fn with_acme(config: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("snapshots.toml", config);
    sandbox.ingest("07:00:00", &nps("Acme", "40"), &["--no-events"]).ok();
    sandbox
}

/// How many snapshots `snapshot create --type` takes so many milliseconds after 08:00.
#[track_caller]
fn created(sandbox: &Sandbox, snapshot_type: &str, millis: i64, flags: &[&str]) -> usize {
    let words = ["snapshot", "create", "-a", "Acme", "--type", snapshot_type, "--json"];
    let run = sandbox.command(words.iter().chain(flags)).at(&after(millis)).run();
    run.ok().json()["created"].as_array().map_or(0, Vec::len)
}

#[test]
fn each_type_has_its_length_and_its_edge() {
    for (snapshot_type, minutes) in [("event_driven", 5), ("post_health_calc", 5), ("rag_auto", 30)] {
        let sandbox = with_acme("");
        let window = minutes * MINUTE;
        let at = |millis| created(&sandbox, snapshot_type, millis, &[]);
        assert_eq!((at(0), at(0), at(1), at(window - 1)), (1, 0, 0, 0), "{snapshot_type}");
        assert_eq!((at(window), at(window + 1)), (1, 0), "{snapshot_type}");
        assert_eq!((at(2 * window - 1), at(2 * window)), (0, 1), "{snapshot_type}: it was stamped anew");
        assert_eq!(created(&sandbox, snapshot_type, 2 * window, &["--force"]), 1, "{snapshot_type}");
    }
}

#[test]
fn manual_and_scheduled_snapshots_have_none() {
    let sandbox = with_acme("");
    for snapshot_type in ["manual", "scheduled"] {
        assert_eq!((0..3).map(|_| created(&sandbox, snapshot_type, 0, &[])).sum::<usize>(), 3);
    }
    assert_eq!(sandbox.count("slots"), 0, "one made by hand fills no slot of the calendar");
    let run = sandbox.run(["snapshot", "create", "-a", "Acme", "--type", "automatic"]);
    run.fails_with(2).mentions("manual, event_driven, rag_auto, scheduled, post_health_calc");
}

#[test]
fn no_type_delays_another() {
    let sandbox = with_acme("");
    for snapshot_type in ["event_driven", "post_health_calc", "rag_auto", "scheduled", "manual"] {
        assert_eq!(created(&sandbox, snapshot_type, 0, &[]), 1, "{snapshot_type}");
    }
    for snapshot_type in ["event_driven", "post_health_calc", "rag_auto"] {
        assert_eq!(created(&sandbox, snapshot_type, MINUTE, &[]), 0, "{snapshot_type}");
    }
}

#[test]
fn each_length_is_a_setting_for_everyone_a_customer_and_an_account() {
    for snapshot_type in ["event_driven", "post_health_calc", "rag_auto"] {
        let everyone = format!("[cooldown]\n{snapshot_type} = \"90s\"\n");
        let customer = format!("{everyone}[customers.default.cooldown]\n{snapshot_type} = \"2m\"\n");
        let account =
            format!("{customer}[customers.default.accounts.Acme.cooldown]\n{snapshot_type} = \"3m\"\n");
        for (config, window) in [(everyone, 90_000), (customer, 120_000), (account, 180_000)] {
            let sandbox = with_acme(&config);
            let at = |millis| created(&sandbox, snapshot_type, millis, &[]);
            assert_eq!((at(0), at(window - 1), at(window)), (1, 0, 1), "{config}");
        }
    }
}

/// Calculates the scores; what became of Acme's.
#[track_caller]
fn calculate(sandbox: &Sandbox, time: &str) -> Value {
    sandbox.at(time, &["health", "calculate", "--all", "--json"]).ok().json()["snapshots"].clone()
}

/// The types of Acme's snapshots, oldest first.
fn types(sandbox: &Sandbox) -> Vec<String> {
    let sql = sandbox.sql();
    let mut statement =
        sql.prepare("SELECT snapshot_type FROM v_snapshots ORDER BY snapshot_id").expect("the view");
    statement.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("texts")
}

/// A snapshot of each kind at 10:00, and the change that makes the scores others at 10:01, without an event.
fn with_both(config: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("snapshots.toml", config);
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    assert_eq!(calculate(&sandbox, "10:00:00")["created"], 1);
    sandbox.ingest("10:01:00", &nps("Acme", "41"), &["--no-events"]).ok();
    sandbox
}

#[test]
fn a_calculation_in_its_cooldown_waits_to_the_millisecond_and_keeps_its_type() {
    let sandbox = with_both("");
    let held = calculate(&sandbox, "10:04:59.999");
    assert_eq!((&held["skipped"], &held["pending_due_at"]), (&json!(1), &json!(today("10:05:00.000"))));
    let early = sandbox.at("10:04:59.999", &["flush", "--json"]).ok().json();
    assert_eq!(
        (&early["created"], &early["waiting"][0]["due_at"]),
        (&json!(0), &json!(today("10:05:00.000")))
    );
    let flush = sandbox.at("10:05:00", &["flush", "--verbose"]);
    flush.ok().says("✅ Auto-created snapshot 3 for account Acme (trigger: health_calculation_completed)");
    assert_eq!(types(&sandbox), ["event_driven", "post_health_calc", "post_health_calc"]);
    assert_eq!(sandbox.outcomes("default"), ["created", "created", "created"]);
    // Its own stamp began anew.
    sandbox.ingest("10:05:00", &nps("Acme", "43"), &["--no-events"]).ok();
    assert_eq!(calculate(&sandbox, "10:09:59.999")["skipped"], 1);
}

#[test]
fn any_write_flushes_a_calculation_that_is_due() {
    let sandbox = with_both("");
    assert_eq!(calculate(&sandbox, "10:02:00")["skipped"], 1);
    sandbox.ingest("10:04:59.999", &nps("Beta", "1"), &[]).ok();
    assert_eq!(sandbox.latest("10:04:59.999", "Acme")["snapshot_sequence_number"], 2);
    sandbox.ingest("10:05:00", &nps("Beta", "2"), &[]).ok();
    let newest = sandbox.latest("10:05:00", "Acme");
    let said =
        ["snapshot_sequence_number", "snapshot_type", "trigger_event"].map(|field| newest[field].clone());
    assert_eq!(said, [json!(3), json!("post_health_calc"), json!("health_calculation_completed")]);
}

#[test]
fn what_waits_for_both_is_one_snapshot_of_the_type_that_is_free_first() {
    // Both kinds wait: the first to be free takes the snapshot, and it covers the other.
    for (config, due, snapshot_type, outcomes) in [
        ("", "10:05:00", "post_health_calc", ["created", "created", "covered", "created"]),
        (
            "cooldown.post_health_calc = \"10m\"\n",
            "10:05:00",
            "event_driven",
            ["created", "created", "created", "covered"],
        ),
        (
            "cooldown.event_driven = \"10m\"\n",
            "10:05:00",
            "post_health_calc",
            ["created", "created", "covered", "created"],
        ),
    ] {
        let sandbox = with_both(config);
        let upload = sandbox.ingested("10:02:00", &nps("Acme", "42"), &[]);
        assert_eq!(upload["snapshots"]["skipped"], 1, "{config}");
        assert_eq!(calculate(&sandbox, "10:03:00")["skipped"], 1, "{config}");
        let held = sandbox.at("10:04:59.999", &["flush", "--json"]).ok().json();
        assert_eq!(
            (&held["created"], &held["waiting"][0]["due_at"]),
            (&json!(0), &json!(today(&format!("{due}.000"))))
        );
        assert_eq!(sandbox.at(due, &["flush", "--json"]).ok().json()["created"], 1, "{config}");
        assert_eq!(types(&sandbox).last().map(String::as_str), Some(snapshot_type), "{config}");
        assert_eq!(sandbox.outcomes("default"), outcomes, "{config}");
        assert_eq!(sandbox.at("12:00:00", &["flush", "--json"]).ok().json()["created"], 0, "{config}");
    }
}

#[test]
fn a_flush_now_is_of_the_newest_kind() {
    let sandbox = with_both("");
    assert_eq!(calculate(&sandbox, "10:02:00")["skipped"], 1);
    sandbox.ingest("10:03:00", &nps("Acme", "42"), &[]).ok();
    assert_eq!(sandbox.at("10:03:00", &["flush", "--now", "--json"]).ok().json()["created"], 1);
    assert_eq!(types(&sandbox).last().map(String::as_str), Some("event_driven"));
    assert_eq!(sandbox.outcomes("default"), ["created", "created", "covered", "created"]);
}

/// A change that was left to a flush is named by the snapshot that another change made due: it is the newer one.
#[test]
fn the_newest_change_names_the_snapshot_whichever_made_it_due() {
    let sandbox = with_both("");
    assert_eq!(sandbox.ingested("10:02:00", &nps("Acme", "42"), &[])["snapshots"]["skipped"], 1);
    sandbox.write("profiles.csv", "account,industry\nAcme,Transport\n");
    sandbox.at("10:03:00", &["ingest", "profiles", "profiles.csv", "--defer"]).ok();
    sandbox.ingest("10:05:00", &nps("Beta", "1"), &[]).ok();
    let newest = sandbox.latest("10:05:00", "Acme");
    assert_eq!(
        (&newest["trigger_event"], &newest["dirty_since"]),
        (&json!("account_data_changed"), &Value::Null)
    );
    assert_eq!(sandbox.outcomes("default"), ["created", "created", "covered", "created", "created"]);
}
