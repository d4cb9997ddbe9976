//! All the customer's accounts, for a language model: worst first, those that moved, those that are missing.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::BriefingOptions;
use super::masker::Masker;
use super::take::TakenNow;
use crate::error::Result;
use crate::model::ids::AccountId;
use crate::model::kpi::Band;
use crate::ops::Context;
use crate::ops::latest::{LatestOptions, latest};
use crate::report::briefing::{NOTICE, PORTFOLIO_SCHEMA, PortfolioBriefing, PortfolioLine};
use crate::report::snapshot::SnapshotView;

/// The customer's accounts, archived ones aside.
pub(super) fn accounts(context: &Context<'_>) -> Result<Vec<AccountId>> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let records = reader.list_accounts(customer)?.into_iter();
    Ok(records.filter(|record| !record.head.archived).map(|record| record.head.id).collect())
}

/// The whole of it.
pub(super) fn gather(
    context: &Context<'_>,
    taken: &TakenNow,
    options: BriefingOptions,
) -> Result<PortfolioBriefing> {
    let mut masker = Masker::new(options.with_contacts);
    let found = latest(context, &LatestOptions::default())?;
    let lines: Vec<PortfolioLine> = found.snapshots.iter().map(|view| line(view, &mut masker)).collect();
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
    let mut missing: Vec<PortfolioLine> =
        found.without_snapshot.iter().map(|name| without_snapshot(name, &mut masker)).collect();
    missing.extend(lines.iter().filter(|line| line.dirty_since.is_some()).cloned());
    let accounts = found.snapshots.len() + found.without_snapshot.len();
    Ok(PortfolioBriefing {
        schema: PORTFOLIO_SCHEMA,
        notice: NOTICE,
        customer: masker.value_text(context.customer),
        as_of: context.clock.now(),
        accounts: u32::try_from(accounts).unwrap_or(u32::MAX),
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

fn line(view: &SnapshotView, masker: &mut Masker) -> PortfolioLine {
    PortfolioLine {
        account_id: view.account_id,
        account_name: masker.value_text(&view.account_name),
        overall_health_score: view.overall_health_score,
        overall_health_status: view.overall_health_status,
        health_score_change_30d: view.health_score_change_30d,
        age_seconds: Some(view.age_seconds),
        dirty_since: view.dirty_since,
    }
}

fn without_snapshot(name: &str, masker: &mut Masker) -> PortfolioLine {
    PortfolioLine {
        account_id: AccountId::new(0),
        account_name: masker.value_text(name),
        overall_health_score: None,
        overall_health_status: None,
        health_score_change_30d: None,
        age_seconds: None,
        dirty_since: None,
    }
}
