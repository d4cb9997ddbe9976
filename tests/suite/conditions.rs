//! Conditions on the command line: which accounts `--where` selects, what a wrong condition is told, batches of
//! snapshots, and the playbooks that a state calls for.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::time::Duration;

use crate::support::book::{rows, today};
use crate::support::{Outcome, Sandbox};
use acctsnap::ErrorKind;
use acctsnap::clock::Clock;
use acctsnap::config::Config;
use acctsnap::model::time::Timestamp;
use acctsnap::ops::Context;
use acctsnap::ops::observer::{Cancel, Heard, Level, Message, Observer, RecordingObserver, Unobserved};
use acctsnap::ops::snapshot_create::{CreateOptions, create_snapshots};
use serde_json::{Value, json};

const PROFILES: &str = "account,arr,status,renewal date,Key Contact\n\
    Acme,2000000,Active,2027-06-30,Ann Lee\n\
    Beta,500000,At Risk,2026-12-10,Bob\n\
    Gamma,,Churned,,\n";

const PLAYBOOKS: &str = "account,execution id,playbook id,status\nBeta,e1,voc-sprint,in-progress\n";

/// Four accounts at 09:00 without a snapshot; of Delta nothing is known but a KPI.
fn portfolio() -> Sandbox {
    let sandbox = Sandbox::new();
    let kpis = ["Acme", "Beta", "Gamma", "Delta"].map(|account| (account, "NPS", "40"));
    sandbox.ingest("09:00:00", &rows(kpis), &["--no-events"]).ok();
    for (kind, text) in [("profiles", PROFILES), ("playbooks", PLAYBOOKS)] {
        sandbox.write(format!("{kind}.csv"), text);
        sandbox.at("09:00:00", &["ingest", kind, &format!("{kind}.csv"), "--no-events"]).ok();
    }
    sandbox
}

fn names(answer: &Value) -> Vec<String> {
    let names = answer.as_array().expect("a list").iter().map(|it| it["account_name"].as_str());
    names.map(|name| name.expect("a name").to_owned()).collect()
}

fn listed(sandbox: &Sandbox, condition: &str) -> Vec<String> {
    let answer = sandbox.at("10:00:00", &["accounts", "list", "--where", condition, "--json"]).ok().json();
    names(&answer["items"])
}

#[test]
fn accounts_are_selected_by_their_state_as_it_stands_now() {
    let sandbox = portfolio();
    for (condition, selected) in [
        ("revenue > 1000000", vec!["Acme"]),
        ("not revenue > 1000000", vec!["Beta"]),
        ("status in [at-risk, churned]", vec!["Beta", "Gamma"]),
        ("playbooks_running = voc-sprint and days_to_renewal <= 18", vec!["Beta"]),
        ("days_to_renewal < 18", vec![]),
        ("attributes.\"key contact\" = 'ann lee'", vec!["Acme"]),
        ("health >= 0", vec!["Acme", "Beta", "Gamma", "Delta"]),
        ("account_name = delta or account_name = ACME", vec!["Acme", "Delta"]),
    ] {
        assert_eq!(listed(&sandbox, condition), selected, "{condition}");
    }
    let none = sandbox.at("10:00:00", &["accounts", "list", "--where", "revenue > 9000000"]);
    assert_eq!(none.ok().stdout, "no account matches\n");
    let text =
        sandbox.at("10:00:00", &["accounts", "list", "--where", "revenue > 1000000"]).ok().stdout.clone();
    assert!(text.contains("Acme") && !text.contains("Beta"), "{text}");
    sandbox.at("10:00:00", &["accounts", "archive", "Beta"]).ok();
    assert_eq!(listed(&sandbox, "status in [at-risk, churned]"), ["Gamma"]);
    let archived = ["accounts", "list", "--where", "status in [at-risk, churned]", "--archived", "--json"];
    assert_eq!(names(&sandbox.at("10:01:00", &archived).ok().json()["items"]), ["Beta", "Gamma"]);
}

