//! A customer's other name: its data, its settings and its old name go on; nobody else's name is taken.

use crate::support::book::nps;
use crate::support::{Sandbox, chain, shape};
use serde_json::{Value, json};

fn with_two() -> Sandbox {
    let sandbox = Sandbox::new();
    for customer in ["north", "south"] {
        sandbox.ingest("10:00:00", &nps("Acme", "11"), &["--customer", customer]).ok();
    }
    sandbox
}

#[track_caller]
fn rename(sandbox: &Sandbox, time: &str, old: &str, new: &str) -> Value {
    let answer = sandbox.at(time, &["customers", "rename", old, new, "--json"]).ok().json();
    shape::check("customer_change", &answer);
    answer
}

/// The name of each customer.
fn customers(sandbox: &Sandbox) -> Vec<Value> {
    let answer = sandbox.at("11:00:00", &["customers", "list", "--json"]).ok().json();
    let items = answer["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item["customer"].clone()).collect()
}

#[test]
fn a_renamed_customer_is_found_by_both_names() {
    let sandbox = with_two();
    let answer = rename(&sandbox, "10:01:00", "NORTH", " North   Star ");
    assert_eq!(
        (&answer["customer"], &answer["previous_name"], &answer["customer_id"]),
        (&json!("North Star"), &json!("north"), &json!(1))
    );
    assert_eq!(customers(&sandbox), ["North Star", "south"]);
    for name in ["north", "north star"] {
        let latest = sandbox.latest_of_all("11:00:00", name);
        assert_eq!((latest.len(), &latest[0]["customer"]), (1, &json!("North Star")), "{name}");
    }
    for (time, name) in [("10:06:00", "north"), ("10:12:00", "North Star")] {
        let ingest = sandbox.ingested(time, &nps("Acme", &time[3..5]), &["--customer", name]);
        assert_eq!(ingest["rows"]["updated"], 1, "{name}");
    }
    assert_eq!((sandbox.count("customers"), sandbox.count("accounts")), (2, 2));
    assert_eq!(chain::check(&sandbox.sql()).0, [0_i64; 0]);
}

#[test]
fn a_name_of_another_customer_is_refused_also_one_that_it_had_once() {
    let sandbox = with_two();
    rename(&sandbox, "10:01:00", "south", "austral");
    for name in ["austral", "SOUTH"] {
        let run = sandbox.at("10:02:00", &["customers", "rename", "north", name, "--json"]);
        assert_eq!(run.fails_with(5).error_json()["message"], format!("'{name}' leads to another customer"));
    }
    sandbox
        .at("10:02:00", &["customers", "rename", "west", "x"])
        .fails_with(4)
        .mentions("no customer 'west'");
    assert_eq!(rename(&sandbox, "10:03:00", "austral", "south")["previous_name"], "austral", "back again");
    assert_eq!(customers(&sandbox), ["north", "south"]);
}

#[test]
fn twice_is_once_and_a_dry_run_is_nothing() {
    let sandbox = with_two();
    let dry = sandbox.at("10:01:00", &["customers", "rename", "north", "polar", "--dry-run", "--json"]);
    assert_eq!(dry.ok().json()["changed"], true);
    assert_eq!(customers(&sandbox), ["north", "south"]);
    rename(&sandbox, "10:01:00", "north", "polar");
    let before = sandbox.count("changes");
    for old in ["north", "polar"] {
        assert_eq!(rename(&sandbox, "10:02:00", old, "polar")["changed"], false);
    }
    assert_eq!(sandbox.count("changes"), before);
}

#[test]
fn the_flag_narrows_the_command_to_its_customer() {
    let sandbox = with_two();
    let with_flag =
        |flag: &str| sandbox.at("10:01:00", &["customers", "rename", "north", "polar", "--customer", flag]);
    let unknown = sandbox.at("10:01:00", &["customers", "rename", "west", "polar", "--customer", "south"]);
    let (other, west) =
        (with_flag("south").fails_with(4).stderr.clone(), unknown.fails_with(4).stderr.clone());
    assert_eq!(
        other.replace("north", "west"),
        west,
        "another's customer is answered as one that is not there"
    );
    with_flag("north").ok();
    let environment =
        sandbox.command(["customers", "rename", "polar", "north"]).env("ACCTSNAP_CUSTOMER", "south");
    environment.at("2026-11-22T10:02:00Z").run().ok();
}

#[test]
fn settings_under_the_old_name_go_on_holding() {
    let sandbox = with_two();
    let toml = "[customers.north]\ntimezone = \"Asia/Kolkata\"\ncooldown.event_driven = \"1h\"\n\
                health.weights = { Support = 0.5 }\n";
    sandbox.write("snapshots.toml", toml);
    let notes = rename(&sandbox, "10:01:00", "north", "polar")["notes"].clone();
    assert_eq!(
        notes[0],
        "its settings in snapshots.toml stand under [customers.\"north\"] and go on holding"
    );
    for (time, name, value) in [("10:10:00", "north", "20"), ("10:12:00", "Polar", "30")] {
        let of = ["--customer", name];
        let run = |words: &[&str]| sandbox.at(time, &[words, &of].concat()).ok().clone();
        sandbox.ingest(time, &nps("Acme", value), &of).ok().mentions("(cooldown: ");
        let (uploads, settings) = (run(&["uploads", "list"]).stdout, run(&["config", "show"]).stdout);
        assert!(
            uploads.contains("+05:30") && settings.contains("Asia/Kolkata"),
            "{name}: {uploads}{settings}"
        );
        run(&["kpis", "show", "NPS"]).keeps_silent_of("rescores");
        run(&["snapshot", "create", "--all"]).keeps_silent_of("rules");
    }
    sandbox.at("10:13:00", &["flush"]).ok().keeps_silent_of("rules");
    sandbox.write("snapshots.toml", format!("{toml}[customers.polar]\ncurrency = \"EUR\"\n"));
    let both = rename(&sandbox, "10:14:00", "polar", "Polar")["notes"].clone();
    assert!(
        both[0].as_str().is_some_and(|note| note.contains("[customers.\"north\"], which do not")),
        "{both}"
    );
}

#[test]
fn answers_read_well() {
    let sandbox = with_two();
    sandbox.write("snapshots.toml", "[customers.north]\ncurrency = \"EUR\"\n");
    let golden = |words: &[&str], name: &str| {
        sandbox
            .at("10:01:00", &[&["customers", "rename"], words].concat())
            .matches_golden(&format!("identity/{name}"));
    };
    golden(&["north", "polar"], "customer-rename");
    golden(&["north", "polar"], "customer-rename-again");
    golden(&["north", "south"], "customer-rename-refused");
}
