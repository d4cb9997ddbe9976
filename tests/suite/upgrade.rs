//! Databases of earlier versions, as they came out of the last program of each: they open, in reading and in writing,
//! and what was recorded stays to the last byte. `tests/databases/*.sh` tells what is in them.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::PathBuf;

use crate::support::Sandbox;
use crate::support::book::nps;
use crate::support::chain::{check, tables};
use acctsnap::ErrorKind;
use acctsnap::store::Store;
use rusqlite::Connection;
use rusqlite::types::Value;
use serde_json::json;

/// The tables that version 1 has, but for its own steps and the caches that the upgrade widens.
const FIRST_TABLES: [&str; 20] = [
    "counters",
    "changes",
    "customers",
    "customer_names",
    "accounts",
    "account_names",
    "kpi_definitions",
    "scoring_configs",
    "kpi_series",
    "uploads",
    "sightings",
    "weightings",
    "kpi_changes",
    "events",
    "decisions",
    "snapshots",
    "customer_heads",
    "kpi_current",
    "pending_events",
    "cooldowns",
];

/// The tables that version 2 added.
const SECOND_TABLES: [&str; 7] = [
    "profiles",
    "health_scores",
    "playbook_runs",
    "notes",
    "confirmations",
    "account_archivings",
    "kpi_series_words",
];

/// The tables that version 3 added.
const THIRD_TABLES: [&str; 3] = ["schedule_runs", "slots", "slot_heads"];

const CURRENT: i64 = Store::SCHEMA_VERSION;

fn fixture(version: i64) -> PathBuf {
    PathBuf::from(format!("{}/tests/databases/version_{version}.db", env!("CARGO_MANIFEST_DIR")))
}

/// A sandbox whose database is a copy of the one of a version.
fn with_version(version: i64) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("test.db", fs::read(fixture(version)).expect("a database of an earlier version"));
    sandbox
}

fn version(sql: &Connection) -> i64 {
    sql.query_one("PRAGMA user_version", [], |row| row.get(0)).expect("the version")
}

/// Every row of a table, in the columns that `of` has of it.
fn rows(sql: &Connection, of: &Connection, table: &str) -> Vec<Vec<Value>> {
    let columns = format!("SELECT group_concat(name, ', ') FROM pragma_table_info('{table}')");
    let columns: String = of.query_one(&columns, [], |row| row.get(0)).expect("its columns");
    let mut statement =
        sql.prepare(&format!("SELECT {columns} FROM {table} ORDER BY 1, 2")).expect("the table");
    let count = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| (0..count).map(|place| row.get(place)).collect();
    statement.query_map([], row).expect("rows").collect::<Result<_, _>>().expect("values")
}

#[test]
fn every_earlier_version_is_kept_and_tested() {
    for earlier in 1..CURRENT {
        let sandbox = with_version(earlier);
        assert_eq!(version(&sandbox.sql()), earlier);
        sandbox.at("13:00:00", &["latest", "--all", "--customer", "north"]).ok();
        assert_eq!(version(&sandbox.sql()), CURRENT);
    }
}

/// Every table of version 1, and what the later ones added to them.
fn tables_of(version: i64) -> impl Iterator<Item = &'static str> {
    let second = SECOND_TABLES.into_iter().filter(move |_| version > 1);
    let third = THIRD_TABLES.into_iter().filter(move |_| version > 2);
    FIRST_TABLES.into_iter().chain(["snapshot_contents", "account_heads"]).chain(second).chain(third)
}

#[test]
fn a_reading_command_upgrades_and_nothing_that_was_recorded_changes() {
    for earlier in 1..CURRENT {
        let sandbox = with_version(earlier);
        sandbox.at("13:00:00", &["customers", "list"]).ok();
        let untouched = with_version(earlier);
        let (old, new) = (untouched.sql(), sandbox.sql());
        assert_eq!((version(&old), version(&new)), (earlier, CURRENT));
        for table in tables_of(earlier) {
            let before = rows(&old, &old, table);
            assert!(!before.is_empty(), "{table} of version {earlier}");
            assert_eq!(rows(&new, &old, table), before, "{table} of version {earlier}");
        }
        let total = tables().map(|table| u64::try_from(sandbox.count(table)).unwrap_or(0)).sum::<u64>();
        assert_eq!(check(&new), (vec![], total), "the digests are still those of the rows");
    }
}

#[test]
fn an_upgraded_database_has_the_schema_of_a_new_one() {
    let new = Sandbox::new();
    new.ingest("11:00:00", &nps("Acme", "1"), &[]).ok();
    let schema = |sandbox: &Sandbox| -> Vec<String> {
        let sql = sandbox.sql();
        let mut statement =
            sql.prepare("SELECT type || ' ' || name || ': ' || sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY 1")
                .expect("the schema");
        statement.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("text")
    };
    for earlier in 1..CURRENT {
        let old = with_version(earlier);
        old.at("13:00:00", &["customers", "list"]).ok();
        assert_eq!(schema(&old), schema(&new), "of version {earlier}");
    }
}

