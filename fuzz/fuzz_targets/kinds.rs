//! A text as each of the five kinds: read = rows + rejected.

#![no_main]

use acctsnap::Result;
use acctsnap::ingest::{
    KindFile, KpiReadOptions, RowOptions, Source, read_health, read_kpis, read_notes, read_playbooks,
    read_profiles,
};
use acctsnap::model::kpi::catalogue::builtin;
use acctsnap::model::kpi::dictionary::KpiDictionary;
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

fn read_as_kpis(source: &Source) {
    let tokens = MISSING_TOKENS.map(str::to_owned);
    let values = ValueReader::new(&tokens, "USD", DecimalMark::Point);
    let Some(today) = chrono::NaiveDate::from_ymd_opt(2026, 11, 22) else { return };
    let options = KpiReadOptions {
        dictionary: &KpiDictionary::new(builtin().to_vec(), &[]),
        values: &values,
        given_account: None,
        period: None,
        today,
        column_aliases: &[],
        maps: &[],
        on_progress: &mut |_| {},
    };
    if let Ok(file) = read_kpis(source, options) {
        assert_eq!(file.records_read, file.batch.rows.len() as u64 + file.rejections.len());
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = Source::spool("fuzz.csv", bytes) else { return };
    read_all(&source);
    read_as_kpis(&source);
});
