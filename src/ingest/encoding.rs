//! Bytes to checked UTF-8, in blocks of a fixed size, hashed on the way.
//!
//! A block is always filled before it is looked at, so that nothing that is found, and no order in which it is
//! found, depends on how many bytes a read happens to give. It never holds more than one block.

use std::io::Read;
use std::path::Path;

use super::digest::FileDigest;
use super::refusal;
use super::signature::{self, SAVE_AS_UTF8};
use crate::error::{Error, ErrorKind, Result};

/// How many bytes a block has.
pub(super) const BLOCK: usize = 1 << 16;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// A stream of blocks that are valid UTF-8, without the byte order mark.
pub(super) struct Blocks<'a, R> {
    reader: R,
    name: &'a str,
    size: usize,
    on_progress: &'a mut dyn FnMut(u64),
    digest: FileDigest,
    /// The block, and how much of it was consumed.
    block: String,
    position: usize,
    /// The start of a character that the block's end has cut: at most three bytes.
    cut: Vec<u8>,
    bytes_read: u64,
    /// Line ends in the blocks before this one.
    lines_before: u64,
    has_bom: bool,
    started: bool,
    ended: bool,
}

impl<'a, R: Read> Blocks<'a, R> {
    /// Blocks of `size` bytes (at least 16) of a file called `name`.
    pub(super) fn new(reader: R, name: &'a str, size: usize, on_progress: &'a mut dyn FnMut(u64)) -> Self {
        Self {
            reader,
            name,
            size: size.max(16),
            on_progress,
            digest: FileDigest::new(),
            block: String::new(),
            position: 0,
            cut: Vec::new(),
            bytes_read: 0,
            lines_before: 0,
            has_bom: false,
            started: false,
            ended: false,
        }
    }

    /// The file's name, for messages.
    pub(super) fn name(&self) -> &'a str {
        self.name
    }

    /// Whether the file began with a byte order mark; known once the first block is filled.
    pub(super) fn has_bom(&self) -> bool {
        self.has_bom
    }

    /// What of the block is not consumed yet.
    pub(super) fn bytes(&self) -> &[u8] {
        self.block.as_bytes().get(self.position..).unwrap_or_default()
    }

    /// The `length` bytes that were consumed last, if they are whole characters; they stand until the next
    /// [`Self::fill`].
    pub(super) fn consumed(&self, length: usize) -> Option<&str> {
        self.block.get(self.position.checked_sub(length)?..self.position)
    }

    /// Moves on by so many bytes.
    pub(super) fn consume(&mut self, length: usize) {
        self.position = self.position.saturating_add(length).min(self.block.len());
    }

    /// Reads the next block; to be called when [`Self::bytes`] is empty. False at the end of the file.
    pub(super) fn fill(&mut self) -> Result<bool> {
        if self.ended {
            return Ok(false);
        }
        self.lines_before += count_lines(self.block.as_bytes());
        let mut bytes = std::mem::take(&mut self.block).into_bytes();
        bytes.clear();
        bytes.append(&mut self.cut);
        let carried = bytes.len();
        self.read_into(&mut bytes)?;
        self.ended = bytes.len() < self.size;
        self.position = 0;
        let fresh = bytes.get(carried..).unwrap_or_default();
        self.digest.update(fresh);
        self.bytes_read += fresh.len() as u64;
        (self.on_progress)(self.bytes_read);
        if !self.started {
            self.start(&bytes)?;
        }
        self.block = self.check(bytes)?;
        Ok(self.position < self.block.len())
    }

    /// Reads on to the end without looking, and gives the SHA-256 of all bytes.
    pub(super) fn finish(mut self) -> Result<[u8; 32]> {
        while self.fill()? {}
        self.digest.finish().ok_or_else(|| {
            Error::new(ErrorKind::Failed, format!("the digest of {} could not be worked out", self.name))
        })
    }

    /// Fills the bytes up to the size of a block; they stay short only at the end of the file.
    fn read_into(&mut self, bytes: &mut Vec<u8>) -> Result<()> {
        let missing = self.size.saturating_sub(bytes.len()) as u64;
        let read = self.reader.by_ref().take(missing).read_to_end(bytes);
        read.map(|_| ()).map_err(|error| Error::io(Path::new(self.name), "read", error))
    }

    fn start(&mut self, bytes: &[u8]) -> Result<()> {
        self.started = true;
        if let Some(foreign) = signature::foreign(bytes) {
            return Err(refusal::file(self.name, &format!("is {}", foreign.what), foreign.hint));
        }
        self.has_bom = bytes.starts_with(BOM);
        if self.has_bom {
            self.position = BOM.len();
        }
        Ok(())
    }

    /// The bytes as text; a character cut by the block's end waits for the next block.
    fn check(&mut self, bytes: Vec<u8>) -> Result<String> {
        let error = match String::from_utf8(bytes) {
            Ok(block) => return Ok(block),
            Err(error) => error,
        };
        let valid = error.utf8_error().valid_up_to();
        let is_cut = error.utf8_error().error_len().is_none() && !self.ended;
        let mut bytes = error.into_bytes();
        if !is_cut {
            return Err(self.not_utf8(&bytes, valid));
        }
        self.cut = bytes.split_off(valid);
        String::from_utf8(bytes).map_err(|error| self.not_utf8(error.as_bytes(), 0))
    }

    fn not_utf8(&self, block: &[u8], valid: usize) -> Error {
        let line = self.lines_before + count_lines(block.get(..valid).unwrap_or_default()) + 1;
        let offset = self.bytes_read.saturating_sub(block.len().saturating_sub(valid) as u64);
        let what = format!("the byte at offset {offset} is not UTF-8");
        refusal::line(self.name, line, "invalid_utf8", &what, SAVE_AS_UTF8)
    }
}

fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    fn read(bytes: &[u8], size: usize) -> Result<(Vec<u8>, [u8; 32])> {
        let mut progress = |_| {};
        let mut blocks = Blocks::new(bytes, "t.csv", size, &mut progress);
        let mut all = Vec::new();
        while blocks.fill()? {
            all.extend_from_slice(blocks.bytes());
            blocks.consume(usize::MAX);
        }
        Ok((all, blocks.finish()?))
    }

    #[test]
    fn blocks_give_back_every_byte_but_the_mark_and_hash_them_all() {
        let text = "\u{feff}Käse, 値, 😀\n".repeat(20);
        for size in [16, 17, 18, 19, 64, 4096] {
            let (all, digest) = read(text.as_bytes(), size).unwrap();
            assert_eq!(all, &text.as_bytes()[3..]);
            assert_eq!(digest, <[u8; 32]>::from(Sha256::digest(text.as_bytes())));
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_placed() {
        for (bytes, place) in [
            (b"account\nK\xe4se\n".as_slice(), "line 2: the byte at offset 9 "),
            (b"0123456789abcdef\n\n\xc3", "line 3: the byte at offset 18 "),
            (b"0123456789abcdef\xff", "line 1: the byte at offset 16 "),
        ] {
            for size in [16, 4096] {
                let error = read(bytes, size).unwrap_err();
                assert!(error.message().contains(place), "{error:?}");
                assert_eq!(error.hint(), Some(SAVE_AS_UTF8));
            }
        }
    }

    #[test]
    fn a_file_of_16_bits_is_named() {
        let error = read(b"\xff\xfea\0b\0", 4096).unwrap_err();
        assert_eq!(error.message(), "t.csv is UTF-16 text, not UTF-8");
    }
}
