//! Flushing: the snapshots that pending changes are owed.

use super::taker::{Request, SnapshotRules, Summaries, Taken, take};
use crate::error::Result;
use crate::model::cooldown::{self, Verdict};
use crate::model::decision::Outcome;
use crate::model::ids::AccountId;
use crate::model::snapshot::SnapshotType;
use crate::model::time::Timestamp;
use crate::store::{LaterDecision, PendingAccount, SnapshotReason, WriteTransaction};

/// Which pending changes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlushScope {
    /// Those that a cooldown held and that are due: what any write does last.
    Due,
    /// Also those that were deferred, and those that failed, once the cooldown is over: the command.
    DueAndDeferred,
    /// All of them, whatever the cooldown.
    Now,
}

/// How often a failed snapshot is tried again.
pub const RETRIES: u32 = 5;

/// How many accounts a write flushes besides its own work.
pub const WRITE_LIMIT: usize = 1000;

/// What a flush did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FlushOutcome {
    /// The accounts that were due, and what came of them.
    pub taken: Vec<Taken>,
    /// The accounts whose cooldown holds, and until when.
    pub waiting: Vec<(AccountId, Timestamp)>,
    /// Accounts whose only pending changes were deferred, and that this flush left.
    pub deferred: Vec<AccountId>,
    /// Accounts that failed too often to be tried again.
    pub given_up: Vec<AccountId>,
    /// What each account that was due was owed a snapshot for.
    pub triggers: std::collections::HashMap<AccountId, crate::model::event::EventType>,
    /// Accounts that were due and left, because a write flushes at most [`WRITE_LIMIT`].
    pub left: u64,
}

impl FlushOutcome {
    /// How many snapshots were written.
    #[must_use]
    pub fn created(&self) -> u64 {
        self.taken.iter().filter(|taken| taken.result.is_ok()).count() as u64
    }

    /// How many snapshots could not be written.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.taken.iter().filter(|taken| taken.result.is_err()).count() as u64
    }
}

/// Writes the snapshots that pending changes are owed; `only` narrows it to some accounts.
///
/// # Errors
/// Failures that end the transaction.
pub fn flush(
    transaction: &mut WriteTransaction<'_>,
    rules: &SnapshotRules<'_>,
    scope: FlushScope,
    only: Option<&[AccountId]>,
) -> Result<FlushOutcome> {
    let mut outcome = FlushOutcome::default();
    if !transaction.has_pending()? {
        return Ok(outcome);
    }
    let pending = transaction.list_pending(only)?;
    let accounts: Vec<AccountId> = pending.iter().map(|pending| pending.account).collect();
    transaction.load_heads(&accounts)?;
    let stamps = transaction.load_stamps(&accounts, SnapshotType::EventDriven)?;
    let mut due = Vec::new();
    for pending in &pending {
        let Some(head) = transaction.head(pending.account) else { continue };
        let window = (rules.window)(SnapshotType::EventDriven, &head.name);
        let stamp = stamps.get(&pending.account).copied();
        match (sort(pending, scope), cooldown::check(stamp, transaction.now(), window)) {
            (Sorted::Deferred, _) => outcome.deferred.push(pending.account),
            (Sorted::GivenUp, _) => outcome.given_up.push(pending.account),
            (Sorted::Wanted, Verdict::Holds { due, .. }) if scope != FlushScope::Now => {
                outcome.waiting.push((pending.account, due));
            }
            (Sorted::Wanted, _) if scope == FlushScope::Due && due.len() >= WRITE_LIMIT => outcome.left += 1,
            (Sorted::Wanted, _) => due.push(pending),
        }
    }
    outcome.triggers = due.iter().map(|pending| (pending.account, pending.event_type)).collect();
    let requests: Vec<Request> = due.iter().filter_map(|pending| request(pending)).collect();
    outcome.taken = take(transaction, rules, &Summaries::default(), &requests)?;
    record_failures(transaction, &due, &outcome.taken)?;
    Ok(outcome)
}

enum Sorted {
    Wanted,
    Deferred,
    GivenUp,
}

fn sort(pending: &PendingAccount, scope: FlushScope) -> Sorted {
    match scope {
        FlushScope::Due if pending.is_skipped => Sorted::Wanted,
        FlushScope::Due if pending.is_deferred => Sorted::Deferred,
        FlushScope::Due => Sorted::GivenUp,
        _ if pending.failures > RETRIES && !pending.is_skipped && !pending.is_deferred => Sorted::GivenUp,
        _ => Sorted::Wanted,
    }
}

fn request(pending: &PendingAccount) -> Option<Request> {
    Some(Request {
        account: pending.account,
        reason: SnapshotReason {
            snapshot_type: SnapshotType::EventDriven,
            trigger: Some(pending.event_type),
            action: pending.action.clone(),
            event: Some(*pending.events.last()?),
            reason: None,
            created_by: None,
        },
    })
}

/// A failed retry is a decision of its own, so that it is counted.
fn record_failures(
    transaction: &mut WriteTransaction<'_>,
    due: &[&PendingAccount],
    taken: &[Taken],
) -> Result<()> {
    let mut decisions = Vec::new();
    for taken in taken {
        let Err(error) = &taken.result else { continue };
        let events = due.iter().filter(|pending| pending.account == taken.account).flat_map(|p| &p.events);
        decisions.extend(events.map(|event| LaterDecision {
            event: *event,
            account: taken.account,
            outcome: Outcome::Failed,
            snapshot: None,
            due_at: None,
            error: Some(error),
        }));
    }
    transaction.append_decisions(&decisions)
}
