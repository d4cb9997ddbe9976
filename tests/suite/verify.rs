//! `verify`: a sound database is said to be sound, and whatever is changed behind its back is named.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::PathBuf;

use crate::damage::{altered, everything};
use crate::support::Sandbox;
use crate::support::book::nps;
use acctsnap::model::verification::{Finding, FindingKind, VerifyScope};
use acctsnap::store::Store;
use serde_json::{Value, json};

/// The verification as JSON, whatever the exit code.
fn verified(sandbox: &Sandbox, words: &[&str]) -> Value {
    let words: Vec<&str> = ["verify", "--json"].iter().chain(words).copied().collect();
    let run = sandbox.at("23:00:00", &words);
    let view = run.json();
    assert_eq!(run.code(), Some(if view["is_sound"] == json!(true) { 0 } else { 7 }), "{}", run.transcript());
    view
}

/// What is found, without the program around it: quick enough for hundreds of databases.
fn found(sandbox: &Sandbox) -> Vec<Finding> {
    let store = Store::open_read_only(&sandbox.path("test.db")).expect("the database");
    let verified = store.verify(VerifyScope::default(), &[], &mut || Ok(()));
    verified.expect("a verification").findings
}

#[test]
fn a_database_of_every_kind_of_data_is_sound() {
    let sandbox = everything();
    let view = verified(&sandbox, &[]);
    assert_eq!(view["findings"], json!([]), "{view:#}");
    let total: i64 = crate::support::chain::tables().map(|table| sandbox.count(table)).sum();
    assert_eq!(view["checked"]["rows"], json!(total), "no row stands outside");
    assert_eq!(view["checked"]["snapshots"], json!(sandbox.count("snapshots")));
    assert_eq!(view["checked"]["changes"], json!(sandbox.count("changes")));
    let text = sandbox.at("23:00:00", &["verify"]).ok().stdout.clone();
    assert!(text.contains(" is sound\nchecked "), "{text}");
}

#[test]
fn a_database_of_an_earlier_version_is_sound_once_it_is_brought_up_to_date() {
    for earlier in 1..Store::SCHEMA_VERSION {
        let name = format!("{}/tests/databases/version_{earlier}.db", env!("CARGO_MANIFEST_DIR"));
        let Ok(bytes) = fs::read(PathBuf::from(name)) else { continue };
        let sandbox = Sandbox::new();
        sandbox.write("test.db", bytes);
        let view = verified(&sandbox, &[]);
        assert_eq!(view["findings"], json!([]), "version {earlier}: {view:#}");
    }
}

/// Whatever column of whatever row of the ledger is altered: it is found in the ledger itself.
#[test]
fn every_altered_column_of_the_ledger_is_found() {
    let sandbox = everything();
    for (table, column) in
        crate::damage::columns(&sandbox, crate::support::chain::tables().chain(["changes"]))
    {
        let Some(broken) = altered(&sandbox, &table, &column) else { continue };
        let findings = found(&broken);
        let of_ledger = [FindingKind::Digest, FindingKind::Row, FindingKind::Link];
        assert!(findings.iter().any(|it| of_ledger.contains(&it.kind)), "{table}.{column}: {findings:#?}");
    }
}

/// Whatever column of whatever cache is altered: it is named with its table.
#[test]
fn every_altered_column_of_a_cache_is_named() {
    let sandbox = everything();
    let caches = [
        "account_heads",
        "customer_heads",
        "kpi_current",
        "pending_events",
        "cooldowns",
        "slot_heads",
        "counters",
    ];
    for (table, column) in crate::damage::columns(&sandbox, caches.into_iter()) {
        let Some(broken) = altered(&sandbox, &table, &column) else { continue };
        let findings = found(&broken);
        // The configuration in force shows by the scores that it gives.
        let is_config = (table.as_str(), column.as_str()) == ("customer_heads", "scoring_config_id");
        let shown_in = if is_config { "kpi_current" } else { &table };
        let is_named = |it: &Finding| it.kind == FindingKind::Cache && it.table.as_deref() == Some(shown_in);
        assert!(findings.iter().any(is_named), "{table}.{column}: {findings:#?}");
    }
}

/// Alters a copy, guards lifted, and verifies it.
fn after(sandbox: &Sandbox, sql: &str) -> Value {
    let broken = crate::damage::copy(sandbox);
    let connection = broken.sql();
    let guards = crate::damage::lift_guards(&connection);
    connection
        .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
        .expect("no checks");
    connection.execute_batch(sql).expect("the damage");
    connection.execute_batch(&guards).expect("the guards as they were");
    drop(connection);
    verified(&broken, &[])
}

