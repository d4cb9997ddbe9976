//! The stable views, as an outsider meets them: one list of columns, and the same rows in the `sqlite3` shell and in
//! DuckDB.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::outsiders::kinds::{run, say_run, upload};
use crate::outsiders::portfolio::{
    Portfolio, answering, event, ingest, insert_upload, instant, said, snapshot,
};
use crate::outsiders::story::{TECHCORP, two_customers};
use crate::outsiders::tools::{DuckDb, Rows, Shell, VIEWS};
use crate::support::{Sandbox, golden};
use acctsnap::model::decision::Outcome;
use acctsnap::model::event::EventType;
use acctsnap::model::kpi::dictionary::KpiDictionary;
use acctsnap::model::kpi::{Band, Category, KpiDefinition, Scale};
use acctsnap::model::playbook::PlaybookStatus;
use acctsnap::model::snapshot::SnapshotType;
use acctsnap::model::time::Timestamp;
use acctsnap::model::upload::{UploadCounts, UploadKind};
use acctsnap::store::{EventRow, SnapshotReason};
use serde_json::{Value, json};

/// The columns of a view, in order.
fn columns(shell: Shell, database: &Path, view: &str) -> Vec<String> {
    let sql = format!("SELECT name FROM pragma_table_info('{view}') ORDER BY cid");
    shell.text(database, &[], &sql).lines().map(ToOwned::to_owned).collect()
}

#[test]
fn the_columns_of_the_views_stay() {
    let Some(shell) = Shell::find() else { return };
    let sandbox = Sandbox::new();
    let database = two_customers(&sandbox.path("book.db"));
    let told = shell.text(&database, &[], "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name");
    let mut known = VIEWS;
    known.sort_unstable();
    assert_eq!(told.lines().collect::<Vec<_>>(), known);
    let mut text = String::new();
    for view in VIEWS {
        let columns = columns(shell, &database, view);
        assert_eq!(columns[..4], ["customer", "account_id", "external_account_id", "account_name"], "{view}");
        writeln!(text, "{view}\n    {}", columns.join("\n    ")).unwrap();
    }
    golden::check("views/columns", &text);
}

#[test]
fn the_shell_shows_what_was_written() {
    let Some(shell) = Shell::find() else { return };
    let sandbox = Sandbox::new();
    let database = two_customers(&sandbox.path("book.db"));
    let rows = shell.views(&database);
    let mut text = String::new();
    for view in VIEWS.into_iter().filter(|view| *view != "v_latest") {
        let columns = columns(shell, &database, view);
        for row in &rows[view] {
            writeln!(text, "{view}").unwrap();
            for column in columns.iter().filter(|column| !row[*column].is_null()) {
                writeln!(text, "    {column}: {}", row[column]).unwrap();
            }
        }
    }
    golden::check("views/rows", &golden::with_placeholders(&text, &sandbox.path("")));
}

#[test]
fn the_latest_is_the_newest_snapshot_of_each_account() {
    let Some(shell) = Shell::find() else { return };
    let sandbox = Sandbox::new();
    let database = two_customers(&sandbox.path("book.db"));
    let newest = "SELECT * FROM v_snapshots WHERE snapshot_id IN \
                  (SELECT max(snapshot_id) FROM v_snapshots GROUP BY account_id) ORDER BY account_id";
    let latest = shell.rows(&database, "SELECT * FROM v_latest ORDER BY account_id");
    assert_eq!(latest.len(), 2);
    assert_eq!(latest, shell.rows(&database, newest));
}

#[test]
fn one_account_is_looked_up_without_a_walk_through_the_history() {
    let Some(shell) = Shell::find() else { return };
    let sandbox = Sandbox::new();
    let database = two_customers(&sandbox.path("book.db"));
    for view in ["v_accounts", "v_latest", "v_kpi_current"] {
        let sql = format!("EXPLAIN QUERY PLAN SELECT * FROM {view} WHERE account_id = 1");
        let plan = shell.text(&database, &[], &sql);
        // What was taken back, `r`, is looked through whole: it is no history.
        let is_short = |line: &str| line.contains("VIRTUAL TABLE") || line.contains("SCAN r");
        let walks = plan.lines().filter(|line| line.contains("SCAN") && !is_short(line));
        assert_eq!(walks.collect::<Vec<_>>(), [""; 0], "{plan}");
    }
}

