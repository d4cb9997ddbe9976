//! Bytes to checked UTF-8, in blocks of a fixed size, hashed on the way.
//!
//! A block is always filled before it is looked at, so that nothing that is found, and no order in which it is
//! found, depends on how many bytes a read happens to give. UTF-8 is checked where it lies and not copied; other
//! encodings are decoded. It never holds more than two blocks.

mod choice;
mod decoding;
mod likely;
mod signature;

use encoding_rs::UTF_8;

use super::lines::Lines;
use super::refusal;
use super::source::{Source, Unpacked};
use super::text_options::TextOptions;
use crate::error::{Error, Result};
use choice::Choice;
use decoding::Decoding;
pub(super) use signature::SAVE_AS_UTF8;

/// How many bytes a block has.
pub(super) const BLOCK: usize = 1 << 16;

/// A stream of blocks that are valid UTF-8, without the byte order mark.
pub(super) struct Blocks<'a> {
    bytes: Unpacked<'a>,
    size: usize,
    options: TextOptions,
    /// How the text is encoded; known once the first block is filled.
    choice: Option<Choice>,
    /// What decodes it, where it is not UTF-8.
    decoding: Option<Decoding>,
    /// The block, and how much of it was consumed.
    block: String,
    position: usize,
    /// The start of a character that the block's end has cut: at most three bytes.
    cut: Vec<u8>,
    bytes_read: u64,
    ended: bool,
}

impl<'a> Blocks<'a> {
    /// The text of a source from its start.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn open(source: &'a Source, on_progress: &'a mut (dyn FnMut(u64) + Send)) -> Result<Self> {
        let options = source.text()?;
        let mut blocks = Self::new(source.unpacked(on_progress)?, BLOCK, options);
        blocks.fill(Lines::start())?;
        source.settle_encoding(blocks.choice.and_then(|choice| choice.note()));
        Ok(blocks)
    }

    /// Blocks of `size` bytes (at least 16).
    pub(super) fn new(bytes: Unpacked<'a>, size: usize, options: TextOptions) -> Self {
        Self {
            bytes,
            size: size.max(16),
            options,
            choice: None,
            decoding: None,
            block: String::new(),
            position: 0,
            cut: Vec::new(),
            bytes_read: 0,
            ended: false,
        }
    }

    /// The file's name, for messages.
    pub(super) fn name(&self) -> &'a str {
        self.bytes.name()
    }

    /// Whether someone who reads the text again as UTF-8 has to be told so by a byte order mark.
    pub(super) fn needs_mark(&self) -> bool {
        self.choice.is_some_and(|choice| choice.has_mark || choice.encoding != UTF_8)
    }

    /// The WHATWG name of the encoding.
    pub(super) fn encoding(&self) -> Option<&'static str> {
        self.choice.map(|choice| choice.encoding.name())
    }

    /// Whether nothing follows the block.
    pub(super) fn is_last(&self) -> bool {
        self.ended
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
    /// `at` is where the block begins, for messages.
    pub(super) fn fill(&mut self, at: Lines) -> Result<bool> {
        if self.ended {
            return Ok(false);
        }
        match &mut self.decoding {
            None => self.fill_checked(at)?,
            Some(decoding) => {
                self.position = 0;
                self.ended = decoding.fill(&mut self.bytes, &mut self.block, at)?;
            }
        }
        self.refuse_nul(at)?;
        Ok(self.position < self.block.len())
    }

    /// Reads on to the end without looking, and gives the SHA-256 of the file as it was given.
    pub(super) fn finish(self) -> Result<[u8; 32]> {
        self.bytes.finish()
    }

    /// Reads a block of UTF-8; the first one decides whether it is that.
    fn fill_checked(&mut self, at: Lines) -> Result<()> {
        let mut bytes = std::mem::take(&mut self.block).into_bytes();
        bytes.clear();
        bytes.append(&mut self.cut);
        let carried = bytes.len();
        self.bytes.fill(&mut bytes, self.size)?;
        self.ended = bytes.len() < self.size;
        self.position = 0;
        self.bytes_read += bytes.len().saturating_sub(carried) as u64;
        if self.choice.is_none() {
            let choice = Choice::of(&bytes, self.options).map_err(|foreign| {
                refusal::file(self.name(), &format!("is {}", foreign.what), foreign.hint)
            })?;
            self.choice = Some(choice);
            self.position = choice.mark_length();
            if choice.encoding != UTF_8 {
                let mut decoding = Decoding::new(choice, bytes, self.size);
                self.position = 0;
                self.ended = decoding.fill(&mut self.bytes, &mut self.block, at)?;
                self.decoding = Some(decoding);
                return Ok(());
            }
        }
        self.block = self.check(bytes, at)?;
        Ok(())
    }

    /// The bytes as text; a character cut by the block's end waits for the next block.
    fn check(&mut self, bytes: Vec<u8>, at: Lines) -> Result<String> {
        let error = match String::from_utf8(bytes) {
            Ok(block) => return Ok(block),
            Err(error) => error,
        };
        let valid = error.utf8_error().valid_up_to();
        let is_cut = error.utf8_error().error_len().is_none() && !self.ended;
        let mut bytes = error.into_bytes();
        if !is_cut {
            return Err(self.not_utf8(&bytes, valid, at));
        }
        self.cut = bytes.split_off(valid);
        String::from_utf8(bytes).map_err(|error| self.not_utf8(error.as_bytes(), 0, at))
    }

    fn not_utf8(&self, block: &[u8], valid: usize, mut at: Lines) -> Error {
        let before = block.get(..valid).unwrap_or_default();
        at.pass(before);
        let offset = self.bytes_read.saturating_sub(block.len().saturating_sub(valid) as u64);
        let what = format!("the byte at offset {offset} is not UTF-8");
        refusal::line(self.name(), at.line, "invalid_utf8", &what, &likely::hint(block, before))
    }

    fn refuse_nul(&self, mut at: Lines) -> Result<()> {
        let Some(place) = memchr::memchr(0, self.block.as_bytes()) else { return Ok(()) };
        at.pass(self.block.as_bytes().get(..place).unwrap_or_default());
        let what = "the line has a NUL character";
        let hint = "take it out, or export the file again; if it is UTF-16: --encoding utf-16le or utf-16be";
        Err(refusal::line(self.name(), at.line, "nul_character", what, hint))
    }
}

/// Whether all that is left is UTF-8.
///
/// # Errors
/// The file cannot be read.
pub(super) fn is_utf8(mut bytes: Unpacked<'_>) -> Result<bool> {
    let mut block = Vec::with_capacity(BLOCK);
    loop {
        bytes.fill(&mut block, BLOCK)?;
        let ended = block.len() < BLOCK;
        let valid = match std::str::from_utf8(&block) {
            Ok(_) => block.len(),
            Err(error) if error.error_len().is_none() && !ended => error.valid_up_to(),
            Err(_) => return Ok(false),
        };
        if ended {
            return Ok(true);
        }
        block.drain(..valid);
    }
}

#[cfg(test)]
mod tests;
