//! The ledger: every appended row stands in its change's digest, the digests of a customer form a chain, numbers have
//! no gaps, and a state that did not change is kept once.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use crate::support::Sandbox;
use crate::support::book::{nps, rows};
use crate::support::chain::{check, tables};
use crate::support::direct::begin;
use acctsnap::error::{Error, ErrorKind};
use acctsnap::model::decision::Outcome;
use acctsnap::model::event::EventType;
use acctsnap::model::ids::AccountId;
use acctsnap::model::upload::{UploadCounts, UploadKind};
use acctsnap::store::{EventRow, NewUpload, WriteTransaction};
use serde_json::json;

/// Two customers' day: uploads, a known file, skipped, deferred and failed snapshots, one by hand, settings that change.
fn with_a_day() -> Sandbox {
    let sandbox = Sandbox::new();
    let both =
        "account,external id,kpi,value,weight,impact\nAcme,a-1,NPS,40,0.5,High\nBeta,b-1,CSAT,3,,Low\n";
    for customer in ["north", "south"] {
        let of = ["--customer", customer];
        sandbox.ingest("10:00:00", both, &of).ok();
        sandbox.ingest("10:01:00", both, &of).ok();
        sandbox.ingest("10:02:00", &nps("Acme", "41"), &of).ok();
        sandbox.ingest("10:02:30", &nps("Acme", "N/A"), &["--defer", "--customer", customer]).ok();
    }
    sandbox.sql().execute_batch(
        "CREATE TRIGGER refused BEFORE INSERT ON snapshots WHEN NEW.account_id = 3 BEGIN SELECT RAISE(ABORT, 'no'); END",
    ).expect("a trigger");
    sandbox.at("10:06:00", &["flush"]).fails_with(3);
    sandbox.sql().execute_batch("DROP TRIGGER refused").expect("the trigger");
    sandbox.at("10:07:00", &["snapshot", "create", "--all", "--reason", "QBR", "--customer", "north"]).ok();
    sandbox.at("10:08:00", &["flush"]).ok();
    sandbox.write("snapshots.toml", "[health.weights]\n\"Support\" = 0.5\n");
    sandbox.ingest("10:09:00", &nps("Gamma", "5"), &["--customer", "south"]).ok();
    sandbox
}

fn total(sandbox: &Sandbox) -> u64 {
    tables().map(|table| u64::try_from(sandbox.count(table)).unwrap_or(0)).sum()
}

#[test]
fn each_change_is_the_digest_of_its_rows_and_of_the_one_before() {
    let sandbox = with_a_day();
    let (wrong, counted) = check(&sandbox.sql());
    assert_eq!((wrong, counted), (vec![], total(&sandbox)), "no row stands outside a digest");
    assert!(
        sandbox.count("changes") > 10 && sandbox.count("decisions") > 2 && sandbox.count("sightings") == 2
    );
}

#[test]
fn any_altered_row_shows() {
    let sandbox = with_a_day();
    let sql = sandbox.sql();
    for table in tables().filter(|table| sandbox.count(table) > 0) {
        let columns = sql
            .prepare(&format!(
                "SELECT name FROM pragma_table_info('{table}') WHERE name NOT IN ('id', 'change_id')"
            ))
            .and_then(|mut it| {
                it.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()
            })
            .expect("the columns");
        for column in columns {
            let altered = format!(
                "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; BEGIN; DROP TRIGGER {table}_refuse_UPDATE; \
                 UPDATE {table} SET {column} = CASE typeof({column}) WHEN 'integer' THEN {column} + 1 \
                 WHEN 'text' THEN {column} || ' ' WHEN 'blob' THEN zeroblob(length({column})) ELSE NULL END \
                 WHERE id = (SELECT max(id) FROM {table} WHERE {column} IS NOT NULL)"
            );
            sql.execute_batch(&altered).expect("an altered row");
            let is_altered = sql.changes() > 0;
            assert_eq!(!check(&sql).0.is_empty(), is_altered, "{table}.{column}");
            sql.execute_batch("ROLLBACK").expect("as it was");
        }
    }
    assert_eq!(check(&sql).0, [0; 0]);
}

#[test]
fn the_chain_hash_of_a_snapshot_is_the_digest_of_its_change() {
    let sandbox = with_a_day();
    for snapshot in sandbox.latest_of_all("11:00:00", "south") {
        let of_change = "SELECT lower(hex(c.digest)) FROM changes c JOIN snapshots s ON s.change_id = c.id WHERE s.id = ?1";
        let id = snapshot["snapshot_id"].as_i64();
        let digest: String = sandbox.sql().query_one(of_change, [id], |row| row.get(0)).expect("its change");
        assert_eq!(snapshot["chain_hash"], json!(digest));
    }
}

