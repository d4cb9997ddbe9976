//! The tables, views, triggers and indexes: the same as those of a database that this program makes now.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::finding::{Finding, FindingKind, Findings};
use crate::error::Result;
use crate::model::time::Timestamp;
use crate::store::migrations::{self, Found};

/// Type and name of an object, with the table it is of and the SQL that makes it.
type Objects = BTreeMap<(String, String), (String, Option<String>)>;

/// The tables that Litestream makes in a database that it replicates, a counter and a lock; no row of ours is in them.
const OF_LITESTREAM: [(&str, &str); 2] = [
    ("_litestream_seq", "CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)"),
    ("_litestream_lock", "CREATE TABLE _litestream_lock (id INTEGER)"),
];

/// Compares what is defined with what this program defines, and the steps with those that it takes.
pub(super) fn check(sql: &Connection, findings: &mut Findings) -> Result<()> {
    let fresh = Connection::open_in_memory()?;
    migrations::run(&fresh, Found::Empty, Timestamp::from_millis(0))?;
    let (expected, found) = (objects(&fresh)?, objects(sql)?);
    for ((kind, name), (table, definition)) in &found {
        let add = |findings: &mut Findings, what: String| {
            findings.add(Finding::new(FindingKind::Schema, what).at(name, None));
        };
        match expected.get(&(kind.clone(), name.clone())) {
            None if is_of_litestream(name, definition.as_deref()) => {}
            None => add(findings, format!("the {kind} '{name}' on '{table}' is none of ours")),
            Some(ours) if *ours != (table.clone(), definition.clone()) => {
                add(
                    findings,
                    format!("the {kind} '{name}' is defined otherwise than this program defines it"),
                );
            }
            Some(_) => {}
        }
    }
    for (kind, name) in expected.keys().filter(|key| !found.contains_key(*key)) {
        findings
            .add(Finding::new(FindingKind::Schema, format!("the {kind} '{name}' is missing")).at(name, None));
    }
    let (expected, found) = (steps(&fresh)?, steps(sql)?);
    if expected != found {
        let what = "the steps that made the schema are not those of this program";
        findings.add(Finding::new(FindingKind::Schema, what).at("schema_steps", None));
    }
    Ok(())
}

fn is_of_litestream(name: &str, definition: Option<&str>) -> bool {
    OF_LITESTREAM.iter().any(|(table, sql)| *table == name && Some(*sql) == definition)
}

fn objects(sql: &Connection) -> Result<Objects> {
    // SQLite's own: indexes of UNIQUE constraints, and statistics where somebody ran ANALYZE.
    let mut statement =
        sql.prepare("SELECT type, name, tbl_name, sql FROM main.sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")?;
    let objects = statement
        .query_map([], |row| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?))))?
        .collect::<Result<_, _>>()?;
    Ok(objects)
}

fn steps(sql: &Connection) -> Result<Vec<(i64, String)>> {
    let mut statement = sql.prepare("SELECT version, sha256 FROM main.schema_steps ORDER BY version")?;
    let steps = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    Ok(steps)
}
