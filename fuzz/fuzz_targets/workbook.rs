//! Bytes as a spreadsheet: the scan in front of it, and its cells.

#![no_main]

use acctsnap::ingest::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzzing::workbook(bytes));
