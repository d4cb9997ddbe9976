//! Scores of the newest rules: what is kept of accounts' KPIs is scored again where the rules changed.
//!
//! Only the cache of current values is written. Snapshots keep the scores of their own moment, and take new ones
//! by themselves; no event is published, for no fact changed.

use rustc_hash::FxHashMap;

use super::Context;
use super::observer::{Level, Message};
use crate::error::Result;
use crate::events::SnapshotRules;
use crate::model::health::config::ScoringConfig;
use crate::model::health::scorer::Scorer;
use crate::model::ids::{AccountId, ScoringConfigId};
use crate::model::kpi::dictionary::KpiDictionary;
use crate::report::text::count;
use crate::store::{ConfigChange, WriteTransaction};

/// How many accounts are loaded and stored at once.
const CHUNK: usize = 2000;

/// Scores the customer's accounts again where the rules changed; says of how many a score changed by it.
///
/// Call it after everything else of the transaction that stores KPIs: what was stored with the new rules is left.
///
/// # Errors
/// `Interrupted`, and anything that the database says.
pub fn rescore_if_changed(
    context: &Context<'_>,
    transaction: &mut WriteTransaction<'_>,
    rules: &SnapshotRules<'_>,
    change: ConfigChange,
) -> Result<u64> {
    if change != ConfigChange::Changed {
        return Ok(0);
    }
    let accounts = transaction.accounts_scored_otherwise(rules.config)?;
    let former = former_rules(transaction, &accounts)?;
    // The KPIs were called as the rules of then call them.
    let series = transaction.previous_change().map(|change| rules.series.as_of(change));
    let series = series.as_deref().unwrap_or(rules.series);
    let former: FxHashMap<ScoringConfigId, Scorer<'_>> = former
        .iter()
        .map(|(id, (scoring, dictionary))| (*id, Scorer::new(scoring, dictionary, series)))
        .collect();
    let mut rescored = 0;
    for chunk in accounts.chunks(CHUNK) {
        context.cancel.check()?;
        let ids: Vec<AccountId> = chunk.iter().map(|(account, _)| *account).collect();
        let states = transaction.load_kpi_states(&ids)?;
        for (account, config) in chunk {
            let Some(state) = states.get(account) else { continue };
            let (scored, summary) = rules.scorer.score(state);
            transaction.save_kpi_state(*account, state, &scored, rules.config)?;
            let is_same = former.get(config).is_some_and(|former| {
                let (before, summary_before) = former.score(state);
                before == scored
                    && summary_before.health == summary.health
                    && summary_before.counts == summary.counts
            });
            rescored += u64::from(!is_same);
        }
    }
    Ok(rescored)
}

/// The rules by which the accounts were scored so far.
fn former_rules(
    transaction: &WriteTransaction<'_>,
    accounts: &[(AccountId, ScoringConfigId)],
) -> Result<FxHashMap<ScoringConfigId, (ScoringConfig, KpiDictionary)>> {
    let mut former = FxHashMap::default();
    for (_, id) in accounts {
        if !former.contains_key(id) {
            let (config, _) = transaction.reader().scoring_config_by_id(*id)?;
            let dictionary = KpiDictionary::of_config(config.definitions.clone(), &config.aliases)
                .with_retired(&config.retired);
            former.insert(*id, (config, dictionary));
        }
    }
    Ok(former)
}

/// What is told, after the commit, of rules that changed; nothing where they did not.
#[must_use]
pub fn note(change: ConfigChange, rescored: u64) -> Option<(Level, Message)> {
    if change != ConfigChange::Changed {
        return None;
    }
    let rescored = match rescored {
        0 => String::new(),
        many => format!(" ({} rescored)", count(many, "account")),
    };
    let text = format!(
        "the scoring rules differ from the last write's: scores from now on follow the new ones{rescored}"
    );
    Some((Level::Warning, Message::new(text).of("scoring_config_changed")))
}
