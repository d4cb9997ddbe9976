//! `backup`: the whole database in one file, of every customer, while others write.
//!
//! It takes its name only after it was looked through. It must never write over a database that is in use, nor remove
//! a file that is not an older backup of this database.

use std::path::{Path, PathBuf};

use super::Context;
use super::observer::{Level, Message};
use crate::error::{Error, ErrorKind, Result};
use crate::model::time::Timestamp;
use crate::report::backup::{BackupView, Contents, SCHEMA};
use crate::store::{CopyProgress, FreshCopy, Holdings, Store, is_ours, make_private_folder};

/// What is backed up, and where to.
#[derive(Debug, Clone, Copy)]
pub struct BackupOptions<'a> {
    /// A file, or a folder in which files are named by their date: a path that ends in a separator, or a folder.
    pub target: &'a Path,
    /// A file that stands there may be replaced, where it is a backup too.
    pub replace: bool,
    /// In a folder: how many of the newest stay.
    pub keep: Option<u32>,
    /// The customer that a flag names, who cannot be backed up alone.
    pub customer: Option<&'a str>,
}

/// Backs up.
///
/// # Errors
/// `NoDatabase`; `Usage` where something stands at the target that is not to be replaced; `Damaged` where the copy is
/// not sound; `DiskFull`, `ReadOnly`, `IoError`, `Interrupted`.
pub fn back_up(context: &Context<'_>, options: &BackupOptions<'_>) -> Result<BackupView> {
    refuse_customer(options.customer, "backup")?;
    let store = context.open_as_it_is()?;
    let place = Place::of(context, options)?;
    let target = place.file();
    refuse_itself(context.database, target)?;
    let copy = copied(context, &store, &place.folder_to_write(context.dry_run)?, "backing up")?;
    let mut view = BackupView {
        schema: SCHEMA,
        file: target.display().to_string(),
        bytes: copy.bytes,
        sha256: copy.sha256.clone(),
        contents: contents(&copy.holdings),
        removed: Vec::new(),
        not_removed: Vec::new(),
    };
    if !context.dry_run {
        match options.replace {
            true => copy.replace(target)?,
            false => copy.place(target)?,
        }
    }
    if let (Place::Dated { file, stem }, Some(keep)) = (&place, options.keep) {
        remove_older(context, file, stem, keep, &mut view);
    }
    Ok(view)
}

/// One customer's rows alone would be another database, with other numbers and without its ledger's neighbours.
pub(super) fn refuse_customer(customer: Option<&str>, command: &str) -> Result<()> {
    match customer {
        None => Ok(()),
        Some(_) => Err(Error::new(
            ErrorKind::Usage,
            format!("{command} takes the whole database, every customer of it"),
        )
        .with_hint("leave --customer out")),
    }
}

/// A sound copy of a database in a folder, with progress told on the way.
pub(super) fn copied(context: &Context<'_>, store: &Store, target: &Path, what: &str) -> Result<FreshCopy> {
    let mut told = None;
    let copy = store.copy_beside(target, &mut |progress: CopyProgress| {
        let before = told.replace(progress.done);
        if before.is_none() {
            context.observer.started_pieces(what, progress.total);
        }
        context.observer.advanced(progress.done.saturating_sub(before.unwrap_or(0)));
        context.cancel.check()
    });
    context.observer.finished();
    let copy = copy?;
    if let Some(changes) = copy.count_changes()? {
        context.observer.started_pieces("verifying the copy", changes);
        let verified = copy.verify(&mut || {
            context.observer.advanced(1);
            context.cancel.check()
        });
        context.observer.finished();
        verified?;
    }
    Ok(copy)
}

/// What a person is told of a database's holdings.
pub(super) fn contents(holdings: &Holdings) -> Contents {
    Contents {
        schema_version: holdings.schema_version,
        customers: holdings.customers,
        accounts: holdings.accounts,
        snapshots: holdings.snapshots,
        events: holdings.events,
    }
}

/// Where a backup goes.
enum Place {
    /// A file that was named.
    Named(PathBuf),
    /// A file named by its date, in a folder.
    Dated { file: PathBuf, stem: String },
}

impl Place {
    fn of(context: &Context<'_>, options: &BackupOptions<'_>) -> Result<Self> {
        let target = options.target;
        let ends_so = target.as_os_str().as_encoded_bytes().last().is_some_and(|last| *last == b'/');
        if ends_so || target.is_dir() {
            if options.replace {
                return Err(usage(
                    "--replace is for a file, got a folder",
                    "leave it out; --keep N removes older ones",
                ));
            }
            let stem = context.database.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let file = target.join(dated_name(&stem, context.clock.now()));
            return Ok(Self::Dated { file, stem });
        }
        if options.keep.is_some() {
            let hint = format!("end the folder's name in a slash: {}/", target.display());
            return Err(usage("--keep is for a folder, got a file", &hint));
        }
        check_replaceable(target, options.replace)?;
        Ok(Self::Named(target.to_path_buf()))
    }