/// What is altered, in which snapshot or row it is told, and in which words.
const DAMAGES: &[(&str, &str, &str)] = &[
    (
        "UPDATE snapshots SET trend = -trend - 1 WHERE id = 5",
        "snapshot",
        "its trend is not what the history gives",
    ),
    (
        "UPDATE snapshots SET sequence = sequence + 1 WHERE id = 5",
        "link",
        "its sequence is not what the history gives",
    ),
    (
        "UPDATE snapshots SET previous_id = 1 WHERE id = 5",
        "link",
        "its previous_id is not what the history gives",
    ),
    ("UPDATE snapshots SET days_since_last = 9 WHERE id = 5", "snapshot", "its days_since_last is not"),
    ("UPDATE snapshots SET significant = 1 - significant WHERE id = 5", "snapshot", "its significant is not"),
    ("UPDATE snapshots SET run_start_id = id WHERE id = 5", "link", "its run_start_id is not"),
    (
        "UPDATE snapshot_contents SET overall_score = 1234 WHERE id = 2",
        "snapshot",
        "overall_health_score is not what the facts",
    ),
    (
        "UPDATE snapshot_contents SET overall_score = 1234 WHERE id = 2",
        "content_hash",
        "its content_hash is not",
    ),
    (
        "UPDATE snapshot_contents SET hash = zeroblob(32) WHERE id = 2",
        "content_hash",
        "its content_hash is not",
    ),
    ("UPDATE snapshot_contents SET critical_kpis = 3 WHERE id = 2", "snapshot", "critical_kpis_count is not"),
    (
        "UPDATE kpi_changes SET changed = '{\"1\":99}' WHERE id = 1",
        "digest",
        "what it recorded is not what is there now",
    ),
    ("UPDATE profiles SET content = '{' WHERE id = 1", "link", "the profile cannot be read"),
    ("UPDATE uploads SET change_id = 999 WHERE id = 2", "row", "belongs to change 999"),
    ("DELETE FROM notes WHERE id = 1", "row", "row 1 is missing"),
    ("DELETE FROM decisions WHERE id = 1", "row", "row 1 is missing"),
    ("DELETE FROM changes WHERE id = 3", "row", "changes 3 to 3 are missing"),
    (
        "UPDATE events SET snapshot_id = NULL, outcome = 1 WHERE id = 1",
        "event",
        "says that a snapshot was taken",
    ),
    (
        "UPDATE decisions SET event_id = (SELECT min(id) FROM events WHERE account_id = 2) WHERE id = 1",
        "event",
        "decides about an event",
    ),
    ("DELETE FROM cooldowns", "cache", "the row is missing"),
    ("INSERT INTO cooldowns VALUES (1, 3, 5, 5)", "cache", "the row should not be there"),
    ("UPDATE counters SET value = value - 1 WHERE kind = 'snapshot'", "cache", "the counter of snapshot ids"),
    (
        "UPDATE account_heads SET name = 'Other' WHERE account_id = 1",
        "cache",
        "its name is not what the history gives",
    ),
    (
        "UPDATE kpi_current SET vector = replace(vector, '-40', '40'), weighting_id = NULL",
        "cache",
        "its weighting_id does not lead",
    ),
    ("DELETE FROM customers WHERE id = 2", "reference", "refers to a row of customers"),
    (
        "CREATE TRIGGER hostile AFTER INSERT ON events BEGIN DELETE FROM cooldowns; END",
        "schema",
        "the trigger 'hostile'",
    ),
    ("CREATE VIEW v_hostile AS SELECT 1", "schema", "the view 'v_hostile'"),
    ("CREATE TABLE extra (x)", "schema", "the table 'extra'"),
    ("DROP VIEW v_events", "schema", "the view 'v_events' is missing"),
    (
        "DROP INDEX uploads_by_file; CREATE INDEX uploads_by_file ON uploads (sha256)",
        "schema",
        "is defined otherwise",
    ),
    ("DELETE FROM schema_steps WHERE version = 2", "schema", "the steps that made the schema"),
];

#[test]
fn each_kind_of_damage_is_named() {
    let sandbox = everything();
    for (sql, kind, words) in DAMAGES {
        let view = after(&sandbox, sql);
        let findings = view["findings"].as_array().cloned().unwrap_or_default();
        let is_told = |it: &Value| {
            it["kind"] == json!(kind) && it["what"].as_str().is_some_and(|what| what.contains(words))
        };
        assert!(findings.iter().any(is_told), "{sql}: {view:#}");
    }
}