#[test]
fn the_newest_snapshots_are_selected_as_they_are_shown() {
    let sandbox = portfolio();
    let latest = |time: &str, condition: &str, flags: &[&str]| {
        sandbox.at(time, &[&["latest", "--where", condition], flags].concat())
    };
    // Nothing is known of accounts without a snapshot, and none of them is missed.
    let before = latest("10:00:00", "revenue > 0", &["--max-age", "1d"]);
    assert_eq!(before.ok().stdout, "no account matches\n");
    sandbox.at("10:00:00", &["snapshot", "create", "--all"]).ok();
    sandbox.write("profiles.csv", "account,arr\nAcme,100\n");
    sandbox.at("10:30:00", &["ingest", "profiles", "profiles.csv", "--no-events"]).ok();
    let big = latest("11:00:00", "revenue > 1000000", &["--json"]).ok().json();
    assert_eq!(
        (names(&big["items"]), &big["items"][0]["revenue"]),
        (vec!["Acme".to_owned()], &json!(2_000_000))
    );
    assert!(listed(&sandbox, "revenue > 1000000").is_empty());
    let before =
        ["accounts", "list", "--where", "revenue > 1000000", "--as-of", "2026-11-22T10:15:00Z", "--json"];
    assert_eq!(names(&sandbox.at("11:00:00", &before).ok().json()["items"]), ["Acme"]);
    let old = latest("11:00:00", "age_seconds >= 3600 and dirty_since >= 2026-11-22", &["--all", "--json"]);
    assert_eq!(names(&old.ok().json()["items"]), ["Acme"]);
    let none = latest("11:00:00", "age_seconds > 3600", &["--json"]).ok().json();
    assert_eq!((&none["count"], &none["items"]), (&json!(0), &json!([])));
    let field = latest("11:00:00", "status = churned", &["--field", "account_name"]);
    assert_eq!(field.ok().stdout, "Gamma\n");
}

#[test]
fn a_wrong_condition_is_a_usage_error_with_its_column_and_what_was_meant() {
    let sandbox = portfolio();
    let said = "column 1: expected a field of the snapshot, got 'helth'; did you mean health?";
    for command in [&["accounts", "list"][..], &["latest", "--all"], &["snapshot", "create"]] {
        let wrong = sandbox.at("10:00:00", &[command, &["--where", "helth < 70"]].concat());
        wrong.fails_with(2);
        assert!(wrong.stderr.contains(said), "{}", wrong.stderr);
        let wrong = sandbox.at("10:00:00", &[command, &["--where", "helth < 70", "--json"]].concat());
        let error = wrong.fails_with(2).error_json();
        assert_eq!(error["code"], "usage");
        assert!(error["message"].as_str().is_some_and(|message| message.contains(said)), "{error}");
    }
    for flags in [&["-a", "Acme"][..], &["-a", "Acme", "--all"]] {
        sandbox.at("10:00:00", &[&["latest", "--where", "health < 70"], flags].concat()).fails_with(2);
    }
}

#[test]
fn a_wrong_condition_in_the_settings_is_told_by_every_command_with_its_place() {
    let sandbox = portfolio();
    sandbox.write(
        "snapshots.toml",
        "[[schedule]]\nname = \"low\"\nevery = \"daily\"\nwhen = \"health << 70\"\n",
    );
    for command in [&["config", "check"][..], &["latest", "--all"], &["snapshot", "create", "--all"]] {
        let wrong = sandbox.at("10:00:00", command);
        wrong.fails_with(2);
        let said =
            "snapshots.toml:4:17: schedule[1].when: expected a number such as 70 or 1200000.50, got '<'";
        assert!(wrong.stderr.contains(said), "{}", wrong.stderr);
    }
    sandbox
        .write("snapshots.toml", "[[schedule]]\nname = \"low\"\nevery = \"daily\"\nwhen = \"health < 70\"\n");
    sandbox.at("10:00:00", &["config", "check"]).ok();
}

#[test]
fn a_batch_takes_those_that_match_and_says_how_many() {
    let sandbox = portfolio();
    let create = |time: &str, flags: &[&str]| sandbox.at(time, &[&["snapshot", "create"], flags].concat());
    let text = create("10:00:00", &["--where", "status = churned or revenue > 1"]);
    assert_eq!(
        text.ok().stdout,
        "snapshot 1 of Acme\nsnapshot 2 of Beta\nsnapshot 3 of Gamma\n3 snapshots taken\n"
    );
    let answer = create("10:01:00", &["--all", "--where", "revenue > 1000000", "--json"]).ok().json();
    assert_eq!((&answer["selected"], names(&answer["created"])), (&json!(1), vec!["Acme".to_owned()]));
    let changes = sandbox.count("changes");
    let none = create("10:02:00", &["--where", "revenue > 9000000"]);
    assert_eq!((none.ok().stdout.as_str(), none.stderr.as_str()), ("no account matches\n", ""));
    let none = create("10:02:00", &["--where", "revenue > 9000000", "--json"]).ok().json();
    assert_eq!((&none["selected"], &none["created"], &none["failed"]), (&json!(0), &json!([]), &json!([])));
    assert_eq!(sandbox.count("changes"), changes, "where nothing matches nothing is written");
    let dry = create("10:03:00", &["--where", "revenue > 1", "-n"]).ok().stdout.clone();
    assert!(dry.ends_with("2 snapshots taken\ndry run: nothing was written\n"), "{dry}");
    assert_eq!(sandbox.count("snapshots"), 4);
    let held = ["--where", "revenue > 1", "--type", "rag_auto"];
    create("10:04:00", &held).ok();
    assert_eq!(create("10:05:00", &held).ok().stdout, "0 snapshots taken, 2 skipped (cooldown)\n");
}