    fn file(&self) -> &Path {
        match self {
            Self::Named(file) | Self::Dated { file, .. } => file,
        }
    }

    /// A path in the folder that the copy is made in; a dry run makes no folder and takes the nearest that is there.
    fn folder_to_write(&self, dry_run: bool) -> Result<PathBuf> {
        let file = self.file();
        let Self::Dated { .. } = self else { return Ok(file.to_path_buf()) };
        match dry_run {
            false => {
                make_private_folder(file.parent().unwrap_or(Path::new(".")))?;
                Ok(file.to_path_buf())
            }
            true => {
                let nearest = file.ancestors().skip(1).find(|folder| folder.is_dir());
                Ok(nearest.map_or_else(|| PathBuf::from("dry-run"), |folder| folder.join("dry-run")))
            }
        }
    }
}

fn usage(message: &str, hint: &str) -> Error {
    Error::new(ErrorKind::Usage, message).with_hint(hint)
}

/// What stands at a file's name is replaced only where that was asked for, and only where it is a backup.
fn check_replaceable(target: &Path, replace: bool) -> Result<()> {
    if std::fs::symlink_metadata(target).is_err() {
        return Ok(());
    }
    let told = target.display();
    match replace {
        false => Err(usage(
            &format!("{told} is there already and stays as it is"),
            "--replace writes over it; or name another file, or a folder (FOLDER/)",
        )),
        true if is_ours(target) => Ok(()),
        true => Err(usage(
            &format!("{told} is no backup of acctsnap, or a database in use, and stays as it is"),
            "name another file",
        )),
    }
}

/// The database is not backed up over itself, by whatever name.
fn refuse_itself(database: &Path, target: &Path) -> Result<()> {
    let same = match (database.canonicalize(), target.canonicalize()) {
        (Ok(database), Ok(target)) => database == target,
        _ => false,
    };
    match same {
        true => Err(usage(
            &format!("{} is the database itself", target.display()),
            "name another file: nothing was written over",
        )),
        false => Ok(()),
    }
}

/// `acctsnap-20261122T100000.000Z.db`: names in the order of their dates.
fn dated_name(stem: &str, at: Timestamp) -> String {
    format!("{stem}-{}.db", at.to_utc().format(DATE))
}

/// How the date stands in a name.
const DATE: &str = "%Y%m%dT%H%M%S%.3fZ";

/// Whether a name is one that [`dated_name`] gives.
fn is_dated_name(name: &str, stem: &str) -> bool {
    let date = name.strip_prefix(stem).and_then(|rest| rest.strip_prefix('-')?.strip_suffix(".db"));
    let pattern = b"00000000T000000.000Z";
    date.is_some_and(|date| {
        let fits = |(found, wanted): (u8, &u8)| match wanted {
            b'0' => found.is_ascii_digit(),
            mark => found == *mark,
        };
        date.len() == pattern.len() && date.bytes().zip(pattern).all(fits)
    })
}

/// Removes what is older than the newest `keep`, the one just made among them; a dry run only says which.
fn remove_older(context: &Context<'_>, made: &Path, stem: &str, keep: u32, view: &mut BackupView) {
    let older = older_backups(made, stem);
    let staying = usize::try_from(keep).unwrap_or(usize::MAX).saturating_sub(1);
    for path in older.iter().take(older.len().saturating_sub(staying)) {
        let name = path.display().to_string();
        match if context.dry_run { Ok(()) } else { std::fs::remove_file(path) } {
            Ok(()) => view.removed.push(name),
            Err(error) => {
                let text = format!("the older backup {name} cannot be removed: {error}");
                context.tell(Level::Warning, &Message::new(text).of("backup_not_removed"));
                view.not_removed.push(name);
            }
        }
    }
}

/// The backups of this database that are older than one, oldest first.
fn older_backups(made: &Path, stem: &str) -> Vec<PathBuf> {
    let (Some(folder), Some(newest)) = (made.parent(), made.file_name()) else { return Vec::new() };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut older: Vec<PathBuf> = entries
        .filter(|entry| entry.file_name() < *newest)
        .filter(|entry| entry.file_name().to_str().is_some_and(|name| is_dated_name(name, stem)))
        .map(|entry| entry.path())
        .filter(|path| is_ours(path))
        .collect();
    older.sort();
    older
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_bear_their_date_and_only_such_names_are_ours() {
        let at = Timestamp::parse("2026-11-22T10:00:00.250Z").unwrap();
        let name = dated_name("acctsnap", at);
        assert_eq!(name, "acctsnap-20261122T100000.250Z.db");
        assert!(is_dated_name(&name, "acctsnap"));
        for other in [
            "acctsnap-20261122T100000.250Z.db.gz",
            "acctsnap-2026.db",
            "acctsnap-copy-20261122T100000.250Z.db",
            "other-20261122T100000.250Z.db",
            "acctsnap.db",
            "acctsnap-20261122T100000x250Z.db",
            "",
        ] {
            assert!(!is_dated_name(other, "acctsnap"), "{other}");
        }
    }
}
