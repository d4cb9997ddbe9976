//! Whole copies of a database: taken online while others write, looked through, and only then given a name.
//!
//! A copy is one file in rollback-journal mode without anything beside it, its owner's alone. It is made under a
//! temporary name in the folder of its target, so that a kill at any instant leaves no half file under the final one.
//! It must never touch the source, nor look at whose rows it copies.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::Store;
use super::failure::damaged;
use super::migrations::{self, Found};
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::model::canonical::hex;
use crate::model::time::Timestamp;
use crate::model::verification::VerifyScope;

/// Pages copied at a time: 4 MiB, so that a request to stop is heard soon.
const PAGES: i32 = 1024;
/// How long a page that another process holds is waited for before it is tried again.
const PAUSE: Duration = Duration::from_millis(20);

/// How a copy comes on; told after each piece. An error stops it.
pub type Watch<'w> = dyn FnMut(CopyProgress) -> Result<()> + 'w;

/// How much of a database is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyProgress {
    /// Pages copied by now.
    pub done: u64,
    /// Pages in all.
    pub total: u64,
}

/// The end of a customer's ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerHead {
    /// The customer.
    pub customer: i64,
    /// Its last change.
    pub change: i64,
    /// The digest of that change.
    pub digest: Vec<u8>,
}

/// What is in a database, of every customer together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holdings {
    /// Its schema version.
    pub schema_version: i64,
    /// Customers.
    pub customers: u64,
    /// Accounts.
    pub accounts: u64,
    /// Snapshots.
    pub snapshots: u64,
    /// Events.
    pub events: u64,
    /// The end of each customer's ledger, by customer.
    pub heads: Vec<LedgerHead>,
}

/// A copy that was looked through and bears no name of its own yet; dropped, it is gone.
#[derive(Debug)]
pub struct FreshCopy {
    file: NamedTempFile,
    /// What is in it.
    pub holdings: Holdings,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Store {
    /// What is in the database now.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn holdings(&self) -> Result<Holdings> {
        let view = Transaction::new_unchecked(&self.connection, TransactionBehavior::Deferred)?;
        holdings_of(&view)
    }

    /// Copies the database into the folder of `target`, as it stands at one moment, while others write.
    ///
    /// # Errors
    /// `Damaged` where the copy does not hold what the source does; `DiskFull`, `ReadOnly`, `IoError` with the folder
    /// named; what `watch` says.
    pub fn copy_beside(&self, target: &Path, watch: &mut Watch<'_>) -> Result<FreshCopy> {
        let folder = folder_of(target);
        sweep(folder);
        let file = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .tempfile_in(folder)
            .map_err(|error| Error::io(target, "write", error))?;
        // One view from first to last: what others write meanwhile does not enter it, and never starts it anew.
        let source = Transaction::new_unchecked(&self.connection, TransactionBehavior::Deferred)?;
        let holdings = holdings_of(&source)?;
        let into = |error: Error| {
            let message = format!("copying into {}: {}", target.display(), error.message());
            error.with_message(message)
        };
        copy_pages(&source, file.path(), watch).map_err(into)?;
        drop(source);
        check(file.path(), &holdings)?;
        let (bytes, sha256) =
            settle(file.as_file()).map_err(|error| Error::io(file.path(), "flush", error))?;
        Ok(FreshCopy { file, holdings, bytes, sha256 })
    }
}

impl FreshCopy {
    /// How many changes [`FreshCopy::verify`] goes through; None where the copy is of an earlier schema version, which
    /// SQLite's own checks alone have looked through.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn count_changes(&self) -> Result<Option<u64>> {
        Store::open_if_current(self.file.path())?.map(|store| store.count_changes()).transpose()
    }

    /// Verifies the copy as [`Store::verify`] does, where it is of the current schema version.
    ///
    /// # Errors
    /// `Damaged` with the first that was found; what `go_on` said.
    pub fn verify(&self, go_on: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        let Some(store) = Store::open_if_current(self.file.path())? else { return Ok(()) };
        let verification = store.verify(VerifyScope::default(), &[], go_on)?;
        let Some(first) = verification.findings.first() else { return Ok(()) };
        let total = verification.findings_total;
        let what = format!("the copy is not sound, {total} found; the first: {}", first.what);
        Err(damaged(what).with_hint("`acctsnap verify` names all of it: nothing was written over"))
    }

    /// Gives it a name that nothing bears yet.
    ///
    /// # Errors
    /// `Usage` where something stands there by now; what the operating system said.
    pub fn place(self, target: &Path) -> Result<()> {
        match self.file.persist_noclobber(target) {
            Ok(_) => sync_folder(target),
            Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => Err(Error::new(
                ErrorKind::Usage,
                format!("{} is there already and stays as it is", target.display()),
            )),
            Err(failed) => Err(Error::io(target, "write", failed.error)),
        }
    }

    /// Gives it a name in the place of what bears it now, at one stroke.
    ///
    /// # Errors
    /// What the operating system said; what stood there is then untouched.
    pub fn replace(self, target: &Path) -> Result<()> {
        self.file.persist(target).map_err(|failed| Error::io(target, "write", failed.error))?;
        sync_folder(target)
    }
}

/// How temporary files begin: hidden, and told from everything that somebody else makes.
const TEMPORARY: &str = ".acctsnap-copy-";

