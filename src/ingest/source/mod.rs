//! A file that can be read more than once, what it holds, and the digest of its bytes.
//! It must never open anything that would block or that has no end, such as a FIFO or a device.

mod digest;
mod kept;
mod placed;
mod raw;
mod unpack;

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io::Read;
use std::path::Path;
use std::sync::{Mutex, OnceLock};

use sha2::{Digest, Sha256};

use super::note::Notes;
use super::refusal;
use super::region::Head;
use super::rejects::Said;
use super::table_options::TableOptions;
use super::text_options::TextOptions;
use super::workbook::Workbook;
use crate::error::{Error, Result};
use placed::Placed;
pub(super) use raw::Raw;
pub(super) use unpack::{Packing, Unpacked};

/// How many bytes a stream may have: it is copied before anything of it is understood.
const MAX_SPOOLED: u64 = 2 << 30;
/// What names of packed files end in.
const PACKED_ENDINGS: [&str; 2] = [".gz", ".zst"];
/// How much of a stream is looked at before the rest of it is waited for.
const LOOKED_AT: u64 = 1 << 16;

/// A regular file, or a copy of standard input, that is read from its start as often as needed.
#[derive(Debug)]
pub struct Source {
    name: String,
    file: File,
    size: u64,
    sha256: OnceLock<[u8; 32]>,
    /// What the caller says of how it is written.
    text: TextOptions,
    /// What the caller says of the table in it.
    table: TableOptions,
    packing: OnceLock<Packing>,
    /// Whether all that it holds is UTF-8; asked only where something else would be done with what is not.
    is_utf8: OnceLock<bool>,
    /// What is to be said of its encoding.
    encoding_note: OnceLock<String>,
    /// Whether a file of one JSON object is one row, once a reader has said so.
    is_record: OnceLock<bool>,
    /// What was found of the header of each table, by its place in the file.
    heads: Mutex<BTreeMap<usize, Head>>,
    /// Its sheets, where it is a workbook; read once, for a workbook is held whole.
    workbook: OnceLock<Option<Workbook>>,
    /// What it says by itself of how its rows were read, where it is a rejects file.
    said: OnceLock<Said>,
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
    /// `input_refused` for a stream of more than 2 GiB, or of nothing but NUL bytes; the stream cannot be read, or
    /// the folder for temporary files cannot be written.
    pub fn spool(name: impl Into<String>, reader: impl Read) -> Result<Self> {
        Self::spool_at_most(MAX_SPOOLED, name.into(), reader)
    }

    fn spool_at_most(most: u64, name: String, mut reader: impl Read) -> Result<Self> {
        let copy = Path::new("a temporary file");
        let uncopied = |error| Error::io(copy, &format!("copy {name} into"), error);
        let mut file = tempfile::tempfile().map_err(|error| Error::io(copy, "create", error))?;
        let mut start = Vec::new();
        reader.by_ref().take(LOOKED_AT).read_to_end(&mut start).map_err(uncopied)?;
        if start.len() as u64 == LOOKED_AT && start.iter().all(|byte| *byte == 0) {
            return Err(refusal::file(&name, "is nothing but NUL bytes", "give a text file"));
        }
        // One beyond the limit, so that a stream of just so many bytes is told from a longer one.
        let mut all = start.as_slice().chain(&mut reader).take(most.saturating_add(1));
        let size = std::io::copy(&mut all, &mut file).map_err(uncopied)?;
        if size > most {
            let what = format!("is larger than {} MiB, or never ends", most >> 20);
            return Err(refusal::file(&name, &what, "give a file by its path"));
        }
        Ok(Self::new(name, file, size))
    }

    fn new(name: String, file: File, size: u64) -> Self {
        let (sha256, packing, is_utf8, encoding_note, is_record) = Default::default();
        let (text, table, heads, workbook, said) = Default::default();
        Self {
            name,
            file,
            size,
            sha256,
            text,
            table,
            packing,
            is_utf8,
            encoding_note,
            is_record,
            heads,
            workbook,
            said,
        }
    }

