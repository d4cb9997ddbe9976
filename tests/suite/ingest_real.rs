//! The platform's own export: 1475 values of 25 accounts, of which 275 bear another unit than their KPI.
//!
//! It is not part of the project: where it is not there, these tests say so and pass.

#![expect(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test that cannot go on has failed, one that skips says so"
)]

use std::path::Path;

use crate::support::Sandbox;
use serde_json::{Value, json};

const SKIPPING: [&str; 7] = ["ingest", "kpis", "all.csv", "--on-error", "skip", "--rejects", "r.csv"];

/// A sandbox with the export as `all.csv`.
fn with_export() -> Option<Sandbox> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/original/company_kpis_all.csv");
    let Ok(bytes) = std::fs::read(&path) else {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    };
    let sandbox = Sandbox::new();
    sandbox.write("all.csv", bytes);
    Some(sandbox)
}

fn rows(answer: &Value) -> [u64; 5] {
    ["read", "inserted", "updated", "unchanged", "rejected"]
        .map(|name| answer["rows"][name].as_u64().unwrap_or(u64::MAX))
}

fn records(text: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes()).records().collect::<Result<_, _>>().expect("a CSV file")
}

#[test]
fn refused_whole_with_its_causes_and_nothing_written() {
    let Some(sandbox) = with_export() else { return };
    let run = sandbox.at("10:00:00", &["ingest", "kpis", "all.csv"]);
    run.fails_with(5).mentions("275 rows cannot be taken, so nothing was written");
    let causes: Vec<_> = run.stderr.lines().filter(|line| line.contains(" x ")).collect();
    assert!((2..=12).contains(&causes.len()), "{}", run.transcript());
    let count = |line: &str| line.split_whitespace().next().and_then(|word| word.parse::<u64>().ok());
    assert_eq!(causes.iter().map(|line| count(line).unwrap_or(0)).sum::<u64>(), 275, "{}", run.transcript());
    assert!(causes.iter().all(|line| line.contains("(first in line ")), "{}", run.transcript());
    assert!(!sandbox.path("test.db").exists());

    let error = sandbox.at("10:00:00", &["ingest", "kpis", "all.csv", "--json"]).fails_with(5).error_json();
    let details = error["details"].as_array().map(Vec::len);
    assert_eq!((details, &error["details_total"]), (Some(100), &json!(275)));
}

#[test]
fn the_good_rows_are_taken_and_the_bad_ones_kept() {
    let Some(sandbox) = with_export() else { return };
    let run = sandbox.at("10:00:00", &[&SKIPPING[..], &["--json"]].concat());
    let answer = run.fails_with(3).json();
    assert_eq!(rows(&answer), [1475, 1200, 0, 0, 275]);
    let accounts = [&answer["accounts"]["touched"], &answer["accounts"]["created"]];
    assert_eq!(accounts, [&json!(25), &json!(25)]);
    assert_eq!((&answer["events"]["published"], &answer["snapshots"]["created"]), (&json!(25), &json!(25)));
    assert_eq!((sandbox.count("events"), sandbox.count("snapshots")), (25, 25));

    let rejects = records(&sandbox.read("r.csv"));
    assert_eq!(rejects.len(), 275);
    let original: Vec<Vec<String>> = records(&sandbox.read("all.csv")).iter().map(fields).collect();
    let width = original[0].len();
    for reject in &rejects {
        let reject = fields(reject);
        let kept = original.iter().any(|row| reject.windows(width).any(|cells| cells == &row[..]));
        assert!(kept && reject.len() > width, "the original row with its reasons: {reject:?}");
    }
    let newest = sandbox.latest_of_all("10:00:00", "default");
    assert_eq!(newest.len(), 25);
    assert!(
        newest.iter().all(|snapshot| snapshot["total_kpis"] == 48),
        "48 of 59 values an account are good"
    );
}

fn fields(record: &csv::StringRecord) -> Vec<String> {
    record.iter().map(ToOwned::to_owned).collect()
}

#[test]
fn the_same_file_again_changes_nothing_and_exits_the_same() {
    let Some(sandbox) = with_export() else { return };
    let words = [&SKIPPING[..], &["--json"]].concat();
    sandbox.at("10:00:00", &words).fails_with(3);
    let first = sandbox.read("r.csv");
    for (time, words) in [("11:00:00", &words[..]), ("12:00:00", &["ingest", "kpis", "all.csv", "--json"])] {
        let answer = sandbox.at(time, words).fails_with(3).json();
        assert_eq!(answer["status"], "unchanged_file");
        assert_eq!(rows(&answer), [1475, 0, 0, 1200, 275]);
        assert_eq!((&answer["events"]["published"], &answer["superseded"]), (&json!(0), &json!(0)));
        assert_eq!((sandbox.count("events"), sandbox.count("snapshots")), (25, 25));
        assert_eq!((sandbox.count("uploads"), sandbox.read("r.csv")), (1, first.clone()));
    }
}

#[test]
fn mended_rejects_go_in_as_they_are() {
    let Some(sandbox) = with_export() else { return };
    sandbox.at("10:00:00", &SKIPPING).fails_with(3);
    let mut reader = csv::Reader::from_reader(std::io::Cursor::new(sandbox.read("r.csv")));
    let headers = reader.headers().expect("a header").clone();
    let value = headers.iter().position(|header| header == "data").expect("the column of the values");
    let mut mended = csv::Writer::from_writer(Vec::new());
    mended.write_record(&headers).expect("in memory");
    for (row, record) in reader.records().enumerate() {
        let record = record.expect("a row");
        let number = (row % 9 + 1).to_string();
        let cells = record.iter().enumerate();
        mended
            .write_record(cells.map(|(column, cell)| if column == value { number.as_str() } else { cell }))
            .expect("in memory");
    }
    sandbox.write("r.csv", mended.into_inner().expect("in memory"));
    let answer = sandbox.at("10:10:00", &["ingest", "kpis", "r.csv", "--json"]).ok().json();
    assert_eq!(rows(&answer), [275, 275, 0, 0, 0]);
    assert_eq!((&answer["accounts"]["created"], &answer["snapshots"]["created"]), (&json!(0), &json!(25)));
    let newest = sandbox.latest_of_all("10:10:00", "default");
    assert!(newest.iter().all(|snapshot| snapshot["total_kpis"] == 59));
}