#[test]
fn archived_accounts_are_in_no_batch_and_a_customer_of_archived_ones_is_told_so() {
    let sandbox = portfolio();
    sandbox.at("10:00:00", &["accounts", "archive", "Acme"]).ok();
    let made =
        sandbox.at("10:01:00", &["snapshot", "create", "--where", "revenue > 1", "--json"]).ok().json();
    assert_eq!(names(&made["created"]), ["Beta"]);
    for account in ["Beta", "Gamma", "Delta"] {
        sandbox.at("10:02:00", &["accounts", "archive", account]).ok();
    }
    let all = sandbox.at("10:03:00", &["snapshot", "create", "--all"]);
    all.fails_with(4);
    assert!(all.stderr.contains("all 4 accounts of the customer are archived"), "{}", all.stderr);
    assert!(all.stderr.contains("acctsnap accounts unarchive"), "{}", all.stderr);
    let none = sandbox.at("10:03:00", &["snapshot", "create", "--where", "revenue > 1"]);
    assert_eq!(none.ok().stdout, "no account matches\n");
    assert_eq!(
        sandbox.at("10:04:00", &["snapshot", "create", "-a", "Beta"]).ok().stdout,
        "snapshot 2 of Beta\n"
    );
}

#[test]
fn some_that_failed_are_told_from_all_that_failed() {
    let sandbox = portfolio();
    let trigger = "CREATE TRIGGER refused BEFORE INSERT ON snapshots WHEN NEW.account_id = 2 \
                   BEGIN SELECT RAISE(ABORT, 'beta is not welcome'); END";
    sandbox.sql().execute_batch(trigger).expect("a trigger");
    let create = |condition: &str, format: &str| {
        sandbox.at("10:00:00", &["snapshot", "create", "--where", condition, "--format", format])
    };
    let some = create("revenue > 1", "text");
    some.fails_with(3);
    assert_eq!(some.stdout, "snapshot 1 of Acme\n1 snapshot taken, 1 failed\n");
    assert!(some.stderr.contains("Failed to create snapshot for account Beta"), "{}", some.stderr);
    let answer = create("status in [active, at-risk]", "json").fails_with(3).json();
    assert_eq!((&answer["selected"], &answer["failed"][0]["account_name"]), (&json!(2), &json!("Beta")));
    let all = create("status = at-risk", "text");
    assert_eq!(all.fails_with(1).stdout, "0 snapshots taken, 1 failed\n");
}

/// Asks to stop as soon as the first snapshots of a batch are built.
struct Impatient(Cancel);

impl Observer for Impatient {
    fn started(&self, _what: &str, _total_bytes: Option<u64>) {}
    fn started_pieces(&self, _what: &str, _total: u64) {}
    fn advanced(&self, _amount: u64) {
        self.0.request();
    }
    fn finished(&self) {}
    fn waiting_for_database(&self, _seconds: u64) {}
    fn message(&self, _level: Level, _message: &Message) {}
}

fn create_all(database: &Path, observer: &dyn Observer, cancel: &Cancel) -> acctsnap::Result<u64> {
    let context = Context {
        database,
        config: &Config::default(),
        customer: "default",
        actor: "tester",
        clock: Clock::Fixed(Timestamp::parse(&today("10:00:00")).expect("an instant")),
        wait: Duration::from_secs(5),
        observer,
        cancel,
        dry_run: false,
    };
    let options = CreateOptions { all: true, ..CreateOptions::default() };
    create_snapshots(&context, &options).map(|view| view.created.len() as u64)
}

#[test]
fn a_batch_that_is_stopped_leaves_nothing_and_progress_is_told() {
    let sandbox = Sandbox::new();
    let many: Vec<String> = (0..1100).map(|account| format!("Account {account}")).collect();
    let file = rows(many.iter().map(|account| (account.as_str(), "NPS", "40")));
    sandbox.ingest("09:00:00", &file, &["--no-events"]).ok();
    let database = sandbox.path("test.db");
    let cancel = Cancel::new();
    let stopped = create_all(&database, &Impatient(cancel.clone()), &cancel);
    assert_eq!(stopped.map_err(|error| error.kind()), Err(ErrorKind::Interrupted));
    assert_eq!(sandbox.count("snapshots"), 0);
    let recorded = RecordingObserver::default();
    assert_eq!(create_all(&database, &recorded, &Cancel::new()).ok(), Some(1100));
    let progress = [
        Heard::StartedPieces("taking snapshots".to_owned(), 1100),
        Heard::Advanced(500),
        Heard::Advanced(500),
        Heard::Advanced(100),
        Heard::Finished,
    ];
    assert!(recorded.heard().starts_with(&progress), "{:?}", recorded.heard().first());
    assert_eq!(create_all(&database, &Unobserved, &Cancel::new()).ok(), Some(1100));
}