#[test]
fn duckdb_reads_the_same_rows_with_types() {
    let (Some(shell), Some(duck)) = (Shell::find(), DuckDb::find()) else { return };
    let sandbox = Sandbox::new();
    let database = two_customers(&sandbox.path("book.db"));
    let views = duck.views(&database);
    assert_same(&shell.views(&database), &views.rows);
    let mut text = String::new();
    for view in VIEWS {
        writeln!(text, "{view}").unwrap();
        for (column, kind) in &views.columns[view] {
            writeln!(text, "    {column} {kind}").unwrap();
        }
    }
    golden::check("views/duckdb_types", &text);
}

#[track_caller]
fn assert_same(shell: &Rows, duck: &Rows) {
    for view in VIEWS {
        let (shell, duck) = (&shell[view], &duck[view]);
        assert_eq!(shell.len(), duck.len(), "rows of {view}");
        assert!(shell == duck, "{view} differs\nsqlite3: {shell:#?}\nDuckDB: {duck:#?}");
    }
}

#[test]
fn hashes_are_lower_case_hexadecimal() {
    let Some(shell) = Shell::find() else { return };
    let sandbox = Sandbox::new();
    let database = two_customers(&sandbox.path("book.db"));
    let rows = shell.rows(&database, "SELECT sha256 FROM v_uploads WHERE upload_id = 2");
    assert_eq!(rows[0]["sha256"], "02".repeat(32));
    let sql = "SELECT v.content_hash = lower(hex(c.hash)) AND v.chain_hash = lower(hex(g.digest)) \
               AND v.scoring_config_hash = f.hash AND length(v.chain_hash) = 64 AS is_right \
               FROM v_snapshots v JOIN snapshots s ON s.id = v.snapshot_id JOIN changes g ON g.id = s.change_id \
               JOIN snapshot_contents c ON c.id = s.content_id JOIN scoring_configs f ON f.id = s.scoring_config_id";
    let right = shell.rows(&database, sql);
    assert_eq!(right.len(), 8);
    assert!(right.iter().all(|row| row["is_right"] == 1));
}

/// The milliseconds of instants around every edge of the calendar, and of some in between.
fn edges() -> Vec<i64> {
    let mut edges: Vec<i64> = [
        "0000-03-01T00:00:00Z",
        "1969-12-31T23:59:59.999Z",
        "1970-01-01T00:00:00Z",
        "2000-02-29T12:34:56.789Z",
        "2026-12-31T23:59:59.999Z",
        "2027-01-01T00:00:00.001Z",
        "2028-02-29T00:00:00Z",
        "2028-03-01T09:08:07.006Z",
        "2100-02-28T23:59:59.999Z",
        "2100-03-01T00:00:00Z",
        "2400-02-29T00:00:00Z",
        "9999-12-31T23:59:59.999Z",
    ]
    .map(|text| instant(text).millis())
    .to_vec();
    // Steps of about eleven days through a leap year and the one after it.
    edges.extend((0..67).map(|step| instant("2027-12-30T05:06:07.008Z").millis() + step * 987_654_321));
    edges
}

