//! What is told about snapshots after a commit, in the words that scripts rely on.
//!
//! With more than a handful of accounts each line is for `--verbose`, and a summary stands in their place.

use std::collections::HashSet;

use chrono_tz::Tz;

use super::Context;
use super::observer::{Level, Message};
use crate::events::{FlushOutcome, Published};
use crate::model::decision::Outcome;
use crate::model::event::EventType;
use crate::model::ids::{AccountId, SnapshotId};
use crate::model::time::Timestamp;
use crate::report::text;
use crate::store::WriteTransaction;

/// How many accounts are told of one by one.
pub const TOLD_ONE_BY_ONE: usize = 5;

/// What became of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// A snapshot was written.
    Created {
        /// Its id.
        snapshot: SnapshotId,
        /// What triggered it.
        trigger: EventType,
    },
    /// The cooldown held.
    Skipped {
        /// When it is over.
        due: Timestamp,
    },
    /// The snapshot could not be written.
    Failed {
        /// Why.
        error: String,
    },
}

/// An account and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountFate {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// What became of it.
    pub fate: Fate,
}

/// What became of each account of which an event was published, in the order of the events.
#[must_use]
pub fn of_published(transaction: &WriteTransaction<'_>, published: &Published) -> Vec<AccountFate> {
    let mut told = HashSet::new();
    let decided = published.events.iter().zip(&published.decisions).filter_map(|(event, decision)| {
        let fate = match decision.outcome {
            Outcome::Created => {
                Fate::Created { snapshot: decision.snapshot?, trigger: event.draft.event_type }
            }
            Outcome::Skipped => Fate::Skipped { due: decision.due_at? },
            Outcome::Failed => Fate::Failed { error: decision.error.clone().unwrap_or_default() },
            Outcome::Covered | Outcome::Deferred | Outcome::Denied => return None,
        };
        let account = event.draft.account;
        let name = || transaction.head(account).map(|head| head.name.clone()).unwrap_or_default();
        told.insert(account).then(|| AccountFate { account, name: name(), fate })
    });
    decided.collect()
}

/// What a flush did for each account that was due.
#[must_use]
pub fn of_flush(transaction: &WriteTransaction<'_>, outcome: &FlushOutcome) -> Vec<AccountFate> {
    let fates = outcome.taken.iter().map(|taken| {
        let name = transaction.head(taken.account).map(|head| head.name.clone()).unwrap_or_default();
        let trigger = outcome.triggers.get(&taken.account).copied().unwrap_or(EventType::KpiDataUploaded);
        let fate = match &taken.result {
            Ok(snapshot) => Fate::Created { snapshot: *snapshot, trigger },
            Err(error) => Fate::Failed { error: error.clone() },
        };
        AccountFate { account: taken.account, name, fate }
    });
    fates.collect()
}

/// How much a line about one of so many accounts matters.
#[must_use]
pub fn level_of_one_of(accounts: usize) -> Level {
    if accounts > TOLD_ONE_BY_ONE { Level::Detail } else { Level::Info }
}

/// Tells of each account: failures always, the rest one by one only where they are few. Of a dry run nothing was
/// written, so nothing is told.
pub fn tell(context: &Context<'_>, fates: &[AccountFate], now: Timestamp, zone: Tz) {
    if context.dry_run {
        return;
    }
    let level = level_of_one_of(fates.len());
    for fate in fates {
        match &fate.fate {
            Fate::Created { snapshot, trigger } => {
                let line = format!(
                    "✅ Auto-created snapshot {snapshot} for account {} (trigger: {trigger})",
                    fate.name
                );
                let message = about(Message::verbatim(line), fate).of("snapshot_created");
                context.tell(level, &message.about_snapshot(*snapshot));
            }
            Fate::Skipped { due } => tell_skipped(context, level, fate, *due, now, zone),
            Fate::Failed { error } => tell_failed(context, fate, error),
        }
    }
}

fn tell_skipped(
    context: &Context<'_>,
    level: Level,
    fate: &AccountFate,
    due: Timestamp,
    now: Timestamp,
    zone: Tz,
) {
    let seconds = due.millis_since(now).saturating_add(999).div_euclid(1000);
    let line = format!("Skipping snapshot for account {} (cooldown: {seconds}s remaining)", fate.account);
    context.tell(level, &about(Message::verbatim(line), fate).of("snapshot_skipped"));
    let line = format!("  {}: due {}; then: acctsnap flush", fate.name, text::instant(due, zone));
    context.tell(level, &about(Message::verbatim(line), fate).of("snapshot_due"));
}

fn tell_failed(context: &Context<'_>, fate: &AccountFate, error: &str) {
    let line = format!("⚠️  Failed to create snapshot for account {}", fate.name);
    context.tell(Level::Warning, &about(Message::verbatim(line), fate).of("snapshot_failed"));
    let line = format!("Error creating snapshot for account {}: {error}", fate.name);
    context.tell(Level::Error, &about(Message::verbatim(line), fate).of("snapshot_failed"));
}

fn about(message: Message, fate: &AccountFate) -> Message {
    message.about_account(fate.account, fate.name.clone())
}