    /// The same file, with what the caller says of how it is written.
    #[must_use]
    pub fn written_as(mut self, text: TextOptions) -> Self {
        self.text = text;
        self
    }

    /// The same file once more, read by other words about the table in it: nothing that was found of it is kept.
    ///
    /// # Errors
    /// What the system says of one more hold on the file.
    pub fn again(&self, table: TableOptions) -> Result<Self> {
        let file = self.file.try_clone().map_err(|error| Error::io(Path::new(&self.name), "read", error))?;
        Ok(Self { text: self.text, table, ..Self::new(self.name.clone(), file, self.size) })
    }

    /// The same file, with what the caller says of the table in it.
    #[must_use]
    pub fn laid_out_as(mut self, table: TableOptions) -> Self {
        self.table = table;
        self
    }

    /// What the caller says of the table in it.
    #[must_use]
    pub fn table(&self) -> &TableOptions {
        &self.table
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

    /// The name without its folders and without what tells how it is packed.
    pub(super) fn inner_name(&self) -> &str {
        let name = self.file_name();
        let packed = PACKED_ENDINGS.iter().find_map(|ending| {
            let (inner, end) = name.split_at_checked(name.len().checked_sub(ending.len())?)?;
            end.eq_ignore_ascii_case(ending).then_some(inner)
        });
        packed.unwrap_or(name)
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
        let mut reader = self.reader();
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

    /// All bytes from the start, as they were given. Readers of one source do not disturb each other.
    #[must_use]
    pub fn reader(&self) -> impl Read + Send + '_ {
        Placed::new(&self.file)
    }

    /// What the file holds, from its start; `on_progress` is told how many bytes of the file were read.
    pub(super) fn unpacked<'a>(
        &'a self,
        on_progress: &'a mut (dyn FnMut(u64) + Send),
    ) -> Result<Unpacked<'a>> {
        let packing = self.packing()?;
        Unpacked::new(Raw::new(self.reader(), on_progress), &self.name, packing, self.size)
    }

    /// How the file is packed.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn packing(&self) -> Result<Packing> {
        if let Some(packing) = self.packing.get() {
            return Ok(*packing);
        }
        let mut start = Vec::new();
        let read = self.reader().take(Packing::LOOKED_AT).read_to_end(&mut start);
        read.map_err(|error| self.unreadable(error))?;
        Ok(*self.packing.get_or_init(|| Packing::of(&start)))
    }

    /// What the caller says of how it is written, with the fallback only where the file needs it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn text(&self) -> Result<TextOptions> {
        let mut text = self.text;
        if text.encoding.is_some() || (text.fallback.is_some() && self.is_utf8()?) {
            text.fallback = None;
        }
        Ok(text)
    }

    /// The encodings that change what is read: as the caller said, and the fallback where it is used.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn encodings(&self) -> Result<[Option<&'static str>; 2]> {
        let text = self.text()?;
        Ok([text.encoding, text.fallback].map(|encoding| encoding.map(encoding_rs::Encoding::name)))
    }

    /// What the caller says parts the cells.
    #[must_use]
    pub fn delimiter(&self) -> Option<char> {
        self.text.delimiter.map(char::from)
    }

    fn is_utf8(&self) -> Result<bool> {
        if let Some(known) = self.is_utf8.get() {
            return Ok(*known);
        }
        let mut no_progress = |_| {};
        let found = super::encoding::is_utf8(self.unpacked(&mut no_progress)?)?;
        Ok(*self.is_utf8.get_or_init(|| found))
    }

    /// Keeps what is to be said of the encoding.
    pub(super) fn settle_encoding(&self, note: Option<String>) {
        if let Some(note) = note {
            self.encoding_note.get_or_init(|| note);
        }
    }

    /// Says what is to be said of the encoding; known once something was read.
    pub(super) fn note_encoding(&self, notes: &mut Notes) {
        if let Some(note) = self.encoding_note.get() {
            notes.add("encoding", || note.clone());
        }
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
mod tests;
