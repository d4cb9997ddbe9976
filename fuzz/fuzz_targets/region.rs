//! A text: where its header is, which records are rows, what is set aside.

#![no_main]

use acctsnap::ingest::{TableOptions, fuzzing};
use acctsnap::model::reading::HeaderRow;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let header = match first % 8 {
        0 => HeaderRow::None,
        row @ 1..=2 => HeaderRow::Row(row.into()),
        _ => HeaderRow::Auto,
    };
    fuzzing::region(rest, &TableOptions { header, ..TableOptions::default() });
});
