//! Events with their first decision, later decisions, what is pending, and the cooldown's stamps.

use rusqlite::{Connection, OptionalExtension, Row};
use rustc_hash::FxHashMap;

use super::append::value::{int, maybe, maybe_text};
use super::failure::damaged;
use super::heads::id_list;
use super::ledger::Table;
use super::salt::Salt;
use super::transaction::WriteTransaction;
use crate::error::Result;
use crate::model::decision::Outcome;
use crate::model::event::EventType;
use crate::model::ids::{AccountId, EventId, SnapshotId, UploadId};
use crate::model::snapshot::SnapshotType;
use crate::model::time::Timestamp;

/// An event as it is appended, with its first decision.
#[derive(Debug, Clone)]
pub struct EventRow<'a> {
    /// Its id, from [`WriteTransaction::next_event`].
    pub id: EventId,
    /// The account whose facts changed.
    pub account: AccountId,
    /// What happened.
    pub event_type: EventType,
    /// What happened, in more words.
    pub action: Option<&'a str>,
    /// The upload that did it.
    pub upload: Option<UploadId>,
    /// What became of it.
    pub outcome: Outcome,
    /// The snapshot that holds its change.
    pub snapshot: Option<SnapshotId>,
    /// When it will be due, where the cooldown held.
    pub due_at: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<&'a str>,
}

/// A later decision about an event.
#[derive(Debug, Clone)]
pub struct LaterDecision<'a> {
    /// The event.
    pub event: EventId,
    /// Whose account it is.
    pub account: AccountId,
    /// What became of it.
    pub outcome: Outcome,
    /// The snapshot that holds its change.
    pub snapshot: Option<SnapshotId>,
    /// When it will be due.
    pub due_at: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<&'a str>,
}

/// An event that is owed a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingEvent {
    /// The event.
    pub id: EventId,
    /// What happened.
    pub event_type: EventType,
    /// In more words.
    pub action: Option<String>,
    /// Its last decision: skipped (then it is due by itself once the cooldown is over), deferred or failed.
    pub outcome: Outcome,
    /// How often its snapshot failed.
    pub failures: u32,
}

/// An account that is owed a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingAccount {
    /// The account.
    pub account: AccountId,
    /// Its pending events, oldest first.
    pub events: Vec<PendingEvent>,
}

/// When each account had its last snapshot of a type; an account that never had one is absent.
pub(super) fn stamps(
    sql: &Connection,
    accounts: &[AccountId],
    snapshot_type: SnapshotType,
) -> Result<FxHashMap<AccountId, Timestamp>> {
    let mut statement = sql.prepare_cached(
        "SELECT c.account_id, c.stamped_at FROM json_each(?1) j \
         CROSS JOIN cooldowns c ON c.account_id = j.value AND c.snapshot_type = ?2",
    )?;
    let ids = id_list(accounts.iter().map(|id| id.get()));
    let stamps = statement
        .query_map((ids, snapshot_type.number()), |row| {
            Ok((AccountId::new(row.get(0)?), Timestamp::from_millis(row.get(1)?)))
        })?
        .collect::<Result<_, _>>()?;
    Ok(stamps)
}

