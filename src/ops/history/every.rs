//! `--every`: the last snapshot of each day, week or month, and the periods without one.

use chrono_tz::Tz;

use crate::error::{Error, ErrorKind, Result};
use crate::model::schedule::{Cadence, MOST_PERIODS, Period, by_period};
use crate::model::time::Timestamp;
use crate::report::history::{HistoryItem, KpiAtSnapshot};

/// A row a period of the customer's calendar, from the first that is asked for, or else has a snapshot, to now.
///
/// The period that still runs is told only where it has a snapshot: nobody knows yet whether it is a gap. `unknown`
/// stands for the KPIs in gaps.
pub(super) fn last_of_each(
    items: &[HistoryItem],
    cadence: Cadence,
    zone: Tz,
    (since, now): (Option<Timestamp>, Timestamp),
    unknown: &[KpiAtSnapshot],
) -> Result<Vec<HistoryItem>> {
    let days: Vec<_> =
        items.iter().filter_map(|item| item.snapshot_timestamp).map(|taken| taken.date_in(zone)).collect();
    let Some(first) = since.map(|since| since.date_in(zone)).or(days.iter().min().copied()) else {
        return Ok(Vec::new());
    };
    let newest = days.iter().max().copied();
    let running = Period::containing(now.date_in(zone), cadence);
    let last_whole = running.previous().map(Period::first_day);
    let Some(last) = newest.max(last_whole) else { return Ok(Vec::new()) };
    let periods = by_period(&days, cadence, (first, last)).ok_or_else(|| too_many(cadence))?;
    let mut rows = Vec::with_capacity(periods.len());
    for (period, places) in periods {
        let label = period.to_string();
        let label = label.split_once(' ').map_or(label.as_str(), |(_, rest)| rest).to_owned();
        let within: Vec<&HistoryItem> = places.iter().filter_map(|place| items.get(*place)).collect();
        rows.push(row(label, &within, unknown));
    }
    mark_changes(&mut rows);
    Ok(rows)
}

fn row(label: String, within: &[&HistoryItem], unknown: &[KpiAtSnapshot]) -> HistoryItem {
    let Some(last) = within.last() else {
        return HistoryItem {
            period: Some(label),
            gap: true,
            kpis: unknown.to_vec(),
            ..HistoryItem::default()
        };
    };
    let is_unchanged = within.iter().all(|item| item.is_unchanged == Some(true));
    let is_any_rule_new = within.iter().any(|item| item.is_scoring_config_changed == Some(true));
    HistoryItem {
        period: Some(label),
        is_unchanged: Some(is_unchanged),
        is_scoring_config_changed: Some(is_any_rule_new),
        ..(*last).clone()
    }
}

/// Rules that changed and changed back within a period did not change from row to row.
fn mark_changes(rows: &mut [HistoryItem]) {
    let mut before: Option<String> = None;
    for row in rows.iter_mut().filter(|row| !row.gap) {
        if before.is_some() {
            row.is_scoring_config_changed = Some(before != row.scoring_config_hash);
        }
        before.clone_from(&row.scoring_config_hash);
    }
}

fn too_many(cadence: Cadence) -> Error {
    let what = format!("{} rows would be more than {MOST_PERIODS}", cadence.code());
    Error::new(ErrorKind::Usage, what).with_hint("ask for a later --since, or for --every month")
}
