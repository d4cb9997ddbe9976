//! What SQLite can say of its file: pages, trees, indexes, constraints, references between tables.

use rusqlite::Connection;

use super::finding::{Finding, FindingKind, Findings, short};
use crate::error::Result;

/// How many faults SQLite shall name.
const NAMED: u32 = 100;

/// SQLite's own check of the file, and of the references between tables.
pub(super) fn check(sql: &Connection, findings: &mut Findings) -> Result<()> {
    let mut statement = sql.prepare(&format!("PRAGMA main.integrity_check({NAMED})"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let said =
            String::from_utf8_lossy(row.get_ref(0)?.as_bytes().map_err(rusqlite::Error::from)?).into_owned();
        if said != "ok" {
            findings.add(Finding::new(FindingKind::File, format!("SQLite: {}", short(&said))));
        }
    }
    check_references(sql, findings)
}

fn check_references(sql: &Connection, findings: &mut Findings) -> Result<()> {
    let mut statement = sql.prepare("PRAGMA main.foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (table, id, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let what = format!("refers to a row of {parent} that is not there");
        findings.add(Finding::new(FindingKind::Reference, what).at(&table, id));
    }
    Ok(())
}
