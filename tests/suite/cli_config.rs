//! `config show`, `config check`, `config init` and `schema`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use crate::support::{Sandbox, shape};
use serde_json::Value;

const SETTINGS: &str = "customer = \"acme\"\n[cooldown]\nevent_driven = \"10m\"\n\
    [customers.acme.cooldown]\nrag_auto = \"1h\"\n";

fn setting<'a>(answer: &'a Value, key: &str) -> &'a Value {
    answer["items"].as_array().unwrap().iter().find(|item| item["key"] == key).unwrap()
}

#[test]
fn settings_are_shown_with_what_they_were_taken_from() {
    let sandbox = Sandbox::new();
    sandbox.write("snapshots.toml", SETTINGS);
    // A relative path: origins are aligned by what stands before them, and the sandbox's own is of no fixed width.
    let show = ["config", "show", "--db", "test.db"];
    sandbox.run(show).ok().matches_golden("lists/config");
    sandbox.command(show).arg("--explain").run().ok().matches_golden("lists/config-explained");
    let answer = sandbox.run(["config", "show", "--json", "--customer", "beta"]).ok().json();
    shape::check("config", &answer);
    let of = |key| {
        let item = setting(&answer, key);
        (item["value"].as_str().unwrap(), item["origin"].as_str().unwrap())
    };
    assert_eq!(of("customer"), ("beta", "flag"));
    assert_eq!(of("actor"), (crate::support::ACTOR, "environment"));
    assert_eq!(of("cooldown.event_driven"), ("10m", "file"));
    assert_eq!(of("cooldown.rag_auto"), ("30m", "default"));
    let place = setting(&answer, "cooldown.event_driven")["origin_at"].as_str().unwrap();
    assert!(place.ends_with("snapshots.toml:3 (cooldown.event_driven)"), "{place}");
    let csv = sandbox.run(["config", "show", "--format", "csv"]).ok().stdout.clone();
    assert_eq!(csv.lines().next(), Some("key,value,origin,origin_at"));
    assert!(!sandbox.path("test.db").exists());
}

#[test]
fn a_check_looks_at_the_file_that_would_be_used() {
    let sandbox = Sandbox::new();
    sandbox.run(["config", "check"]).ok().matches_golden("lists/config-check-none");
    let none = sandbox.run(["config", "check", "--json"]).ok().json();
    shape::check("config_check", &none);
    assert!(none["file"].is_null());
    sandbox.write("home/.config/acctsnap/snapshots.toml", "currency = \"EUR\"\n");
    sandbox.run(["config", "check"]).ok().matches_golden("lists/config-check-user");
    sandbox.write("snapshots.toml", "currenzy = 1\n");
    sandbox.run(["config", "check"]).fails_with(2);
    sandbox.write("good.toml", SETTINGS);
    sandbox.run(["config", "check", "--config", "good.toml"]).ok();
    let missing = sandbox.run(["config", "check", "--config", "none.toml", "--json"]);
    assert_eq!(missing.fails_with(5).error_json()["code"], "file_not_found");
}

#[test]
fn a_check_tells_every_problem() {
    let sandbox = Sandbox::new();
    sandbox.write("snapshots.toml", "[cooldown]\nevent_drivn = \"5m\"\n[health]\nprefer = \"best\"\n");
    sandbox.run(["config", "check"]).fails_with(2).matches_golden("lists/config-check-wrong");
    let many: String = (1..=30).map(|number| format!("key{number} = 1\n")).collect();
    sandbox.write("snapshots.toml", many);
    let told = sandbox.run(["config", "check"]).fails_with(2).stderr.clone();
    assert_eq!(told.lines().filter(|line| line.starts_with("  line ")).count(), 30, "{told}");
    let error = sandbox.run(["config", "check", "--json"]).fails_with(2).error_json();
    assert_eq!((&error["code"], &error["details_total"]), (&"usage".into(), &30.into()));
    shape::check("error", &error);
}

