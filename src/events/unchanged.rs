//! What need not be read or built again, because nothing has changed since an account's last snapshot.
//!
//! A shortcut, never another answer: what it gives is what would be built. Where anything is in doubt, it is built.

use rustc_hash::FxHashMap;

use super::taker::SnapshotRules;
use crate::error::Result;
use crate::model::health::config::TrendWindow;
use crate::model::ids::{AccountId, ChangeId, KpiChangeId};
use crate::model::score::Score;
use crate::model::snapshot::build::Previous;
use crate::model::snapshot::content::AccountParts;
use crate::store::WriteTransaction;

/// The change that last changed one of an account's KPIs, and the newest row of what uploads said of them.
pub(super) type KpiRefs = (Option<ChangeId>, Option<KpiChangeId>);

/// Whether the last content is what would be built now: the same rules and words, made of the same rows.
pub(super) fn stands(
    previous: &Previous,
    kpis: KpiRefs,
    parts: &AccountParts,
    rules: &SnapshotRules<'_>,
) -> bool {
    let content = &previous.content;
    previous.config == rules.config
        && rules.series.last_restated().is_none_or(|restated| restated < previous.change)
        && (content.kpis_change, content.kpi_row) == kpis
        && content.profile == parts.profile.as_ref().map(|(id, _)| *id)
        // A health row that is there and not used may be used since: the content does not tell.
        && content.health == parts.health.as_ref().map(|health| health.row)
        && content.playbooks == parts.playbooks
        && content.notes == parts.notes
}

/// The scores in force where the trend's window begins, by account; an account without one is absent.
pub(super) fn load_window_scores(
    transaction: &WriteTransaction<'_>,
    rules: &SnapshotRules<'_>,
    previous: &FxHashMap<AccountId, Previous>,
) -> Result<FxHashMap<AccountId, Score>> {
    let millis = match rules.scorer.config().trend.window {
        TrendWindow::Millis(millis) => millis,
        TrendWindow::Snapshots(count) => {
            return transaction.load_scores_back(&previous.keys().copied().collect::<Vec<_>>(), count);
        }
    };
    let at = transaction.recorded_at().plus_millis(millis.saturating_neg());
    // Within a run of one content some snapshots may be retracted and others not.
    let is_told = !transaction.has_retractions()?;
    let mut scores = FxHashMap::default();
    let mut untold = Vec::new();
    for (account, previous) in previous {
        match previous.content_at(at).filter(|_| is_told) {
            Some(content) => scores.extend(content.overall.map(|score| (*account, score))),
            None => untold.push(*account),
        }
    }
    if !untold.is_empty() {
        scores.extend(transaction.load_scores_at(&untold, at)?);
    }
    Ok(scores)
}
