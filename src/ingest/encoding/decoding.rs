//! Text of another encoding than UTF-8, decoded in blocks. What the encoding does not have is an error with its
//! place; it never puts a replacement character.

use encoding_rs::{Decoder, DecoderResult};

use super::choice::Choice;
use crate::error::{Error, Result};
use crate::ingest::lines::Lines;
use crate::ingest::refusal;
use crate::ingest::source::Unpacked;

/// A text that is being decoded.
pub(super) struct Decoding {
    decoder: Decoder,
    /// Bytes as they come, how many of them were taken, and where in the text the first of them stands.
    bytes: Vec<u8>,
    taken: usize,
    offset: u64,
    size: usize,
    ended: bool,
}

impl Decoding {
    /// A text of which the first block was read already, in blocks of `size` bytes.
    pub(super) fn new(choice: Choice, bytes: Vec<u8>, size: usize) -> Self {
        Self {
            decoder: choice.encoding.new_decoder_without_bom_handling(),
            taken: choice.mark_length(),
            ended: bytes.len() < size,
            bytes,
            offset: 0,
            size,
        }
    }

    /// Puts the next block of text in place of the last one; true where it was the last of all.
    pub(super) fn fill(&mut self, input: &mut Unpacked<'_>, text: &mut String, at: Lines) -> Result<bool> {
        text.clear();
        text.reserve(self.size);
        loop {
            if self.taken >= self.bytes.len() && !self.ended {
                self.offset += self.bytes.len() as u64;
                self.bytes.clear();
                self.taken = 0;
                input.fill(&mut self.bytes, self.size)?;
                self.ended = self.bytes.len() < self.size;
            }
            let bytes = self.bytes.get(self.taken..).unwrap_or_default();
            let (result, read) = self.decoder.decode_to_string_without_replacement(bytes, text, self.ended);
            self.taken += read;
            match result {
                DecoderResult::InputEmpty if self.ended => return Ok(true),
                DecoderResult::InputEmpty => {}
                DecoderResult::OutputFull => return Ok(false),
                DecoderResult::Malformed(length, behind) => {
                    let back = u64::from(length) + u64::from(behind);
                    let offset = (self.offset + self.taken as u64).saturating_sub(back);
                    return Err(self.malformed(input.name(), text, offset, at));
                }
            }
        }
    }

    fn malformed(&self, name: &str, text: &str, offset: u64, mut at: Lines) -> Error {
        at.pass(text.as_bytes());
        let encoding = self.decoder.encoding().name();
        let what = format!("the bytes at offset {offset} are no character of {encoding}");
        let hint = "give the encoding that the file is in: --encoding NAME";
        refusal::line(name, at.line, "invalid_encoding", &what, hint)
    }
}