#[test]
fn numbers_run_from_one_without_gaps_over_all_customers() {
    let sandbox = with_a_day();
    for table in tables().chain(["changes"]) {
        let span = format!("SELECT coalesce(min(id), 1), coalesce(max(id), 0), count(*) FROM {table}");
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let (first, last, count): (i64, i64, i64) =
            sandbox.sql().query_one(&span, [], read).expect("numbers");
        assert_eq!((first, last), (1, count), "{table}");
    }
    let sequences = "SELECT count(*) FROM (SELECT account_id, sequence - row_number() OVER (PARTITION BY account_id \
                     ORDER BY id) AS gap FROM snapshots) WHERE gap <> 0";
    let gaps: i64 = sandbox.sql().query_one(sequences, [], |row| row.get(0)).expect("sequences");
    assert_eq!(gaps, 0, "each account counts its own snapshots from 1");
}

#[test]
fn the_same_state_on_two_days_is_one_content_and_two_snapshots() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "40"), &[]).ok();
    let first = sandbox.latest("10:00:00", "Acme");
    for day in ["2026-11-23T10:00:00Z", "2026-12-24T10:00:00Z"] {
        sandbox.command(["snapshot", "create", "--all"]).at(day).run().ok();
    }
    assert_eq!((sandbox.count("snapshots"), sandbox.count("snapshot_contents")), (3, 1));
    let words = ["latest", "-a", "Acme", "--json"];
    let third = sandbox.command(words).at("2026-12-24T10:00:00Z").run().ok().json();
    assert_eq!(third["content_hash"], first["content_hash"]);
    assert_ne!(third["chain_hash"], first["chain_hash"]);
    assert_eq!(third["unchanged_since"], "2026-11-22T10:00:00.000Z");
    assert_eq!(
        (&third["snapshot_sequence_number"], &third["days_since_last_snapshot"]),
        (&json!(3), &json!(31))
    );

    // Another state and the first one again: a content of its own, and a new run.
    let ingest = |at: &str, value: &str| {
        sandbox.write("kpis.csv", nps("Acme", value));
        sandbox.command(["ingest", "kpis", "kpis.csv"]).at(at).run().ok();
    };
    ingest("2026-12-25T10:00:00Z", "41");
    ingest("2026-12-26T10:00:00Z", "40.0");
    let again = sandbox.command(words).at("2026-12-26T10:00:00Z").run().ok().json();
    assert_eq!(again["unchanged_since"], "2026-12-26T10:00:00.000Z");
    assert_eq!(again["overall_health_score"], first["overall_health_score"]);
}

/// Appends a row of each of several tables, as a subscriber could.
fn append(transaction: &mut WriteTransaction<'_>) -> acctsnap::Result<()> {
    let id = transaction.next_event()?;
    transaction.append_events(&[EventRow {
        id,
        account: AccountId::new(1),
        event_type: EventType::AccountDataChanged,
        action: Some("said"),
        upload: None,
        outcome: Outcome::Denied,
        snapshot: None,
        due_at: None,
        error: None,
    }])?;
    let upload = transaction.next_upload()?;
    let file = NewUpload {
        kind: UploadKind::Kpis,
        file_name: "said.csv",
        sha256: [7; 32],
        bytes: 1,
        reading: "{}",
        ingested_on: transaction.today(chrono_tz::UTC),
        counts: UploadCounts::default(),
    };
    transaction.insert_upload(upload, &file)
}

#[test]
fn what_a_savepoint_took_back_was_never_there() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &rows([("Acme", "NPS", "1")]), &[]).ok();
    let mut store = sandbox.store();
    let mut transaction = begin(&mut store, "default", "11:00:00");
    transaction.load_heads(&[AccountId::new(1)]).expect("the account");
    append(&mut transaction).expect("appended");
    let failed = transaction.savepoint(|transaction| -> acctsnap::Result<()> {
        append(transaction)?;
        append(transaction)?;
        Err(Error::new(ErrorKind::Failed, "never mind"))
    });
    assert_eq!(failed.map_err(|error| error.kind()), Err(ErrorKind::Failed));
    append(&mut transaction).expect("appended");
    transaction.commit().expect("committed");
    assert_eq!(check(&sandbox.sql()), (vec![], total(&sandbox)));
    assert_eq!((sandbox.count("events"), sandbox.count("uploads")), (3, 3));
    let of_head = "SELECT upload_id, (SELECT max(id) FROM events) FROM customer_heads";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let newest: (i64, i64) = sandbox.sql().query_one(of_head, [], read).expect("the head");
    assert_eq!(newest, (3, 3), "numbers are given again, heads name what is there");
    // The chain of uploads leads back without a hole.
    let back = "SELECT group_concat(previous_id) FROM uploads WHERE id > 1";
    let back: String = sandbox.sql().query_one(back, [], |row| row.get(0)).expect("the chain");
    assert_eq!(back, "1,2");
}

#[test]
fn a_transaction_that_appended_nothing_leaves_no_change() {
    let sandbox = Sandbox::new();
    sandbox.ingest("10:00:00", &nps("Acme", "1"), &[]).ok();
    let mut store = sandbox.store();
    assert_eq!(begin(&mut store, "default", "11:00:00").commit().expect("nothing"), None);
    begin(&mut store, "new", "11:00:00").roll_back();
    sandbox.at("12:00:00", &["flush"]).ok();
    assert_eq!((sandbox.count("changes"), sandbox.count("customers")), (1, 1));
}
