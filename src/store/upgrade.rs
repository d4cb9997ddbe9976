//! Files of earlier schema versions: brought up to date as they are opened, once, in a transaction of their own.
//!
//! A backup comes first: where there is no room for it, nothing is changed. Reading does so too: a person who installed a newer program and asks a question shall have the answer. Nothing that
//! was recorded is changed by it.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::copy::{beside, is_ours};
use super::migrations::{self, Found};
use super::{Holdings, Store};
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::model::time::Timestamp;

/// That a file was brought up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upgraded {
    /// The version of which it was.
    pub from: i64,
    /// Where the file as it was is kept.
    pub kept: PathBuf,
}

/// The parts of an upgrade, which a test can let fail.
struct Parts<K, S> {
    keep: K,
    steps: S,
}

/// Brings the file to the current version where it is of an earlier one, after a backup of it; says what was done.
///
/// The step is recorded under the system's time, whatever instant the command takes as now: it tells when the file was
/// changed, and no answer speaks of it.
pub(super) fn upgrade(connection: &Connection, path: &Path) -> Result<Option<Upgraded>> {
    upgrade_by(connection, Parts { keep: || keep(path), steps: migrations::run })
}

fn upgrade_by(
    connection: &Connection,
    parts: Parts<impl FnOnce() -> Result<PathBuf>, impl FnOnce(&Connection, Found, Timestamp) -> Result<()>>,
) -> Result<Option<Upgraded>> {
    if outdated(migrations::look(connection)?).is_none() {
        return Ok(None);
    }
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    let found = migrations::look(&transaction)?;
    let Some(from) = outdated(found) else { return Ok(None) };
    // Under the lock, so that no change falls between the backup and the upgrade.
    let kept = (parts.keep)()?;
    (parts.steps)(&transaction, found, Clock::System.now())?;
    transaction.commit()?;
    Ok(Some(Upgraded { from, kept }))
}

/// Keeps the file as it is under a name beside it.
fn keep(path: &Path) -> Result<PathBuf> {
    let store = Store::open_as_it_is(path)?;
    let holdings = store.holdings()?;
    let name = beside(path, &format!(".before-schema-{}", migrations::CURRENT));
    let others = (2..).map(|number| beside(&name, &format!("-{number}")));
    for kept in std::iter::once(name.clone()).chain(others) {
        if std::fs::symlink_metadata(&kept).is_err() {
            store.copy_beside(&kept, &mut |_| Ok(()))?.place(&kept)?;
            return Ok(kept);
        }
        // An upgrade that was stopped after its backup has made it already.
        if is_ours(&kept) && holdings_at(&kept).as_ref() == Some(&holdings) {
            return Ok(kept);
        }
    }
    Err(Error::new(ErrorKind::Failed, format!("no name is left beside {}", path.display())))
}

fn holdings_at(path: &Path) -> Option<Holdings> {
    Store::open_as_it_is(path).and_then(|store| store.holdings()).ok()
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
        let kept = folder.path().join(format!("old.db.before-schema-{}", migrations::CURRENT));
        assert_eq!(upgrade(&connection, &path).unwrap(), Some(Upgraded { from: 1, kept: kept.clone() }));
        assert_eq!(upgrade(&connection, &path).unwrap(), None);
        assert_eq!(holdings_at(&kept).unwrap().schema_version, 1);
        assert_eq!(migrations::look(&connection).unwrap(), Found::Version(migrations::CURRENT));
    }

    #[test]
    fn one_that_cannot_be_written_says_why_reading_needs_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        first_version(&path);
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let error = refused(&path, 1, upgrade(&connection, &path).unwrap_err());
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
        let error = refused(&path, 1, upgrade(&connection, &path).unwrap_err());
        assert_eq!(error.kind(), ErrorKind::Busy);
    }

    #[test]
    fn where_the_backup_or_a_step_fails_the_file_stays_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        first_version(&path);
        let before = std::fs::read(&path).unwrap();
        let connection = Connection::open(&path).unwrap();
        let full = || Err(Error::new(ErrorKind::DiskFull, "the disk is full"));
        let error = upgrade_by(&connection, Parts { keep: full, steps: migrations::run }).unwrap_err();
        assert_eq!(refused(&path, 1, error).kind(), ErrorKind::DiskFull);
        let half = |sql: &Connection, found: Found, now: Timestamp| -> Result<()> {
            migrations::run(sql, found, now)?;
            Ok(sql.execute_batch("CREATE TABLE half (x); SELECT nonsense FROM nowhere")?)
        };
        upgrade_by(&connection, Parts { keep: || keep(&path), steps: half }).unwrap_err();
        drop(connection);
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn the_backup_of_an_upgrade_that_was_stopped_serves_the_next_and_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        first_version(&path);
        let first = keep(&path).unwrap();
        assert_eq!(keep(&path).unwrap(), first);
        std::fs::write(&first, "a stranger's").unwrap();
        assert_eq!(keep(&path).unwrap(), beside(&first, "-2"));
        assert_eq!(std::fs::read(&first).unwrap(), b"a stranger's");
    }
}
