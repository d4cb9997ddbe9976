//! `history`: an account's snapshots over time, oldest first; of periods the last of each, and those that have none.

mod every;
mod kpis;

use rustc_hash::FxHashMap;

use self::kpis::ChosenKpis;
use super::Context;
use super::answer::Answerer;
use crate::error::Result;
use crate::model::ids::{CustomerId, ScoringConfigId, SnapshotId};
use crate::model::money::decimals;
use crate::model::schedule::{Cadence, Period};
use crate::model::time::Timestamp;
use crate::model::zone::start_of_day;
use crate::report::history::{HistoryItem, HistoryView, LIST_SCHEMA};
use crate::report::snapshot::{MoneyNumber, SnapshotView};
use crate::store::{Reader, SnapshotFilter, SnapshotRecord, SnapshotSummary};

/// Which history.
#[derive(Debug, Clone, Copy, Default)]
pub struct HistoryOptions<'a> {
    /// Of which account.
    pub account: &'a str,
    /// Taken at or after this instant; None for all.
    pub since: Option<Timestamp>,
    /// These KPIs beside: names, aliases, abbreviations, products.
    pub kpis: &'a [String],
    /// The last snapshot of each day, week or month only.
    pub every: Option<Cadence>,
}

/// An account's history.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// The account's name.
    pub account_name: String,
    /// The snapshots or periods, oldest first, and the KPIs by their own days.
    pub view: HistoryView,
}

/// An account's history, and its snapshots in full.
#[derive(Debug, Clone, PartialEq)]
pub struct FullHistory {
    /// The history.
    pub history: History,
    /// Its snapshots, by id.
    pub snapshots: Vec<SnapshotView>,
}

impl FullHistory {
    /// The snapshot of a row; None for a period without one.
    #[must_use]
    pub fn snapshot(&self, item: &HistoryItem) -> Option<&SnapshotView> {
        let id = item.snapshot_id?;
        let place = self.snapshots.binary_search_by_key(&id, |snapshot| snapshot.snapshot_id).ok()?;
        self.snapshots.get(place)
    }
}

/// How many snapshots are put together at once.
const CHUNK: usize = 2000;

/// An account's snapshots since an instant, in one line each.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, `UnknownKpi`; `Usage` where there would be too many periods;
/// anything that the database says.
pub fn history(context: &Context<'_>, options: &HistoryOptions<'_>) -> Result<History> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    told(context, &reader, customer, options)
}

/// The same, and the snapshots in full.
///
/// # Errors
/// As [`history`].
pub fn full_history(context: &Context<'_>, options: &HistoryOptions<'_>) -> Result<FullHistory> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let history = told(context, &reader, customer, options)?;
    let mut ids: Vec<SnapshotId> = history.view.items.iter().filter_map(|item| item.snapshot_id).collect();
    ids.sort_unstable();
    let zone = context.zone_of(&reader, customer)?;
    let mut answerer = Answerer::new(&reader, customer, context.clock.now(), zone)?;
    let mut snapshots = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        context.cancel.check()?;
        snapshots.extend(answerer.answer(chunk)?);
    }
    Ok(FullHistory { history, snapshots })
}

fn told(
    context: &Context<'_>,
    reader: &Reader<'_>,
    customer: CustomerId,
    options: &HistoryOptions<'_>,
) -> Result<History> {
    let account = reader.find_account(customer, options.account)?;
    let head = reader.load_accounts(customer, &[account])?.pop().map(|record| record.head);
    let zone = context.zone_of(reader, customer)?;
    // A period is told whole: one cut in the middle could be called a gap that it is not.
    let since = options.since.map(|since| match options.every {
        Some(cadence) => start_of_day(Period::containing(since.date_in(zone), cadence).first_day(), zone),
        None => since,
    });
    let filter =
        SnapshotFilter { account: Some(account), since, standing: true, ..SnapshotFilter::default() };
    let mut summaries = reader.list_snapshots(customer, filter)?;
    summaries.reverse();
    let records = records(context, reader, customer, &summaries)?;
    let chosen = ChosenKpis::load(context, reader, customer, options.kpis)?;
    let mut items = items(reader, customer, &records, &summaries)?;
    for (item, kpis) in items.iter_mut().zip(chosen.at_snapshots(reader, &records)?) {
        item.kpis = kpis;
    }
    if let Some(cadence) = options.every {
        let begun = match since {
            Some(since) => is_there_before(reader, customer, filter, since)?.then_some(since),
            None => None,
        };
        items = every::last_of_each(&items, cadence, zone, (begun, context.clock.now()), &chosen.unknown())?;
    }
    add_changes(&mut items);
    let since = since.map(|since| since.date_in(zone));
    let kpi_history = match head.as_ref().and_then(|head| head.kpi_fact) {
        Some(newest) => chosen.dated(reader, newest, since)?,
        None => Vec::new(),
    };
    let view = HistoryView { schema: LIST_SCHEMA, count: items.len(), items, kpi_history };
    Ok(History { account_name: head.map(|head| head.name).unwrap_or_default(), view })
}

