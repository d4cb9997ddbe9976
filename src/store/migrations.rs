//! Schema versions: one step each, run in order under the write lock, frozen once they have landed.

use std::ops::Range;

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::{failure::damaged, ledger};
use crate::error::{Error, ErrorKind, Result};
use crate::model::time::Timestamp;

/// "ASNP": how `file` and other programs tell our databases.
pub(super) const APPLICATION_ID: i64 = 0x4153_4e50;

struct Step {
    sql: &'static [&'static str],
}

const STEPS: [Step; 4] = [
    Step { sql: &[include_str!("sql/001_schema.sql"), include_str!("sql/001_views.sql")] },
    Step {
        sql: &[
            include_str!("sql/002_schema.sql"),
            include_str!("sql/002_views.sql"),
            include_str!("sql/002_kpi_views.sql"),
        ],
    },
    Step { sql: &[include_str!("sql/003_schema.sql"), include_str!("sql/003_views.sql")] },
    Step {
        sql: &[
            include_str!("sql/004_schema.sql"),
            include_str!("sql/004_retention_views.sql"),
            include_str!("sql/004_upload_views.sql"),
            include_str!("sql/004_slot_views.sql"),
        ],
    },
];

/// What the steps make of an empty file, in one go: every step that adds a column would make SQLite read the whole
/// schema again. A test holds it against the steps, and `UPDATE_GOLDEN=1` writes it.
const NEWEST: &str = include_str!("sql/newest.sql");

/// The schema version that this program writes.
pub(super) const CURRENT: i64 = STEPS.len() as i64;

/// What a file says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing yet.
    Empty,
    /// Ours, at this version.
    Version(i64),
}

/// Looks at the file's identity before anything else is done with it.
pub(super) fn look(connection: &Connection) -> Result<Found> {
    // One statement sees one state: another process may be making the tables right now.
    let (application, version, objects): (i64, i64, i64) = connection.query_one(
        "SELECT a.application_id, v.user_version, (SELECT count(*) FROM sqlite_schema) \
         FROM pragma_application_id a, pragma_user_version v",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    match (application, version, objects) {
        (0, 0, 0) => Ok(Found::Empty),
        (APPLICATION_ID, 1.., _) if version > CURRENT => Err(Error::new(
            ErrorKind::NewerDatabase,
            format!("the database has schema version {version}, this program knows up to {CURRENT}"),
        )
        .with_hint("update acctsnap; the file was left as it is")),
        (APPLICATION_ID, 1.., _) => Ok(Found::Version(version)),
        (APPLICATION_ID, ..) => {
            Err(damaged(format!("the database has the impossible schema version {version}")))
        }
        _ => Err(Error::new(ErrorKind::NotOurDatabase, "this file is a database of another program")
            .with_hint("name another file with --db")),
    }
}

/// Brings the file to the current version; the caller holds the write lock.
pub(super) fn run(connection: &Connection, from: Found, now: Timestamp) -> Result<()> {
    match from {
        Found::Empty => {
            connection.execute_batch(NEWEST)?;
            STEPS.iter().enumerate().try_for_each(|(place, step)| record(connection, place, step, now))
        }
        Found::Version(version) => {
            let done = usize::try_from(version).unwrap_or(0);
            take_steps(connection, done..STEPS.len(), now)
        }
    }
}

/// Makes a file of an earlier version.
#[cfg(test)]
pub(super) fn run_to(connection: &Connection, version: usize, now: Timestamp) -> Result<()> {
    take_steps(connection, 0..version, now)
}

fn take_steps(connection: &Connection, steps: Range<usize>, now: Timestamp) -> Result<()> {
    for (place, step) in STEPS.iter().enumerate().take(steps.end).skip(steps.start) {
        for sql in step.sql {
            connection.execute_batch(sql)?;
        }
        ledger::guard_tables_of(connection, place + 1)?;
        record(connection, place, step, now)?;
    }
    Ok(())
}

/// Writes down that a step was taken.
fn record(connection: &Connection, place: usize, step: &Step, now: Timestamp) -> Result<()> {
    let version = i64::try_from(place).unwrap_or(0) + 1;
    connection.execute(
        "INSERT INTO schema_steps (version, sha256, applied_at, program) VALUES (?1, ?2, ?3, ?4)",
        (version, hash_of(step), now.millis(), env!("CARGO_PKG_VERSION")),
    )?;
    connection.pragma_update(None, "user_version", version)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    Ok(())
}

fn hash_of(step: &Step) -> String {
    let mut digest = Sha256::new();
    for sql in step.sql {
        digest.update(sql.as_bytes());
    }
    crate::model::canonical::hex(&digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_becomes_the_current_version_once() {
        let connection = Connection::open_in_memory().unwrap();
        assert_eq!(look(&connection).unwrap(), Found::Empty);
        run(&connection, Found::Empty, Timestamp::from_millis(0)).unwrap();
        assert_eq!(look(&connection).unwrap(), Found::Version(CURRENT));
        run(&connection, Found::Version(CURRENT), Timestamp::from_millis(0)).unwrap();
        let steps: i64 =
            connection.query_one("SELECT count(*) FROM schema_steps", [], |row| row.get(0)).unwrap();
        assert_eq!(steps, CURRENT);
    }

    /// Everything that the schema has, in the order in which it was made.
    fn schema(connection: &Connection) -> Vec<(String, String, String)> {
        let mut statement = connection
            .prepare("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
            .unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        rows.collect::<std::result::Result<_, _>>().unwrap()
    }

    #[test]
    fn the_newest_schema_is_what_the_steps_make() {
        let stepped = Connection::open_in_memory().unwrap();
        take_steps(&stepped, 0..STEPS.len(), Timestamp::from_millis(0)).unwrap();
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            let script: String = schema(&stepped).iter().map(|(_, _, sql)| format!("{sql};\n\n")).collect();
            let text =
                format!("-- Written by a test from the steps: see migrations.rs.\n\n{}\n", script.trim_end());
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/sql/newest.sql"), text).unwrap();
            return;
        }
        let made = Connection::open_in_memory().unwrap();
        run(&made, Found::Empty, Timestamp::from_millis(0)).unwrap();
        assert_eq!(schema(&made), schema(&stepped));
        for (_, table, _) in schema(&stepped).iter().filter(|(kind, ..)| kind == "table") {
            let rows = |connection: &Connection| -> i64 {
                let count = format!("SELECT count(*) FROM {table}");
                connection.query_one(&count, [], |row| row.get(0)).unwrap()
            };
            assert_eq!(rows(&made), rows(&stepped), "{table}");
        }
    }

    #[test]
    fn newer_and_foreign_files_are_refused() {
        let connection = Connection::open_in_memory().unwrap();
        run(&connection, Found::Empty, Timestamp::from_millis(0)).unwrap();
        connection.pragma_update(None, "user_version", CURRENT + 1).unwrap();
        assert_eq!(look(&connection).unwrap_err().kind(), ErrorKind::NewerDatabase);

        let foreign = Connection::open_in_memory().unwrap();
        foreign.execute_batch("CREATE TABLE t (x)").unwrap();
        assert_eq!(look(&foreign).unwrap_err().kind(), ErrorKind::NotOurDatabase);
    }
}
