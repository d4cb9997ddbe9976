//! Flushing: the snapshots that pending changes are owed.

use super::due::{Due, Stamps};
use super::taker::{Request, SnapshotRules, Summaries, Taken, take};
use crate::error::Result;
use crate::model::decision::Outcome;
use crate::model::ids::AccountId;
use crate::model::time::Timestamp;
use crate::store::{LaterDecision, PendingAccount, PendingEvent, SnapshotReason, WriteTransaction};

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
    let types = pending.iter().flat_map(|pending| &pending.events).map(|event| event.event_type);
    let stamps = Stamps::load(transaction, &accounts, types)?;
    let mut requests: Vec<Request> = Vec::new();
    for owed in &pending {
        let account = owed.account;
        let wanted: Vec<&PendingEvent> = owed.events.iter().filter(|event| is_wanted(event, scope)).collect();
        if wanted.is_empty() {
            let is_deferred = owed.events.iter().any(|event| event.outcome == Outcome::Deferred);
            (if is_deferred { &mut outcome.deferred } else { &mut outcome.given_up }).push(account);
            continue;
        }
        let event_type = |event: &PendingEvent| event.event_type;
        let judge = |events: &[_]| stamps.judge(transaction, rules, account, events, event_type);
        match due(owed, &wanted, scope, judge) {
            Some(Due::At(at)) => outcome.waiting.push((account, at)),
            Some(Due::Now(_)) if scope == FlushScope::Due && requests.len() >= WRITE_LIMIT => {
                outcome.left += 1;
            }
            Some(Due::Now(event)) => requests.push(request(account, event)),
            None => {}
        }
    }
    let trigger = |request: &Request| request.reason.trigger.map(|trigger| (request.account, trigger));
    outcome.triggers = requests.iter().filter_map(trigger).collect();
    outcome.taken = take(transaction, rules, &Summaries::default(), &requests)?;
    record_failures(transaction, &pending, &outcome.taken)?;
    Ok(outcome)
}

/// Whether a flush of this scope is for the event.
fn is_wanted(event: &PendingEvent, scope: FlushScope) -> bool {
    match (scope, event.outcome) {
        (FlushScope::Due, outcome) => outcome == Outcome::Skipped,
        (_, Outcome::Failed) => event.failures <= RETRIES,
        _ => true,
    }
}

/// When an account is due, which the wanted events say. Whichever of them it is, the snapshot holds what all of the
/// account's events tell of, and names the newest whose type is free.
fn due<'e>(
    owed: &'e PendingAccount,
    wanted: &[&'e PendingEvent],
    scope: FlushScope,
    judge: impl Fn(&[&'e PendingEvent]) -> Option<Due<'e, PendingEvent>>,
) -> Option<Due<'e, PendingEvent>> {
    if scope == FlushScope::Now {
        return owed.events.last().map(Due::Now);
    }
    match judge(wanted)? {
        Due::At(at) => Some(Due::At(at)),
        Due::Now(_) => judge(&owed.events.iter().collect::<Vec<_>>()),
    }
}

fn request(account: AccountId, event: &PendingEvent) -> Request {
    Request {
        account,
        reason: SnapshotReason {
            snapshot_type: event.event_type.snapshot_type(),
            trigger: Some(event.event_type),
            action: event.action.clone(),
            event: Some(event.id),
            reason: None,
            created_by: None,
        },
    }
}

/// A failed retry is a decision of its own, so that it is counted.
fn record_failures(
    transaction: &mut WriteTransaction<'_>,
    pending: &[PendingAccount],
    taken: &[Taken],
) -> Result<()> {
    let mut decisions = Vec::new();
    for taken in taken {
        let Err(error) = &taken.result else { continue };
        let of_account = pending.iter().filter(|pending| pending.account == taken.account);
        let events = of_account.flat_map(|pending| &pending.events);
        decisions.extend(events.map(|event| LaterDecision {
            event: event.id,
            account: taken.account,
            outcome: Outcome::Failed,
            snapshot: None,
            due_at: None,
            error: Some(error),
        }));
    }
    transaction.append_decisions(&decisions)
}
