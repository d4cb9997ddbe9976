//! Opening the file: its identity first, then the settings that every connection of ours keeps to.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, limits::Limit};

use super::copy::{beside, folder_of};
use super::failure;
use super::medium::{Medium, is_beyond_writing};
use super::migrations::{self, Found};
use super::unwritable::open_unwritable;
use super::upgrade::{self, Upgraded};
use crate::clock::Stopwatch;
use crate::error::{Error, ErrorKind, Result};
use crate::model::time::Timestamp;

/// How long opening waits for others.
const PATIENCE: Duration = Duration::from_secs(30);

/// An opened database file.
pub struct Store {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    pub(super) found: Found,
    pub(super) writable: bool,
    pub(super) known_at: Option<Timestamp>,
    upgraded: Option<Upgraded>,
    medium: Medium,
}

impl Store {
    /// Opens for writing a file that must be there.
    ///
    /// # Errors
    /// `NoDatabase` where there is none; `NotOurDatabase`, `NewerDatabase`, `Damaged`, `IoError`, `ReadOnly`.
    pub fn open(path: &Path) -> Result<Self> {
        require_file(path)?;
        Self::writable(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Opens for writing, and makes the file and its folder where they are not there; says whether it made them.
    ///
    /// # Errors
    /// As [`Store::open`], without `NoDatabase`.
    pub fn open_or_create(path: &Path) -> Result<(Self, bool)> {
        let fresh = !path.exists();
        if fresh {
            create_private(path)?;
        }
        let store = Self::writable(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let empty = store.found == Found::Empty;
        Ok((store, fresh || empty))
    }

    /// A store in memory, for a dry run where there is no database yet.
    ///
    /// # Errors
    /// Where SQLite cannot be had at all.
    pub fn in_memory() -> Result<Self> {
        let connection = Connection::open_in_memory()?;
        configure(&connection)?;
        Ok(Self {
            connection,
            path: PathBuf::from(":memory:"),
            found: Found::Empty,
            writable: true,
            known_at: None,
            upgraded: None,
            medium: Medium::Local,
        })
    }

    /// Opens for reading only: makes nothing, changes nothing, and works while a writer holds the lock. But a file of
    /// an earlier schema version is brought up to date first.
    ///
    /// # Errors
    /// As [`Store::open`]; `ReadOnly` where an earlier version cannot be brought up to date.
    pub fn open_read_only(path: &Path) -> Result<Self> {
        require_file(path)?;
        let store = Self::read_only(path)?;
        if upgrade::outdated(store.found).is_none() {
            return Ok(store);
        }
        drop(store);
        let upgraded = Self::writable(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?.upgraded;
        Ok(Self { upgraded, ..Self::read_only(path)? })
    }

    /// Opens for reading only, as the file is: one of an earlier schema version stays one. For copies alone: answers
    /// need the current version.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_as_it_is(path: &Path) -> Result<Self> {
        require_file(path)?;
        Self::read_only(path)
    }

    /// Opens for reading a file as it stands, and waits for nobody; None where it is of an earlier schema version.
    ///
    /// # Errors
    /// As [`Store::open_read_only`]; `Busy` at once.
    pub fn open_if_current(path: &Path) -> Result<Option<Self>> {
        require_file(path)?;
        let store = Self::read_only(path)?;
        store.connection.busy_timeout(Duration::ZERO)?;
        Ok(upgrade::outdated(store.found).is_none().then_some(store))
    }

    fn read_only(path: &Path) -> Result<Self> {
        let connection = open_file(path, OpenFlags::SQLITE_OPEN_READ_ONLY);
        let connection = connection.or_else(|error| open_recovered(path, error)).or_else(|error| {
            // Where nobody can write, a log's index cannot be made, nor is it needed.
            match is_beyond_writing(folder_of(path)) {
                true => open_unwritable(path).map_err(|_| needs_folder(path, error)),
                false => Err(needs_folder(path, error)),
            }
        })?;
        connection.busy_timeout(PATIENCE)?;
        let found = migrations::look(&connection).map_err(|error| named(error, path))?;
        if found == Found::Empty {
            return Err(no_database(path, "the file is empty"));
        }
        configure(&connection)?;
        Ok(Self {
            connection,
            path: path.to_path_buf(),
            found,
            writable: false,
            known_at: None,
            upgraded: None,
            medium: Medium::Local,
        })
    }

    fn writable(path: &Path, flags: OpenFlags) -> Result<Self> {
        Self::writable_on(Medium::of(path), path, flags)
    }

    fn writable_on(medium: Medium, path: &Path, flags: OpenFlags) -> Result<Self> {
        let connection = open_file(path, flags).map_err(|error| needs_medium(path, error))?;
        connection.busy_timeout(PATIENCE)?;
        let found = migrations::look(&connection).map_err(|error| named(error, path))?;
        configure(&connection)?;
        let upgraded = match upgrade::outdated(found) {
            Some(from) => journal(&connection, medium)
                .and_then(|()| upgrade::upgrade(&connection, path))
                .map_err(|error| upgrade::refused(path, from, error))?,
            None => {
                journal(&connection, medium).map_err(|error| named(error, path))?;
                None
            }
        };
        Ok(Self {
            connection,
            path: path.to_path_buf(),
            found,
            writable: true,
            known_at: None,
            upgraded,
            medium,
        })
    }

    /// The schema version that this program writes.
    pub const SCHEMA_VERSION: i64 = migrations::CURRENT;

    /// That the file was of an earlier schema version when it was opened, and where that one is kept.
    #[must_use]
    pub fn upgraded(&self) -> Option<&Upgraded> {
        self.upgraded.as_ref()
    }

    /// The network's file system that a database opened for writing lies on; None on a local disk.
    #[must_use]
    pub fn network(&self) -> Option<&'static str> {
        match self.medium {
            Medium::Local => None,
            Medium::Network(name) => Some(name),
        }
    }

    /// Where the database lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn require_file(path: &Path) -> Result<()> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err(Error::new(
            ErrorKind::NotOurDatabase,
            format!("{} is not a file, so no database", path.display()),
        )
        .with_hint("name the database file with --db")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(no_database(path, "there is no such file"))
        }
        Err(error) => Err(Error::io(path, "open", error)),
    }
}