/// How long a copy may take; what was written to for longer was left by a process that was killed.
const ABANDONED_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Removes the copies that killed processes left in a folder. That it cannot is no failure of the next one.
fn sweep(folder: &Path) {
    let now = Clock::System.now();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_copy = entry.file_name().to_str().is_some_and(|name| name.starts_with(TEMPORARY));
        let written =
            entry.metadata().ok().filter(std::fs::Metadata::is_file).and_then(|found| found.modified().ok());
        let written = written.map(|at| Timestamp::from(chrono::DateTime::<chrono::Utc>::from(at)));
        if is_copy && written.is_some_and(|at| now.millis_since(at) > ABANDONED_MILLIS) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn copy_pages(source: &Connection, target: &Path, watch: &mut Watch<'_>) -> Result<()> {
    let mut copy = open_plain(target, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Nobody knows of this file: it is flushed once, when it is whole, and thrown away where it fails.
    copy.execute_batch("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;")?;
    {
        let backup = Backup::new(source, &mut copy)?;
        loop {
            let step = backup.step(PAGES)?;
            let progress = backup.progress();
            let total = u64::try_from(progress.pagecount).unwrap_or(0);
            let left = u64::try_from(progress.remaining).unwrap_or(0);
            watch(CopyProgress { done: total.saturating_sub(left), total })?;
            match step {
                StepResult::Done => break,
                StepResult::Busy | StepResult::Locked => std::thread::sleep(PAUSE),
                _ => {}
            }
        }
    }
    // The copy bears its source's mode; other tools want one file.
    let mode: String = copy.query_one("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
    match mode.as_str() {
        "delete" => Ok(()),
        other => Err(Error::new(ErrorKind::IoError, format!("the copy stayed in {other} mode"))),
    }
}

/// Whether a copy is what it was copied from: the one place that every copy goes through before it takes its name.
///
/// # Errors
/// `Damaged`, with what was found.
fn check(path: &Path, expected: &Holdings) -> Result<()> {
    let copy = open_plain(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let wrong = |what: String| {
        damaged(format!("the copy is not sound: {what}"))
            .with_hint("the damage may lie in the database itself: nothing was written over")
    };
    let mut statement = copy.prepare("PRAGMA integrity_check(3)")?;
    let said: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    if said != ["ok"] {
        return Err(wrong(said.join("; ")));
    }
    if copy.prepare("PRAGMA foreign_key_check")?.exists([])? {
        return Err(wrong("rows refer to others that are not there".to_owned()));
    }
    let found = holdings_of(&copy)?;
    if found != *expected {
        return Err(wrong("its ledger does not end where the database's did".to_owned()));
    }
    Ok(())
}

/// A connection without any setting of ours; a name that begins with `file:` is a name.
fn open_plain(path: &Path, flags: OpenFlags) -> Result<Connection> {
    Ok(Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?)
}

/// What is in a database of any version of ours.
fn holdings_of(sql: &Connection) -> Result<Holdings> {
    let schema_version = match migrations::look(sql)? {
        Found::Version(version) => version,
        Found::Empty => return Err(Error::new(ErrorKind::NoDatabase, "the database is empty")),
    };
    let count = |table: &str| -> Result<u64> {
        Ok(sql.query_one(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?)
    };
    let mut statement =
        sql.prepare("SELECT customer_id, change_id, digest FROM customer_heads ORDER BY customer_id")?;
    let head = |row: &rusqlite::Row<'_>| {
        Ok(LedgerHead { customer: row.get(0)?, change: row.get(1)?, digest: row.get(2)? })
    };
    Ok(Holdings {
        schema_version,
        customers: count("customers")?,
        accounts: count("accounts")?,
        snapshots: count("snapshots")?,
        events: count("events")?,
        heads: statement.query_map([], head)?.collect::<Result<_, _>>()?,
    })
}

/// Whether a file is a database of ours that nobody has open: by its header, without opening it as one.
#[must_use]
pub fn is_ours(path: &Path) -> bool {
    let mut header = [0; 72];
    let is_file = std::fs::symlink_metadata(path).is_ok_and(|found| found.is_file());
    is_file
        && File::open(path).and_then(|mut file| file.read_exact(&mut header)).is_ok()
        && header.starts_with(MAGIC)
        && header.ends_with(&application_bytes())
        && !["-wal", "-journal"].iter().any(|log| beside(path, log).exists())
}

/// How every SQLite database begins (<https://www.sqlite.org/fileformat2.html>, 1.3).
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

/// The application id as it stands at byte 68 of the header.
fn application_bytes() -> [u8; 4] {
    u32::try_from(migrations::APPLICATION_ID).unwrap_or_default().to_be_bytes()
}

/// Flushes a file to the disk; its size and its SHA-256.
fn settle(mut file: &File) -> io::Result<(u64, String)> {
    file.sync_all()?;
    file.seek(SeekFrom::Start(0))?;
    let (mut digest, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer)?;
        let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else { break };
        digest.update(piece);
        bytes += read as u64;
    }
    Ok((bytes, hex(&digest.finalize())))
}

/// The folder that a path lies in.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A name survives a power loss only once its folder is flushed.
pub(super) fn sync_folder(path: &Path) -> Result<()> {
    let folder = folder_of(path);
    #[cfg(unix)]
    File::open(folder).and_then(|file| file.sync_all()).map_err(|error| Error::io(folder, "flush", error))?;
    Ok(())
}

/// A file's name with something behind it.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests;
