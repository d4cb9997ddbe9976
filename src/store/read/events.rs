//! Events and what became of them.

use super::Reader;
use crate::error::Result;
use crate::model::decision::Outcome;
use crate::model::event::EventType;
use crate::model::ids::{AccountId, CustomerId, EventId, SnapshotId, UploadId};
use crate::model::time::Timestamp;
use crate::store::failure::damaged;

/// Which events.
#[derive(Debug, Clone, Copy, Default)]
pub struct EventFilter {
    /// Of this account only.
    pub account: Option<AccountId>,
    /// Whose last decision is this.
    pub outcome: Option<Outcome>,
    /// At most so many.
    pub limit: u32,
}

/// An event with its last decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRecord {
    /// Our id.
    pub id: EventId,
    /// The account.
    pub account: AccountId,
    /// The account's name; None where the event was denied, because the account is another customer's.
    pub account_name: Option<String>,
    /// The account's external id.
    pub external_account_id: Option<String>,
    /// What happened.
    pub event_type: EventType,
    /// In more words.
    pub action: Option<String>,
    /// When.
    pub occurred_at: Timestamp,
    /// The upload that did it.
    pub upload: Option<UploadId>,
    /// What was decided first.
    pub first_outcome: Outcome,
    /// What was decided last.
    pub outcome: Outcome,
    /// When that was.
    pub decided_at: Timestamp,
    /// The snapshot that holds its change.
    pub snapshot: Option<SnapshotId>,
    /// When it was to be due, where the cooldown held.
    pub due_at: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<String>,
}

const LAST: &str = "(SELECT max(d.id) FROM decisions d WHERE d.event_id = e.id)";

impl Reader<'_> {
    /// The customer's events, newest first.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_events(&self, customer: CustomerId, filter: EventFilter) -> Result<Vec<EventRecord>> {
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT e.id, e.account_id, h.name, h.external_id, e.event_type, e.action, g.recorded_at, e.upload_id, \
             e.outcome, coalesce(d.outcome, e.outcome), coalesce(dg.recorded_at, g.recorded_at), \
             CASE WHEN d.id IS NULL THEN e.snapshot_id ELSE d.snapshot_id END, \
             CASE WHEN d.id IS NULL THEN e.due_at ELSE d.due_at END, \
             CASE WHEN d.id IS NULL THEN e.error ELSE d.error END \
             FROM events e LEFT JOIN account_heads h ON h.account_id = e.account_id AND h.customer_id = ?1 JOIN changes g ON g.id = e.change_id \
             LEFT JOIN decisions d ON d.id = {LAST} LEFT JOIN changes dg ON dg.id = d.change_id \
             WHERE e.customer_id = ?1 AND (?2 IS NULL OR e.account_id = ?2) \
             AND (?3 IS NULL OR coalesce(d.outcome, e.outcome) = ?3) ORDER BY e.id DESC LIMIT ?4"
        ))?;
        let mut rows = statement.query((
            customer.get(),
            filter.account.map(AccountId::get),
            filter.outcome.map(Outcome::number),
            filter.limit,
        ))?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            events.push(record(row)?);
        }
        Ok(events)
    }

    /// The events that a snapshot answers or covers, oldest first.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_events_of_snapshot(
        &self,
        customer: CustomerId,
        snapshot: &super::SnapshotRecord,
    ) -> Result<Vec<EventRecord>> {
        let filter = EventFilter { account: Some(snapshot.account.id), outcome: None, limit: u32::MAX };
        let mut events = self.list_events(customer, filter)?;
        events.retain(|event| event.snapshot == Some(snapshot.id));
        events.reverse();
        Ok(events)
    }
}

fn record(row: &rusqlite::Row<'_>) -> Result<EventRecord> {
    let outcome = |place: usize| -> Result<Outcome> {
        Outcome::from_number(row.get(place)?).ok_or_else(|| damaged("an event has an unknown outcome"))
    };
    Ok(EventRecord {
        id: EventId::new(row.get(0)?),
        account: AccountId::new(row.get(1)?),
        account_name: row.get(2)?,
        external_account_id: row.get(3)?,
        event_type: EventType::from_number(row.get(4)?)
            .ok_or_else(|| damaged("an event has an unknown type"))?,
        action: row.get(5)?,
        occurred_at: Timestamp::from_millis(row.get(6)?),
        upload: row.get::<_, Option<i64>>(7)?.map(UploadId::new),
        first_outcome: outcome(8)?,
        outcome: outcome(9)?,
        decided_at: Timestamp::from_millis(row.get(10)?),
        snapshot: row.get::<_, Option<i64>>(11)?.map(SnapshotId::new),
        due_at: row.get::<_, Option<i64>>(12)?.map(Timestamp::from_millis),
        error: row.get(13)?,
    })
}