#[test]
fn a_finding_names_customer_account_snapshot_and_what_should_be_there() {
    let sandbox = everything();
    let view = after(&sandbox, "UPDATE snapshots SET days_since_last = 9 WHERE id = 5");
    let finding =
        view["findings"].as_array().into_iter().flatten().find(|it| it["kind"] == "snapshot").cloned();
    let finding = finding.expect("a finding of a snapshot");
    assert_eq!((&finding["snapshot_id"], &finding["customer"]), (&json!(5), &json!("north")));
    assert_eq!((&finding["expected"], &finding["found"]), (&json!("0"), &json!("9")));
    assert!(finding["account_name"].is_string(), "{finding}");
}

#[test]
fn the_exit_code_is_7_and_the_error_says_damaged() {
    let sandbox = everything();
    let broken = altered(&sandbox, "snapshots", "trend").expect("a damaged copy");
    let run = broken.at("23:00:00", &["verify", "--json"]);
    assert_eq!((run.code(), run.error_json()["code"].clone()), (Some(7), json!("damaged")));
    let text = broken.at("23:00:00", &["verify"]).fails_with(7).stdout.clone();
    assert!(text.contains("its trend is not what the history gives: expected "), "{text}");
    let csv = broken.at("23:00:00", &["verify", "--format", "csv"]).fails_with(7).stdout.clone();
    assert!(csv.starts_with("kind,customer,account_id,"), "{csv}");
    let quiet = broken.at("23:00:00", &["verify", "--as-of", "2026-11-21"]);
    quiet.fails_with(2);
}

#[test]
fn it_is_narrowed_to_a_customer_and_to_an_account() {
    let sandbox = everything();
    let last = "UPDATE snapshots SET days_since_last = 77 WHERE id = (SELECT max(s.id) FROM snapshots s \
                JOIN account_heads h ON h.account_id = s.account_id JOIN customer_names n USING (customer_id) \
                WHERE n.name = 'south' AND h.name = 'Acme')";
    let broken = crate::damage::copy(&sandbox);
    let guards = crate::damage::lift_guards(&broken.sql());
    broken.sql().execute_batch(&format!("{last};{guards}")).expect("the damage");
    let of = |words: &[&str]| verified(&broken, words)["findings_total"].as_i64().unwrap_or(0);
    assert_eq!(of(&["--customer", "north"]), 0);
    assert!(of(&["--customer", "south"]) >= 2);
    assert!(of(&["--customer", "south", "-a", "Acme"]) >= 2);
    assert_eq!(of(&["--customer", "south", "-a", "Beta"]), 0);
    let elsewhere = verified(&broken, &["--customer", "north"]);
    assert_eq!((&elsewhere["is_sound"], &elsewhere["findings_total"]), (&json!(true), &json!(0)));
    assert!(elsewhere["findings_elsewhere"].as_u64() >= Some(2), "{elsewhere}");
    for (words, whose) in [
        (&["verify", "--customer", "north"][..], "north is sound\n"),
        (&["verify", "--customer", "south", "-a", "Beta"], " of south is sound\n"),
    ] {
        let told = broken.at("23:00:00", words);
        assert!(told.ok().stdout.contains(whose), "{}", told.transcript());
        assert!(told.stdout.contains("elsewhere in ") && !told.stdout.contains("test.db is sound"));
    }
    broken.at("23:00:00", &["verify", "--customer", "north", "-a", "Nobody"]).fails_with(4);
    broken.at("23:00:00", &["verify", "--customer", "east"]).fails_with(4);
}

#[test]
fn an_anchor_finds_a_history_that_was_written_anew() {
    let (sandbox, other) = (everything(), everything());
    sandbox.at("23:00:00", &["verify", "--write-anchor", "heads.jsonl"]).ok();
    let lines = sandbox.read("heads.jsonl");
    assert_eq!(lines.lines().count(), 2, "a line a customer: {lines}");
    assert_eq!(verified(&sandbox, &["--anchor", "heads.jsonl"])["anchors_checked"], json!(2));
    sandbox.ingest("22:00:00", &nps("Acme", "1"), &["--customer", "north"]).ok();
    assert_eq!(
        verified(&sandbox, &["--anchor", "heads.jsonl"])["findings"],
        json!([]),
        "later changes are no damage"
    );
    // The same story told once more has digests of its own, all of them consistent.
    other.write("heads.jsonl", &lines);
    assert_eq!(verified(&other, &[])["findings"], json!([]));
    let view = verified(&other, &["--anchor", "heads.jsonl"]);
    assert_eq!(view["findings"].as_array().map(Vec::len), Some(2), "{view:#}");
    assert_eq!(view["findings"][0]["kind"], "anchor");
    let north = verified(&other, &["--anchor", "heads.jsonl", "--customer", "north"]);
    assert_eq!((&north["findings_total"], &north["findings"][0]["customer"]), (&json!(1), &json!("north")));
}

