//! `restore`: a backup put where the database is to be, looked through before anything is touched.
//!
//! It must never leave the place without a whole database where there was one.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::Context;
use super::backup::{contents, copied, refuse_customer};
use super::erasures;
use crate::error::{Error, ErrorKind, Result};
use crate::model::canonical::hex;
use crate::report::restore::{RestoreView, SCHEMA};
use crate::store::{Place, Store, kept_name, look_at, make_private_folder, put_in_place};

/// The schema version that the database is brought to when it is used.
pub const CURRENT_SCHEMA: i64 = Store::SCHEMA_VERSION;

/// What is restored.
#[derive(Debug, Clone, Copy)]
pub struct RestoreOptions<'a> {
    /// The backup.
    pub file: &'a Path,
    /// A database that stands at the place may be replaced, once somebody agreed.
    pub force: bool,
    /// The customer that a flag names, who cannot be restored alone.
    pub customer: Option<&'a str>,
    /// What was erased since the backup was made, and is to be erased again.
    pub erasures: Option<&'a Path>,
}

/// Restores; `agree` is asked, with what will be replaced by what, before a database that is there is replaced.
///
/// # Errors
/// `FileNotFound`; `NotOurDatabase`, `NewerDatabase`, `Damaged` of the backup; `Usage` where a database is there
/// already, and what `agree` says; `Busy` where another process has it open; `DiskFull`, `ReadOnly`, `IoError`.
pub fn restore(
    context: &Context<'_>,
    options: &RestoreOptions<'_>,
    agree: &mut dyn FnMut(&str) -> Result<()>,
) -> Result<RestoreView> {
    refuse_customer(options.customer, "restore")?;
    context.refuse_earlier_moment()?;
    let erasures = options.erasures.map(erasures::read).transpose()?;
    let source = open_backup(options.file)?;
    let (bytes, sha256) = digest_of(context, options.file)?;
    let place = look_at(context.database)?;
    check_allowed(context, options, &place)?;
    let holdings = source.holdings()?;
    if place != Place::Empty {
        agree(&plan(context.database, &place, options.file, &contents(&holdings).counted()))?;
    }
    let mut view = RestoreView {
        schema: SCHEMA,
        file: options.file.display().to_string(),
        bytes,
        sha256,
        database: context.database.display().to_string(),
        contents: contents(&holdings),
        replaced: match &place {
            Place::Ours(holdings) => Some(contents(holdings)),
            Place::Empty | Place::Unreadable(_) => None,
        },
        kept: match &place {
            Place::Unreadable(_) => kept_name(context.database),
            Place::Empty | Place::Ours(_) => None,
        }
        .map(|kept| kept.display().to_string()),
        erased: None,
        erasures: erasures.as_ref().map(|erasures| erasures.len() as u64),
    };
    if let Some(kept) = put(context, &source)? {
        view.kept = Some(kept.display().to_string());
    }
    if let Some(erasures) = erasures.filter(|_| !context.dry_run) {
        let (erased, holdings) = erasures::repeat(context, &erasures)?;
        (view.erased, view.contents) = (Some(erased), contents(&holdings));
    }
    Ok(view)
}

/// Copies the backup beside the database and swaps the two; a dry run copies nothing into a folder that is not there.
/// Gives the name under which something that could not be read is kept.
fn put(context: &Context<'_>, source: &Store) -> Result<Option<PathBuf>> {
    let folder = context.database.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        if context.dry_run {
            return Ok(None);
        }
        make_private_folder(folder)?;
    }
    let copy = copied(context, source, context.database, "restoring")?;
    context.cancel.check()?;
    if context.dry_run {
        return Ok(None);
    }
    let mut mentioned = false;
    put_in_place(copy, context.database, context.wait, &mut |waited: Duration| {
        context.mention_wait(waited, &mut mentioned);
        !context.cancel.is_requested()
    })
}

fn open_backup(file: &Path) -> Result<Store> {
    std::fs::metadata(file).map_err(|error| Error::io(file, "read", error))?;
    Store::open_as_it_is(file).map_err(|error| match error.kind() {
        ErrorKind::NoDatabase => {
            Error::new(ErrorKind::NotOurDatabase, format!("{} is empty, so no backup", file.display()))
                .with_hint("name a file that `acctsnap backup` made")
        }
        ErrorKind::NotOurDatabase => error.with_hint("name a file that `acctsnap backup` made"),
        ErrorKind::Damaged => error.with_hint("restore another backup; nothing was changed"),
        _ => error,
    })
}

/// Only an empty place is filled without being told to.
fn check_allowed(context: &Context<'_>, options: &RestoreOptions<'_>, place: &Place) -> Result<()> {
    let database = context.database.display();
    let is_same = || match (context.database.canonicalize(), options.file.canonicalize()) {
        (Ok(database), Ok(file)) => database == file,
        _ => false,
    };
    if is_same() {
        return Err(Error::new(ErrorKind::Usage, format!("{database} is the database itself"))
            .with_hint("name the backup, and with --db where it shall go"));
    }
    match place {
        Place::Empty => Ok(()),
        _ if options.force => Ok(()),
        Place::Ours(holdings) => Err(Error::new(
            ErrorKind::Usage,
            format!("a database is there already: {database} ({})", contents(holdings).counted()),
        )
        .with_hint("--force replaces it; --db names another place")),
        Place::Unreadable(why) => Err(Error::new(
            ErrorKind::Usage,
            format!("something that cannot be read is there already: {why}"),
        )
        .with_hint("--force puts the backup there and keeps what is there under another name; --db names another place")),
    }
}

/// What will be done, for whoever is asked.
fn plan(database: &Path, place: &Place, file: &Path, backup: &str) -> String {
    let file = file.display();
    let before = match place {
        Place::Ours(holdings) => contents(holdings).counted(),
        Place::Unreadable(why) => {
            let kept = kept_name(database).map(|kept| format!("; kept as {}", kept.display()));
            format!("cannot be read: {why}{}", kept.unwrap_or_default())
        }
        Place::Empty => "nothing".to_owned(),
    };
    let database = database.display();
    format!("replaces {database} ({before})\nby {file} ({backup})")
}

/// The size of a file, and its SHA-256 in hexadecimal.
fn digest_of(context: &Context<'_>, path: &Path) -> Result<(u64, String)> {
    let failed = |error| Error::io(path, "read", error);
    let mut file = File::open(path).map_err(failed)?;
    let (mut digest, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        context.cancel.check()?;
        let read = file.read(&mut buffer).map_err(failed)?;
        let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else { break };
        digest.update(piece);
        bytes += read as u64;
    }
    Ok((bytes, hex(&digest.finalize())))
}
