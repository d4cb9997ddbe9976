//! A file that is there whole or not at all: written under a temporary name in the same folder, flushed to
//! the disk, renamed at the end.
//!
//! A link is followed, so that the file it points at is replaced and not the link. What is no regular file
//! (a pipe, `/dev/null`) is written directly and never replaced.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, ErrorKind, Result};

/// A file being written; dropped before [`OutputFile::commit`] it leaves nothing behind.
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    target: Target,
}

#[derive(Debug)]
enum Target {
    Created(NamedTempFile),
    Replaced(NamedTempFile),
    Written(File),
}

/// An answer never replaces a database, whosever it is, nor a file that belongs to one.
fn refuse_database(path: &Path) -> Result<()> {
    let name = path.to_string_lossy();
    let owners = ["", "-wal", "-shm", "-journal"].iter().filter_map(|suffix| name.strip_suffix(suffix));
    for owner in owners {
        let mut start = [0; 16];
        let read = File::open(owner).and_then(|mut file| file.read_exact(&mut start));
        if read.is_ok() && start == *b"SQLite format 3\0" {
            return Err(Error::new(ErrorKind::Usage, format!("{name} is a database, or part of one"))
                .with_hint("name another file: nothing was written over"));
        }
    }
    Ok(())
}

impl OutputFile {
    /// Begins a file that will stand at `path`, beside what stands there now.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a folder, or a file in one that is not there; [`ErrorKind::ReadOnly`] and its
    /// like where the folder cannot be written.
    pub fn create(path: &Path) -> Result<Self> {
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        refuse_database(&path)?;
        let existing = std::fs::metadata(&path).ok();
        let failed = |error| cannot_write(&path, error);
        let target = match existing {
            Some(existing) if existing.is_dir() => return Err(folder_given(&path)),
            Some(existing) if !existing.is_file() => {
                Target::Written(OpenOptions::new().write(true).open(&path).map_err(failed)?)
            }
            Some(existing) => {
                let file = temporary_beside(&path).map_err(failed)?;
                file.as_file().set_permissions(existing.permissions()).map_err(failed)?;
                Target::Replaced(file)
            }
            None => Target::Replaced(temporary_beside(&path).map_err(failed)?),
        };
        Ok(Self { path, target })
    }

    /// Begins a file that must not be there yet; where somebody else makes it meanwhile, theirs stays.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where something stands there, or in a folder that is not there; as
    /// [`OutputFile::create`] otherwise.
    pub fn create_new(path: &Path) -> Result<Self> {
        // A link that leads nowhere is something too.
        if std::fs::symlink_metadata(path).is_ok() {
            return Err(already_there(path));
        }
        let file = temporary_beside(path).map_err(|error| cannot_write(path, error))?;
        Ok(Self { path: path.to_path_buf(), target: Target::Created(file) })
    }

    /// Where the file will stand.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the file in its place, after its bytes have reached the disk.
    ///
    /// # Errors
    /// What the operating system said; what stood there before is then untouched. [`ErrorKind::Usage`] where
    /// somebody else made a file that was to be new.
    pub fn commit(self) -> Result<()> {
        let path = self.path;
        let done = match self.target {
            Target::Written(mut file) => file.flush(),
            Target::Created(file) => match put(file, &path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    return Err(already_there(&path));
                }
                done => done,
            },
            Target::Replaced(file) => replace(file, &path),
        };
        done.map_err(|error| Error::io(&path, "write", error))
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.target {
            Target::Created(file) | Target::Replaced(file) => file.write(bytes),
            Target::Written(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.target {
            Target::Created(file) | Target::Replaced(file) => file.flush(),
            Target::Written(file) => file.flush(),
        }
    }
}

fn folder_given(path: &Path) -> Error {
    Error::new(ErrorKind::Usage, format!("expected a file to write, got the folder {}", path.display()))
        .with_hint("name a file in that folder")
}

fn already_there(path: &Path) -> Error {
    Error::new(ErrorKind::Usage, format!("{} is there already and stays as it is", path.display()))
        .with_hint("name another file, or move that one away")
}

fn cannot_write(path: &Path, error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::NotFound {
        let folder = folder_of(path).display();
        return Error::new(
            ErrorKind::Usage,
            format!("cannot write {}: there is no folder {folder}", path.display()),
        )
        .with_hint("make the folder, or name a file elsewhere");
    }
    Error::io(path, "write", error)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file of customers' data is its owner's alone, as tempfile makes it; what it replaces keeps its permissions.
fn temporary_beside(path: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(".acctsnap-").tempfile_in(folder_of(path))
}

fn replace(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder_of(path))
}

fn put(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    sync_folder(folder_of(path))
}

/// The rename itself survives a power loss only once the folder is flushed.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_in(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn nothing_is_there_before_the_commit_and_all_of_it_after() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answer.json");
        let mut file = OutputFile::create(&path).unwrap();
        file.write_all(b"whole").unwrap();
        assert!(!path.exists());
        file.commit().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"whole");
        assert_eq!(names_in(folder.path()), ["answer.json"]);
    }

    #[test]
    fn a_file_given_up_leaves_the_old_one_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answer.json");
        std::fs::write(&path, "old").unwrap();
        let mut file = OutputFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        drop(file);
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(names_in(folder.path()), ["answer.json"]);
    }

    #[test]
    fn a_new_file_never_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("snapshots.toml");
        let mut first = OutputFile::create_new(&path).unwrap();
        let second = OutputFile::create_new(&path).unwrap();
        first.write_all(b"first").unwrap();
        first.commit().unwrap();
        let late = second.commit().unwrap_err();
        let after = OutputFile::create_new(&path).unwrap_err();
        for error in [late, after] {
            assert_eq!(error.kind(), ErrorKind::Usage);
            assert!(error.message().contains("is there already"), "{error}");
        }
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
        assert_eq!(names_in(folder.path()), ["snapshots.toml"]);
    }

    #[test]
    fn a_folder_and_a_missing_folder_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let error = OutputFile::create(folder.path()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.message().contains("got the folder"), "{error}");
        let error = OutputFile::create(&folder.path().join("none/answer")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.message().contains("there is no folder"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_device_stays_a_device() {
        use std::os::unix::fs::FileTypeExt;
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        std::fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let mut file = OutputFile::create(&link).unwrap();
        file.write_all(b"new").unwrap();
        file.commit().unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read(&real).unwrap(), b"new");

        let mut null = OutputFile::create(Path::new("/dev/null")).unwrap();
        null.write_all(b"gone").unwrap();
        null.commit().unwrap();
        assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    }
}
