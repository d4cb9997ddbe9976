//! The folder in which the database engine keeps what it needs for a moment: whether a full disk is that one.
//!
//! The engine says "full" of either disk alike. Nothing is written here.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind};

/// With less than this many bytes free a folder counts as full.
const ROOM: u64 = 1 << 20;

/// Where the engine looks when no variable names a folder (<https://www.sqlite.org/tempfiles.html>, section 5).
const DEFAULTS: [&str; 3] = ["/var/tmp", "/usr/tmp", "/tmp"];

/// The folder that the engine takes: the first that is there.
pub(super) fn find(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let named = ["SQLITE_TMPDIR", "TMPDIR"].into_iter().filter_map(variable).map(PathBuf::from);
    named.chain(DEFAULTS.map(PathBuf::from)).find(|folder| folder.is_dir())
}

/// Names the temp folder, where that is full and the database's disk is not.
pub(super) fn explain(error: Error, temp: Option<&Path>, database: &Path) -> Error {
    let beside = database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match temp {
        Some(temp) if error.kind() == ErrorKind::DiskFull && is_full(temp) && !is_full(beside) => error
            .with_hint(format!(
                "the temp folder {} is full: make room there, or set TMPDIR to another folder",
                temp.display()
            )),
        _ => error,
    }
}

#[cfg(unix)]
fn is_full(folder: &Path) -> bool {
    rustix::fs::statvfs(folder).is_ok_and(|found| found.f_bavail.saturating_mul(found.f_frsize) < ROOM)
}

/// Where it cannot be told, there is room.
#[cfg(not(unix))]
fn is_full(_folder: &Path) -> bool {
    false
}