fn no_database(path: &Path, why: &str) -> Error {
    Error::new(ErrorKind::NoDatabase, format!("no database at {} ({why})", path.display()))
        .with_hint("`acctsnap ingest` makes one; --db names another file")
}

fn named(error: Error, path: &Path) -> Error {
    let message = format!("{}: {}", path.display(), error.message());
    error.with_message(message)
}

/// Makes a folder, and those above it, that its owner alone can look into: it will hold customers' data.
///
/// # Errors
/// What the operating system said.
pub fn make_private_folder(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| Error::io(folder, "make the folder", error))
}

/// A new file is readable by its owner alone: it will hold customers' data.
fn create_private(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_private_folder(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| Error::io(path, "make the database", error))
}

pub(super) fn open_file(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|error| named(error.into(), path))?;
    // Opening is lazy: the first look tells whether the file can be read at all.
    connection
        .query_one("PRAGMA schema_version", [], |_| Ok(()))
        .map_err(|error| named(error.into(), path))?;
    Ok(connection)
}

/// Opens for reading a file that a process was killed in while it changed it: what was begun is taken back by the next
/// who may write, and a reader must not be the one to be turned away for it.
fn open_recovered(path: &Path, error: Error) -> Result<Connection> {
    if error.kind() != ErrorKind::ReadOnly || !beside(path, "-journal").exists() {
        return Err(error);
    }
    match open_file(path, OpenFlags::SQLITE_OPEN_READ_WRITE) {
        Ok(_) => open_file(path, OpenFlags::SQLITE_OPEN_READ_ONLY),
        Err(_) => Err(error),
    }
}

