//! A file that can be read more than once, and the digest of its bytes.
//! It must never open anything that would block or that has no end, such as a FIFO or a device.

use std::fs::{File, Metadata};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use super::refusal;
use crate::error::{Error, Result};

/// A regular file, or a copy of standard input, that is read from its start as often as needed.
#[derive(Debug)]
pub struct Source {
    name: String,
    file: File,
    size: u64,
    sha256: OnceLock<[u8; 32]>,
    /// Whether a file of one JSON object is one row, once a reader has said so.
    is_record: OnceLock<bool>,
}

impl Source {
    /// Opens a regular file.
    ///
    /// # Errors
    /// `file_not_found`; `input_refused` for folders, FIFOs and devices; what the system says otherwise.
    pub fn open(path: &Path) -> Result<Self> {
        // Looked at before it is opened, because opening a FIFO waits for its writer; and again after, because
        // something else may stand there by then.
        refuse_unless_regular(
            path,
            &std::fs::metadata(path).map_err(|error| Error::io(path, "read", error))?,
        )?;
        let file = File::open(path).map_err(|error| Error::io(path, "read", error))?;
        let metadata = file.metadata().map_err(|error| Error::io(path, "read", error))?;
        refuse_unless_regular(path, &metadata)?;
        Ok(Self::new(path.display().to_string(), file, metadata.len()))
    }

    /// Copies a stream, such as standard input, into a nameless temporary file that ends with the process.
    ///
    /// # Errors
    /// The stream cannot be read, or the folder for temporary files cannot be written.
    pub fn spool(name: impl Into<String>, mut reader: impl Read) -> Result<Self> {
        let name = name.into();
        let copy = Path::new("a temporary file");
        let mut file = tempfile::tempfile().map_err(|error| Error::io(copy, "create", error))?;
        let size = std::io::copy(&mut reader, &mut file)
            .map_err(|error| Error::io(copy, &format!("copy {name} into"), error))?;
        Ok(Self::new(name, file, size))
    }

    fn new(name: String, file: File, size: u64) -> Self {
        Self { name, file, size, sha256: OnceLock::new(), is_record: OnceLock::new() }
    }

    /// The path as it was given, or what the stream was called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name without its folders, as it is kept and shown beside values.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.name.rsplit(['/', std::path::MAIN_SEPARATOR]).next().unwrap_or(&self.name)
    }

    /// The size in bytes when it was opened.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The SHA-256 of all bytes; reads them once and remembers.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn sha256(&self) -> Result<[u8; 32]> {
        if let Some(digest) = self.sha256.get() {
            return Ok(*digest);
        }
        let mut reader = self.reader()?;
        let mut hasher = Sha256::new();
        let mut block = vec![0; 1 << 16];
        loop {
            let length = reader.read(&mut block).map_err(|error| self.unreadable(error))?;
            if length == 0 {
                break;
            }
            hasher.update(block.get(..length).unwrap_or_default());
        }
        Ok(*self.sha256.get_or_init(|| hasher.finalize().into()))
    }

    /// All bytes from the start. Readers of one source share its position: use one at a time.
    pub fn reader(&self) -> Result<impl Read + '_> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0)).map_err(|error| self.unreadable(error))?;
        Ok(file)
    }

    /// Takes note of the digest that a complete pass found.
    ///
    /// # Errors
    /// An earlier pass found another: the file was changed in between.
    pub(super) fn confirm_sha256(&self, found: [u8; 32]) -> Result<()> {
        if *self.sha256.get_or_init(|| found) == found {
            return Ok(());
        }
        Err(refusal::file(
            &self.name,
            "was changed while it was being read",
            "run it again when nothing writes it",
        ))
    }

    /// Whether a file of one JSON object is one row: as it was found first.
    pub(super) fn settle_record(&self, found: impl FnOnce() -> bool) -> bool {
        *self.is_record.get_or_init(found)
    }

    fn unreadable(&self, error: std::io::Error) -> Error {
        Error::io(Path::new(&self.name), "read", error)
    }
}

fn refuse_unless_regular(path: &Path, metadata: &Metadata) -> Result<()> {
    let name = path.display().to_string();
    if metadata.is_dir() {
        return Err(refusal::file(&name, "is a folder, not a file", "name the files in it"));
    }
    if !metadata.is_file() {
        let hint = "give its content as standard input, with - in place of the file";
        return Err(refusal::file(&name, "is not a regular file", hint));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn only_regular_files_are_opened() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Source::open(folder.path()).unwrap_err().kind(), ErrorKind::InputRefused);
        let absent = Source::open(&folder.path().join("absent.csv")).unwrap_err();
        assert_eq!(absent.kind(), ErrorKind::FileNotFound);
        assert!(absent.message().contains("absent.csv"));
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_refused_with_the_way_out() {
        let error = Source::open(Path::new("/dev/null")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InputRefused);
        assert!(error.hint().unwrap().contains("standard input"));
    }

    #[test]
    fn a_spooled_stream_is_read_twice_and_hashed() {
        let source = Source::spool("-", b"abc".as_slice()).unwrap();
        assert_eq!(source.size(), 3);
        for _ in 0..2 {
            let mut text = String::new();
            source.reader().unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "abc");
        }
        // FIPS 180-2, appendix B.1
        assert_eq!(source.sha256().unwrap()[..4], [0xba, 0x78, 0x16, 0xbf]);
        assert!(source.confirm_sha256([0; 32]).unwrap_err().message().contains("changed"));
    }
}
