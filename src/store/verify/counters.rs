//! Counters: each stands where the ids of its table end, so that no id is ever given twice.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::finding::{Finding, FindingKind, Findings};
use crate::error::Result;
use crate::store::ledger::SHAPES;

/// The kinds of ids whose table is called otherwise than the kind and an "s".
const CALLED_OTHERWISE: [(&str, &str); 4] = [
    ("kpi_series", "series"),
    ("snapshot_contents", "content"),
    ("kpi_series_words", "series_words"),
    ("changes", "change"),
];

fn kind_of(table: &str) -> &str {
    let otherwise = CALLED_OTHERWISE.iter().find(|(name, _)| *name == table);
    otherwise.map_or_else(|| table.strip_suffix('s').unwrap_or(table), |(_, kind)| kind)
}

/// Compares the counters with the last id of each table of the ledger, and of the changes, which stand last.
pub(super) fn check(sql: &Connection, last_ids: &[i64], findings: &mut Findings) -> Result<()> {
    let mut statement = sql.prepare("SELECT kind, value FROM main.counters ORDER BY kind")?;
    let mut counters: BTreeMap<String, i64> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let tables = SHAPES.iter().map(|shape| shape.name).chain(["changes"]);
    for (table, last) in tables.zip(last_ids) {
        let kind = kind_of(table);
        let counter = counters.remove(kind).unwrap_or(0);
        if counter != *last {
            let finding = Finding::new(
                FindingKind::Cache,
                format!("the counter of {kind} ids is not the last id of {table}"),
            );
            findings.add(finding.at("counters", None).differs(last, &counter));
        }
    }
    for (kind, value) in counters {
        let finding = Finding::new(FindingKind::Cache, format!("a counter of unknown ids ('{kind}')"));
        findings.add(finding.at("counters", None).differs("none", &value));
    }
    Ok(())
}
