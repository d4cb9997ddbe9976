//! Files of earlier schema versions: brought up to date as they are opened, once, in a transaction of their own.
//!
//! Reading does so too: a person who installed a newer program and asks a question shall have the answer. Nothing that
//! was recorded is changed by it.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::migrations::{self, Found};
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};

/// Brings the file to the current version where it is of an earlier one; says which one that was.
///
/// The step is recorded under the system's time, whatever instant the command takes as now: it tells when the file was
/// changed, and no answer speaks of it.
pub(super) fn upgrade(connection: &Connection) -> Result<Option<i64>> {
    if outdated(migrations::look(connection)?).is_none() {
        return Ok(None);
    }
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    let found = migrations::look(&transaction)?;
    let from = outdated(found);
    if from.is_some() {
        migrations::run(&transaction, found, Clock::System.now())?;
        transaction.commit()?;
    }
    Ok(from)
}

/// The version of a file, where it is an earlier one than this program's.
pub(super) fn outdated(found: Found) -> Option<i64> {
    match found {
        Found::Version(version) if version < migrations::CURRENT => Some(version),
        _ => None,
    }
}

/// Why a file could not be brought up to date, told so that a reader knows why reading needs to write.
pub(super) fn refused(path: &Path, from: i64, error: Error) -> Error {
    match error.kind() {
        ErrorKind::ReadOnly | ErrorKind::IoError => Error::new(
            ErrorKind::ReadOnly,
            format!(
                "{}: the database has schema version {from}, and could not be brought to {}",
                path.display(),
                migrations::CURRENT
            ),
        )
        .with_cause(error)
        .with_hint(
            "run one command where the file and its folder can be written, or on a copy; --db names it",
        ),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::Timestamp;
    use rusqlite::OpenFlags;

    /// A file of the first version.
    fn first_version(path: &Path) {
        let connection = Connection::open(path).unwrap();
        migrations::run_to(&connection, 1, Timestamp::from_millis(0)).unwrap();
    }

    #[test]
    fn an_old_file_is_brought_up_to_date_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        first_version(&path);
        let connection = Connection::open(&path).unwrap();
        assert_eq!(upgrade(&connection).unwrap(), Some(1));
        assert_eq!(upgrade(&connection).unwrap(), None);
        assert_eq!(migrations::look(&connection).unwrap(), Found::Version(migrations::CURRENT));
    }

    #[test]
    fn one_that_cannot_be_written_says_why_reading_needs_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        first_version(&path);
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let error = refused(&path, 1, upgrade(&connection).unwrap_err());
        assert_eq!(error.kind(), ErrorKind::ReadOnly);
        let told = format!("has schema version 1, and could not be brought to {}", migrations::CURRENT);
        assert!(error.message().ends_with(&told), "{error}");
        assert!(error.causes().any(|cause| cause.contains("readonly")), "{error:?}");
        assert_eq!(migrations::look(&connection).unwrap(), Found::Version(1));
    }

    #[test]
    fn a_busy_file_stays_busy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        first_version(&path);
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let connection = Connection::open(&path).unwrap();
        connection.busy_timeout(std::time::Duration::ZERO).unwrap();
        let error = refused(&path, 1, upgrade(&connection).unwrap_err());
        assert_eq!(error.kind(), ErrorKind::Busy);
    }
}
