//! The commands that list and show: accounts, customers, events, uploads.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use crate::support::shape;
use crate::support::{Invocation, Outcome, Sandbox, golden};
use serde_json::Value;

const NOW: &str = "2026-11-01T12:00:00Z";

/// What comes of the portfolio, minute by minute: two months within one cooldown, the first again, another
/// customer's, and one account's snapshot once its cooldown is over.
fn portfolio() -> Sandbox {
    let sandbox = Sandbox::new();
    for month in ["08", "09", "10"] {
        sandbox.copy_example(&format!("portfolio/kpis-2026-{month}.csv"));
    }
    let run = |at: &str, line: &[&str]| {
        sandbox.command(line).at(&format!("2026-11-01T10:{at}:00Z")).run().ok();
    };
    run("00", &["ingest", "kpis", "kpis-2026-08.csv"]);
    run("02", &["ingest", "kpis", "kpis-2026-09.csv"]);
    run("03", &["ingest", "kpis", "kpis-2026-08.csv"]);
    run("04", &["ingest", "kpis", "kpis-2026-10.csv", "--customer", "beta"]);
    run("05", &["flush", "-a", "BRM-1001"]);
    sandbox
}

fn at_noon(sandbox: &Sandbox, line: &[&str]) -> Invocation {
    sandbox.command(line).at(NOW)
}

fn seen(sandbox: &Sandbox, line: &[&str]) -> Outcome {
    let outcome = at_noon(sandbox, line).run();
    outcome.ok();
    assert_eq!(outcome.stderr, "", "{line:?}");
    outcome
}

fn items(answer: &Value) -> &Vec<Value> {
    answer["items"].as_array().unwrap()
}

/// One field of every item.
fn column<'a>(answer: &'a Value, field: &str) -> Vec<&'a Value> {
    items(answer).iter().map(|item| &item[field]).collect()
}

/// The lists: command, golden file and schema.
const LISTS: [(&[&str], &str); 4] = [
    (&["accounts", "list"], "accounts"),
    (&["customers", "list"], "customers"),
    (&["events", "list"], "events"),
    (&["uploads", "list"], "uploads"),
];

#[test]
fn lists_read_well() {
    let sandbox = portfolio();
    for (line, name) in LISTS {
        seen(&sandbox, line).matches_golden(&format!("lists/{name}"));
    }
}

#[test]
fn every_format_holds_the_same_items() {
    let sandbox = portfolio();
    for (line, name) in LISTS {
        let with = |format: &str| at_noon(&sandbox, line).arg("--format").arg(format).run().ok().clone();
        let answer = with("json").json();
        shape::check(name, &answer);
        assert_eq!(answer["count"], items(&answer).len());
        assert_eq!(with("jsonl").jsonl(), *items(&answer), "{name}");
        let table = with("csv").stdout;
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let headers: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(headers.len(), items(&answer)[0].as_object().unwrap().len(), "{name}");
        for (record, item) in reader.records().map(Result::unwrap).zip(items(&answer)) {
            for (header, cell) in headers.iter().zip(&record) {
                let value = &item[header];
                let told = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                assert_eq!(cell, if value.is_null() { "" } else { &told }, "{name} {header}");
            }
        }
        assert_eq!(table.lines().count(), items(&answer).len() + 1, "{name}");
    }
}

#[test]
fn one_account_is_shown_whole() {
    let sandbox = portfolio();
    seen(&sandbox, &["accounts", "show", "CIN-1002"]).matches_golden("lists/account-pending");
    seen(&sandbox, &["account", "show", "brightmoor logistics"]).matches_golden("lists/account-flushed");
    let view = seen(&sandbox, &["accounts", "show", "id:2", "--json"]).json();
    shape::check("account", &view);
    assert_eq!(view["pending_due_at"], "2026-11-01T10:05:00.000Z");
    assert_eq!(view["dirty_since"], "2026-11-01T10:02:00.000Z");
    assert_eq!(view["newest_snapshot"]["age_seconds"], 7200);
    assert_eq!(view["snapshots_count"], 1);
    assert_eq!(view["pending_events"].as_array().unwrap().len(), 1);
    let line = seen(&sandbox, &["accounts", "show", "id:2", "--format", "jsonl"]);
    assert_eq!(line.jsonl(), [view]);
}

