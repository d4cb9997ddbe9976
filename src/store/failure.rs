//! What SQLite says, told as our own errors.
//!
//! The kind decides the exit code, so every way a database can refuse is mapped here and nowhere else.

use rusqlite::ErrorCode;

use crate::error::{Error, ErrorKind};

/// The kind of a failure of SQLite.
pub(super) fn kind_of(error: &rusqlite::Error) -> ErrorKind {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => ErrorKind::Busy,
        Some(ErrorCode::DiskFull) => ErrorKind::DiskFull,
        Some(ErrorCode::SystemIoFailure) => ErrorKind::IoError,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => ErrorKind::ReadOnly,
        Some(ErrorCode::CannotOpen) => ErrorKind::IoError,
        Some(ErrorCode::DatabaseCorrupt) => ErrorKind::Damaged,
        Some(ErrorCode::NotADatabase) => ErrorKind::NotOurDatabase,
        Some(ErrorCode::OperationInterrupted) => ErrorKind::Interrupted,
        _ if is_wrong_text(error) || is_strange_format(error) => ErrorKind::Damaged,
        _ => ErrorKind::Failed,
    }
}

/// A stored value of another type than ours was written by someone else or damaged.
fn is_wrong_text(error: &rusqlite::Error) -> bool {
    use rusqlite::Error as Sql;
    matches!(
        error,
        Sql::FromSqlConversionFailure(..)
            | Sql::IntegralValueOutOfRange(..)
            | Sql::InvalidColumnType(..)
            | Sql::Utf8Error(..)
    )
}

/// SQLite has no code of its own for a header that names a format which no version of it ever wrote.
fn is_strange_format(error: &rusqlite::Error) -> bool {
    matches!(error, rusqlite::Error::SqliteFailure(_, Some(message)) if message == "unsupported file format")
}

/// Failures that end a transaction: no later statement of it can be trusted.
pub(crate) fn ends_transaction(kind: ErrorKind) -> bool {
    use ErrorKind as Kind;
    matches!(
        kind,
        Kind::Busy
            | Kind::DiskFull
            | Kind::IoError
            | Kind::ReadOnly
            | Kind::Damaged
            | Kind::NotOurDatabase
            | Kind::Interrupted
    )
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let kind = kind_of(&error);
        let message = match kind {
            ErrorKind::Busy => "the database is locked by another process",
            ErrorKind::DiskFull => "the disk is full",
            ErrorKind::IoError => "reading or writing the database failed",
            ErrorKind::ReadOnly => "the database cannot be written",
            ErrorKind::Damaged => "the database is damaged",
            ErrorKind::NotOurDatabase => "this file is not an acctsnap database",
            ErrorKind::Interrupted => "the database work was interrupted",
            _ => "the database refused",
        };
        let made = Self::new(kind, message).with_cause(error).of_database();
        match kind {
            ErrorKind::Busy => made.with_hint("try again, or wait longer with --wait"),
            ErrorKind::Damaged => made.with_hint("restore a backup"),
            _ => made,
        }
    }
}

/// Something stored is not what this program writes.
pub(super) fn damaged(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::Damaged, what).with_hint("restore a backup")
}