#[test]
fn the_change_that_last_changed_a_value_is_found_weights_aside() {
    let sandbox = with_version(1);
    sandbox.at("11:00:00", &["customers", "list"]).ok();
    let of_heads = "SELECT count(*) FROM account_heads h WHERE h.kpi_values_change_id IS NOT (SELECT max(k.change_id) \
                    FROM kpi_changes k WHERE k.account_id = h.account_id AND k.changed <> '{}')";
    let wrong: i64 = sandbox.sql().query_one(of_heads, [], |row| row.get(0)).expect("the heads");
    assert_eq!(wrong, 0);
    // The last upload of these gave a weight alone.
    let weights = "account_heads WHERE kpi_values_change_id < kpis_change_id";
    assert_eq!((sandbox.count("account_heads"), sandbox.count(weights)), (6, 2));
}

#[test]
fn answers_go_on_as_before() {
    let sandbox = with_version(1);
    let latest =
        sandbox.at("11:00:00", &["latest", "-a", "a-1", "--customer", "north", "--json"]).ok().json();
    assert_eq!(
        (&latest["snapshot_id"], &latest["overall_health_score"], &latest["snapshot_reason"]),
        (&json!(6), &json!(47), &json!("before the QBR"))
    );
    assert_eq!(latest["dirty_since"], "2026-11-22T10:08:00.000Z");
    assert!(latest["revenue"].is_null() && latest["playbooks_running"].is_null());
    let words = ["history", "-a", "Acme", "--customer", "south", "--json"];
    assert_eq!(sandbox.at("11:00:00", &words).ok().json()["items"].as_array().map(Vec::len), Some(3));
    assert_eq!(sandbox.count("v_snapshots"), 12);
    assert_eq!((sandbox.count("v_playbooks"), sandbox.count("v_notes")), (0, 0));
}

#[test]
fn a_writing_command_upgrades_and_what_waited_gets_its_snapshot() {
    let sandbox = with_version(1);
    let flushed = sandbox.at("11:00:00", &["flush", "--now", "--json"]).ok().json();
    assert_eq!(flushed["created"], json!(4));
    assert_eq!((sandbox.count("pending_events"), sandbox.count("snapshots")), (0, 16));
    sandbox.ingest("12:00:00", &nps("Acme", "70"), &["--customer", "south"]).ok();
    let latest =
        sandbox.at("12:00:00", &["latest", "-a", "Acme", "--customer", "south", "--json"]).ok().json();
    assert_eq!(latest["snapshot_id"], json!(17));
    assert!(latest["dirty_since"].is_null());
    assert_eq!(check(&sandbox.sql()).0, [0; 0]);
}

#[test]
fn what_version_2_knew_is_answered_as_before() {
    let sandbox = with_version(2);
    let latest =
        sandbox.at("13:00:00", &["latest", "-a", "a-1", "--customer", "north", "--json"]).ok().json();
    assert_eq!((&latest["revenue"], &latest["account_tier"]), (&json!(1_250_000), &json!("Enterprise")));
    assert_eq!(latest["attributes"], json!({"seats": "45"}));
    let counts = ["v_playbooks", "v_notes", "v_health_scores", "v_schedule_runs", "v_slots"];
    assert_eq!(counts.map(|view| sandbox.count(view)), [4, 2, 4, 0, 0]);
    let flushed = sandbox.at("13:00:00", &["flush", "--now", "--json"]).ok().json();
    assert_eq!(flushed["created"], json!(4));
    assert_eq!(check(&sandbox.sql()).0, [0; 0]);
}

#[test]
fn a_command_that_writes_nothing_upgrades_for_good() {
    let sandbox = with_version(1);
    sandbox.at("11:00:00", &["flush", "--now", "--dry-run"]).ok();
    assert_eq!((version(&sandbox.sql()), sandbox.count("snapshots")), (CURRENT, 12));
    let path = sandbox.path("test.db");
    let known = |store: acctsnap::Result<Store>| {
        store.expect("the database").upgraded().map(|upgraded| upgraded.from)
    };
    assert_eq!(known(Store::open(&path)), None);
    let again = with_version(1);
    let path = again.path("test.db");
    assert_eq!((known(Store::open_read_only(&path)), known(Store::open_read_only(&path))), (Some(1), None));
}

#[test]
fn the_file_of_a_later_program_is_left_alone() {
    let sandbox = with_version(1);
    sandbox.sql().execute_batch("PRAGMA user_version = 99").expect("a later version");
    for open in [Store::open, Store::open_read_only] {
        assert_eq!(
            open(&sandbox.path("test.db")).err().map(|error| error.kind()),
            Some(ErrorKind::NewerDatabase)
        );
    }
    assert_eq!(version(&sandbox.sql()), 99);
}

#[test]
fn the_file_as_it_was_is_kept_beside_it_and_told_in_one_line() {
    for earlier in 1..CURRENT {
        let sandbox = with_version(earlier);
        let kept = sandbox.path(format!("test.db.before-schema-{CURRENT}"));
        let told = format!(
            "brought {} from schema version {earlier} to {CURRENT}; earlier programs cannot open it any more, the \
             file as it was is kept as {}",
            sandbox.path("test.db").display(),
            kept.display()
        );
        sandbox.at("13:00:00", &["customers", "list"]).ok().says(&told);
        sandbox.at("13:00:00", &["customers", "list"]).ok().keeps_silent_of("brought");
        let mode = fs::metadata(&kept).expect("the kept file").permissions();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o600);
        let (old, untouched) = (Connection::open(kept).expect("the kept file"), with_version(earlier));
        assert_eq!(version(&old), earlier);
        for table in tables_of(earlier) {
            assert_eq!(rows(&old, &old, table), rows(&untouched.sql(), &old, table), "{table}");
        }
    }
}