#[test]
fn one_upload_is_shown_whole() {
    let sandbox = portfolio();
    let first = seen(&sandbox, &["uploads", "show", "1", "--json"]).json();
    shape::check("upload", &first);
    assert_eq!(first["sightings"][0]["seen_at"], "2026-11-01T10:03:00.000Z");
    assert_eq!((&first["events"]["published"], &first["events"]["created"]), (&11.into(), &11.into()));
    assert_eq!(first["snapshot_ids"].as_array().unwrap().len(), 11);
    let second = seen(&sandbox, &["uploads", "show", "2", "--json"]).json();
    assert_eq!((&second["events"]["created"], &second["events"]["skipped"]), (&1.into(), &10.into()));
    let third = seen(&sandbox, &["uploads", "show", "3", "--customer", "beta", "--json"]).json();
    assert_eq!((&third["events"]["published"], &third["accounts_created"]), (&12.into(), &12.into()));

    let rules = first["reading"]["rules"].as_str().unwrap();
    for (id, name) in [("1", "lists/upload-seen-again"), ("2", "lists/upload-pending")] {
        let shown = seen(&sandbox, &["uploads", "show", id]).transcript();
        golden::check(name, &golden::with_placeholders(&shown, &sandbox.path("")).replace(rules, "[RULES]"));
    }
}

#[test]
fn events_can_be_narrowed() {
    let sandbox = portfolio();
    let events = |line: &[&str]| {
        let line = [&["events", "list", "--json"], line].concat();
        seen(&sandbox, &line).json()
    };
    let all = events(&[]);
    let ids: Vec<i64> = column(&all, "event_id").into_iter().map(|id| id.as_i64().unwrap()).collect();
    assert_eq!(ids, (1..=22).rev().collect::<Vec<_>>());
    assert_eq!(column(&events(&["--limit", "3"]), "event_id"), [22, 21, 20]);
    assert_eq!(events(&["--outcome", "skipped"])["count"], 10);
    assert_eq!(events(&["--outcome", "skipped", "--outcome", "created"])["count"], 22);
    assert_eq!(events(&["--outcome", "failed"])["count"], 0);
    let of_one = events(&["-a", "BRM-1001"]);
    assert_eq!(column(&of_one, "outcome"), ["created", "created"]);
    assert_eq!(column(&of_one, "first_outcome"), ["skipped", "created"]);
    assert_eq!(column(&of_one, "decided_at"), ["2026-11-01T10:05:00.000Z", "2026-11-01T10:00:00.000Z"]);
    assert_eq!(column(&events(&["-a", "BRM-1001", "--limit", "1"]), "event_id"), [12]);
    assert_eq!(events(&["-a", "CIN-1002", "--outcome", "skipped"])["count"], 1);
}

#[test]
fn uploads_can_be_limited() {
    let sandbox = portfolio();
    let newest = seen(&sandbox, &["uploads", "list", "--limit", "1", "--json"]).json();
    assert_eq!(column(&newest, "upload_id"), [2]);
    at_noon(&sandbox, &["uploads", "list", "--limit", "0"]).run().fails_with(2);
}

