//! Retention: what the plan says is what apply hides, undo brings back and purge removes for good; the ledger verifies
//! at every step.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use crate::support::{Outcome, Sandbox, chain, shape};
use serde_json::{Value, json};

const NOW: &str = "2024-06-01T00:00:00Z";
const MONTH_ENDS: &str = "[retention.default]\nmonth = \"all\"\n";

fn scores(sandbox: &Sandbox, at: &str, rows: &[(&str, &str)]) {
    let lines: String = rows.iter().map(|(account, value)| format!("\"{account}\",NPS,{value}\n")).collect();
    sandbox.write("kpis.csv", format!("account,kpi,value\n{lines}"));
    sandbox.command(["ingest", "kpis", "kpis.csv"]).at(at).run().ok();
}

/// Acme's snapshots 1, 3, 4, 5 (by hand, of the state of 4), 6 and 7; Beta's 2 and 8. Months keep their last one of each
/// type, so 3 and 6 may go.
fn story() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("snapshots.toml", MONTH_ENDS);
    scores(&sandbox, "2024-01-05T10:00:00Z", &[("Acme", "40"), ("Beta", "10")]);
    scores(&sandbox, "2024-01-20T10:00:00Z", &[("Acme", "50")]);
    scores(&sandbox, "2024-01-30T10:00:00Z", &[("Acme", "-20")]);
    sandbox.command(["snapshot", "create", "-a", "Acme"]).at("2024-01-31T10:00:00Z").run().ok();
    scores(&sandbox, "2024-02-10T10:00:00Z", &[("Acme", "30")]);
    scores(&sandbox, "2024-02-20T10:00:00Z", &[("Acme", "35")]);
    scores(&sandbox, "2024-02-21T10:00:00Z", &[("Beta", "20")]);
    sandbox
}

fn retention(sandbox: &Sandbox, words: &[&str]) -> Outcome {
    sandbox.command(["retention"].iter().chain(words)).at(NOW).run()
}

fn ids(items: &Value) -> Vec<i64> {
    items.as_array().expect("items").iter().filter_map(|item| item["snapshot_id"].as_i64()).collect()
}

/// The snapshots that a list shows, oldest first.
fn shown(sandbox: &Sandbox, words: &[&str]) -> Vec<i64> {
    let list = sandbox.command(words.iter().chain(&["--json"])).at(NOW).run().ok().json();
    let mut ids = ids(&list["items"]);
    ids.sort_unstable();
    ids
}

/// The ledger is whole, as another program reads it and as `verify` does.
#[track_caller]
fn verifies(sandbox: &Sandbox) {
    assert_eq!(chain::check(&sandbox.sql()).0, [0_i64; 0]);
    sandbox.command(["verify"]).at(NOW).run().ok();
}

