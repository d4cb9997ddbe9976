//! The SHA-256 of a file, worked out beside the reading of it: on a thread of its own once the file is large.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use sha2::{Digest, Sha256};

/// From here on a second thread is worth its start.
const LARGE: u64 = 4 << 20;
/// How many blocks may wait to be hashed: little memory, and never a reader that runs away.
const WAITING: usize = 16;

/// A digest that takes bytes in order.
pub(super) enum FileDigest {
    /// Worked out here.
    Here(Sha256, u64),
    /// Worked out by a thread that is sent the blocks.
    Aside(SyncSender<Vec<u8>>, JoinHandle<Sha256>),
}

impl FileDigest {
    pub(super) fn new() -> Self {
        Self::Here(Sha256::new(), 0)
    }

    /// Takes the next bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Here(digest, taken) => {
                digest.update(bytes);
                *taken += bytes.len() as u64;
                if *taken >= LARGE {
                    *self = Self::aside(digest.clone());
                }
            }
            // The thread ends only after this sender is gone.
            Self::Aside(sender, _) => drop(sender.send(bytes.to_vec())),
        }
    }

    fn aside(mut digest: Sha256) -> Self {
        let (sender, receiver) = sync_channel::<Vec<u8>>(WAITING);
        let kept = digest.clone();
        let thread = std::thread::Builder::new().name("sha256".to_owned()).spawn(move || {
            receiver.into_iter().for_each(|bytes| digest.update(&bytes));
            digest
        });
        match thread {
            Ok(thread) => Self::Aside(sender, thread),
            // No thread to be had: it is worked out here, and not tried again.
            Err(_) => Self::Here(kept, 0),
        }
    }

    /// The digest of all bytes; None where the thread died, which only a defect can make it do.
    pub(super) fn finish(self) -> Option<[u8; 32]> {
        match self {
            Self::Here(digest, _) => Some(digest.finalize().into()),
            Self::Aside(sender, thread) => {
                drop(sender);
                thread.join().ok().map(|digest| digest.finalize().into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_files_have_the_digest_of_their_bytes() {
        for size in [0, 1, 1 << 16, (4 << 20) + 1, 9 << 20] {
            let bytes: Vec<u8> = (0..size).map(|place: usize| u8::try_from(place % 251).unwrap()).collect();
            let mut digest = FileDigest::new();
            bytes.chunks(60_000).for_each(|block| digest.update(block));
            assert_eq!(digest.finish(), Some(Sha256::digest(&bytes).into()), "{size}");
        }
    }
}