#[test]
fn an_anchor_that_is_none_is_refused_and_none_is_written_of_a_damaged_database() {
    let sandbox = everything();
    for (text, said) in
        [("", "an empty file"), ("hello\n", "heads.jsonl:1"), ("{\"schema\":\"x/1\"}\n", "heads.jsonl:1")]
    {
        sandbox.write("heads.jsonl", text);
        sandbox.at("23:00:00", &["verify", "--anchor", "heads.jsonl"]).fails_with(5).mentions(said);
    }
    sandbox.at("23:00:00", &["verify", "--anchor", "nowhere.jsonl"]).fails_with(5);
    let broken = altered(&sandbox, "snapshots", "trend").expect("a damaged copy");
    broken.at("23:00:00", &["verify", "--write-anchor", "new.jsonl"]).fails_with(7);
    assert!(!broken.path("new.jsonl").exists());
    assert!(!sandbox.path("nothing.db").exists());
    sandbox.command(["verify"]).db("nothing.db").run().fails_with(4);
    assert!(!sandbox.path("nothing.db").exists(), "reading makes nothing");
}

#[test]
fn files_that_sqlite_cannot_read_are_exit_7_and_nothing_panics() {
    let sandbox = crate::damage::copy(&everything());
    let whole = fs::read(sandbox.path("test.db")).expect("the database");
    let mut files: Vec<(String, Vec<u8>)> = vec![
        ("noise".into(), (0..40_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect()),
        ("text".into(), b"account,kpi,value\nAcme,NPS,4\n".repeat(200)),
    ];
    for part in [100, 4096, 5000, whole.len() / 2, whole.len() - 4096, whole.len() - 1] {
        files.push((format!("cut to {part}"), whole[..part].to_vec()));
    }
    for page in 1..whole.len() / 4096 {
        let mut zeroed = whole.clone();
        zeroed[page * 4096..(page + 1) * 4096].fill(0);
        files.push((format!("page {page} zeroed"), zeroed));
    }
    let foreign = sandbox.path("foreign.db");
    rusqlite::Connection::open(&foreign)
        .and_then(|it| it.execute_batch("CREATE TABLE t (x)"))
        .expect("a foreign file");
    files.push(("foreign".into(), fs::read(foreign).expect("the foreign file")));
    for (what, bytes) in files {
        sandbox.write("test.db", bytes);
        let run = sandbox.at("23:00:00", &["verify"]);
        assert_eq!(run.code(), Some(7), "{what}\n{}", run.transcript());
        assert!(!run.stderr.contains("panicked"), "{what}\n{}", run.transcript());
    }
}

#[test]
fn it_works_while_a_writer_holds_the_lock_and_on_a_read_only_file() {
    let sandbox = everything();
    let writer = sandbox.sql();
    writer.execute_batch("BEGIN IMMEDIATE; UPDATE counters SET value = value + 1").expect("a writer");
    assert_eq!(verified(&sandbox, &["--wait", "1s"])["findings"], json!([]));
    writer.execute_batch("ROLLBACK").expect("as it was");
    let copy = crate::damage::copy(&sandbox);
    let path = copy.path("test.db");
    let before = fs::read(&path).expect("the database");
    let mut permissions = fs::metadata(&path).expect("the file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).expect("a read-only file");
    assert_eq!(verified(&copy, &[])["findings"], json!([]));
    assert!(fs::read(&path).expect("the database") == before, "nothing was written");
}

#[test]
fn hostile_words_in_a_damaged_database_steer_nothing() {
    let sandbox = Sandbox::new();
    sandbox
        .ingest(
            "10:00:00",
            "account,kpi,value\n\"=cmd|' /C calc'!A0\",NPS,4\n\"O'Neil \"\"Q\"\"\",NPS,5\n",
            &[],
        )
        .ok();
    let hostile = "UPDATE account_heads SET name = char(27) || '[31m' || char(10) || 'x' WHERE account_id = 2; \
                   CREATE VIEW \"v'\x1b[2J\" AS SELECT 1";
    sandbox.sql().execute_batch(hostile).expect("the damage");
    let text = sandbox.at("23:00:00", &["verify"]).fails_with(7).stdout.clone();
    assert!(!text.contains('\u{1b}') && text.contains(r"\u{1b}"), "{text}");
    let run = sandbox.at("23:00:00", &["verify", "--json"]);
    assert!(!run.stdout.contains('\u{1b}'));
    run.json();
}
