//! Opening the file: its identity first, then the settings that every connection of ours keeps to.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, limits::Limit};

use super::failure;
use super::migrations::{self, Found};
use super::upgrade;
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
    upgraded_from: Option<i64>,
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
            upgraded_from: None,
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
        let Some(from) = upgrade::outdated(store.found) else { return Ok(store) };
        drop(store);
        Self::writable(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        Ok(Self { upgraded_from: Some(from), ..Self::read_only(path)? })
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
        let connection = open_file(path, OpenFlags::SQLITE_OPEN_READ_ONLY).or_else(|error| {
            // A file on a read-only medium cannot get its shared-memory index; without a log nothing is missed.
            if log_of(path).exists() { Err(error) } else { open_immutable(path).map_err(|_| error) }
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
            upgraded_from: None,
        })
    }

    fn writable(path: &Path, flags: OpenFlags) -> Result<Self> {
        let connection = open_file(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        let found = migrations::look(&connection).map_err(|error| named(error, path))?;
        configure(&connection)?;
        let upgraded_from = match upgrade::outdated(found) {
            Some(from) => write_ahead(&connection)
                .and_then(|()| upgrade::upgrade(&connection))
                .map_err(|error| upgrade::refused(path, from, error))?,
            None => {
                write_ahead(&connection)?;
                None
            }
        };
        Ok(Self {
            connection,
            path: path.to_path_buf(),
            found,
            writable: true,
            known_at: None,
            upgraded_from,
        })
    }

    /// The schema version that this program writes.
    pub const SCHEMA_VERSION: i64 = migrations::CURRENT;

    /// The schema version of which the file was when it was opened, where that was an earlier one.
    #[must_use]
    pub fn upgraded_from(&self) -> Option<i64> {
        self.upgraded_from
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

/// A new file is readable by its owner alone: it will hold customers' data.
fn create_private(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| Error::io(folder, "make the folder", error))?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| Error::io(path, "make the database", error))
}

fn open_file(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|error| named(error.into(), path))?;
    // Opening is lazy: the first look tells whether the file can be read at all.
    connection
        .query_one("PRAGMA schema_version", [], |_| Ok(()))
        .map_err(|error| named(error.into(), path))?;
    Ok(connection)
}

fn open_immutable(path: &Path) -> Result<Connection> {
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
    open_file(
        Path::new(&format!("file:{escaped}?immutable=1")),
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
    )
}

fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// Settings that last as long as the connection; none of them changes the file.
fn configure(connection: &Connection) -> Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; PRAGMA cell_size_check = ON; \
         PRAGMA mmap_size = 0; PRAGMA cache_size = -65536;",
    )?;
    Ok(())
}

/// The first process to open a new file switches it, which SQLite does not wait to be allowed; so it is tried again.
fn switch_to_wal(connection: &Connection) -> Result<String> {
    let watch = Stopwatch::start();
    loop {
        match connection.query_one("PRAGMA journal_mode = WAL", [], |row| row.get(0)) {
            Err(error) if failure::kind_of(&error) == ErrorKind::Busy && watch.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(10));
            }
            mode => return Ok(mode?),
        }
    }
}

/// Write-ahead log with a sync at every commit: with less, a power cut loses what was acknowledged.
fn write_ahead(connection: &Connection) -> Result<()> {
    let mode = switch_to_wal(connection)?;
    if mode != "wal" {
        return Err(Error::new(
            ErrorKind::IoError,
            format!("the database could not be put into WAL mode (it is in {mode} mode)"),
        )
        .with_hint("keep the database on a local disk"));
    }
    connection.execute_batch("PRAGMA synchronous = FULL;")?;
    Ok(())
}
