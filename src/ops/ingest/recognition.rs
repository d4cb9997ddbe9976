//! A file that is already known: same bytes, read in the same way, by an upload that stands.
//!
//! Nothing of it is written again; that it was seen is.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::IngestOptions;
use super::before::Before;
use super::kind::Kind;
use super::same_reading::ReadingOfToday;
use crate::error::{ErrorKind, Result};
use crate::events::{FlushOutcome, FlushScope, flush};
use crate::ingest::{Duplicates, Source};
use crate::model::ids::{AccountId, KpiChangeId, SeriesId};
use crate::model::kpi::state::KpiState;
use crate::model::reading::{DateOrder, HeaderRow, Layout};
use crate::model::upload::{Upload, UploadKind};
use crate::model::value::DecimalMark;
use crate::ops::Context;
use crate::ops::observer::{Level, Message};
use crate::ops::rescore::{note, rescore_if_changed};
use crate::ops::rules::Rules;
use crate::ops::told;
use crate::report::ingest::{Accounts, FileStatus, FileView, Rows, Snapshots};
use crate::store::{WhichCustomer, WriteTransaction};

#[derive(Serialize)]
struct Reading<'a> {
    account: Option<i64>,
    period: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    no_create: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    create_similar: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    maps: &'a [(String, String)],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    aliases: &'a [(String, String)],
    #[serde(skip_serializing_if = "Option::is_none")]
    clear_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding_fallback: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delimiter: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicates: Option<&'static str>,
    #[serde(flatten)]
    table: TableReading<'a>,
}

/// What is said of the table in a file; what is not said, or is said to be found, is left out, so that a file is
/// known again.
#[derive(Serialize)]
struct TableReading<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layout: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_order: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decimal: Option<&'static str>,
}

impl<'a> TableReading<'a> {
    fn of(options: &IngestOptions<'a>) -> Self {
        Self {
            header: (options.header != HeaderRow::Auto).then(|| options.header.to_string()),
            sheet: options.sheet,
            layout: (options.layout != Layout::Auto).then(|| options.layout.name()),
            date_order: options.date_order.map(DateOrder::name),
            decimal: options.decimal.map(DecimalMark::name),
        }
    }
}

/// How a file is read: everything that changes values.
///
/// `account` is the one that was given; a file of an account that is not there yet cannot be known.
///
/// # Errors
/// The file cannot be read.
pub(super) fn reading<'r, 'c>(
    kind: UploadKind,
    rules: &'r Rules<'c>,
    account: Option<AccountId>,
    options: &IngestOptions<'_>,
    source: &Source,
) -> Result<ReadingOfToday<'r, 'c>> {
    let [encoding, encoding_fallback] = source.encodings()?;
    let reading = Reading {
        account: account.map(AccountId::get),
        period: options.period.map(|day| day.to_string()),
        no_create: options.no_create,
        create_similar: options.create_similar,
        maps: options.maps,
        aliases: options.aliases,
        clear_token: options.clear_token,
        encoding,
        encoding_fallback,
        delimiter: source.delimiter(),
        duplicates: (options.duplicates != Duplicates::Refuse).then(|| options.duplicates.name()),
        table: TableReading::of(options),
    };
    Ok(ReadingOfToday::new(kind, rules, &reading))
}

/// The newest upload of these bytes that was read so.
///
/// # Errors
/// Anything that the database says.
pub(super) fn find(
    transaction: &WriteTransaction<'_>,
    kind: UploadKind,
    sha256: &[u8; 32],
    reading: &ReadingOfToday<'_, '_>,
) -> Result<Option<Upload>> {
    let customer = transaction.customer();
    transaction.find_upload(kind, sha256, &|stored, change| {
        reading.is(stored, &|| transaction.reader().kpi_definitions_at(customer, change))
    })
}

/// Looks for the file before it is read: only where some upload has its size is it worth hashing.
pub(super) fn early<K: Kind>(
    context: &Context<'_>,
    source: &Source,
    options: &IngestOptions<'_>,
    rules: &Rules<'_>,
    before: &Before,
) -> Result<Option<FileView>> {
    if !before.customer_is_known {
        return Ok(None);
    }
    let (sha256, reading) = {
        let store = context.open_to_read()?;
        let reader = store.reader()?;
        let customer = reader.find_customer(context.customer)?;
        if !reader.has_upload_of_size(customer, source.size())? {
            return Ok(None);
        }
        let sha256 = source.sha256()?;
        let reading = reading(K::KIND, rules, before.account_id(), options, source)?;
        let is_so =
            |stored: &str, change| reading.is(stored, &|| reader.kpi_definitions_at(customer, change));
        if reader.find_upload_of_file(customer, K::KIND, &sha256, &is_so)?.is_none() {
            return Ok(None);
        }
        (sha256, reading)
    };
    let mut store = match context.open_to_write() {
        Err(error) if error.kind() == ErrorKind::NoDatabase => return Ok(None),
        other => other?,
    };
    let transaction = context.begin(&mut store, WhichCustomer::Named(context.customer), K::COMMAND)?;
    match find(&transaction, K::KIND, &sha256, &reading)? {
        Some(known) => seen_again(context, transaction, rules, source, options, &known).map(Some),
        None => Ok(None),
    }
}

