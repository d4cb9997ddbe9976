//! A reader of a file with a place of its own, where readers of one handle would move each other's.

use std::fs::File;
use std::io::Read;

/// The bytes of a file from its start.
pub(super) struct Placed<'f> {
    file: &'f File,
    at: u64,
}

impl<'f> Placed<'f> {
    /// A reader at the start of a file.
    pub(super) fn new(file: &'f File) -> Self {
        Self { file, at: 0 }
    }
}

impl Read for Placed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        #[cfg(unix)]
        let length = std::os::unix::fs::FileExt::read_at(self.file, buffer, self.at)?;
        #[cfg(windows)]
        let length = std::os::windows::fs::FileExt::seek_read(self.file, buffer, self.at)?;
        self.at += length as u64;
        Ok(length)
    }
}
