//! The bytes of a file as they were given: hashed, counted and told of while they go by.

use std::io::Read;

use super::digest::FileDigest;

/// The bytes of a file from its start to its end.
pub(in crate::ingest) struct Raw<'a> {
    reader: Box<dyn Read + Send + 'a>,
    on_progress: &'a mut (dyn FnMut(u64) + Send),
    digest: FileDigest,
    read: u64,
    /// Whether the file itself could not be read, in contrast to what is packed in it.
    failed: bool,
}

impl<'a> Raw<'a> {
    /// The bytes that a reader gives; `on_progress` is told how many there were so far.
    pub(in crate::ingest) fn new(
        reader: impl Read + Send + 'a,
        on_progress: &'a mut (dyn FnMut(u64) + Send),
    ) -> Self {
        Self { reader: Box::new(reader), on_progress, digest: FileDigest::new(), read: 0, failed: false }
    }

    /// Whether the file itself could not be read.
    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    /// Reads on to the end without looking, and gives the SHA-256 of all bytes; None where it could not be worked
    /// out, which only a defect can make so.
    pub(super) fn finish(mut self) -> std::io::Result<Option<[u8; 32]>> {
        let mut block = vec![0; 1 << 16];
        while self.read(&mut block)? > 0 {}
        Ok(self.digest.finish())
    }
}

impl Read for Raw<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.reader.read(buffer).inspect_err(|_| self.failed = true)?;
        let bytes = buffer.get(..length).unwrap_or_default();
        self.digest.update(bytes);
        self.read += bytes.len() as u64;
        (self.on_progress)(self.read);
        Ok(length)
    }
}