#[test]
fn a_new_file_has_every_key_and_is_never_written_over_another() {
    let sandbox = Sandbox::new();
    sandbox.run(["config", "init", "-n"]).ok().matches_golden("lists/config-init-dry");
    assert!(!sandbox.path("snapshots.toml").exists());
    sandbox.run(["config", "init"]).ok().matches_golden("lists/config-init");
    assert_eq!(sandbox.read("snapshots.toml"), acctsnap::config::TEMPLATE);
    sandbox.run(["config", "check"]).ok();
    sandbox.write("snapshots.toml", "mine");
    sandbox.run(["config", "init"]).fails_with(2).matches_golden("lists/config-init-there");
    assert_eq!(sandbox.read("snapshots.toml"), "mine");
    let elsewhere = sandbox.run(["config", "init", "--config", "home/mine.toml", "--json"]).ok().json();
    shape::check("config_init", &elsewhere);
    assert_eq!(sandbox.read("home/mine.toml"), acctsnap::config::TEMPLATE);
    sandbox.run(["config", "init", "--config", "nowhere/a.toml"]).fails_with(2);
    assert_eq!(sandbox.run(["config", "init", "-q", "--config", "quiet.toml"]).ok().stdout, "");
}

#[test]
fn every_schema_is_printed_and_an_unknown_name_is_told_the_others() {
    let sandbox = Sandbox::new();
    let unknown = sandbox.run(["schema", "nothing"]);
    let hint =
        unknown.fails_with(2).stderr.lines().find_map(|line| line.strip_prefix("hint: there are ")).unwrap();
    let names: Vec<&str> = hint.split(", ").collect();
    for name in ["accounts", "config", "customers", "error", "events", "snapshot", "uploads"] {
        assert!(names.contains(&name), "{name}: {hint}");
    }
    for name in names {
        let schema = shape::schema(name);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        assert_eq!(schema["title"], format!("acctsnap.{name}/1"));
    }
}

#[test]
fn what_writes_and_what_answers_keep_to_their_schemas_too() {
    let sandbox = Sandbox::new();
    sandbox.copy_example("portfolio/kpis-2026-08.csv");
    let run =
        |line: &[&str]| sandbox.command(line).at("2026-11-01T10:00:00Z").arg("--json").run().ok().json();
    shape::check("ingest", &run(&["ingest", "kpis", "kpis-2026-08.csv"]));
    shape::check("snapshot", &run(&["latest", "-a", "BRM-1001"]));
    shape::check("latest", &run(&["latest", "--all"]));
    shape::check("snapshot_create", &run(&["snapshot", "create", "-a", "BRM-1001"]));
    shape::check("flush", &run(&["flush"]));
}

#[test]
fn a_fault_of_shape_is_found() {
    let schema = shape::schema("uploads");
    let item = |change: &dyn Fn(&mut Value)| {
        let mut item = serde_json::json!({
            "upload_id": 1, "customer": "a", "ingested_at": "2026-11-01T10:00:00.000Z", "kind": "kpis", "file": "f",
            "rows_read": 0, "rows_inserted": 0, "rows_updated": 0, "rows_unchanged": 0, "rows_rejected": 0,
            "accounts_touched": 0, "accounts_created": 0, "actor": "a", "bytes": 0, "sha256": "00", "undone_at": null,
        });
        change(&mut item);
        shape::faults(
            &schema,
            &serde_json::json!({"schema": "acctsnap.uploads/1", "count": 1, "items": [item]}),
        )
    };
    assert_eq!(item(&|_| ()), [""; 0]);
    assert_eq!(item(&|item| item["more"] = 1.into()), ["/items/0: more is not in the schema"]);
    assert_eq!(item(&|item| drop(item.as_object_mut().unwrap().remove("file"))), ["/items/0: lacks file"]);
    assert_eq!(item(&|item| item["bytes"] = "0".into()), ["/items/0/bytes: \"0\" is no \"integer\""]);
    assert_eq!(item(&|item| item["kind"] = "other".into()).len(), 1);
}
