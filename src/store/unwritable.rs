//! Opening a database that nobody can write meanwhile: a read-only medium or folder. It must never be used where
//! somebody could, for it asks for no lock.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::copy::beside;
use super::open::open_file;
use crate::error::Result;

/// Opens for reading what nobody can write meanwhile. Without a log nothing is missed; a log that a killed process left
/// is read with its index in memory, for which SQLite takes the whole file and, here, asks for no lock.
pub(super) fn open_unwritable(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    if !beside(path, "-wal").exists() {
        return open_file(&uri(path, "immutable=1"), flags);
    }
    let connection = Connection::open_with_flags(uri(path, "vfs=unix-none"), flags)?;
    connection.query_one("PRAGMA locking_mode = EXCLUSIVE", [], |_| Ok(()))?;
    connection.query_one("PRAGMA schema_version", [], |_| Ok(()))?;
    Ok(connection)
}

fn uri(path: &Path, parameter: &str) -> PathBuf {
    let escaped: String = path
        .to_string_lossy()
        .chars()
        .map(|c| match c {
            '%' => "%25".to_owned(),
            '?' => "%3f".to_owned(),
            '#' => "%23".to_owned(),
            other => other.to_string(),
        })
        .collect();
    PathBuf::from(format!("file:{escaped}?{parameter}"))
}
