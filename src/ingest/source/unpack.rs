//! What a file holds, whether it is given as it is or packed by gzip or zstd; streaming, and within bounds.
//!
//! It never holds more than a window of what is packed, and ends a file that unpacks to absurd amounts.

use std::io::{BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::raw::Raw;
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::refusal;

/// Bytes that anything may unpack to.
const MAX_UNPACKED: u64 = 8 << 30;
/// How many times its size a file may unpack to, once that is more than [`ALWAYS_UNPACKED`]. Tables of numbers
/// reach 30, tables that repeat themselves 100.
const MAX_RATIO: u64 = 250;
/// Bytes that any file may unpack to, however small it is.
const ALWAYS_UNPACKED: u64 = 64 << 20;
/// The largest window of zstd, as a power of two: what the `zstd` command takes without being asked.
const MAX_WINDOW: u32 = 27;

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) enum Packing {
    /// Not at all.
    Plain,
    /// By gzip: RFC 1952.
    Gzip,
    /// By zstd: RFC 8878.
    Zstd,
}

impl Packing {
    /// How many bytes [`Self::of`] wants.
    pub(super) const LOOKED_AT: u64 = 4;

    /// How a file is packed that begins so.
    pub(super) fn of(start: &[u8]) -> Self {
        match start {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            _ => Self::Plain,
        }
    }

    /// What it is called.
    pub(in crate::ingest) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// What a file holds, from its start to its end.
pub(in crate::ingest) struct Unpacked<'a> {
    bytes: Bytes<'a>,
    name: &'a str,
    packing: Packing,
    /// How many bytes may come.
    most: u64,
    read: u64,
}

