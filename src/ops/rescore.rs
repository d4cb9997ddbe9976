//! Scores of the newest rules: what is kept of accounts' KPIs is scored again where the rules changed.
//!
//! Only the cache of current values is written. Snapshots keep the scores of their own moment, and take new ones
//! by themselves; no event is published, for no fact changed.

use super::Context;
use super::observer::{Level, Message};
use crate::error::Result;
use crate::events::SnapshotRules;
use crate::report::text::count;
use crate::store::{ConfigChange, WriteTransaction};

/// How many accounts are loaded and stored at once.
const CHUNK: usize = 2000;

/// Scores the customer's accounts again where the rules changed; says how many.
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
    for chunk in accounts.chunks(CHUNK) {
        context.cancel.check()?;
        let states = transaction.load_kpi_states(chunk)?;
        for account in chunk {
            let Some(state) = states.get(account) else { continue };
            let (scored, _) = rules.scorer.score(state);
            transaction.save_kpi_state(*account, state, &scored, rules.config)?;
        }
    }
    Ok(accounts.len() as u64)
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
