//! What a file says does not depend on its layout.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::tests::{read_as, told};
use crate::model::reading::Layout;

/// Accounts, KPIs (known and unknown) and periods of which files are made.
const ACCOUNTS: [&str; 3] = ["Acme", "Beta, Inc.", "00123"];
const KPIS: [&str; 3] = ["NPS", "Feature Adoption Rate", "Logins"];
const PERIODS: [&str; 3] = ["2026-08", "2026-Q3", "2026-10-31"];

/// Values by account, KPI and period.
type Values = BTreeMap<(usize, usize, usize), u32>;

fn any_values() -> impl Strategy<Value = Values> {
    proptest::collection::btree_map((0_usize..3, 0_usize..3, 0_usize..3), 2_u32..100, 1..27)
}

/// A file with a row for each of `rows` and a column for each of `columns`, which hold the values.
fn table(
    head: &str,
    columns: [&str; 3],
    rows: impl Iterator<Item = (String, [(usize, usize, usize); 3])>,
    values: &Values,
) -> String {
    let mut text = format!("{head},{}\n", columns.map(quote).join(","));
    for (start, keys) in rows {
        let cells = keys.map(|key| values.get(&key).map_or(String::new(), u32::to_string));
        text.push_str(&format!("{start},{}\n", cells.join(",")));
    }
    text
}

fn quote(text: &str) -> String {
    format!("\"{text}\"")
}

fn pairs() -> impl Iterator<Item = (usize, usize)> {
    (0..3).flat_map(|first| (0..3).map(move |second| (first, second)))
}

fn spoken(text: &str, layout: Layout) -> Vec<String> {
    let file = read_as(text, layout, None, &[]).unwrap();
    assert!(file.rejections.is_empty(), "{text}");
    assert_eq!(file.records_read, file.batch.rows.len() as u64);
    let mut told = told(&file);
    told.retain(|told| !told.ends_with("Blank"));
    told
}

proptest! {
    #[test]
    fn every_layout_says_the_same(values in any_values()) {
        let mut long = "account,kpi,period,value\n".to_owned();
        for ((account, kpi, period), value) in &values {
            let (account, kpi) = (quote(ACCOUNTS[*account]), KPIS[*kpi]);
            long.push_str(&format!("{account},{kpi},{},{value}\n", PERIODS[*period]));
        }
        let expected = spoken(&long, Layout::Auto);
        let by_kpi = pairs().map(|(account, period)| {
            let start = format!("{},{}", quote(ACCOUNTS[account]), PERIODS[period]);
            (start, [0, 1, 2].map(|kpi| (account, kpi, period)))
        });
        let by_kpi = table("account,period", KPIS, by_kpi, &values);
        let by_period = pairs().map(|(account, kpi)| {
            let start = format!("{},{}", quote(ACCOUNTS[account]), KPIS[kpi]);
            (start, [0, 1, 2].map(|period| (account, kpi, period)))
        });
        let by_period = table("account,kpi", PERIODS, by_period, &values);
        let transposed = pairs().map(|(kpi, period)| {
            let start = format!("{},{}", KPIS[kpi], PERIODS[period]);
            (start, [0, 1, 2].map(|account| (account, kpi, period)))
        });
        let transposed = table("kpi,period", ACCOUNTS, transposed, &values);
        prop_assert_eq!(spoken(&by_kpi, Layout::Auto), expected.clone());
        prop_assert_eq!(spoken(&by_period, Layout::Auto), expected.clone());
        prop_assert_eq!(spoken(&transposed, Layout::Transposed), expected);
    }
}
