//! A look through a zip archive before anything believes it: what it holds, and that unpacking it has an end.
//!
//! Sizes in its headers are never trusted: each entry is unpacked once and counted. What is read again later
//! are the same bytes. Nothing is ever written to a disk, so that paths of entries lead nowhere.

use std::collections::HashSet;
use std::io::{BufReader, Read, Seek, SeekFrom};

use memchr::memmem;
use zip::ZipArchive;

use super::fault::Fault;
use super::parts;

/// Entries of a workbook; one of a thousand sheets with pictures has 3,000.
const MAX_ENTRIES: usize = 10_000;
/// Bytes of the file itself, which bounds what its directory takes before it is counted.
const MAX_FILE: u64 = 512 << 20;
/// Bytes that one entry may unpack to: a sheet of 5,000,000 cells has about 200 MiB.
const MAX_ENTRY: u64 = 512 << 20;
/// Bytes that all entries may unpack to.
const MAX_UNPACKED: u64 = 1 << 30;
/// How many times its size a file may unpack to, once that is more than [`ALWAYS_UNPACKED`].
const MAX_RATIO: u64 = 250;
/// Bytes that any file may unpack to, however small it is.
const ALWAYS_UNPACKED: u64 = 64 << 20;

/// What an entry of the central directory begins with.
const ENTRY: &[u8] = b"PK\x01\x02";
const BLOCK: usize = 1 << 16;
/// Bytes of an OpenDocument's list of parts that are looked at.
const MAX_MANIFEST: u64 = 16 << 20;

/// Which kind of workbook a zip archive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Document {
    /// `.xlsx`, `.xlsm`: ECMA-376.
    Excel,
    /// `.ods`: ISO/IEC 26300.
    OpenDocument,
}

/// Looks through an archive of `size` bytes.
pub(super) fn look_through(file: &mut (impl Read + Seek), size: u64) -> Result<Document, Fault> {
    if size > MAX_FILE {
        return Err(Fault::TooLarge(format!("of more than {} MiB", MAX_FILE >> 20)));
    }
    count_entries(file)?;
    file.rewind()?;
    let mut archive = ZipArchive::new(file)?;
    let document = document_of(&mut archive)?;
    let mut left = Unpacking::of(size);
    let mut names = HashSet::new();
    for index in 0..archive.len() {
        let entry = archive.by_index(index)?;
        if entry.encrypted() {
            return Err(Fault::Encrypted);
        }
        let name = plain(&entry.name()?);
        parts::check(document, &name, &mut left.counted(entry))?;
        if !names.insert(name) {
            return Err(Fault::broken("two of its parts have the same name"));
        }
    }
    Ok(document)
}

/// Refuses a directory of too many entries before it is read: it is held in memory as a whole.
fn count_entries(file: &mut (impl Read + Seek)) -> Result<(), Fault> {
    file.seek(SeekFrom::Start(0))?;
    let finder = memmem::Finder::new(ENTRY);
    let mut block = Vec::with_capacity(2 * BLOCK);
    let mut entries = 0;
    while file.by_ref().take(BLOCK as u64).read_to_end(&mut block)? > 0 {
        entries += finder.find_iter(&block).count();
        if entries > MAX_ENTRIES {
            return Err(Fault::TooLarge(format!("of more than {MAX_ENTRIES} parts")));
        }
        // A signature may stand across two blocks.
        block.drain(..block.len().saturating_sub(ENTRY.len() - 1));
    }
    Ok(())
}

/// A part's name as calamine compares them: some programs write Windows' paths.
fn plain(name: &str) -> String {
    name.replace('\\', "/").to_ascii_lowercase()
}

fn document_of<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Document, Fault> {
    let names = archive.file_names().map(|name| name.map(|name| plain(&name)));
    let names: HashSet<String> = names.collect::<Result<_, _>>()?;
    let holds = |wanted: &str| names.contains(wanted);
    if holds("xl/workbook.bin") {
        return Err(Fault::Unread("a binary workbook (.xlsb)"));
    }
    if holds("_rels/.rels") {
        return Ok(Document::Excel);
    }
    if !holds("mimetype") || !holds("content.xml") {
        return Err(Fault::Foreign("a ZIP archive"));
    }
    let mut kind = Vec::new();
    archive.by_name("mimetype")?.take(256).read_to_end(&mut kind)?;
    match kind.trim_ascii_end() {
        b"application/vnd.oasis.opendocument.spreadsheet"
        | b"application/vnd.oasis.opendocument.spreadsheet-template" => (),
        _ => return Err(Fault::Foreign("an OpenDocument file")),
    }
    let manifest = archive.by_name("META-INF/manifest.xml")?.take(MAX_MANIFEST);
    let mut listed = Vec::new();
    BufReader::new(manifest).read_to_end(&mut listed)?;
    // The parts of an encrypted document are not what their names say, its list of parts always is.
    match memmem::find(&listed, b"encryption-data") {
        Some(_) => Err(Fault::Encrypted),
        None => Ok(Document::OpenDocument),
    }
}

/// How much may still be unpacked.
struct Unpacking {
    most: u64,
    left: u64,
}

impl Unpacking {
    fn of(size: u64) -> Self {
        let most = size.saturating_mul(MAX_RATIO).clamp(ALWAYS_UNPACKED, MAX_UNPACKED);
        Self { most, left: most }
    }

    fn counted<R: Read>(&mut self, entry: R) -> Counted<'_, R> {
        Counted { entry: entry.take(self.left.min(MAX_ENTRY).saturating_add(1)), unpacking: self }
    }
}

/// An entry while it is unpacked.
pub(super) struct Counted<'a, R> {
    entry: std::io::Take<R>,
    unpacking: &'a mut Unpacking,
}

impl<R: Read> Counted<'_, R> {
    /// The next bytes of the entry, none at its end.
    pub(super) fn fill<'b>(&mut self, buffer: &'b mut [u8]) -> Result<&'b [u8], Fault> {
        let read = self.entry.read(buffer)?;
        let most = self.unpacking.most;
        let left = self.unpacking.left.checked_sub(read as u64);
        self.unpacking.left = left.ok_or(Fault::Bomb(most))?;
        if self.entry.limit() == 0 {
            return Err(Fault::Bomb(MAX_ENTRY.min(most)));
        }
        Ok(buffer.get(..read).unwrap_or_default())
    }
}

/// A reader that ends with an error once it was asked for much more than the whole file.
///
/// A workbook may list one sheet any number of times, each of which unpacks it anew.
pub(super) struct Metered<R> {
    inner: BufReader<R>,
    left: u64,
}

/// How often each byte of a workbook is read, at most: its texts and formats once, a sheet three times.
const MAX_READINGS: u64 = 8;
/// Bytes that are read of the smallest file.
const ALWAYS_READ: u64 = 1 << 20;

impl<R: Read + Seek> Metered<R> {
    pub(super) fn new(inner: R, size: u64) -> Self {
        Self {
            inner: BufReader::new(inner),
            left: size.saturating_mul(MAX_READINGS).saturating_add(ALWAYS_READ),
        }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or_else(|| std::io::Error::other("it leads to the same part over and over"))?;
        Ok(read)
    }
}

impl<R: Seek> Seek for Metered<R> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.inner.seek(to)
    }
}