#[test]
fn due_instants_read_as_the_program_writes_them() {
    let Some(shell) = Shell::find() else { return };
    let sandbox = Sandbox::new();
    let mut book = Portfolio::create(&sandbox.path("book.db"));
    let edges = edges();
    book.write("2026-11-22T10:00:00Z", "acme", |write| {
        let account = ingest(write, "a.csv", &[], &[said(TECHCORP, "NPS", Some(1.0))]).accounts[0];
        for due in &edges {
            let id = write.next_event().unwrap();
            let skipped = EventRow {
                due_at: Some(Timestamp::from_millis(*due)),
                ..event(id, account, Outcome::Skipped)
            };
            write.append_events(&[skipped]).unwrap();
        }
        // Beyond what can be shown with four digits of a year.
        let beyond = EventRow {
            due_at: Some(Timestamp::from_millis(i64::MAX / 2)),
            ..event(write.next_event().unwrap(), account, Outcome::Skipped)
        };
        write.append_events(&[beyond]).unwrap();
    });
    let database = book.finish();
    let shown = shell.rows(&database, "SELECT due_at FROM v_events ORDER BY event_id");
    let expected: Vec<Value> = edges
        .iter()
        .map(|due| json!(Timestamp::from_millis(*due).to_string()))
        .chain([Value::Null])
        .collect();
    assert_eq!(shown.into_iter().map(|mut row| row["due_at"].take()).collect::<Vec<_>>(), expected);
    if let Some(duck) = DuckDb::find() {
        assert_same(&shell.views(&database), &duck.views(&database).rows);
    }
}

#[test]
fn every_code_is_the_one_of_json() {
    let Some(shell) = Shell::find() else { return };
    let sandbox = Sandbox::new();
    let mut book = Portfolio::create(&sandbox.path("book.db"));
    let kinds: Vec<UploadKind> = (1..=5).filter_map(UploadKind::from_number).collect();
    book.write("2026-11-22T10:00:00Z", "acme", |write| {
        let account = ingest(write, "a.csv", &[], &[said(TECHCORP, "NPS", Some(1.0))]).accounts[0];
        for kind in &kinds[1..] {
            let upload = write.next_upload().unwrap();
            insert_upload(write, upload, *kind, "other", UploadCounts::default());
        }
        for (trigger, outcome) in EventType::ALL.into_iter().zip(Outcome::ALL) {
            let id = write.next_event().unwrap();
            let row = EventRow { event_type: trigger, ..event(id, account, outcome) };
            write.append_events(&[row]).unwrap();
            for snapshot_type in SnapshotType::ALL {
                let reason = SnapshotReason { snapshot_type, trigger: Some(trigger), ..answering(id) };
                snapshot(write, account, &reason);
            }
        }
    });
    let database = book.finish();
    let told = |sql: &str| -> Vec<String> {
        shell.text(&database, &[], sql).lines().map(ToOwned::to_owned).collect()
    };
    let events = EventType::ALL.map(EventType::code);
    let outcomes = Outcome::ALL.map(Outcome::code);
    assert_eq!(told("SELECT event_type FROM v_events ORDER BY event_id"), events);
    assert_eq!(told("SELECT outcome FROM v_events ORDER BY event_id"), outcomes);
    assert_eq!(told("SELECT first_outcome FROM v_events ORDER BY event_id"), outcomes);
    let types = "SELECT snapshot_type FROM v_snapshots ORDER BY snapshot_id LIMIT 5";
    assert_eq!(told(types), SnapshotType::ALL.map(SnapshotType::code));
    assert_eq!(told("SELECT DISTINCT trigger_event FROM v_snapshots ORDER BY snapshot_id"), events);
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    assert_eq!(told("SELECT kind FROM v_uploads ORDER BY upload_id"), names);
}

#[test]
fn every_state_of_an_execution_is_the_one_of_json() {
    let Some(shell) = Shell::find() else { return };
    let sandbox = Sandbox::new();
    let mut book = Portfolio::create(&sandbox.path("book.db"));
    let states: Vec<PlaybookStatus> = (1..=4).filter_map(PlaybookStatus::from_number).collect();
    book.write("2026-11-22T10:00:00Z", "acme", |write| {
        let account = ingest(write, "a.csv", &[], &[said(TECHCORP, "NPS", Some(1.0))]).accounts[0];
        upload(write, UploadKind::Playbooks, "plays.json", &[account], |write, file| {
            for state in &states {
                say_run(write, account, file, &run(state.code(), *state, None));
            }
        });
    });
    let database = book.finish();
    let wrong = shell.rows(&database, "SELECT * FROM v_playbooks WHERE status <> execution_id");
    assert_eq!((wrong.len(), states.len()), (0, 4));
    assert_eq!(shell.text(&database, &[], "SELECT count(*) FROM v_playbooks").trim(), "4");
}

