//! The cooldown as people meet it: processes of their own, each at its instant, and never a change that is lost.

use crate::support::Sandbox;
use crate::support::book::{nps, rows, today};
use acctsnap::model::decision::Outcome::{Created, Skipped};
use serde_json::{Value, json};

const CREATED: &str = "✅ Auto-created snapshot 1 for account Acme (trigger: kpi_data_uploaded)";
const SKIPPED: &str = "Skipping snapshot for account 1 (cooldown: 180s remaining)";

/// A snapshot of Acme at 10:00, and a change at 10:02 that waits.
fn with_a_waiting_change() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok().says(CREATED);
    sandbox.ingest("10:02:00", &nps("Acme", "41"), &[]).ok().says(SKIPPED);
    sandbox
}

fn id(snapshot: &Value) -> i64 {
    snapshot["snapshot_id"].as_i64().unwrap_or_default()
}

#[test]
fn a_change_in_the_cooldown_waits_to_the_millisecond_and_is_not_lost() {
    let sandbox = with_a_waiting_change();
    let waiting = sandbox.latest("10:02:00", "Acme");
    assert_eq!((id(&waiting), &waiting["dirty_since"]), (1, &json!("2026-11-22T10:02:00.000Z")));

    let early = sandbox.at("10:04:59.999", &["flush", "--json"]);
    assert_eq!(early.ok().json()["waiting"][0]["due_at"], "2026-11-22T10:05:00.000Z");
    assert_eq!((early.json()["created"].as_i64(), sandbox.count("snapshots")), (Some(0), 1));

    let flush = sandbox.at("10:05:00", &["flush", "--json", "--verbose"]);
    flush.ok().says("✅ Auto-created snapshot 2 for account Acme (trigger: kpi_data_uploaded)");
    assert_eq!(flush.json()["snapshot_ids"], json!([2]));
    let newest = sandbox.latest("10:05:00", "Acme");
    assert_eq!((id(&newest), &newest["dirty_since"]), (2, &Value::Null));
    assert_eq!(newest["snapshot_timestamp"], "2026-11-22T10:05:00.000Z");

    let events = sandbox.events("default");
    let decided: Vec<_> = events.iter().map(|event| (event.first_outcome, event.outcome)).collect();
    assert_eq!(decided, [(Created, Created), (Skipped, Created)]);
    assert_eq!(sandbox.at("10:06:00", &["flush", "--json"]).ok().json()["created"], 0);
}

#[test]
fn a_skip_names_the_account_the_instant_and_the_remedy() {
    let sandbox = with_a_waiting_change();
    let again = sandbox.ingest("10:02:00.500", &nps("Acme", "42"), &[]);
    again.ok().says("Skipping snapshot for account 1 (cooldown: 180s remaining)"); // 179.5 s, rounded up
    again.says("  Acme: due 2026-11-22 10:05:00 +00:00; then: acctsnap flush");
}

#[test]
fn a_change_at_the_end_of_the_cooldown_is_snapshot_at_once() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    let last = sandbox.ingested("10:04:59.999", &nps("Acme", "41"), &[]);
    assert_eq!(last["snapshots"]["skipped"], 1);
    let first = sandbox.ingested("10:05:00", &nps("Acme", "42"), &[]);
    assert_eq!(first["snapshots"]["created"], 1);
    assert_eq!(sandbox.outcomes("default"), ["created", "covered", "created"]);
}

#[test]
fn any_later_write_of_the_customer_flushes_what_is_due() {
    let writes: [(&str, &[&str]); 3] = [
        ("another account's file", &["ingest", "kpis", "other.csv", "-v"]),
        ("a file that is known", &["ingest", "kpis", "kpis.csv", "-v"]),
        ("a snapshot by hand", &["snapshot", "create", "-a", "Beta", "-v"]),
    ];
    for (what, words) in writes {
        let sandbox = Sandbox::new();
        sandbox.ingest("09:00:00", &nps("Beta", "10"), &[]).ok();
        sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
        sandbox.ingest("10:02:00", &nps("Acme", "41"), &[]).ok();
        sandbox.write("other.csv", nps("Gamma", "50"));
        sandbox.at("10:04:59.999", &["snapshot", "create", "-a", "Beta"]).ok();
        let early = sandbox.latest("10:04:59.999", "Acme");
        assert!(!early["dirty_since"].is_null(), "{what}");
        let write = sandbox.at("10:07:00", words);
        write.ok().mentions("for account Acme (trigger: kpi_data_uploaded)");
        let newest = sandbox.latest("10:07:00", "Acme");
        assert_eq!((&newest["snapshot_sequence_number"], &newest["dirty_since"]), (&json!(2), &Value::Null));
        assert_eq!(newest["trigger_event"], "kpi_data_uploaded", "{what}");
    }
}