/// Answers for a known file, records that it was seen, and flushes what is due unless that is deferred.
pub(super) fn seen_again(
    context: &Context<'_>,
    mut transaction: WriteTransaction<'_>,
    rules: &Rules<'_>,
    source: &Source,
    options: &IngestOptions<'_>,
    known: &Upload,
) -> Result<FileView> {
    transaction.insert_sighting(known.id, source.file_name())?;
    let superseded = superseded(&transaction, known)?;
    let (config, config_change) = transaction.use_scoring_config(&rules.scoring)?;
    let series = transaction.load_series()?;
    let snapshot_rules = rules.for_snapshots(&series, config);
    let rescored = rescore_if_changed(context, &mut transaction, &snapshot_rules, config_change)?;
    let flushed = match options.defer {
        true => FlushOutcome::default(),
        false => flush(&mut transaction, &snapshot_rules, FlushScope::Due, None)?,
    };
    let counts = known.counts;
    let view = FileView {
        file: source.file_name().to_owned(),
        kind: known.kind,
        sha256: crate::model::canonical::hex(&known.sha256),
        upload_id: Some(known.id),
        status: FileStatus::UnchangedFile,
        rows: Rows {
            read: counts.read,
            inserted: 0,
            updated: 0,
            unchanged: counts.read.saturating_sub(counts.rejected),
            rejected: counts.rejected,
        },
        accounts: Accounts { touched: counts.accounts_touched, ..Accounts::default() },
        snapshots: Snapshots { flushed: flushed.created(), failed: flushed.failed(), ..Snapshots::default() },
        notes: set_aside_note(counts.rejected).into_iter().collect(),
        superseded,
        first_ingested_at: Some(known.ingested_at),
        ..FileView::empty()
    };
    let (fates, now) = (told::of_flush(&transaction, &flushed), transaction.now());
    context.conclude(transaction)?;
    told::tell(context, &fates, now, rules.zone);
    if let Some((level, message)) = note(config_change, rescored) {
        context.tell(level, &message);
    }
    if superseded > 0 {
        let text = format!(
            "{} was ingested before (upload {}), and later uploads changed {superseded} of its values; \
             --force reads it as a new upload",
            source.file_name(),
            known.id
        );
        context.tell(Level::Warning, &Message::new(text).of("file_superseded").about_upload(known.id));
    }
    Ok(view)
}

/// What is said of the rows that were set aside when a known file was read.
fn set_aside_note(rejected: u64) -> Option<String> {
    (rejected > 0).then(|| {
        let rows = crate::report::text::count(rejected, "row");
        format!("{rows} set aside when it was read; --force reads the file again")
    })
}

/// How many values of an upload are no longer what it said.
fn superseded(transaction: &WriteTransaction<'_>, upload: &Upload) -> Result<u64> {
    let reader = transaction.reader();
    if upload.kind != UploadKind::Kpis {
        return reader.superseded_rows(upload);
    }
    let later = reader.changed_after(transaction.customer(), upload)?;
    if later.is_empty() {
        return Ok(0);
    }
    let named = reader.named_by_upload(upload)?;
    let mut last: FxHashMap<AccountId, KpiChangeId> = FxHashMap::default();
    for row in &named {
        last.insert(row.account, row.id);
    }
    let later: Vec<AccountId> = later.into_iter().filter(|account| last.contains_key(account)).collect();
    let states = reader.kpi_states(&later)?;
    let mut count = 0;
    for account in later {
        let (Some(row), Some(now)) = (last.get(&account), states.get(&account)) else { continue };
        let then = reader.kpi_state_at(*row)?;
        let mut series: Vec<_> = named
            .iter()
            .filter(|row| row.account == account)
            .flat_map(|row| row.series.iter().copied())
            .collect();
        series.sort_unstable();
        series.dedup();
        let value = |state: &KpiState, id: SeriesId| state.find(id).map(|entry| entry.value);
        count += series.into_iter().filter(|id| value(&then, *id) != value(now, *id)).count() as u64;
    }
    Ok(count)
}
