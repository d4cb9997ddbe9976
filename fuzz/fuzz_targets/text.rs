//! Bytes as a text file, whatever their packing, encoding, line ends and delimiter.

#![no_main]

use acctsnap::ingest::{TextOptions, fuzzing};
use libfuzzer_sys::fuzz_target;

/// What the first byte says of the encoding.
const ENCODINGS: [Option<&str>; 4] = [None, Some("windows-1252"), Some("utf-16le"), Some("shift_jis")];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let encoding = ENCODINGS[usize::from(*first) % ENCODINGS.len()];
    let Ok(options) = TextOptions::new(encoding, None, None) else { return };
    fuzzing::text(rest, options);
});