#[test]
fn the_plan_gives_each_snapshot_a_verdict_and_every_reason() {
    let sandbox = story();
    let plan = retention(&sandbox, &["plan", "--json"]).ok().json();
    shape::check("retention_plan", &plan);
    let verdicts: Vec<(i64, &str)> = plan["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| (item["snapshot_id"].as_i64().unwrap_or(0), item["verdict"].as_str().unwrap_or("")))
        .collect();
    let expected = [
        (1, "keep"),
        (3, "remove"),
        (4, "keep"),
        (5, "keep"),
        (6, "remove"),
        (7, "keep"),
        (2, "keep"),
        (8, "keep"),
    ];
    assert_eq!(verdicts, expected);
    assert_eq!(
        plan["items"][1]["reasons"],
        json!([{"code": "not_last_of_period", "text": "4 is the last of month 2024-01"}])
    );
    assert_eq!(plan["items"][0]["reasons"], json!([{"code": "first", "text": "the account's first"}]));
    retention(&sandbox, &["plan"]).ok().matches_golden("retention/plan");
    let lines = retention(&sandbox, &["plan", "--format", "jsonl"]).ok().jsonl();
    assert_eq!(plan["items"], Value::from(lines));
    let table = retention(&sandbox, &["plan", "--format", "csv"]);
    assert!(
        table.ok().stdout.starts_with("customer,snapshot_id,account_id,external_account_id,account_name,")
    );
    assert_eq!(sandbox.count("retention_runs") + sandbox.count("tombstones"), 0, "a plan writes nothing");
}

#[test]
fn without_rules_a_year_is_kept_then_month_and_quarter_ends() {
    let sandbox = story();
    sandbox.write("snapshots.toml", "");
    let then = |at| {
        let plan = sandbox.command(["retention", "plan", "--json"]).at(at).run().ok().json();
        let gone = plan["items"].as_array().expect("items").iter().filter(|item| item["verdict"] == "remove");
        gone.filter_map(|item| item["snapshot_id"].as_i64()).collect::<Vec<_>>()
    };
    assert_eq!(then("2024-12-31T00:00:00Z"), [0_i64; 0]);
    assert_eq!(then("2025-06-01T00:00:00Z"), [3, 6]);
    assert_eq!(then("2031-06-01T00:00:00Z"), [3, 4, 6], "January's end is no quarter's");
}

#[test]
fn apply_asks_and_hides_exactly_what_the_plan_removes() {
    let sandbox = story();
    retention(&sandbox, &["apply"]).fails_with(2).mentions("--yes");
    let dry = retention(&sandbox, &["apply", "--dry-run", "--json"]).ok().json();
    assert_eq!(
        (&dry["hidden"], &dry["dry_run"], &dry["runs"][0]["run_id"]),
        (&json!(2), &json!(true), &Value::Null)
    );
    assert_eq!(sandbox.count("tombstones"), 0);
    let before = sandbox.command(["latest", "--all", "--json"]).at(NOW).run().ok().json();
    let applied = retention(&sandbox, &["apply", "--yes"]);
    applied.ok().matches_golden("retention/apply");
    assert_eq!(before, sandbox.command(["latest", "--all", "--json"]).at(NOW).run().ok().json());
    assert_eq!(shown(&sandbox, &["snapshot", "list"]), [1, 2, 4, 5, 7, 8]);
    assert_eq!(shown(&sandbox, &["snapshot", "list", "-a", "Acme"]), [1, 4, 5, 7]);
    assert_eq!(shown(&sandbox, &["history", "-a", "Acme"]), [1, 4, 5, 7]);
    sandbox.command(["export", "snapshots", "all.jsonl"]).at(NOW).run().ok();
    assert_eq!(sandbox.read("all.jsonl").lines().count(), 6);
    let viewed: i64 =
        sandbox.sql().query_one("SELECT count(*) FROM v_snapshots", [], |row| row.get(0)).expect("a view");
    assert_eq!(viewed, 6);
    let compared =
        sandbox.command(["compare", "-a", "Acme", "2024-01-25", "previous", "--json"]).at(NOW).run();
    let compared = compared.ok().json();
    assert_eq!((&compared["from"]["snapshot_id"], &compared["to"]["snapshot_id"]), (&json!(1), &json!(5)));
    sandbox.command(["compare", "--all", "2024-01-25", "previous"]).at(NOW).run().ok();
    sandbox
        .command(["snapshot", "show", "3"])
        .at(NOW)
        .run()
        .fails_with(4)
        .says("error: snapshot 3 is hidden by retention run 1")
        .says("hint: `acctsnap retention undo 1` brings back what that run hid");
    for words in [["compare", "3", "7"], ["snapshot", "pin", "3"]] {
        sandbox.command(words).at(NOW).run().fails_with(4).mentions("hidden by retention run 1");
    }
    let then = ["snapshot", "list", "--as-of", "2024-05-01"];
    assert_eq!(shown_as_of(&sandbox, &then), [1, 2, 3, 4, 5, 6, 7, 8], "it was not hidden then");
    verifies(&sandbox);
    let again = retention(&sandbox, &["apply"]);
    assert_eq!(again.ok().stdout, "nothing is to be hidden\n", "nothing to ask about");
    assert_eq!(sandbox.count("retention_runs"), 1);
}

fn shown_as_of(sandbox: &Sandbox, words: &[&str]) -> Vec<i64> {
    let list = sandbox.command(words.iter().chain(&["--json"])).run().ok().json();
    let mut ids = ids(&list["items"]);
    ids.sort_unstable();
    ids
}

#[test]
fn undo_brings_back_until_purge() {
    let sandbox = story();
    retention(&sandbox, &["apply", "--yes"]).ok();
    let undone = retention(&sandbox, &["undo", "1", "--json"]).ok().json();
    shape::check("retention_undo", &undone);
    assert_eq!(
        (&undone["shown"], &undone["changed"], &undone["undone_by"]),
        (&json!(2), &json!(true), &json!(2))
    );
    assert_eq!(shown(&sandbox, &["snapshot", "list"]), [1, 2, 3, 4, 5, 6, 7, 8]);
    let again = retention(&sandbox, &["undo", "1"]);
    assert_eq!(again.ok().stdout, "default: run 1 is undone already: nothing was changed\n");
    for wrong in ["2", "9", "-1"] {
        retention(&sandbox, &["undo", "--", wrong])
            .fails_with(4)
            .mentions("no retention apply has the number");
    }
    retention(&sandbox, &["purge"]).ok();
    assert_eq!(sandbox.count("snapshots"), 8, "nothing is hidden");
    verifies(&sandbox);
}

#[test]
fn purge_removes_for_good_and_the_rest_stays_whole() {
    let sandbox = story();
    let full = |id: &str| sandbox.command(["snapshot", "show", id, "--json"]).at(NOW).run().ok().json();
    let before = [full("4"), full("5"), full("7")];
    retention(&sandbox, &["apply", "--yes"]).ok();
    retention(&sandbox, &["purge"]).fails_with(2);
    retention(&sandbox, &["purge", "--dry-run"]).ok();
    assert_eq!(sandbox.count("snapshots"), 8);
    let purged = retention(&sandbox, &["purge", "--yes", "--json"]).ok().json();
    shape::check("retention_purge", &purged);
    assert_eq!((&purged["removed"], &purged["contents"]), (&json!(2), &json!(2)));
    assert_eq!((sandbox.count("snapshots"), sandbox.count("removed_rows")), (6, 4));
    assert_eq!(shown(&sandbox, &["history", "-a", "Acme"]), [1, 4, 5, 7]);
    assert_eq!(before, [full("4"), full("5"), full("7")], "deltas and runs are as they were");
    verifies(&sandbox);
    sandbox.command(["snapshot", "show", "3"]).at(NOW).run().fails_with(4).mentions("was removed for good");
    retention(&sandbox, &["undo", "1"]).fails_with(5).mentions("was removed for good");
    assert_eq!(retention(&sandbox, &["purge"]).ok().stdout, "nothing is hidden, so nothing was removed\n");
    // What comes later is measured as before, over the gap.
    scores(&sandbox, "2024-06-02T00:00:00Z", &[("Acme", "60")]);
    let next =
        sandbox.command(["latest", "-a", "Acme", "--json"]).at("2024-06-02T00:00:01Z").run().ok().json();
    assert_eq!(next["snapshot_sequence_number"], 7);
    verifies(&sandbox);
}

#[test]
fn a_run_of_one_content_outlives_its_first_snapshot() {
    let sandbox = story();
    // 4 bears the content that 5 repeats: with a rule of its own for what data changes triggered, 4 may go.
    sandbox.write(
        "snapshots.toml",
        "[retention.default]\nmonth = \"all\"\n[retention.event_driven]\nyear = 1\n",
    );
    let full = |id: &str| sandbox.command(["snapshot", "show", id, "--json"]).at(NOW).run().ok().json();
    let before = full("5");
    assert_eq!(before["unchanged_since"], "2024-01-30T10:00:00.000Z");
    retention(&sandbox, &["apply", "--yes"]).ok();
    let purged = retention(&sandbox, &["purge", "--yes", "--json"]).ok().json();
    assert_eq!((&purged["removed"], &purged["contents"]), (&json!(3), &json!(2)));
    assert_eq!(full("5"), before);
    let since: String = sandbox
        .sql()
        .query_one("SELECT unchanged_since FROM v_snapshots WHERE snapshot_id = 5", [], |row| row.get(0))
        .expect("a view");
    assert_eq!(since, "2024-01-30T10:00:00.000Z");
    verifies(&sandbox);
}

#[test]
fn what_is_marked_stays_also_when_it_was_marked_after_it_was_hidden() {
    let sandbox = story();
    sandbox.command(["snapshot", "tag", "3", "board"]).at(NOW).run().ok();
    sandbox.command(["snapshot", "pin", "6"]).at(NOW).run().ok();
    assert_eq!(retention(&sandbox, &["apply"]).ok().stdout, "nothing is to be hidden\n");
    let plan = retention(&sandbox, &["plan", "--json"]).ok().json();
    let texts: Vec<&Value> =
        [1, 4].into_iter().map(|place| &plan["items"][place]["reasons"][0]["text"]).collect();
    assert_eq!(texts, [&json!("tagged board"), &json!("pinned")]);
}

#[test]
fn a_purge_that_fails_in_part_is_loud() {
    let sandbox = story();
    retention(&sandbox, &["apply", "--yes"]).ok();
    sandbox
        .sql()
        .execute_batch("CREATE TRIGGER held BEFORE DELETE ON snapshots WHEN OLD.id = 3 BEGIN SELECT RAISE(ABORT, 'held'); END")
        .expect("a trigger");
    let purged = retention(&sandbox, &["purge", "--yes", "--json"]);
    purged.fails_with(3).mentions("snapshot 3 could not be removed");
    let view: Value = serde_json::from_str(&purged.stdout).expect("JSON");
    assert_eq!((&view["removed"], ids(&view["failed"])), (&json!(1), vec![3]));
    assert_eq!(sandbox.count("snapshots"), 7);
    sandbox.sql().execute_batch("DROP TRIGGER held").expect("the trigger");
    verifies(&sandbox);
    retention(&sandbox, &["purge", "--yes"]).ok();
    assert_eq!(sandbox.count("snapshots"), 6);
    verifies(&sandbox);
}

#[test]
fn rules_that_keep_nothing_are_refused() {
    let sandbox = story();
    for rules in ["day = 0", "", "min = 1", "keep_all = \"0d\""] {
        sandbox.write("snapshots.toml", format!("[retention.scheduled]\n{rules}\n"));
        for words in [&["retention", "plan"][..], &["retention", "apply", "--yes"], &["config", "check"]] {
            sandbox
                .run(words)
                .fails_with(2)
                .mentions("snapshots.toml:1:1: retention.scheduled: expected rules that keep more")
                .mentions("a min of at least 2");
        }
    }
    sandbox.write("snapshots.toml", "[retention.scheduled]\nday = \"often\"\n");
    let refused = sandbox.run(["config", "check"]);
    assert!(!refused.fails_with(2).stderr.contains("keep more"), "{}", refused.transcript());
    assert_eq!(sandbox.count("retention_runs"), 0);
}

#[test]
fn what_bears_an_instant_to_come_is_flagged_and_lets_nothing_go() {
    let sandbox = story();
    let plan = sandbox.command(["retention", "plan", "--json"]).at("2024-02-15T00:00:00Z").run().ok().json();
    let of = |id: i64| {
        let item = plan["items"].as_array().expect("items").iter().find(|item| item["snapshot_id"] == id);
        let item = item.expect("the snapshot");
        (item["verdict"].clone(), item["is_future_dated"].clone())
    };
    assert_eq!((of(7), of(6)), ((json!("keep"), json!(true)), (json!("keep"), json!(false))));
    assert_eq!(of(3), (json!("remove"), json!(false)));
}

#[test]
fn every_customer_is_served_unless_one_is_named_and_names_steer_no_terminal() {
    let sandbox = story();
    let hostile = "=cmd|'x'!A0 \u{202e}";
    for (at, value) in
        [("2024-03-01T00:00:00Z", "1"), ("2024-03-02T00:00:00Z", "2"), ("2024-03-03T00:00:00Z", "3")]
    {
        sandbox.write("kpis.csv", format!("account,kpi,value\n\"{hostile}\",NPS,{value}\n"));
        sandbox.command(["ingest", "kpis", "kpis.csv", "--customer", "south"]).at(at).run().ok();
    }
    let plan = retention(&sandbox, &["plan", "--customer", "south"]);
    assert!(!plan.ok().stdout.contains('\u{202e}') && plan.stdout.contains("\\u{202e}"), "{}", plan.stdout);
    assert!(!plan.stdout.contains("Acme"));
    let applied = retention(&sandbox, &["apply", "--yes", "--json"]).ok().json();
    let runs: Vec<(&Value, &Value)> = applied["runs"]
        .as_array()
        .expect("runs")
        .iter()
        .map(|run| (&run["customer"], &run["hidden"]))
        .collect();
    assert_eq!(runs, [(&json!("default"), &json!(2)), (&json!("south"), &json!(1))]);
    retention(&sandbox, &["undo", "1", "--customer", "south"]).fails_with(4);
    retention(&sandbox, &["undo", "2", "--customer", "south"]).ok();
    retention(&sandbox, &["plan", "--customer", "nobody"]).fails_with(4);
    verifies(&sandbox);
}

#[test]
fn where_nothing_is_nothing_goes() {
    let sandbox = Sandbox::new();
    for words in [vec!["plan"], vec!["apply", "--yes"], vec!["undo", "1"], vec!["purge", "--yes"]] {
        retention(&sandbox, &words).fails_with(4);
    }
    sandbox.write("profiles.csv", "account,arr\nAcme,5\n");
    sandbox
        .command(["ingest", "profiles", "profiles.csv", "--no-events"])
        .at("2024-01-01T00:00:00Z")
        .run()
        .ok();
    assert_eq!(retention(&sandbox, &["plan"]).ok().stdout, "no snapshot was taken yet\n");
    retention(&sandbox, &["undo"]).fails_with(2);
}
