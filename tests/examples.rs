//! The example portfolio is what `examples/README.md` says: catalogued KPIs of twelve accounts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

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
