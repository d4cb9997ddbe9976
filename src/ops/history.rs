//! `history`: an account's snapshots over time, oldest first.

use rustc_hash::FxHashMap;

use super::Context;
use super::answer::Answerer;
use crate::error::Result;
use crate::model::ids::{CustomerId, ScoringConfigId, SnapshotId};
use crate::model::time::Timestamp;
use crate::report::history::HistoryItem;
use crate::report::snapshot::SnapshotView;
use crate::store::{Reader, SnapshotFilter, SnapshotRecord, SnapshotSummary};

/// An account's snapshots.
#[derive(Debug, Clone, PartialEq)]
pub struct History<T> {
    /// The account's name.
    pub account_name: String,
    /// Its snapshots, oldest first.
    pub items: Vec<T>,
}

/// How many snapshots are put together at once.
const CHUNK: usize = 2000;

/// An account's snapshots since an instant, in one line each.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, and anything that the database says.
pub fn history(
    context: &Context<'_>,
    account: &str,
    since: Option<Timestamp>,
) -> Result<History<HistoryItem>> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let (account_name, snapshots) = snapshots(&reader, customer, account, since)?;
    let ids: Vec<SnapshotId> = snapshots.iter().map(|snapshot| snapshot.id).collect();
    let mut records: Vec<SnapshotRecord> = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        records.extend(reader.load_snapshots(customer, chunk)?);
    }
    // The first snapshot is compared with the one before it, which may lie before the time asked for.
    let before: Vec<SnapshotId> = records.first().and_then(|record| record.previous).into_iter().collect();
    let configs: FxHashMap<SnapshotId, ScoringConfigId> =
        reader.load_snapshots(customer, &before)?.iter().map(|record| (record.id, record.config)).collect();
    let mut shown_before = None;
    let items = records.into_iter().zip(snapshots).map(|(record, snapshot)| {
        // Between two that are shown others may be hidden or gone.
        let config_before =
            shown_before.or_else(|| record.previous.and_then(|previous| configs.get(&previous).copied()));
        let is_scoring_config_changed = config_before.is_some_and(|before| before != record.config);
        shown_before = Some(record.config);
        item(record, &snapshot, is_scoring_config_changed)
    });
    Ok(History { account_name, items: items.collect() })
}

/// The same snapshots in full.
///
/// # Errors
/// As [`history`].
pub fn full_history(
    context: &Context<'_>,
    account: &str,
    since: Option<Timestamp>,
) -> Result<History<SnapshotView>> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let (account_name, snapshots) = snapshots(&reader, customer, account, since)?;
    let ids: Vec<SnapshotId> = snapshots.iter().map(|snapshot| snapshot.id).collect();
    let zone = context.zone_of(&reader, customer)?;
    let mut answerer = Answerer::new(&reader, customer, context.clock.now(), zone)?;
    let mut items = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        context.cancel.check()?;
        items.extend(answerer.answer(chunk)?);
    }
    Ok(History { account_name, items })
}

/// The account's name, and its snapshots, oldest first.
fn snapshots(
    reader: &Reader<'_>,
    customer: CustomerId,
    account: &str,
    since: Option<Timestamp>,
) -> Result<(String, Vec<SnapshotSummary>)> {
    let account = reader.find_account(customer, account)?;
    let records = reader.load_accounts(customer, &[account])?;
    let name = records.into_iter().next().map(|record| record.head.name).unwrap_or_default();
    let filter = SnapshotFilter { account: Some(account), since, ..SnapshotFilter::default() };
    let mut snapshots = reader.list_snapshots(customer, filter)?;
    snapshots.reverse();
    Ok((name, snapshots))
}

fn item(record: SnapshotRecord, snapshot: &SnapshotSummary, is_scoring_config_changed: bool) -> HistoryItem {
    HistoryItem {
        snapshot_id: record.id,
        snapshot_timestamp: record.taken_at,
        snapshot_type: record.snapshot_type.code().to_owned(),
        snapshot_reason: record.reason,
        trigger_event: record.trigger.map(|trigger| trigger.code().to_owned()),
        trigger_action: record.action,
        snapshot_sequence_number: u64::try_from(record.sequence).unwrap_or_default(),
        overall_health_score: record.content.overall,
        overall_health_status: record.content.band,
        health_score_change_from_last: record.score_change,
        critical_kpis_count: record.content.counts.critical,
        is_significant_change: record.is_significant,
        is_unchanged: snapshot.is_unchanged,
        scoring_config_hash: record.config_hash,
        is_scoring_config_changed,
    }
}
