//! The place that a restored database goes to: what stands there, who has it open, and the swap at one stroke.
//!
//! A log that lies beside the place would be played into whatever file comes there, so none may be left when the new
//! one takes its name. It must never remove what stood there before the new one was read at its place, and what it
//! could not read as a database of ours it never removes: it may be somebody's only copy of something else.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::copy::{FreshCopy, Holdings, MAGIC, beside, sync_folder};
use super::failure;
use super::{Store, open};
use crate::clock::Stopwatch;
use crate::error::{Error, ErrorKind, Result};

/// What stands at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Nothing, or an empty file.
    Empty,
    /// A database of ours.
    Ours(Holdings),
    /// Something that cannot be read as one, and why.
    Unreadable(String),
}

/// The files that SQLite keeps beside a database.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];
/// What is added to the name of a database that is kept until the new one stands.
const REPLACED: &str = ".restoring";
/// What is added to the name of a file that nobody could read, and that is kept.
const KEPT: &str = ".before-restore";
/// The database's own name, and those of its companions.
const SUFFIXES: [&str; 4] = ["", "-wal", "-shm", "-journal"];
/// How often a database that others have open is tried again.
const SLICE: Duration = Duration::from_millis(50);

/// Looks at a place.
///
/// # Errors
/// `NotOurDatabase` for another program's database or for no file at all; what keeps it from being looked at.
pub fn look_at(path: &Path) -> Result<Place> {
    let is_nothing = match std::fs::metadata(path) {
        // A pipe or a device has a size of 0, too.
        Ok(found) => found.is_file() && found.len() == 0,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(error) => return Err(Error::io(path, "look at", error)),
    };
    if is_nothing {
        let log = ["-wal", "-journal"].iter().map(|log| beside(path, log)).find(|log| log.exists());
        return Ok(log.map_or(Place::Empty, |log| {
            Place::Unreadable(format!("{} lies there without its database", log.display()))
        }));
    }
    match Store::open_as_it_is(path).and_then(|store| store.holdings()) {
        Ok(holdings) => Ok(Place::Ours(holdings)),
        Err(error) => match error.kind() {
            ErrorKind::Damaged | ErrorKind::NewerDatabase | ErrorKind::Failed => {
                Ok(Place::Unreadable(error.message().to_owned()))
            }
            ErrorKind::NotOurDatabase if path.is_file() && !is_database(path) => {
                Ok(Place::Unreadable(error.message().to_owned()))
            }
            _ => Err(error),
        },
    }
}

fn is_database(path: &Path) -> bool {
    let mut start = [0; 16];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start.as_slice() == MAGIC
}

/// The name that what stands at a place and cannot be read gets when a backup replaces it; None where nothing does.
#[must_use]
pub fn kept_name(path: &Path) -> Option<PathBuf> {
    let path = &followed(path);
    let base = free_base(path);
    SUFFIXES.iter().find(|suffix| beside(path, suffix).exists()).map(|suffix| beside(&base, suffix))
}

/// A link is followed: the database that it names is replaced, not the link.
fn followed(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// `x.db.before-restore`, or with a number where that is taken.
fn free_base(path: &Path) -> PathBuf {
    let bases = (1_u64..).map(|number| match number {
        1 => beside(path, KEPT),
        _ => beside(path, &format!("{KEPT}-{number}")),
    });
    let is_free = |base: &PathBuf| {
        SUFFIXES.iter().all(|suffix| {
            let (from, to) = (beside(path, suffix), beside(base, suffix));
            !to.exists() || is_same_file(&from, &to)
        })
    };
    bases.into_iter().find(is_free).unwrap_or_else(|| beside(path, KEPT))
}

/// Whether two names are of one file, as a restore that was killed leaves them.
#[cfg(unix)]
fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let file = |path: &Path| std::fs::symlink_metadata(path).map(|found| (found.dev(), found.ino())).ok();
    file(one).is_some_and(|one| file(other) == Some(one))
}

#[cfg(not(unix))]
fn is_same_file(_: &Path, _: &Path) -> bool {
    false
}

