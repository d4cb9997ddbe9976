//! Events and what became of them.

use super::Reader;
use crate::error::Result;
use crate::model::decision::Outcome;
use crate::model::event::EventType;
use crate::model::ids::{AccountId, CustomerId, EventId, SnapshotId, UploadId};
use crate::model::time::Timestamp;
use crate::model::upload::Upload;
use crate::store::failure::damaged;
use crate::store::heads::id_list;

/// Which events.
#[derive(Debug, Clone, Copy, Default)]
pub struct EventFilter<'a> {
    /// Of this account only.
    pub account: Option<AccountId>,
    /// Whose last decision is one of these; empty: whatever it is.
    pub outcomes: &'a [Outcome],
    /// At most so many; None: all.
    pub limit: Option<u32>,
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

/// An event that is owed a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingRecord {
    /// The event, with its last decision.
    pub event: EventRecord,
    /// How often its snapshot failed.
    pub failures: u32,
}

pub(super) const COLUMNS: &str = "e.id, e.account_id, h.name, h.external_id, e.event_type, e.action, g.recorded_at, e.upload_id, \
     e.outcome, coalesce(d.outcome, e.outcome), coalesce(dg.recorded_at, g.recorded_at), \
     CASE WHEN d.id IS NULL THEN e.snapshot_id ELSE d.snapshot_id END, \
     CASE WHEN d.id IS NULL THEN e.due_at ELSE d.due_at END, \
     CASE WHEN d.id IS NULL THEN e.error ELSE d.error END";

/// `?1` is the customer: an account of another one keeps its name to itself.
pub(super) const JOINS: &str = "LEFT JOIN account_heads h ON h.account_id = e.account_id AND h.customer_id = ?1 \
     JOIN changes g ON g.id = e.change_id LEFT JOIN decisions d \
     ON d.id = (SELECT max(l.id) FROM decisions l WHERE l.event_id = e.id) \
     LEFT JOIN changes dg ON dg.id = d.change_id";

/// The events of account `?2` of customer `?1`, from its newest back.
const CHAIN: &str = "WITH RECURSIVE chain (id) AS (SELECT event_id FROM account_heads WHERE account_id = ?2 \
     AND customer_id = ?1 AND event_id IS NOT NULL UNION ALL SELECT p.previous_id FROM chain c \
     JOIN events p ON p.id = c.id WHERE p.previous_id IS NOT NULL) ";

impl Reader<'_> {
    /// The customer's events, newest first. Those of one account are reached over its chain, without a look at
    /// the others'; an event that was denied is in no account's chain.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_events(&self, customer: CustomerId, filter: EventFilter<'_>) -> Result<Vec<EventRecord>> {
        let (with, from) = match filter.account {
            Some(_) => (CHAIN, "FROM chain w JOIN events e ON e.id = w.id"),
            None => ("", "FROM events e"),
        };
        let mut statement = self.sql().prepare_cached(&format!(
            "{with}SELECT {COLUMNS} {from} {JOINS} WHERE e.customer_id = ?1 AND (?2 IS NULL OR e.account_id = ?2) \
             AND (?3 = '[]' OR coalesce(d.outcome, e.outcome) IN (SELECT value FROM json_each(?3))) \
             ORDER BY e.id DESC LIMIT ?4"
        ))?;
        let outcomes = id_list(filter.outcomes.iter().map(|outcome| outcome.number()));
        let account = filter.account.map(AccountId::get);
        let limit = filter.limit.map_or(-1, i64::from);
        collect(statement.query((customer.get(), account, outcomes, limit))?)
    }

    /// The customer's events that are owed a snapshot, oldest first.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_pending_events(&self, customer: CustomerId) -> Result<Vec<PendingRecord>> {
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT {COLUMNS}, p.failures FROM pending_events p CROSS JOIN events e ON e.id = p.event_id {JOINS} \
             WHERE p.customer_id = ?1 ORDER BY e.id"
        ))?;
        let mut rows = statement.query([customer.get()])?;
        let mut pending = Vec::new();
        while let Some(row) = rows.next()? {
            pending.push(PendingRecord { event: record(row)?, failures: row.get(14)? });
        }
        Ok(pending)
    }

    /// The events that an upload published, oldest first.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_events_of_upload(&self, customer: CustomerId, upload: &Upload) -> Result<Vec<EventRecord>> {
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT {COLUMNS} FROM events e {JOINS} WHERE e.id >= ?2 AND e.id < ?3 AND e.customer_id = ?1 \
             AND e.upload_id = ?4 ORDER BY e.id"
        ))?;
        let first = self.first_event_from(upload.change.get())?;
        let end = self.first_event_from(upload.change.get().saturating_add(1))?;
        collect(statement.query((customer.get(), first, end, upload.id.get()))?)
    }

    /// The lowest id that an event of this change, or of a later one, can have. Both numbers only grow, so that
    /// it is found by halving, without an index that every write would pay for.
    fn first_event_from(&self, change: i64) -> Result<i64> {
        let last: Option<i64> =
            self.sql().prepare_cached("SELECT max(id) FROM events")?.query_one([], |row| row.get(0))?;
        let mut statement =
            self.sql().prepare_cached("SELECT change_id FROM events WHERE id >= ?1 ORDER BY id LIMIT 1")?;
        let (mut low, mut high) = (1, last.unwrap_or(0).saturating_add(1));
        while low < high {
            let middle = low + (high - low) / 2;
            let found: i64 = statement.query_one([middle], |row| row.get(0))?;
            if found < change {
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        Ok(low)
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
        let filter = EventFilter { account: Some(snapshot.account.id), ..EventFilter::default() };
        let mut events = self.list_events(customer, filter)?;
        events.retain(|event| event.snapshot == Some(snapshot.id));
        events.reverse();
        Ok(events)
    }
}

pub(super) fn collect(mut rows: rusqlite::Rows<'_>) -> Result<Vec<EventRecord>> {
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(record(row)?);
    }
    Ok(events)
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
