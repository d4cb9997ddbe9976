//! The snapshot subscriber: ownership, cooldown, then a snapshot of each account that may have one.

use std::collections::{BTreeMap, HashSet};

use super::dispatcher::{Decision, Event, Subscriber};
use super::due::{Due, Stamps};
use super::taker::{Request, SnapshotRules, Summaries, take};
use crate::error::Result;
use crate::model::decision::Outcome;
use crate::model::event::EventType;
use crate::model::ids::{AccountId, EventId};
use crate::store::{SnapshotReason, WriteTransaction};

/// Takes snapshots of what changed: event-driven ones, and those that follow a health calculation.
pub struct SnapshotSubscriber<'a> {
    rules: &'a SnapshotRules<'a>,
    summaries: Summaries,
    past_cooldowns: bool,
}

const TYPES: [EventType; 4] = [
    EventType::KpiDataUploaded,
    EventType::AccountDataChanged,
    EventType::HealthScoresUpdated,
    EventType::HealthCalculationCompleted,
];

impl<'a> SnapshotSubscriber<'a> {
    /// A subscriber; `summaries` are those of accounts whose KPIs were just scored, so that they need not be again.
    #[must_use]
    pub fn new(rules: &'a SnapshotRules<'a>, summaries: Summaries) -> Self {
        Self { rules, summaries, past_cooldowns: false }
    }

    /// The same, but it takes its snapshots at once, whatever the cooldown.
    #[must_use]
    pub fn past_cooldowns(self) -> Self {
        Self { past_cooldowns: true, ..self }
    }
}

impl Subscriber for SnapshotSubscriber<'_> {
    fn name(&self) -> &'static str {
        "snapshots"
    }

    fn event_types(&self) -> &[EventType] {
        &TYPES
    }

    fn takes_back(&self) -> bool {
        true
    }

    fn handle(&mut self, transaction: &mut WriteTransaction<'_>, batch: &[Event]) -> Result<Vec<Decision>> {
        let mut decisions = Vec::with_capacity(batch.len());
        let by_account = own_events(transaction, batch, &mut decisions)?;
        let accounts: Vec<AccountId> = by_account.keys().copied().collect();
        let types = by_account.values().flatten().map(|event| event.draft.event_type);
        let stamps = Stamps::load(transaction, &accounts, types)?;
        let mut requests = Vec::new();
        for (account, events) in &by_account {
            let judged = match self.past_cooldowns {
                true => events.last().map(|event| Due::Now(*event)),
                false => {
                    stamps.judge(transaction, self.rules, *account, events, |event| event.draft.event_type)
                }
            };
            match judged {
                Some(Due::At(due)) => decisions.extend(events.iter().map(|event| Decision {
                    due_at: Some(due),
                    ..Decision::new(event.id, Outcome::Skipped)
                })),
                Some(Due::Now(event)) => requests.push(request(*account, event)),
                None => {}
            }
        }
        let named: HashSet<EventId> = requests.iter().filter_map(|request| request.reason.event).collect();
        for taken in take(transaction, self.rules, &self.summaries, &requests)? {
            let events = by_account.get(&taken.account).map_or(&[][..], Vec::as_slice);
            decisions.extend(events.iter().map(|event| match &taken.result {
                Ok(snapshot) => {
                    let is_named = named.contains(&event.id);
                    let outcome = if is_named { Outcome::Created } else { Outcome::Covered };
                    Decision { snapshot: Some(*snapshot), ..Decision::new(event.id, outcome) }
                }
                Err(error) => Decision::failed(event.id, error),
            }));
        }
        Ok(decisions)
    }
}

/// The events by account, for those of one account are decided together; those about an account that is not the
/// customer's are denied, each for itself.
fn own_events<'b>(
    transaction: &mut WriteTransaction<'_>,
    batch: &'b [Event],
    decisions: &mut Vec<Decision>,
) -> Result<BTreeMap<AccountId, Vec<&'b Event>>> {
    let accounts: Vec<AccountId> = batch.iter().map(|event| event.draft.account).collect();
    let owned: HashSet<AccountId> = transaction.owned(&accounts)?.into_iter().collect();
    let mut by_account: BTreeMap<AccountId, Vec<&Event>> = BTreeMap::new();
    for event in batch {
        let draft = &event.draft;
        match draft.customer == transaction.customer() && owned.contains(&draft.account) {
            true => by_account.entry(draft.account).or_default().push(event),
            false => decisions.push(Decision::new(event.id, Outcome::Denied)),
        }
    }
    Ok(by_account)
}

/// One snapshot for all events of an account; it names this one.
fn request(account: AccountId, event: &Event) -> Request {
    Request {
        account,
        reason: SnapshotReason {
            snapshot_type: event.draft.event_type.snapshot_type(),
            trigger: Some(event.draft.event_type),
            action: event.draft.action.clone(),
            event: Some(event.id),
            reason: None,
            created_by: None,
        },
    }
}
