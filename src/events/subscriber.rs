//! The snapshot subscriber: ownership, cooldown, then a snapshot of each account that may have one.

use std::collections::{BTreeMap, HashSet};

use super::dispatcher::{Decision, Event, Subscriber};
use super::taker::{Request, SnapshotRules, Summaries, take};
use crate::error::Result;
use crate::model::cooldown::{self, Verdict};
use crate::model::decision::Outcome;
use crate::model::event::EventType;
use crate::model::ids::AccountId;
use crate::model::snapshot::SnapshotType;
use crate::store::{SnapshotReason, WriteTransaction};

/// Takes event-driven snapshots.
pub struct SnapshotSubscriber<'a> {
    rules: &'a SnapshotRules<'a>,
    summaries: Summaries,
}

const TYPES: [EventType; 3] =
    [EventType::KpiDataUploaded, EventType::AccountDataChanged, EventType::HealthScoresUpdated];

impl<'a> SnapshotSubscriber<'a> {
    /// A subscriber; `summaries` are those of accounts whose KPIs were just scored, so that they need not be again.
    #[must_use]
    pub fn new(rules: &'a SnapshotRules<'a>, summaries: Summaries) -> Self {
        Self { rules, summaries }
    }
}

impl Subscriber for SnapshotSubscriber<'_> {
    fn name(&self) -> &'static str {
        "snapshots"
    }

    fn event_types(&self) -> &[EventType] {
        &TYPES
    }

    fn handle(&mut self, transaction: &mut WriteTransaction<'_>, batch: &[Event]) -> Result<Vec<Decision>> {
        let mut decisions = Vec::with_capacity(batch.len());
        let by_account = own_events(transaction, batch, &mut decisions)?;
        let accounts: Vec<AccountId> = by_account.keys().copied().collect();
        let stamps = transaction.load_stamps(&accounts, SnapshotType::EventDriven)?;
        let now = transaction.now();
        let mut requests = Vec::new();
        for (account, events) in &by_account {
            let Some(head) = transaction.head(*account) else { continue };
            let window = (self.rules.window)(SnapshotType::EventDriven, &head.name);
            match cooldown::check(stamps.get(account).copied(), now, window) {
                Verdict::Holds { due, .. } => decisions.extend(events.iter().map(|event| Decision {
                    due_at: Some(due),
                    ..Decision::new(event.id, Outcome::Skipped)
                })),
                Verdict::Over | Verdict::FutureStamp => requests.extend(request(*account, events)),
            }
        }
        for taken in take(transaction, self.rules, &self.summaries, &requests)? {
            let events = by_account.get(&taken.account).map_or(&[][..], Vec::as_slice);
            decisions.extend(events.iter().enumerate().map(|(place, event)| match &taken.result {
                Ok(snapshot) => {
                    let is_newest = place + 1 == events.len();
                    let outcome = if is_newest { Outcome::Created } else { Outcome::Covered };
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

/// One snapshot for all events of an account; it names the newest.
fn request(account: AccountId, events: &[&Event]) -> Option<Request> {
    let newest = events.last()?;
    Some(Request {
        account,
        reason: SnapshotReason {
            snapshot_type: SnapshotType::EventDriven,
            trigger: Some(newest.draft.event_type),
            action: newest.draft.action.clone(),
            event: Some(newest.id),
            reason: None,
            created_by: None,
        },
    })
}