#[test]
fn a_write_flushes_at_most_a_thousand_and_leaves_the_rest_to_a_flush() {
    let sandbox = Sandbox::new();
    let of_all = |value: usize| {
        let rows = (0..1003).map(|number| format!("Account {number:04},NPS,{value}\n"));
        format!("account,kpi,value\n{}", rows.collect::<String>())
    };
    sandbox.ingest("10:00:00", &of_all(40), &["--create-similar"]).ok();
    let waiting = sandbox.ingested("10:02:00", &of_all(50), &["--create-similar"]);
    assert_eq!(waiting["snapshots"]["skipped"], 1003);
    sandbox.write("other.csv", nps("Zebra", "1"));
    let other = sandbox.at("10:07:00", &["ingest", "kpis", "other.csv", "-v"]);
    other.ok().mentions("3 snapshots more due, left to: acctsnap flush");
    assert_eq!(sandbox.count("snapshots"), 1003 + 1000 + 1);
    let flushed = sandbox.at("10:08:00", &["flush", "--json"]).ok().json();
    assert_eq!(flushed["created"], 3, "{flushed:#}");
}

#[test]
fn another_customers_write_flushes_nothing() {
    let sandbox = with_a_waiting_change();
    sandbox.ingest("10:07:00", &nps("Beta", "10"), &["--customer", "other"]).ok();
    assert_eq!(sandbox.outcomes("default"), ["created", "skipped"]);
}

#[test]
fn two_skipped_uploads_share_one_snapshot() {
    let sandbox = with_a_waiting_change();
    sandbox.ingest("10:03:00", &rows([("Acme", "Onboarding Completion Rate", "80%")]), &[]).ok();
    let dirty = sandbox.latest("10:03:00", "Acme");
    assert_eq!(dirty["dirty_since"], "2026-11-22T10:02:00.000Z", "of the oldest change");
    assert_eq!(sandbox.at("10:05:00", &["flush", "--json"]).ok().json()["created"], 1);
    assert_eq!(sandbox.outcomes("default"), ["created", "covered", "created"]);
    let snapshots: Vec<_> = sandbox.events("default").iter().map(|event| event.snapshot).collect();
    assert_eq!(snapshots[1], snapshots[2]);
    let newest = sandbox.latest("10:05:00", "Acme");
    assert_eq!((&newest["snapshot_sequence_number"], &newest["total_kpis"]), (&json!(2), &json!(2)));
}

#[test]
fn the_most_specific_cooldown_holds() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "snapshots.toml",
        "[cooldown]\nevent_driven = \"1m\"\n[customers.acme.cooldown]\nevent_driven = \"10m\"\n\
         [customers.acme.accounts.\"Always Fresh\".cooldown]\nevent_driven = \"0s\"\n",
    );
    let file = |value: &str| rows(["Slow", "Always Fresh"].map(|account| (account, "NPS", value)));
    for customer in ["acme", "else"] {
        let created = |time: &str, value: &str| {
            let answer = sandbox.ingested(time, &file(value), &["--customer", customer]);
            answer["snapshots"]["created"].as_i64()
        };
        assert_eq!(created("10:00:00", "1"), Some(2));
        let (soon, after_a_minute) = (created("10:00:30", "2"), created("10:01:30", "3"));
        let expected = if customer == "acme" { (1, 1) } else { (0, 2) };
        assert_eq!((soon, after_a_minute), (Some(expected.0), Some(expected.1)), "{customer}");
    }
    let slow = sandbox.at("10:09:59.999", &["flush", "--json"]).ok().json();
    assert_eq!((&slow["created"], &slow["waiting"][0]["account_name"]), (&json!(0), &json!("Slow")));
    assert_eq!(sandbox.at("10:10:00", &["flush", "--json"]).ok().json()["created"], 1);
}

#[test]
fn deferred_events_wait_for_a_flush_and_for_nothing_else() {
    let sandbox = Sandbox::new();
    let first = sandbox.ingested("10:00:00", &nps("Acme", "40"), &["--defer"]);
    assert_eq!((&first["snapshots"]["deferred"], &first["snapshots"]["created"]), (&json!(1), &json!(0)));
    sandbox.ingest("11:00:00", &nps("Beta", "10"), &[]).ok();
    assert_eq!(sandbox.outcomes("default"), ["deferred", "created"], "another write leaves it alone");
    assert_eq!(sandbox.at("11:00:00", &["flush", "--json"]).ok().json()["created"], 1);
    assert_eq!(sandbox.outcomes("default"), ["created", "created"]);

    sandbox.ingest("11:01:00", &nps("Acme", "41"), &["--defer"]).ok();
    sandbox.ingest("11:02:00", &nps("Acme", "42"), &["--defer"]).ok();
    let held = sandbox.at("11:03:00", &["flush", "--json"]).ok().json();
    assert_eq!((&held["created"], &held["waiting"][0]["due_at"]), (&json!(0), &json!(today("11:05:00.000"))));
    assert_eq!(sandbox.at("11:03:00", &["flush", "--now", "--json"]).ok().json()["created"], 1);
    assert_eq!(sandbox.outcomes("default"), ["created", "created", "covered", "created"]);
}

#[test]
fn a_write_that_defers_flushes_nothing() {
    let sandbox = with_a_waiting_change();
    sandbox.ingest("10:06:00", &nps("Beta", "1"), &["--defer"]).ok();
    sandbox.ingest("10:06:00", &nps("Acme", "41"), &["--defer"]).ok(); // a known file
    assert_eq!(sandbox.outcomes("default"), ["created", "skipped", "deferred"]);
}