/// A log and its index lie beside the database, also for those who only read.
fn needs_folder(path: &Path, error: Error) -> Error {
    match error.kind() {
        ErrorKind::IoError | ErrorKind::ReadOnly => error.with_hint(format!(
            "reading needs to write into {} while others may write; ask its owner, or read a backup",
            folder_of(path).display()
        )),
        _ => error,
    }
}

/// Who writes makes a log beside the database first; where nobody can, that is why the file cannot be opened.
fn needs_medium(path: &Path, error: Error) -> Error {
    let folder = folder_of(path);
    match error.kind() {
        ErrorKind::IoError | ErrorKind::ReadOnly if is_beyond_writing(folder) => Error::new(
            ErrorKind::ReadOnly,
            format!("{} cannot be written: {} is read-only", path.display(), folder.display()),
        )
        .with_hint("it can be read, and copied to where it can be written: acctsnap backup FILE")
        .with_cause(error),
        _ => error,
    }
}

/// Settings that last as long as the connection; none of them changes the file.
fn configure(connection: &Connection) -> Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // Plans that look at values are made twice, before and after these are known; there are no statistics to look up.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; PRAGMA cell_size_check = ON; \
         PRAGMA mmap_size = 0; PRAGMA cache_size = -8192;",
    )?;
    Ok(())
}

/// The first process to open a new file switches it, which SQLite does not wait to be allowed; so it is tried again.
fn switch_to(connection: &Connection, mode: &str) -> Result<()> {
    let watch = Stopwatch::start();
    loop {
        match connection.query_one(&format!("PRAGMA journal_mode = {mode}"), [], |row| row.get(0)) {
            Err(error) if failure::kind_of(&error) == ErrorKind::Busy && watch.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(10));
            }
            found => {
                let found: String = found?;
                return require_mode(mode, &found);
            }
        }
    }
}

fn require_mode(wanted: &str, found: &str) -> Result<()> {
    match found == wanted {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::IoError,
            format!("the database could not be put into {wanted} mode (it is in {found} mode)"),
        )
        .with_hint("keep the database on a local disk")),
    }
}

/// The journal that the medium allows, with a sync at every commit: with less, a power cut loses what was acknowledged.
fn journal(connection: &Connection, medium: Medium) -> Result<()> {
    match medium {
        Medium::Local => {
            switch_to(connection, "wal")?;
            connection.execute_batch("PRAGMA synchronous = FULL;")?;
        }
        // With EXTRA the folder is flushed too once the journal is gone, or it could come back and undo the commit.
        Medium::Network(_) => {
            switch_to(connection, "delete")?;
            connection.execute_batch("PRAGMA synchronous = EXTRA;")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(store: &Store) -> (String, i64) {
        let ask = |what: &str| format!("PRAGMA {what}");
        let mode = store.connection.query_one(&ask("journal_mode"), [], |row| row.get(0)).unwrap();
        (mode, store.connection.query_one(&ask("synchronous"), [], |row| row.get(0)).unwrap())
    }

    #[test]
    fn a_network_s_file_system_gets_the_rollback_journal_and_a_local_disk_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        create_private(&path).unwrap();
        let on = |medium| Store::writable_on(medium, &path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        for _ in 0..2 {
            let local = on(Medium::Local);
            assert_eq!((mode(&local), local.network()), (("wal".to_owned(), 2), None));
            drop(local);
            let remote = on(Medium::Network("NFS"));
            assert_eq!((mode(&remote), remote.network()), (("delete".to_owned(), 3), Some("NFS")));
        }
    }

    #[cfg(unix)]
    #[test]
    fn folders_and_files_that_are_made_are_their_owner_s_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/deep/a.db");
        let (store, _) = Store::open_or_create(&path).unwrap();
        store.connection.execute_batch("CREATE TABLE t (x)").unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!([mode(&folder.path().join("new")), mode(&folder.path().join("new/deep"))], [0o700; 2]);
        assert_eq!([mode(&path), mode(&beside(&path, "-wal")), mode(&beside(&path, "-shm"))], [0o600; 3]);
    }
}
