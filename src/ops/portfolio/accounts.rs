//! A line an account: the order of the movers, whether anything differs, what is shown.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::PortfolioOptions;
use super::pair::Pair;
use super::reason::Reason;
use super::state::Segments;
use crate::model::ids::AccountId;
use crate::model::money;
use crate::model::portfolio::{Currencies, Fate};
use crate::model::score::Score;
use crate::report::portfolio_compare::AccountMove;
use crate::report::snapshot::MoneyNumber;
use crate::store::Standing;

/// The largest movement first, of equals the fall, then by account; then those without a movement to tell, those that
/// left, those that came. A total order.
pub(super) fn rank(pairs: &mut [Pair<'_>]) {
    pairs.sort_by_key(|pair| {
        let change = pair.score_change().map(Score::hundredths);
        let group = (pair.fate, pair.fate == Fate::Kept && change.is_none());
        let change = change.unwrap_or(0);
        (group, Reverse(change.unsigned_abs()), change, pair.account())
    });
}

/// The ranked pairs whose reasons are told: so many in each direction.
pub(super) fn told<'e>(ranked: &[Pair<'e>], top: Option<usize>) -> Vec<Pair<'e>> {
    let top = top.unwrap_or(usize::MAX);
    let (mut fell, mut rose) = (0, 0);
    let is_told = |pair: &&Pair<'e>| match pair.score_change().map(|change| change.hundredths().signum()) {
        Some(-1) => {
            fell += 1;
            fell <= top
        }
        Some(1) => {
            rose += 1;
            rose <= top
        }
        _ => false,
    };
    ranked.iter().filter(is_told).copied().collect()
}

/// Whether an account differs in anything that is not ignored.
pub(super) fn differs(pair: &Pair<'_>, options: &PortfolioOptions<'_>) -> bool {
    let counts = |field: &str| !options.ignore.iter().any(|ignored| ignored == field);
    let (Some(old), Some(new)) = (pair.old, pair.new) else { return true };
    let within = |change: Option<f64>| change.is_some_and(|change| change.abs() <= options.tolerance);
    let score_change = pair.score_change().map(Score::points);
    let revenue_change = pair.revenue_change().and_then(|change| change.to_string().parse().ok());
    (counts("overall_health_score") && old.score != new.score && !within(score_change))
        || (counts("overall_health_status") && old.band != new.band)
        || (counts("revenue") && old.revenue != new.revenue && !within(revenue_change))
        || (counts("account_status") && old.status != new.status)
}

/// The lines, in the order of the pairs.
pub(super) fn moves(
    pairs: &[Pair<'_>],
    segments: &Segments,
    mut reasons: FxHashMap<AccountId, Reason>,
) -> Vec<AccountMove> {
    let line = |pair: &Pair<'_>| {
        let reason = reasons.remove(&pair.account());
        let segment = segments.get(&pair.account()).cloned().flatten();
        account_move(pair, segment, reason)
    };
    pairs.iter().map(line).collect()
}

fn account_move(pair: &Pair<'_>, segment: Option<String>, reason: Option<Reason>) -> AccountMove {
    let (old, new, here) = (pair.old, pair.new, pair.here());
    let status = |standing: Option<&Standing>| standing.and_then(|standing| standing.status.clone());
    let currency = |standing: Option<&Standing>| Some(standing?.revenue.as_ref()?.1.clone());
    let amount = |standing: Option<&Standing>| {
        let (minor_units, currency) = standing?.revenue.as_ref()?;
        Some(MoneyNumber::new(*minor_units, money::decimals(currency)))
    };
    let (phrase, cause, kpi, product, points) = match reason {
        Some(reason) => {
            (Some(reason.phrase), Some(reason.cause), reason.kpi, reason.product, Some(reason.points))
        }
        None => (None, None, None, None, None),
    };
    AccountMove {
        account_id: pair.account(),
        external_account_id: here.external_id.clone(),
        account_name: here.name.clone(),
        segment,
        fate: pair.fate,
        old_snapshot_id: old.and_then(|old| old.snapshot),
        new_snapshot_id: new.and_then(|new| new.snapshot),
        old_score: old.and_then(|old| old.score),
        new_score: new.and_then(|new| new.score),
        score_change: pair.score_change(),
        old_health_status: old.and_then(|old| old.band),
        new_health_status: new.and_then(|new| new.band),
        crossed_band: pair.crossed_band(),
        old_account_status: status(old),
        new_account_status: status(new),
        old_currency: currency(old),
        new_currency: currency(new),
        old_revenue: amount(old),
        new_revenue: amount(new),
        revenue_change: pair.revenue_change(),
        revenue_flow: Currencies::default().add(pair.fate, revenue(old), revenue(new)),
        reason: phrase,
        reason_cause: cause,
        reason_kpi: kpi,
        reason_product: product,
        reason_points: points,
    }
}

/// What an account pays, as sums take it.
pub(super) fn revenue(standing: Option<&Standing>) -> Option<(i64, &str)> {
    standing?.revenue.as_ref().map(|(minor_units, currency)| (*minor_units, currency.as_str()))
}
