//! Cells of one column as dates, instants and numbers.

#![no_main]

use acctsnap::ingest::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let cells: Vec<&str> = text.lines().collect();
    fuzzing::dates(&cells);
});
