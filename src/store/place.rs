//! The place that a restored database goes to: what stands there, who has it open, and the swap at one stroke.
//!
//! A log that lies beside the place would be played into whatever file comes there, so none may be left when the new
//! one takes its name. It must never remove what stood there before the new one was read at its place.

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
/// What is added to the name of a file that is kept until the new one stands.
const KEPT: &str = ".before-restore";
/// How often a database that others have open is tried again.
const SLICE: Duration = Duration::from_millis(50);

/// Looks at a place.
///
/// # Errors
/// `NotOurDatabase` for another program's database or for no file at all; what keeps it from being looked at.
pub fn look_at(path: &Path) -> Result<Place> {
    let size = match std::fs::metadata(path) {
        Ok(found) => Some(found.len()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(Error::io(path, "look at", error)),
    };
    if size.unwrap_or(0) == 0 {
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

/// Puts a copy where the database is to be: at one stroke, so that at every instant one of the two stands there whole.
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
) -> Result<()> {
    // A link is followed: the database that it names is replaced, not the link.
    let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    match look_at(path)? {
        Place::Empty if !path.exists() => copy.place(path),
        Place::Empty => copy.replace(path),
        Place::Ours(_) => {
            let alone = hold_alone(path, wait, waiting)?;
            swap(copy, path, &[""])?;
            drop(alone);
            Ok(())
        }
        Place::Unreadable(_) => swap(copy, path, &["", "-wal", "-shm", "-journal"]),
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

/// Keeps what stands there under other names, gives the copy its name, reads it there, and lets the old one go.
fn swap(copy: FreshCopy, path: &Path, suffixes: &[&str]) -> Result<()> {
    let holdings = copy.holdings.clone();
    let mut kept = Kept::keep(path, suffixes)?;
    copy.replace(path)?;
    let stands = open::Store::open_as_it_is(path).and_then(|store| store.holdings())?;
    if stands != holdings {
        return Err(failure::damaged(format!("{} is not what was put there", path.display())));
    }
    kept.let_go();
    sync_folder(path)
}

/// Files under other names, put back where the swap fails.
struct Kept {
    files: Vec<(PathBuf, PathBuf)>,
}

impl Kept {
    fn keep(path: &Path, suffixes: &[&str]) -> Result<Self> {
        let mut kept = Self { files: Vec::new() };
        for suffix in suffixes {
            let (from, to) = (beside(path, suffix), beside(&beside(path, KEPT), suffix));
            if !from.exists() {
                continue;
            }
            // What an earlier restore was killed over.
            let _ = std::fs::remove_file(&to);
            let done = match COMPANIONS.contains(suffix) {
                true => std::fs::rename(&from, &to),
                // Its own name stays as well: at no instant is there no database.
                false => std::fs::hard_link(&from, &to),
            };
            match done {
                Ok(()) => kept.files.push((from, to)),
                // Without hard links the swap is still at one stroke.
                Err(_) if !COMPANIONS.contains(suffix) => {}
                Err(error) => return Err(Error::io(&from, "set aside", error)),
            }
        }
        Ok(kept)
    }

    fn let_go(&mut self) {
        for (_, to) in self.files.drain(..) {
            let _ = std::fs::remove_file(to);
        }
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
