//! All the customer's accounts, for a language model: worst first, those that moved, those that are missing.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::BriefingOptions;
use super::masker::Masker;
use super::take::TakenNow;
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId, SnapshotId};
use crate::model::kpi::Band;
use crate::model::time::Timestamp;
use crate::ops::Context;
use crate::ops::answer::Answerer;
use crate::ops::live::live_views;
use crate::ops::rules::Rules;
use crate::report::briefing::{NOTICE, PORTFOLIO_SCHEMA, PortfolioBriefing, PortfolioLine};
use crate::report::snapshot::SnapshotView;
use crate::store::Reader;

/// How many states are put together at once.
const CHUNK: usize = 2000;

/// The customer's accounts, archived ones aside.
pub(super) fn accounts(context: &Context<'_>) -> Result<Vec<AccountId>> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let records = reader.list_accounts(customer)?.into_iter();
    Ok(records.filter(|record| !record.head.archived).map(|record| record.head.id).collect())
}

/// The whole of it, from one consistent state of the database.
pub(super) fn gather(
    context: &Context<'_>,
    accounts: &[AccountId],
    taken: &TakenNow,
    options: BriefingOptions,
) -> Result<PortfolioBriefing> {
    let mut masker = Masker::new(options.with_contacts);
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let rules = Rules::load(context.config, &reader, customer)?;
    let states = states(&reader, customer, &rules, accounts, taken.remark.is_some(), context.clock.now())?;
    let lines: Vec<PortfolioLine> = states.iter().map(|state| line(state, &mut masker)).collect();
    let mut by_band: BTreeMap<&'static str, u32> = BTreeMap::new();
    for line in &lines {
        *by_band.entry(line.overall_health_status.map_or("without a score", Band::label)).or_default() += 1;
    }
    let mut worst: Vec<PortfolioLine> =
        lines.iter().filter(|line| line.overall_health_score.is_some()).cloned().collect();
    worst.sort_by_key(|line| line.overall_health_score);
    let moved = |line: &PortfolioLine| {
        line.health_score_change_30d.map_or(0, |change| change.hundredths().unsigned_abs())
    };
    let mut movers: Vec<PortfolioLine> = lines.iter().filter(|line| moved(line) > 0).cloned().collect();
    movers.sort_by_key(|line| Reverse(moved(line)));
    let is_missing = |line: &&PortfolioLine| line.age_seconds.is_none() || line.dirty_since.is_some();
    let missing = lines.iter().filter(is_missing).cloned().collect();
    Ok(PortfolioBriefing {
        schema: PORTFOLIO_SCHEMA,
        notice: NOTICE,
        customer: masker.value_text(&reader.customer_name(customer)?),
        as_of: context.clock.now(),
        accounts: u32::try_from(lines.len()).unwrap_or(u32::MAX),
        by_band,
        worst,
        movers,
        missing,
        taken_now: u32::try_from(taken.snapshots.len()).unwrap_or(u32::MAX),
        remark: taken.remark.clone(),
        left_out: BTreeMap::new(),
        max_tokens: 0,
        estimated_tokens: 0,
    })
}

/// The accounts' newest snapshots, by account; the live state of those that have none, and, where none can be taken, of
/// those whose newest lacks a change.
fn states(
    reader: &Reader<'_>,
    customer: CustomerId,
    rules: &Rules<'_>,
    accounts: &[AccountId],
    is_locked: bool,
    now: Timestamp,
) -> Result<Vec<SnapshotView>> {
    let mut answerer = Answerer::new(reader, customer, now, rules.zone)?;
    let mut states = Vec::with_capacity(accounts.len());
    for chunk in accounts.chunks(CHUNK) {
        let records = reader.load_accounts(customer, chunk)?;
        let snapshots: Vec<SnapshotId> = records.iter().filter_map(|record| record.snapshot).collect();
        let mut stored = answerer.answer(&snapshots)?;
        stored.retain(|state| state.dirty_since.is_none() || !is_locked);
        let known: FxHashSet<AccountId> = stored.iter().map(|state| state.account_id).collect();
        let others: Vec<AccountId> = chunk.iter().copied().filter(|id| !known.contains(id)).collect();
        states.extend(stored);
        states.extend(live_views(reader, customer, rules, &others, now)?);
    }
    states.sort_by_key(|state| state.account_id);
    Ok(states)
}

fn line(state: &SnapshotView, masker: &mut Masker) -> PortfolioLine {
    // The live state is of no snapshot, and so has no age.
    let has_snapshot = state.snapshot_id != SnapshotId::default();
    PortfolioLine {
        account_id: state.account_id,
        account_name: masker.value_text(&state.account_name),
        overall_health_score: state.overall_health_score,
        overall_health_status: state.overall_health_status,
        health_score_change_30d: state.health_score_change_30d,
        age_seconds: has_snapshot.then_some(state.age_seconds),
        dirty_since: state.dirty_since,
    }
}
