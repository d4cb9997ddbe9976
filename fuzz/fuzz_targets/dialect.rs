//! The start of a text: which character parts its cells.

#![no_main]

use acctsnap::ingest::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    fuzzing::dialect(bytes, true);
    fuzzing::dialect(bytes, false);
});