#[test]
fn every_word_about_scores_is_the_one_of_json() {
    let Some(shell) = Shell::find() else { return };
    let sandbox = Sandbox::new();
    let database = rotating_scores(&sandbox.path("book.db"));
    let told = |sql: &str| -> Vec<String> {
        shell.text(&database, &[], sql).lines().map(ToOwned::to_owned).collect()
    };
    let categories = "SELECT category FROM v_kpi_current WHERE account_name = 'A'";
    let mut shown = told(categories);
    let mut expected = Category::ALL.map(Category::name);
    shown.sort_unstable();
    expected.sort_unstable();
    assert_eq!(shown, expected);
    let bands =
        "SELECT health_status FROM v_kpi_current GROUP BY account_name, health_status ORDER BY account_name";
    assert_eq!(told(bands), [Band::Healthy, Band::Critical, Band::AtRisk].map(Band::code));
    let snapshots = "SELECT overall_health_status, health_score_trend, health_score_source, product_usage_score, \
                     support_score, customer_sentiment_score, business_outcomes_score, \
                     relationship_strength_score FROM v_snapshots WHERE account_name = 'B' ORDER BY snapshot_id";
    let expected = [
        "at_risk|stable|calculated|50.0|50.0|50.0|50.0|50.0",
        "healthy|improving|calculated|100.0|100.0|100.0|100.0|100.0",
        "critical|declining|calculated|0.0|0.0|0.0|0.0|0.0",
    ];
    assert_eq!(told(snapshots), expected);
    let top = "SELECT top_critical_kpis FROM v_snapshots WHERE account_name = 'B' ORDER BY snapshot_id";
    let worst = serde_json::to_string(&first_of_each_category().map(|kpi| &kpi.kpi_name)).unwrap();
    assert_eq!(told(top), ["[]", "[]", worst.as_str()]);
}

#[expect(clippy::unwrap_used, reason = "the catalogue has KPIs of every category")]
fn first_of_each_category() -> [&'static KpiDefinition; 5] {
    Category::ALL.map(|category| {
        let mut all = KpiDictionary::builtin().definitions().iter();
        all.find(|kpi| kpi.category == Some(category)).unwrap()
    })
}

/// Accounts A, B and C with one KPI of each category, at its worst, between its edges, at its best: A begins with the
/// first, B with the second, C with the third, and each goes on to the next one three times in all.
#[expect(clippy::unwrap_used, reason = "a test without its database cannot go on")]
fn rotating_scores(path: &Path) -> PathBuf {
    let mut book = Portfolio::create(path);
    let steps: [fn(&Scale) -> f64; 3] =
        [|kpi| kpi.worst, |kpi| f64::midpoint(kpi.critical_edge, kpi.healthy_edge), |kpi| kpi.best];
    let kpis = first_of_each_category();
    for turn in 0..3 {
        book.write(&format!("2026-11-22T1{turn}:00:00Z"), "acme", |write| {
            let at_turn = |account: usize| {
                let name = ["A", "B", "C"][account];
                kpis.map(|kpi| {
                    let value = kpi.scale.as_ref().map(steps[(account + turn) % 3]);
                    said(name, &kpi.kpi_name, value)
                })
            };
            let rows = [at_turn(0), at_turn(1), at_turn(2)].concat();
            for account in ingest(write, "a.csv", &[], &rows).accounts {
                let id = write.next_event().unwrap();
                snapshot(write, account, &answering(id));
            }
        });
    }
    book.finish()
}
