//! The dispatcher: registers subscribers for event types, and publishes a batch to each in turn.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::error::Result;
use crate::model::decision::Outcome;
use crate::model::event::EventType;
use crate::model::ids::{AccountId, CustomerId, EventId, SnapshotId, UploadId};
use crate::model::time::Timestamp;
use crate::store::{EventRow, WriteTransaction};

/// Something that happened to an account's facts, about to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventDraft {
    /// Whose account it is said to be; where it is not, the event is denied.
    pub customer: CustomerId,
    /// The account whose facts changed.
    pub account: AccountId,
    /// What happened.
    pub event_type: EventType,
    /// In more words.
    pub action: Option<String>,
    /// The upload that did it.
    pub upload: Option<UploadId>,
}

/// A published event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// What happened.
    pub draft: EventDraft,
}

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The event.
    pub event: EventId,
    /// What became of it.
    pub outcome: Outcome,
    /// The snapshot that holds its change.
    pub snapshot: Option<SnapshotId>,
    /// When it will be due, where the cooldown held.
    pub due_at: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<String>,
}

impl Decision {
    /// A decision without snapshot, due instant or error.
    #[must_use]
    pub fn new(event: EventId, outcome: Outcome) -> Self {
        Self { event, outcome, snapshot: None, due_at: None, error: None }
    }

    /// It failed for this reason.
    #[must_use]
    pub fn failed(event: EventId, error: &str) -> Self {
        Self { error: Some(error.to_owned()), ..Self::new(event, Outcome::Failed) }
    }
}

/// Whether the subscribers are called now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deferral {
    /// They are.
    Now,
    /// They are not: the events are recorded, and a flush will write the snapshots.
    ToFlush,
}

/// Someone who acts on events.
pub trait Subscriber {
    /// Its name, for errors.
    fn name(&self) -> &'static str;

    /// The types for which it registers.
    fn event_types(&self) -> &[EventType];

    /// Whether it takes back by itself what a failure has left half done, so that no savepoint is kept for it over
    /// all of its work; an error of such a one ends the transaction.
    ///
    /// As long as a savepoint stands, SQLite writes a copy of each page that a statement touches: a gigabyte and more
    /// for a hundred thousand accounts.
    fn takes_back(&self) -> bool {
        false
    }

    /// Acts on a batch of events of its types, oldest first, and says what became of them; events of which it says
    /// nothing are left to the next subscriber. An error fails its events and undoes what it wrote; the upload and
    /// the other subscribers go on.
    ///
    /// # Errors
    /// What kept it from acting on the batch at all.
    fn handle(&mut self, transaction: &mut WriteTransaction<'_>, batch: &[Event]) -> Result<Vec<Decision>>;
}

/// Published events, each with its decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// The events, oldest first.
    pub events: Vec<Event>,
    /// What became of each, in the same order.
    pub decisions: Vec<Decision>,
}

/// Hands events to subscribers, in the order in which these registered.
#[derive(Default)]
pub struct Dispatcher<'a> {
    subscribers: Vec<Box<dyn Subscriber + 'a>>,
}

impl<'a> Dispatcher<'a> {
    /// A dispatcher without subscribers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers a subscriber behind those that are there.
    pub fn subscribe(&mut self, subscriber: impl Subscriber + 'a) {
        self.subscribers.push(Box::new(subscriber));
    }

    /// Publishes a batch: numbers the events, has them decided, and records them with their first decisions.
    ///
    /// An event that no subscriber decides is recorded as deferred.
    ///
    /// # Errors
    /// Failures that end the transaction; a subscriber's own failure is a decision.
    pub fn publish(
        &mut self,
        transaction: &mut WriteTransaction<'_>,
        drafts: Vec<EventDraft>,
        deferral: Deferral,
    ) -> Result<Published> {
        let events = drafts
            .into_iter()
            .map(|draft| Ok(Event { id: transaction.next_event()?, draft }))
            .collect::<Result<Vec<_>>>()?;
        let mut decided: HashMap<EventId, Decision> = HashMap::with_capacity(events.len());
        if deferral == Deferral::Now {
            for subscriber in &mut self.subscribers {
                for decision in ask(subscriber.as_mut(), transaction, &events)? {
                    keep(&mut decided, decision);
                }
            }
        }
        let decisions: Vec<Decision> = events
            .iter()
            .map(|event| {
                decided.remove(&event.id).unwrap_or_else(|| Decision::new(event.id, Outcome::Deferred))
            })
            .collect();
        let rows: Vec<EventRow<'_>> = events.iter().zip(&decisions).map(|(e, d)| row(e, d)).collect();
        transaction.append_events(&rows)?;
        Ok(Published { events, decisions })
    }
}

/// The first decision about an event holds; but a failure gives way to whoever did act on it.
fn keep(decided: &mut HashMap<EventId, Decision>, decision: Decision) {
    match decided.entry(decision.event) {
        Entry::Vacant(place) => drop(place.insert(decision)),
        Entry::Occupied(mut place) if place.get().outcome == Outcome::Failed => drop(place.insert(decision)),
        Entry::Occupied(_) => {}
    }
}

/// One subscriber's decisions; its failure fails the events that it was asked about.
fn ask(
    subscriber: &mut dyn Subscriber,
    transaction: &mut WriteTransaction<'_>,
    events: &[Event],
) -> Result<Vec<Decision>> {
    let types = subscriber.event_types();
    let batch: Vec<Event> = events.iter().filter(|e| types.contains(&e.draft.event_type)).cloned().collect();
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    if subscriber.takes_back() {
        return subscriber.handle(transaction, &batch);
    }
    match transaction.savepoint(|transaction| subscriber.handle(transaction, &batch)) {
        Ok(decisions) => Ok(decisions),
        Err(error) if transaction.is_over(&error) => Err(error),
        Err(error) => {
            let why = format!("{}: {error:?}", subscriber.name());
            Ok(batch.iter().map(|event| Decision::failed(event.id, &why)).collect())
        }
    }
}

fn row<'r>(event: &'r Event, decision: &'r Decision) -> EventRow<'r> {
    EventRow {
        id: event.id,
        account: event.draft.account,
        event_type: event.draft.event_type,
        action: event.draft.action.as_deref(),
        upload: event.draft.upload,
        outcome: decision.outcome,
        snapshot: decision.snapshot,
        due_at: decision.due_at,
        error: decision.error.as_deref(),
    }
}
