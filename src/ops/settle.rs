//! The end of every write that publishes no events of its own: accounts are scored by the newest rules, what is due
//! is flushed, and after the commit all is told.

use crate::error::Result;
use crate::events::{FlushScope, flush};
use crate::model::time::Timestamp;
use crate::ops::Context;
use crate::ops::observer::{Level, Message};
use crate::ops::rescore::{note, rescore_if_changed};
use crate::ops::rules::Rules;
use crate::ops::told::{self, AccountFate};
use crate::store::{ConfigChange, WriteTransaction};

/// What is to be told after the commit.
pub(super) struct Settled {
    /// Accounts whose current values were scored again.
    pub(super) accounts_rescored: u64,
    change: ConfigChange,
    fates: Vec<AccountFate>,
    now: Timestamp,
}

/// Makes the rules the customer's own: what is kept is scored by them, and what is due is written.
pub(super) fn settle(
    context: &Context<'_>,
    transaction: &mut WriteTransaction<'_>,
    rules: &Rules<'_>,
) -> Result<Settled> {
    let (config, change) = transaction.use_scoring_config(&rules.scoring)?;
    let series = transaction.load_series()?;
    let snapshot_rules = rules.for_snapshots(&series, config);
    let accounts_rescored = rescore_if_changed(context, transaction, &snapshot_rules, change)?;
    let flushed = flush(transaction, &snapshot_rules, FlushScope::Due, None)?;
    let fates = told::of_flush(transaction, &flushed);
    Ok(Settled { accounts_rescored, change, fates, now: transaction.now() })
}

impl Settled {
    /// Commits, or takes everything back where this is a dry run, and then tells of it. `is_new` says whether the
    /// command itself changed a definition; where it did not, other rules are worth a word of their own.
    pub(super) fn conclude(
        self,
        context: &Context<'_>,
        transaction: WriteTransaction<'_>,
        rules: &Rules<'_>,
        database_is_new: bool,
        is_new: bool,
    ) -> Result<()> {
        let mut told = made(context, &transaction, database_is_new);
        if !is_new {
            told.extend(note(self.change, self.accounts_rescored));
        }
        context.conclude(transaction)?;
        told.iter().for_each(|(level, message)| context.tell(*level, message));
        told::tell(context, &self.fates, self.now, rules.zone);
        Ok(())
    }
}

/// What is told of a database and a customer that were not there.
fn made(
    context: &Context<'_>,
    transaction: &WriteTransaction<'_>,
    database_is_new: bool,
) -> Vec<(Level, Message)> {
    let mut told = Vec::new();
    if database_is_new && !context.dry_run {
        let text = format!("made the database {}", context.database.display());
        told.push((Level::Info, Message::new(text).of("database_created")));
    }
    if transaction.customer_is_new() && !context.dry_run {
        let text = format!("made the customer '{}'", transaction.customer_name());
        told.push((Level::Info, Message::new(text).of("customer_created")));
    }
    told
}

/// Settles a write by the rules that the database and the settings give, and commits it (or takes it back where this is
/// a dry run).
///
/// # Errors
/// `Interrupted`, and anything that the database says; nothing of the transaction stays then.
pub(super) fn flush_and_conclude(context: &Context<'_>, mut transaction: WriteTransaction<'_>) -> Result<()> {
    let rules = Rules::load(context.config, &transaction.reader(), transaction.customer())?;
    let settled = settle(context, &mut transaction, &rules)?;
    settled.conclude(context, transaction, &rules, false, false)
}
