//! The end of a write that publishes no events of its own: what other changes are owed and is due is flushed last, by
//! the newest rules; then the commit; then the words about it.

use super::Context;
use super::rescore::{note, rescore_if_changed};
use super::rules::Rules;
use super::told;
use crate::error::Result;
use crate::events::{FlushScope, flush};
use crate::store::WriteTransaction;

/// Flushes what is due, commits (or takes it back where this is a dry run), and tells of it.
///
/// # Errors
/// `Interrupted`, and anything that the database says; nothing of the transaction stays then.
pub(super) fn flush_and_conclude(context: &Context<'_>, mut transaction: WriteTransaction<'_>) -> Result<()> {
    let rules = Rules::load(context.config, &transaction.reader(), transaction.customer())?;
    let (config, config_change) = transaction.use_scoring_config(&rules.scoring)?;
    let series = transaction.load_series()?;
    let snapshot_rules = rules.for_snapshots(&series, config);
    let rescored = rescore_if_changed(context, &mut transaction, &snapshot_rules, config_change)?;
    let flushed = flush(&mut transaction, &snapshot_rules, FlushScope::Due, None)?;
    let fates = told::of_flush(&transaction, &flushed);
    let now = transaction.now();
    context.conclude(transaction)?;
    if let Some((level, message)) = note(config_change, rescored) {
        context.tell(level, &message);
    }
    told::tell(context, &fates, now, rules.zone);
    Ok(())
}