const RULES: &str = "\
[[recommend]]
playbook = \"exec-outreach\"
when = \"revenue > 1000000 and health < 101\"
[[recommend]]
playbook = \"renewal\"
when = \"days_to_renewal < 30\"
[[recommend]]
playbook = \"save\"
when = \"status in [at-risk] and not playbooks_running = save\"
[[recommend]]
playbook = \"renewal\"
when = \"status = at-risk\"
[[recommend]]
playbook = \"welcome\"
when = \"snapshot_sequence_number = 1 and snapshot_type = manual\"
[[recommend]]
playbook = \"ask-for-data\"
when = \"kpis_age_seconds > 3600\"
";

fn recommended(answer: &Outcome) -> Vec<(String, Value)> {
    let items = answer.ok().json()["items"].as_array().cloned().expect("a list");
    let pair = |item: Value| {
        let name = item["account_name"].as_str().expect("a name").to_owned();
        (name, item["playbook_recommendations_active"].clone())
    };
    items.into_iter().map(pair).collect()
}

#[test]
fn a_snapshot_holds_the_playbooks_that_its_state_calls_for() {
    let sandbox = portfolio();
    sandbox.at("09:30:00", &["snapshot", "create", "-a", "Delta"]).ok();
    let delta = sandbox.latest("09:30:00", "Delta");
    assert_eq!((&delta["playbook_recommendations_active"], &delta["not_recorded"]), (&json!([]), &json!([])));

    sandbox.write("snapshots.toml", RULES);
    sandbox.at("10:00:00", &["snapshot", "create", "--all"]).ok();
    let all = sandbox.at("12:00:00", &["latest", "--all", "--json"]);
    let pairs =
        |pairs: [(&str, Value); 4]| pairs.map(|(name, playbooks)| (name.to_owned(), playbooks)).to_vec();
    assert_eq!(
        recommended(&all),
        pairs([
            ("Acme", json!(["exec-outreach", "welcome"])),
            ("Beta", json!(["renewal", "save", "welcome"])),
            ("Gamma", json!(["welcome"])),
            ("Delta", json!([])),
        ])
    );
    let text = sandbox.at("12:00:00", &["latest", "-a", "Beta"]).ok().stdout.clone();
    assert!(text.contains("Called for") && text.contains("renewal, save, welcome"), "{text}");

    // The rules of later do not change what is written, and are no part of the content.
    sandbox.at("12:00:00", &["snapshot", "create", "-a", "Beta"]).ok();
    let beta = sandbox.latest("12:00:00", "Beta");
    assert_eq!(beta["playbook_recommendations_active"], json!(["renewal", "save", "ask-for-data"]));
    let first = sandbox.at("12:00:00", &["snapshot", "show", "3", "--json"]).ok().json();
    assert_eq!(first["account_name"], "Beta");
    assert_eq!(first["playbook_recommendations_active"], json!(["renewal", "save", "welcome"]));
    assert_eq!(first["content_hash"], beta["content_hash"]);
    assert_eq!(crate::support::chain::check(&sandbox.sql()).0, Vec::<i64>::new());
    assert_eq!(listed(&sandbox, "playbook_recommendations_active = exec-outreach"), ["Acme"]);
    let selected = ["latest", "--where", "playbook_recommendations_active = save", "--field", "account_name"];
    assert_eq!(sandbox.at("12:00:00", &selected).ok().stdout, "Beta\n");
}

#[test]
fn what_moved_calls_for_playbooks_in_snapshots_that_follow_from_events() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "snapshots.toml",
        "[[recommend]]\nplaybook = \"call\"\nwhen = \"health_score_change_from_last < -5 and trigger_event = kpi_data_uploaded\"\n\
         [[recommend]]\nplaybook = \"look\"\nwhen = \"is_significant_change = true\"\n",
    );
    sandbox.ingest("09:00:00", &rows([("Acme", "NPS", "60"), ("Beta", "NPS", "20")]), &[]).ok();
    assert_eq!(sandbox.latest("09:00:00", "Acme")["playbook_recommendations_active"], json!([]));
    sandbox.ingest("10:00:00", &rows([("Acme", "NPS", "10"), ("Beta", "NPS", "60")]), &[]).ok();
    assert_eq!(
        sandbox.latest("10:00:00", "Acme")["playbook_recommendations_active"],
        json!(["call", "look"])
    );
    assert_eq!(sandbox.latest("10:00:00", "Beta")["playbook_recommendations_active"], json!(["look"]));
    let rows: String = sandbox
        .sql()
        .query_one("SELECT group_concat(playbook_recommendations_active, ' ') FROM v_snapshots", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(rows, r#"[] [] ["call","look"] ["look"]"#);
}