#[test]
fn a_later_snapshot_covers_a_deferred_event() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &["--defer"]).ok();
    sandbox.ingest("10:01:00", &nps("Acme", "41"), &[]).ok().says(CREATED);
    assert_eq!(sandbox.outcomes("default"), ["covered", "created"]);
    assert_eq!(sandbox.at("10:10:00", &["flush", "--json"]).ok().json()["created"], 0);
}

#[test]
fn flush_can_be_narrowed_to_one_account() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &rows([("Acme", "NPS", "1"), ("Beta", "NPS", "2")]), &["--defer"]).ok();
    let flush = sandbox.at("10:00:00", &["flush", "--now", "-a", "Beta", "--json"]).ok().json();
    assert_eq!(flush["created"], 1);
    assert_eq!(sandbox.outcomes("default"), ["deferred", "created"]);
}

#[test]
fn without_events_there_is_no_snapshot_but_the_change_is_known() {
    let off: [(&str, &[&str]); 3] = [
        ("[events]\nenabled = false\n", &[]),
        ("[events]\ntypes = [\"account_data_changed\"]\n", &[]),
        ("", &["--no-events"]),
    ];
    for (config, flags) in off {
        let sandbox = Sandbox::new();
        sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
        sandbox.write("snapshots.toml", config);
        let answer = sandbox.ingested("11:00:00", &nps("Acme", "41"), flags);
        assert_eq!((&answer["events"]["published"], &answer["rows"]["updated"]), (&json!(0), &json!(1)));
        assert_eq!((sandbox.count("events"), sandbox.count("snapshots")), (1, 1), "{config}{flags:?}");
        assert_eq!(sandbox.latest("11:00:00", "Acme")["dirty_since"], "2026-11-22T11:00:00.000Z");
        sandbox.at("12:00:00", &["flush", "--now"]).ok();
        assert_eq!(sandbox.count("snapshots"), 1, "nothing is owed: {config}{flags:?}");
    }
}

#[test]
fn a_snapshot_by_hand_is_never_stopped_and_covers_what_waits() {
    let sandbox = with_a_waiting_change();
    let made = sandbox.at("10:03:00", &["snapshot", "create", "-a", "Acme", "--reason", "QBR", "--json"]);
    assert_eq!(made.ok().json()["created"][0]["snapshot_id"], 2);
    let newest = sandbox.latest("10:03:00", "Acme");
    let said = [&newest["snapshot_type"], &newest["snapshot_reason"], &newest["created_by"]];
    assert_eq!(said, [&json!("manual"), &json!("QBR"), &json!(crate::support::ACTOR)]);
    assert_eq!((&newest["dirty_since"], &newest["trigger_event"]), (&Value::Null, &Value::Null));
    assert_eq!(sandbox.outcomes("default"), ["created", "covered"]);
    sandbox.at("10:03:30", &["snapshot", "create", "-a", "Acme"]).ok();
    assert_eq!(sandbox.at("10:05:00", &["flush", "--json"]).ok().json()["created"], 0);
    // It stamped nothing: an event's cooldown still counts from 10:00.
    assert_eq!(sandbox.ingested("10:05:00", &nps("Acme", "43"), &[])["snapshots"]["created"], 1);
}

#[test]
fn another_type_obeys_its_cooldown_unless_forced() {
    let sandbox = with_a_waiting_change();
    let words = ["snapshot", "create", "-a", "Acme", "--type", "event_driven"];
    let held = sandbox.at("10:02:00", &words);
    held.ok().says(SKIPPED);
    assert_eq!(sandbox.count("snapshots"), 1);
    sandbox.at("10:02:00", &[&words[..], &["--force"]].concat()).ok();
    assert_eq!(sandbox.outcomes("default"), ["created", "covered"]);
    let restamped = sandbox.ingested("10:06:59.999", &nps("Acme", "45"), &[]);
    assert_eq!(restamped["snapshots"]["skipped"], 1, "the forced one began a cooldown of its own");
    // Each type has its own stamp.
    sandbox.at("10:06:59.999", &["snapshot", "create", "-a", "Acme", "--type", "rag_auto"]).ok();
    assert_eq!(sandbox.count("snapshots"), 3);
}

#[test]
fn an_instant_before_the_last_change_is_refused_for_writes_alone() {
    let sandbox = with_a_waiting_change();
    let late = sandbox.ingest("10:01:59.999", &nps("Acme", "50"), &["--json"]);
    let error = late.fails_with(5).error_json();
    assert_eq!((&error["code"], &error["exit_code"]), (&json!("input_refused"), &json!(5)));
    sandbox.at("10:01:00", &["flush"]).fails_with(5).mentions("--at");
    sandbox.at("10:01:00", &["snapshot", "create", "--all"]).fails_with(5);
    assert_eq!((sandbox.count("uploads"), sandbox.count("changes")), (2, 2));
    sandbox.at("10:01:00", &["latest", "--all"]).ok();
    sandbox.ingest("09:00:00", &nps("Acme", "50"), &["--customer", "other"]).ok();
}