enum Bytes<'a> {
    Plain(Raw<'a>),
    Gzip(Box<MultiGzDecoder<BufReader<Raw<'a>>>>),
    Zstd(Box<zstd::Decoder<'static, BufReader<Raw<'a>>>>),
}

impl<'a> Unpacked<'a> {
    /// What a file called `name`, of `size` bytes as it is given, holds.
    pub(super) fn new(raw: Raw<'a>, name: &'a str, packing: Packing, size: u64) -> Result<Self> {
        let buffered = |raw| BufReader::with_capacity(1 << 16, raw);
        let bytes = match packing {
            Packing::Plain => return Ok(Self::plain(raw, name)),
            Packing::Gzip => Bytes::Gzip(Box::new(MultiGzDecoder::new(buffered(raw)))),
            Packing::Zstd => {
                let broken = |error| Error::io(Path::new(name), "unpack", error);
                let mut decoder = zstd::Decoder::with_buffer(buffered(raw)).map_err(broken)?;
                decoder.window_log_max(MAX_WINDOW).map_err(broken)?;
                Bytes::Zstd(Box::new(decoder))
            }
        };
        let most = size.saturating_mul(MAX_RATIO).clamp(ALWAYS_UNPACKED, MAX_UNPACKED);
        Ok(Self { bytes, name, packing, most, read: 0 })
    }

    /// A file called `name` that is not packed.
    pub(in crate::ingest) fn plain(raw: Raw<'a>, name: &'a str) -> Self {
        Self { bytes: Bytes::Plain(raw), name, packing: Packing::Plain, most: u64::MAX, read: 0 }
    }

    /// The file's name, for messages.
    pub(in crate::ingest) fn name(&self) -> &'a str {
        self.name
    }

    /// Fills up to `length` bytes; they stay short only at the end of what the file holds.
    pub(in crate::ingest) fn fill(&mut self, bytes: &mut Vec<u8>, length: usize) -> Result<()> {
        let mut filled = bytes.len();
        bytes.resize(length.max(filled), 0);
        while let Some(free) = bytes.get_mut(filled..).filter(|free| !free.is_empty()) {
            let read = match self.read(free) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                read => read.map_err(|error| self.unreadable(error))?,
            };
            if read == 0 {
                break;
            }
            filled += read;
            self.read += read as u64;
            if self.read > self.most {
                return Err(self.bomb());
            }
        }
        bytes.truncate(filled);
        Ok(())
    }

    /// Reads on to the end of the file without looking, and gives the SHA-256 of it as it was given.
    pub(in crate::ingest) fn finish(self) -> Result<[u8; 32]> {
        let name = self.name;
        let raw = match self.bytes {
            Bytes::Plain(raw) => raw,
            Bytes::Gzip(decoder) => decoder.into_inner().into_inner(),
            Bytes::Zstd(decoder) => decoder.finish().into_inner(),
        };
        let digest = raw.finish().map_err(|error| Error::io(Path::new(name), "read", error))?;
        digest.ok_or_else(|| {
            Error::new(ErrorKind::Failed, format!("the digest of {name} could not be worked out"))
        })
    }

    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match &mut self.bytes {
            Bytes::Plain(raw) => raw.read(buffer),
            Bytes::Gzip(decoder) => decoder.read(buffer),
            Bytes::Zstd(decoder) => decoder.read(buffer),
        }
    }

    fn unreadable(&self, error: std::io::Error) -> Error {
        let raw = match &self.bytes {
            Bytes::Plain(raw) => raw,
            Bytes::Gzip(decoder) => decoder.get_ref().get_ref(),
            Bytes::Zstd(decoder) => decoder.get_ref().get_ref(),
        };
        if raw.has_failed() {
            return Error::io(Path::new(self.name), "read", error);
        }
        let what = format!("is a {} archive that cannot be unpacked ({error})", self.packing.name());
        refusal::file(self.name, &what, "it is cut short or damaged: fetch it again")
    }

    fn bomb(&self) -> Error {
        let what = match self.most {
            MAX_UNPACKED => "unpacks to more than 8 GiB".to_owned(),
            most => format!("is a decompression bomb: it unpacks to more than {} MiB", most >> 20),
        };
        refusal::file(self.name, &what, "if it is none, unpack it first and give what it holds")
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn unpack(bytes: &[u8]) -> Result<Vec<u8>> {
        let (mut seen, mut out, mut length) = (0, Vec::new(), 0);
        let mut on_progress = |bytes| seen = bytes;
        let raw = Raw::new(bytes, &mut on_progress);
        let mut unpacked = Unpacked::new(raw, "a", Packing::of(bytes), bytes.len() as u64)?;
        loop {
            length += 1000;
            unpacked.fill(&mut out, length)?;
            if out.len() < length {
                break;
            }
        }
        let digest = unpacked.finish()?;
        assert_eq!(digest, <[u8; 32]>::from(<sha2::Sha256 as sha2::Digest>::digest(bytes)));
        assert_eq!(seen, bytes.len() as u64);
        Ok(out)
    }

    #[test]
    fn what_was_packed_comes_out_and_the_digest_is_of_the_file_as_given() {
        let text = "Käse, 5\n".repeat(1000);
        let packed = [gzip(text.as_bytes()), zstd::encode_all(text.as_bytes(), 3).unwrap()];
        for packed in packed {
            assert_eq!(unpack(&packed).unwrap(), text.as_bytes());
            // Several archives one after the other are one file.
            assert_eq!(unpack(&[packed.clone(), packed].concat()).unwrap(), text.repeat(2).as_bytes());
        }
        assert_eq!(unpack(text.as_bytes()).unwrap(), text.as_bytes());
    }

    #[test]
    fn what_is_damaged_is_refused() {
        let text: String = (0..5000).map(|number| format!("{number}\n")).collect();
        let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
        encoder.include_checksum(true).unwrap();
        encoder.write_all(text.as_bytes()).unwrap();
        for packed in [gzip(text.as_bytes()), encoder.finish().unwrap()] {
            let mut bent = packed.clone();
            bent[packed.len() / 2] ^= 0x55;
            for bad in [&packed[..packed.len() / 2], &packed[..6], &bent, &[&packed[..], b"behind"].concat()]
            {
                let result = unpack(bad);
                assert!(result.is_err(), "{} of {} bytes", bad.len(), packed.len());
                let error = result.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InputRefused);
                assert!(error.message().contains("archive that cannot be unpacked"), "{error:?}");
            }
        }
    }

    #[test]
    fn a_bomb_is_refused_in_those_words() {
        let zeros = vec![0; 1 << 20];
        let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
        for _ in 0..80 {
            encoder.write_all(&zeros).unwrap();
        }
        let error = unpack(&encoder.finish().unwrap()).unwrap_err();
        assert_eq!(error.message(), "a is a decompression bomb: it unpacks to more than 64 MiB");
    }
}