/// Whether the account has a snapshot that was taken before an instant.
fn is_there_before(
    reader: &Reader<'_>,
    customer: CustomerId,
    filter: SnapshotFilter,
    since: Timestamp,
) -> Result<bool> {
    let until = Some(Timestamp::from_millis(since.millis().saturating_sub(1)));
    let before = SnapshotFilter { since: None, until, limit: 1, ..filter };
    Ok(!reader.list_snapshots(customer, before)?.is_empty())
}

fn records(
    context: &Context<'_>,
    reader: &Reader<'_>,
    customer: CustomerId,
    summaries: &[SnapshotSummary],
) -> Result<Vec<SnapshotRecord>> {
    let ids: Vec<SnapshotId> = summaries.iter().map(|snapshot| snapshot.id).collect();
    let mut records: Vec<SnapshotRecord> = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        context.cancel.check()?;
        records.extend(reader.load_snapshots(customer, chunk)?);
    }
    Ok(records)
}

fn items(
    reader: &Reader<'_>,
    customer: CustomerId,
    records: &[SnapshotRecord],
    summaries: &[SnapshotSummary],
) -> Result<Vec<HistoryItem>> {
    // The first snapshot is compared with the one before it, which may lie before the time asked for.
    let before: Vec<SnapshotId> = records.first().and_then(|record| record.previous).into_iter().collect();
    let before: FxHashMap<SnapshotId, ScoringConfigId> =
        reader.load_snapshots(customer, &before)?.iter().map(|record| (record.id, record.config)).collect();
    let mut shown_before = None;
    let items = records.iter().zip(summaries).map(|(record, summary)| {
        // Between two that are shown others may be hidden or gone.
        let config_before =
            shown_before.or_else(|| record.previous.and_then(|previous| before.get(&previous).copied()));
        shown_before = Some(record.config);
        item(record, summary, config_before.is_some_and(|before| before != record.config))
    });
    Ok(items.collect())
}

fn item(record: &SnapshotRecord, summary: &SnapshotSummary, is_scoring_config_changed: bool) -> HistoryItem {
    let content = &record.content;
    let revenue = content.revenue_minor.zip(content.currency.as_deref());
    HistoryItem {
        snapshot_id: Some(record.id),
        snapshot_timestamp: Some(record.taken_at),
        snapshot_type: Some(record.snapshot_type.code().to_owned()),
        snapshot_reason: record.reason.clone(),
        trigger_event: record.trigger.map(|trigger| trigger.code().to_owned()),
        trigger_action: record.action.clone(),
        snapshot_sequence_number: u64::try_from(record.sequence).ok(),
        overall_health_score: content.overall,
        overall_health_status: content.band,
        health_score_change_from_last: record.score_change,
        critical_kpis_count: Some(content.counts.critical),
        is_significant_change: Some(record.is_significant),
        is_unchanged: Some(summary.is_unchanged),
        scoring_config_hash: Some(record.config_hash.clone()),
        is_scoring_config_changed: Some(is_scoring_config_changed),
        revenue: revenue.map(|(minor, currency)| MoneyNumber::new(minor, decimals(currency))),
        currency: revenue.map(|(_, currency)| currency.to_owned()),
        ..HistoryItem::default()
    }
}

/// Each row's change since the last row before it that has a score.
fn add_changes(items: &mut [HistoryItem]) {
    let mut before = None;
    for item in items {
        item.health_score_change_from_row =
            item.overall_health_score.zip(before).map(|(score, before)| score.minus(before));
        before = item.overall_health_score.or(before);
    }
}