#[test]
fn two_customers_never_see_each_other() {
    let sandbox = portfolio();
    let of = |customer: &str, line: &[&str]| {
        let answer = at_noon(&sandbox, line).arg("--json").arg("--customer").arg(customer).run().ok().json();
        let owners: Vec<_> = column(&answer, "customer").into_iter().cloned().collect();
        assert!(owners.iter().all(|owner| owner == customer), "{line:?}: {owners:?}");
        answer
    };
    for (line, first, second) in [
        (&["accounts", "list"], 11, 12),
        (&["events", "list"], 22, 12),
        (&["uploads", "list"], 2, 1),
        (&["customers", "list"], 1, 1),
    ] {
        assert_eq!(
            (&of("default", line)["count"], &of("beta", line)["count"]),
            (&first.into(), &second.into())
        );
    }
    let events = of("beta", &["events", "list", "-a", "BRM-1001"]);
    assert_eq!(column(&events, "upload_id"), [3]);
    let account = seen(&sandbox, &["accounts", "show", "BRM-1001", "--customer", "beta", "--json"]).json();
    assert_eq!((&account["account_id"], &account["names"].as_array().unwrap().len()), (&12.into(), &2));
    assert_eq!(account["latest_events"].as_array().unwrap().len(), 1);
    for (line, code) in [
        (["uploads", "show", "3"], "unknown_upload"),
        (["accounts", "show", "id:12"], "unknown_account"),
        (["accounts", "show", "Yarrowgate Schools"], "unknown_account"),
    ] {
        let refused = at_noon(&sandbox, &line).arg("--json").run();
        assert_eq!(refused.fails_with(4).error_json()["code"], code, "{line:?}");
    }
}

#[test]
fn every_customer_is_listed_unless_the_flag_names_one() {
    let sandbox = portfolio();
    let environment = at_noon(&sandbox, &["customers", "list", "--json"]).env("ACCTSNAP_CUSTOMER", "beta");
    let all = environment.run().ok().json();
    assert_eq!(column(&all, "customer"), ["default", "beta"]);
    assert_eq!(column(&all, "snapshots_count"), [12, 12]);
    assert_eq!(column(&all, "last_change_at"), ["2026-11-01T10:05:00.000Z", "2026-11-01T10:04:00.000Z"]);
    assert!(column(&all, "digest").iter().all(|digest| digest.as_str().unwrap().len() == 64));
    at_noon(&sandbox, &["customers", "list", "--customer", "gamma"]).run().fails_with(4);
}

/// An event that a library caller published under the wrong customer: shown to its owner alone, without a name.
#[test]
fn a_denied_event_names_no_account_and_shows_to_no_one_else() {
    let sandbox = portfolio();
    deny(&sandbox, acctsnap::model::ids::AccountId::new(12));
    let denied = seen(&sandbox, &["events", "list", "--outcome", "denied"]);
    denied.matches_golden("lists/event-denied");
    let answer = seen(&sandbox, &["events", "list", "--outcome", "denied", "--json"]).json();
    shape::check("events", &answer);
    assert_eq!((&answer["count"], &items(&answer)[0]["account_name"]), (&1.into(), &Value::Null));
    assert!(items(&answer)[0]["external_account_id"].is_null());
    for line in [&["events", "list"][..], &["events", "list", "-a", "id:12"]] {
        let of_beta = at_noon(&sandbox, line).arg("--json").arg("--customer").arg("beta").run().ok().json();
        assert!(column(&of_beta, "outcome").iter().all(|outcome| *outcome == "created"), "{line:?}");
    }
}

fn deny(sandbox: &Sandbox, account: acctsnap::model::ids::AccountId) {
    use acctsnap::model::{decision::Outcome, event::EventType, time::Timestamp};
    use acctsnap::store::{Begin, EventRow, Store, WhichCustomer};
    let mut store = Store::open(&sandbox.path("test.db")).unwrap();
    let mut transaction = store
        .begin(Begin {
            clock: acctsnap::clock::Clock::Fixed(Timestamp::parse("2026-11-01T10:06:00Z").unwrap()),
            customer: WhichCustomer::Named("default"),
            command: "test",
            actor: crate::support::ACTOR,
            wait: std::time::Duration::from_secs(5),
            waiting: &mut |_| true,
        })
        .unwrap();
    let event = EventRow {
        id: transaction.next_event().unwrap(),
        account,
        event_type: EventType::KpiDataUploaded,
        action: None,
        upload: None,
        outcome: Outcome::Denied,
        snapshot: None,
        due_at: None,
        error: None,
    };
    transaction.append_events(&[event]).unwrap();
    transaction.commit().unwrap();
}

