//! The examples are what `examples/README.md` says: two customers' files that tell of the same accounts, and a Rust
//! program that reports on them.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "../../examples/portfolio_report.rs"]
pub mod portfolio_report;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use acctsnap::model::time::Timestamp;
use serde_json::Value;

type Row = BTreeMap<String, String>;

const MONTHS: [&str; 3] = ["2026-08", "2026-09", "2026-10"];

#[expect(clippy::panic, reason = "a test stops at a file that it cannot read, and names it")]
fn rows(file: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let read = |path| csv::Reader::from_path(path)?.deserialize().collect::<csv::Result<_>>();
    read(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

fn month(period: &str) -> Vec<Row> {
    rows(&format!("examples/portfolio/kpis-{period}.csv"))
}

fn distinct<'a>(rows: &'a [Row], column: &str) -> BTreeSet<&'a str> {
    rows.iter().map(|row| row[column].as_str()).collect()
}

#[test]
fn every_kpi_is_in_the_catalogue_under_its_category() {
    let catalogue = rows("src/model/kpi/catalogue.csv");
    let known: BTreeSet<_> = catalogue.iter().map(|row| (&row["kpi_name"], &row["category"])).collect();
    for period in MONTHS.into_iter().chain(["with-mistakes"]) {
        for row in month(period) {
            let kpi = (&row["kpi_parameter"], &row["category"]);
            assert!(known.contains(&kpi), "kpis-{period}.csv names {kpi:?}, which is not in the catalogue");
        }
    }
}

#[test]
fn eleven_accounts_begin_and_a_twelfth_joins_in_october() {
    let months = MONTHS.map(month);
    assert_eq!(months.each_ref().map(|rows| distinct(rows, "account_name").len()), [11, 11, 12]);
    let all: Vec<Row> = months.into_iter().flatten().collect();
    assert_eq!(distinct(&all, "account_name").len(), 12);
    assert_eq!(distinct(&all, "account_id").len(), 12);
}

#[test]
fn a_month_has_each_kpi_of_an_account_once_and_every_category() {
    for period in MONTHS {
        let rows = month(period);
        assert_eq!(distinct(&rows, "period"), BTreeSet::from([period]));
        for account in distinct(&rows, "account_name") {
            let of_account: Vec<Row> =
                rows.iter().filter(|row| row["account_name"] == account).cloned().collect();
            assert_eq!(
                distinct(&of_account, "kpi_parameter").len(),
                of_account.len(),
                "{account} in {period}"
            );
            assert!((20..=30).contains(&of_account.len()), "{account} has {} KPIs", of_account.len());
            assert_eq!(distinct(&of_account, "category").len(), 5, "{account} in {period}");
        }
    }
}

/// The external ids of the accounts that a file names.
fn accounts_of(file: &str) -> BTreeSet<String> {
    if !file.ends_with(".json") {
        let id = |row: &Row| row.get("account_id").or_else(|| row.get("Account ID")).cloned();
        return rows(file).iter().filter_map(id).collect();
    }
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect("an example");
    let elements: Vec<Value> = serde_json::from_str(&text).expect("an array");
    let id = |element: &Value| {
        let id = element.get("accountId").or_else(|| element.get("account_id"))?;
        id.as_str().map(str::to_owned)
    };
    elements.iter().filter_map(id).collect()
}

#[test]
fn what_lies_beside_the_kpis_names_accounts_that_the_kpis_name() {
    let portfolio = accounts_of("examples/portfolio/kpis-2026-10.csv");
    for file in [
        "profiles-2026-10.csv",
        "profiles-2026-11.json",
        "playbooks-2026-10.json",
        "playbooks-2026-11.json",
        "health-2026-q3.csv",
        "health-2026-10.csv",
        "notes-2026-10.csv",
    ] {
        let named = accounts_of(&format!("examples/portfolio/{file}"));
        assert!(named.len() > 1 && named.is_subset(&portfolio), "{file} names {named:?}");
    }
    let north = accounts_of("examples/north/kpis-2026-10.csv");
    assert_eq!(accounts_of("examples/north/profiles-2026-10.csv"), north);
    assert!(accounts_of("examples/north/health-2026-10.csv").is_subset(&north));
    assert_eq!(north.intersection(&portfolio).collect::<Vec<_>>(), ["BRM-1001"], "one id is in both");
}

#[test]
fn the_rust_example_reports_on_every_account_worst_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let portfolio = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/portfolio");
    let now = Timestamp::parse("2026-11-02T08:00:00Z").expect("an instant");
    let report = portfolio_report::report(&portfolio, &folder.path().join("report.db"), now)
        .expect("the files of the portfolio");
    let lines: Vec<&str> = report.lines().collect();
    assert_eq!(lines.len(), 12, "{report}");
    assert_eq!(lines[0], " 26.53  Ossenfield Insurance         265000 USD  renewal-rescue (cancelled)");
    assert_eq!(lines[11], " 81.95  Pellworth Health Group       388000 USD  -");
    assert!(report.contains("Yarrowgate Schools                    -  onboarding (in-progress)"), "{report}");
}