/// Puts a copy where the database is to be: at one stroke, so that at every instant one of the two stands there whole.
/// Gives the name under which something that could not be read is kept.
///
/// `waiting` is called while others have the database open, with the time waited; false gives up.
///
/// # Errors
/// `Busy` where others have it open for longer than `wait`; what the operating system said, and then what stood there
/// stands there still.
pub fn put_in_place(
    copy: FreshCopy,
    path: &Path,
    wait: Duration,
    waiting: &mut dyn FnMut(Duration) -> bool,
) -> Result<Option<PathBuf>> {
    let path = &followed(path);
    match look_at(path)? {
        Place::Empty if !path.exists() => copy.place(path).map(|()| None),
        Place::Empty => copy.replace(path).map(|()| None),
        Place::Ours(_) => {
            let alone = hold_alone(path, wait, waiting)?;
            let base = beside(path, REPLACED);
            // What an earlier restore was killed over.
            let _ = std::fs::remove_file(&base);
            swap(copy, path, Kept::keep(path, &base, &[""])?)?.let_go();
            drop(alone);
            Ok(None)
        }
        Place::Unreadable(_) => {
            let kept = Kept::keep(path, &free_base(path), &SUFFIXES)?;
            Ok(swap(copy, path, kept)?.stay())
        }
    }
}

/// A connection that no other process has the database open beside, with nothing lying beside the file.
///
/// Leaving WAL mode needs every other connection gone, also an idle one. One that comes later finds itself locked out,
/// and then that its file was moved, which SQLite refuses to write to.
fn hold_alone(path: &Path, wait: Duration, waiting: &mut dyn FnMut(Duration) -> bool) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(SLICE)?;
    let watch = Stopwatch::start();
    loop {
        let mode = connection
            .query_one("PRAGMA journal_mode = DELETE", [], |row| row.get::<_, String>(0))
            .and_then(|_| connection.execute_batch("BEGIN EXCLUSIVE"));
        match mode {
            Ok(()) => return Ok(connection),
            Err(error) if failure::kind_of(&error) != ErrorKind::Busy => return Err(error.into()),
            Err(error) if watch.elapsed() >= wait => return Err(in_use(path, error)),
            Err(_) if !waiting(watch.elapsed()) => {
                return Err(Error::new(ErrorKind::Interrupted, "stopped while waiting for the database"));
            }
            Err(_) => std::thread::sleep(SLICE),
        }
    }
}

fn in_use(path: &Path, error: rusqlite::Error) -> Error {
    Error::new(ErrorKind::Busy, format!("another process has {} open", path.display()))
        .with_cause(error)
        .with_hint("end it first, or wait longer with --wait; nothing was changed")
}

/// Gives the copy its name and reads it there; what was kept is put back where that fails.
fn swap(copy: FreshCopy, path: &Path, kept: Kept) -> Result<Kept> {
    let holdings = copy.holdings.clone();
    copy.replace(path)?;
    let stands = open::Store::open_as_it_is(path).and_then(|store| store.holdings())?;
    if stands != holdings {
        return Err(failure::damaged(format!("{} is not what was put there", path.display())));
    }
    sync_folder(path)?;
    Ok(kept)
}

/// Files under other names, put back where the swap fails.
struct Kept {
    files: Vec<(PathBuf, PathBuf)>,
}

impl Kept {
    fn keep(path: &Path, base: &Path, suffixes: &[&str]) -> Result<Self> {
        let mut kept = Self { files: Vec::new() };
        for suffix in suffixes {
            let (from, to) = (beside(path, suffix), beside(base, suffix));
            if !from.exists() {
                continue;
            }
            if is_same_file(&from, &to) {
                std::fs::remove_file(&to).map_err(|error| Error::io(&to, "remove", error))?;
            }
            let done = match COMPANIONS.contains(suffix) {
                true => std::fs::rename(&from, &to),
                // Its own name stays as well: at no instant is there no database. Not every file system can do so.
                false => std::fs::hard_link(&from, &to).or_else(|_| std::fs::copy(&from, &to).map(drop)),
            };
            done.map_err(|error| Error::io(&from, "set aside", error))?;
            kept.files.push((from, to));
        }
        Ok(kept)
    }

    fn let_go(mut self) {
        for (_, to) in self.files.drain(..) {
            let _ = std::fs::remove_file(to);
        }
    }

    /// Leaves the files under their new names; gives the first of these.
    fn stay(mut self) -> Option<PathBuf> {
        self.files.drain(..).map(|(_, to)| to).reduce(|first, _| first)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        for (from, to) in self.files.drain(..).rev() {
            let _ = std::fs::rename(&to, from);
            // Two names of one file are both left by a rename.
            let _ = std::fs::remove_file(to);
        }
    }
}