#[test]
fn without_a_database_or_customer_nothing_is_made() {
    let sandbox = Sandbox::new();
    let lines = [
        &["accounts", "list"][..],
        &["accounts", "show", "A"],
        &["customers", "list"],
        &["events", "list"],
        &["uploads", "list"],
        &["uploads", "show", "1"],
    ];
    for line in lines {
        let refused = at_noon(&sandbox, line).arg("--json").run();
        assert_eq!(refused.fails_with(4).error_json()["code"], "no_database", "{line:?}");
        assert!(!sandbox.path("test.db").exists());
    }
    let sandbox = portfolio();
    for line in lines {
        let refused = at_noon(&sandbox, line).arg("--json").arg("--customer").arg("gamma").run();
        assert_eq!(refused.fails_with(4).error_json()["code"], "unknown_customer", "{line:?}");
    }
}

#[test]
fn where_there_is_nothing_yet_that_is_said() {
    let sandbox = Sandbox::new();
    sandbox.write("off.toml", "[events]\nenabled = false\n");
    sandbox.write("one.csv", "account,kpi,value\nAcme,NPS,42\n");
    let ingest = ["ingest", "kpis", "one.csv", "--config", "off.toml"];
    sandbox.command(ingest).at("2026-11-01T10:00:00Z").run().ok();
    seen(&sandbox, &["events", "list"]).matches_golden("lists/events-none");
    seen(&sandbox, &["accounts", "list"]).matches_golden("lists/accounts-without-snapshot");
    seen(&sandbox, &["accounts", "show", "Acme"]).matches_golden("lists/account-without-snapshot");
    let empty = seen(&sandbox, &["events", "list", "--json"]).json();
    shape::check("events", &empty);
    assert_eq!((&empty["count"], items(&empty).len()), (&0.into(), 0));
    assert_eq!(seen(&sandbox, &["events", "list", "--format", "jsonl"]).stdout, "");
    assert_eq!(seen(&sandbox, &["events", "list", "--format", "csv"]).stdout.lines().count(), 1);
    let account = seen(&sandbox, &["accounts", "show", "Acme", "--json"]).json();
    shape::check("account", &account);
    assert!(account["newest_snapshot"].is_null());
}

#[test]
fn what_is_not_there_is_said_with_a_hint() {
    let sandbox = portfolio();
    at_noon(&sandbox, &["uploads", "show", "99"]).run().fails_with(4).matches_golden("lists/upload-unknown");
    at_noon(&sandbox, &["accounts", "show", "Brightmor"])
        .run()
        .fails_with(4)
        .matches_golden("lists/account-unknown");
    for line in [&["uploads", "show", "x"][..], &["events", "list", "--outcome", "lost"], &["accounts"]] {
        at_noon(&sandbox, line).run().fails_with(2);
    }
}

#[test]
fn instants_are_shown_in_the_customer_s_zone() {
    let sandbox = portfolio();
    sandbox.write("zone.toml", "[customers.default]\ntimezone = \"Asia/Kolkata\"\n");
    let shown = at_noon(&sandbox, &["uploads", "list", "--config", "zone.toml"]).run().ok().stdout.clone();
    assert!(shown.contains("2026-11-01 15:30 +05:30"), "{shown}");
}

#[test]
fn reading_commands_leave_the_database_as_it_is() {
    let sandbox = portfolio();
    let before = std::fs::read(sandbox.path("test.db")).unwrap();
    for (line, _) in LISTS {
        seen(&sandbox, line);
    }
    assert_eq!(std::fs::read(sandbox.path("test.db")).unwrap(), before);
}
