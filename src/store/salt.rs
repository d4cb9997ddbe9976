//! Random salts, sixteen bytes each, taken from the operating system in blocks.
//!
//! A salt keeps the hash of a removed row from being guessed; it is erased with the row.

use crate::error::{Error, ErrorKind, Result};

/// A row's salt.
pub(super) type Salt = [u8; 16];

/// Hands out salts.
pub(super) struct SaltSource {
    block: [u8; 4096],
    used: usize,
}

impl SaltSource {
    pub(super) fn new() -> Self {
        Self { block: [0; 4096], used: 4096 }
    }

    /// The next salt.
    pub(super) fn next(&mut self) -> Result<Salt> {
        if self.used >= self.block.len() {
            getrandom::fill(&mut self.block).map_err(|error| {
                Error::new(ErrorKind::Failed, format!("the system gave no random bytes ({error})"))
            })?;
            self.used = 0;
        }
        let mut salt = Salt::default();
        let end = self.used + salt.len();
        salt.copy_from_slice(self.block.get(self.used..end).unwrap_or(&[0; 16]));
        self.used = end;
        Ok(salt)
    }
}
