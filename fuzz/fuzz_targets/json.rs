//! Bytes as JSON, read as every kind that comes so.

#![no_main]

use acctsnap::Result;
use acctsnap::ingest::{
    KindFile, RowOptions, Source, read_health, read_notes, read_playbooks, read_profiles,
};
use acctsnap::model::value::{DecimalMark, MISSING_TOKENS, ValueReader};
use libfuzzer_sys::fuzz_target;

/// Reads a source as a kind: what it gave, the rejected rows, and how many it read.
fn read<B>(source: &Source, read: fn(&Source, RowOptions<'_>) -> Result<KindFile<B>>) -> Option<KindFile<B>> {
    let missing = MISSING_TOKENS.map(str::to_owned);
    let values = ValueReader::new(&missing, "USD", DecimalMark::Point);
    let options = RowOptions {
        given_account: None,
        period: None,
        today: chrono::NaiveDate::from_ymd_opt(2026, 11, 22)?,
        zone: chrono_tz::America::New_York,
        values: &values,
        missing: &missing,
        currency: "USD",
        clear_token: Some("(none)"),
        column_aliases: &[],
        maps: &[],
        on_progress: &mut |_| {},
    };
    read(source, options).ok()
}

/// Reads a source as each kind of rows: none may be lost.
fn read_all(source: &Source) {
    if let Some(file) = read(source, read_profiles) {
        assert_eq!(file.records_read, file.batch.rows.len() as u64 + file.rejections.len());
    }
    if let Some(file) = read(source, read_health) {
        assert_eq!(file.records_read, file.batch.rows.len() as u64 + file.rejections.len());
    }
    if let Some(file) = read(source, read_notes) {
        assert_eq!(file.records_read, file.batch.rows.len() as u64 + file.rejections.len());
    }
    if let Some(file) = read(source, read_playbooks) {
        assert_eq!(file.records_read, file.batch.rows.len() as u64 + file.rejections.len());
    }
}

fuzz_target!(|bytes: &[u8]| {
    for name in ["fuzz.json", "fuzz.jsonl"] {
        if let Ok(source) = Source::spool(name, bytes) {
            read_all(&source);
        }
    }
});