impl WriteTransaction<'_> {
    /// The id of the next event.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn next_event(&mut self) -> Result<EventId> {
        Ok(EventId::new(self.next_id("event")?))
    }

    /// Appends events with their first decisions; pending ones are remembered until a snapshot covers them.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn append_events(&mut self, events: &[EventRow<'_>]) -> Result<()> {
        for event in events {
            let (customer, change) = (self.customer.id.get(), self.change().get());
            let (salt, previous) = match self.head_mut(event.account) {
                Some(head) => (head.salt, head.event.replace(event.id)),
                None => (self.salt_of(event.account)?, None),
            };
            let row = [
                int(event.id.get()),
                int(customer),
                int(event.account.get()),
                int(change),
                maybe(previous.map(EventId::get)),
                int(event.event_type.number()),
                maybe(event.upload.map(UploadId::get)),
                int(event.outcome.number()),
                maybe(event.snapshot.map(SnapshotId::get)),
                maybe(event.due_at.map(Timestamp::millis)),
                maybe_text(event.action),
                maybe_text(event.error),
            ];
            self.appender(Table::Events)?.append(Some(&salt), &row)?;
            self.remember_pending(event.id, event.account, event.outcome)?;
        }
        Ok(())
    }

    /// Appends later decisions.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn append_decisions(&mut self, decisions: &[LaterDecision<'_>]) -> Result<()> {
        for decision in decisions {
            let id = self.next_id("decision")?;
            let (customer, change) = (self.customer.id.get(), self.change().get());
            let salt = self.salt_of(decision.account)?;
            let row = [
                int(id),
                int(decision.event.get()),
                int(customer),
                int(decision.account.get()),
                int(change),
                int(decision.outcome.number()),
                maybe(decision.snapshot.map(SnapshotId::get)),
                maybe(decision.due_at.map(Timestamp::millis)),
                maybe_text(decision.error),
            ];
            self.appender(Table::Decisions)?.append(Some(&salt), &row)?;
            self.remember_pending(decision.event, decision.account, decision.outcome)?;
        }
        Ok(())
    }

    /// The salt that keys the hashes of an account's rows, whosever it is; zeros where there is no such account.
    fn salt_of(&self, account: AccountId) -> Result<Salt> {
        if let Some(head) = self.heads.get(&account) {
            return Ok(head.salt);
        }
        let salt = self
            .sql
            .prepare_cached("SELECT salt FROM accounts WHERE id = ?1")?
            .query_one([account.get()], |row| row.get(0))
            .optional()?;
        Ok(salt.unwrap_or_default())
    }

    /// Whether the customer has any pending event.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn has_pending(&self) -> Result<bool> {
        let mut statement =
            self.sql.prepare_cached("SELECT 1 FROM pending_events WHERE customer_id = ?1 LIMIT 1")?;
        Ok(statement.exists([self.customer.id.get()])?)
    }

    fn remember_pending(&mut self, event: EventId, account: AccountId, outcome: Outcome) -> Result<()> {
        if !outcome.is_pending() {
            self.sql
                .prepare_cached("DELETE FROM pending_events WHERE event_id = ?1")?
                .execute([event.get()])?;
            return Ok(());
        }
        self.sql
            .prepare_cached(
                "INSERT INTO pending_events (event_id, customer_id, account_id, outcome, failures) \
                 VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (event_id) DO UPDATE SET outcome = excluded.outcome, \
                 failures = pending_events.failures + excluded.failures",
            )?
            .execute((
                event.get(),
                self.customer.id.get(),
                account.get(),
                outcome.number(),
                i64::from(outcome == Outcome::Failed),
            ))?;
        Ok(())
    }

    /// The customer's accounts that are owed a snapshot, by account; `only` narrows it.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn list_pending(&self, only: Option<&[AccountId]>) -> Result<Vec<PendingAccount>> {
        let sql = "SELECT p.account_id, p.event_id, p.outcome, p.failures, e.event_type, e.action \
                   FROM pending_events p JOIN events e ON e.id = p.event_id WHERE p.customer_id = ?1";
        let order = "ORDER BY p.account_id, p.event_id";
        let (sql, ids) = match only {
            None => (format!("{sql} {order}"), None),
            Some(accounts) => (
                format!("{sql} AND p.account_id IN (SELECT value FROM json_each(?2)) {order}"),
                Some(id_list(accounts.iter().map(|id| id.get()))),
            ),
        };
        let mut statement = self.sql.prepare_cached(&sql)?;
        let mut rows = match &ids {
            None => statement.query([self.customer.id.get()])?,
            Some(ids) => statement.query((self.customer.id.get(), ids))?,
        };
        let mut pending: Vec<PendingAccount> = Vec::new();
        while let Some(row) = rows.next()? {
            let account = AccountId::new(row.get(0)?);
            if pending.last().is_none_or(|last| last.account != account) {
                pending.push(PendingAccount { account, events: Vec::new() });
            }
            let event = pending_from(row)?;
            if let Some(last) = pending.last_mut() {
                last.events.push(event);
            }
        }
        Ok(pending)
    }

    /// When a snapshot of this type was last stamped for each account.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn load_stamps(
        &self,
        accounts: &[AccountId],
        snapshot_type: SnapshotType,
    ) -> Result<FxHashMap<AccountId, Timestamp>> {
        stamps(&self.sql, accounts, snapshot_type)
    }

    /// Stamps the cooldown of a type for an account at the transaction's now.
    pub(super) fn stamp(&self, account: AccountId, snapshot_type: SnapshotType) -> Result<()> {
        self.sql
            .prepare_cached(
                "INSERT INTO cooldowns (account_id, snapshot_type, stamped_at, change_id) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (account_id, snapshot_type) DO UPDATE SET stamped_at = excluded.stamped_at, \
                 change_id = excluded.change_id",
            )?
            .execute((account.get(), snapshot_type.number(), self.now().millis(), self.change().get()))?;
        Ok(())
    }

    /// Whether accounts belong to this transaction's customer: those that do.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn owned(&mut self, accounts: &[AccountId]) -> Result<Vec<AccountId>> {
        self.load_heads(accounts)?;
        Ok(accounts.iter().copied().filter(|account| self.heads.contains_key(account)).collect())
    }
}

/// Reads an event whose columns begin behind the account's.
fn pending_from(row: &Row<'_>) -> Result<PendingEvent> {
    let unknown = |what: &str| damaged(format!("an event has an unknown {what}"));
    Ok(PendingEvent {
        id: EventId::new(row.get(1)?),
        outcome: Outcome::from_number(row.get(2)?).ok_or_else(|| unknown("outcome"))?,
        failures: row.get(3)?,
        event_type: EventType::from_number(row.get(4)?).ok_or_else(|| unknown("type"))?,
        action: row.get(5)?,
    })
}
