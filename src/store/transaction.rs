//! A write transaction: one customer, one change of the ledger, all or nothing.
//!
//! The lock is taken first and the clock read after it, so that no two transactions see the same "now" before each
//! other's stamps. Dropping it without `commit` rolls everything back.

use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{ErrorCode, Transaction, TransactionBehavior};
use rustc_hash::FxHashMap;

use super::append::Appender;
use super::counters::Counters;
use super::customers::{self, CustomerHead};
use super::kpis::WeightingCache;
use super::ledger::{self, Ledger, Table};
use super::migrations::{self, Found};
use super::salt::SaltSource;
use super::{AccountHead, Store};
use crate::clock::{Clock, Stopwatch};
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::{AccountId, ChangeId, CustomerId};
use crate::model::time::Timestamp;

/// What a write transaction needs to begin.
pub struct Begin<'a> {
    /// Where the time comes from, read once the lock is held.
    pub clock: Clock,
    /// Whose transaction it is.
    pub customer: WhichCustomer<'a>,
    /// The command, for the ledger.
    pub command: &'a str,
    /// Who did it, for the ledger.
    pub actor: &'a str,
    /// How long a busy database is waited for.
    pub wait: Duration,
    /// Called about every quarter of a second while waiting, with the time waited; false gives up.
    pub waiting: &'a mut dyn FnMut(Duration) -> bool,
}

/// Which customer a transaction is for.
#[derive(Debug, Clone, Copy)]
pub enum WhichCustomer<'a> {
    /// One that is there.
    Id(CustomerId),
    /// By name; it must be there.
    Named(&'a str),
    /// By name; made where it is not there.
    NamedOrNew(&'a str),
}

/// A running write transaction.
pub struct WriteTransaction<'s> {
    pub(super) sql: Transaction<'s>,
    pub(super) ledger: Ledger,
    pub(super) counters: Counters,
    pub(super) salts: SaltSource,
    /// Boxed, because a table that grows is there twice for a moment.
    pub(super) heads: FxHashMap<AccountId, Box<AccountHead>>,
    /// Heads as they were before a savepoint changed or made them, in order; None outside of savepoints.
    heads_before: Option<Vec<(AccountId, Option<AccountHead>)>>,
    pub(super) weightings: WeightingCache,
    pub(super) fact_rows: Option<(i64, i64)>,
    pub(super) customer: CustomerHead,
    pub(super) returned_to_earlier_config: bool,
    /// Whether this is the customer's last change: then no head of it is kept.
    pub(super) customer_is_erased: bool,
    customer_is_new: bool,
    schema_is_new: bool,
    change: ChangeId,
    now: Timestamp,
    recorded_at: Timestamp,
    clock_went_back: bool,
    command: String,
    actor: String,
}

impl Store {
    /// Waits for the write lock, reads the clock, finds the customer.
    ///
    /// # Errors
    /// `Busy` after `wait`; `Interrupted`; `UnknownCustomer`; `InputRefused` where an instant given with `--at`
    /// lies before the customer's last recorded change.
    pub fn begin(&mut self, mut begin: Begin<'_>) -> Result<WriteTransaction<'_>> {
        if !self.writable {
            return Err(Error::new(ErrorKind::ReadOnly, "the database was opened for reading"));
        }
        let sql = lock(&self.connection, begin.wait, &mut begin.waiting)?;
        let now = begin.clock.now();
        let found = migrations::look(&sql)?;
        if found != Found::Version(migrations::CURRENT) {
            migrations::run(&sql, found, now)?;
        }
        let mut made = Prepared::new();
        let change = ChangeId::new(made.counters.next(&sql, "change")?);
        let (customer, customer_is_new) = made.customer(&sql, begin.customer, change)?;
        let last = customer.recorded_at;
        if begin.clock != Clock::System && last.is_some_and(|last| now < last) {
            return Err(before_last_change(now, last));
        }
        let recorded_at = last.map_or(now, |last| now.max(last));
        Ok(WriteTransaction {
            sql,
            ledger: made.ledger,
            counters: made.counters,
            salts: made.salts,
            heads: FxHashMap::default(),
            heads_before: None,
            weightings: WeightingCache::default(),
            fact_rows: None,
            customer,
            returned_to_earlier_config: false,
            customer_is_erased: false,
            customer_is_new,
            schema_is_new: found == Found::Empty,
            change,
            now,
            recorded_at,
            clock_went_back: recorded_at != now,
            command: begin.command.to_owned(),
            actor: begin.actor.to_owned(),
        })
    }
}

fn before_last_change(now: Timestamp, last: Option<Timestamp>) -> Error {
    let last = last.map_or_else(String::new, |last| format!(" ({last})"));
    Error::new(
        ErrorKind::InputRefused,
        format!("--at {now} lies before the customer's last recorded change{last}"),
    )
    .with_hint("today's facts are not written under an old date; give a later --at, or none")
}

/// The parts of a transaction that are needed before the customer is known.
struct Prepared {
    ledger: Ledger,
    counters: Counters,
    salts: SaltSource,
}

impl Prepared {
    fn new() -> Self {
        Self { ledger: Ledger::new(), counters: Counters::default(), salts: SaltSource::new() }
    }

    fn customer(
        &mut self,
        sql: &Transaction<'_>,
        which: WhichCustomer<'_>,
        change: ChangeId,
    ) -> Result<(CustomerHead, bool)> {
        let (name, may_create) = match which {
            WhichCustomer::Id(id) => return Ok((customers::load_head(sql, id)?, false)),
            WhichCustomer::Named(name) => (name, false),
            WhichCustomer::NamedOrNew(name) => (name, true),
        };
        match customers::find(sql, name)? {
            Some(id) => Ok((customers::load_head(sql, id)?, false)),
            None if may_create => {
                let head = customers::create(
                    sql,
                    name,
                    change,
                    &mut self.counters,
                    &mut self.salts,
                    &mut self.ledger,
                )?;
                Ok((head, true))
            }
            None => Err(customers::unknown(sql, name)),
        }
    }
}

/// BEGIN IMMEDIATE, tried until it is had, given up or refused.
fn lock<'c>(
    connection: &'c rusqlite::Connection,
    wait: Duration,
    waiting: &mut dyn FnMut(Duration) -> bool,
) -> Result<Transaction<'c>> {
    const SLICE: Duration = Duration::from_millis(250);
    let watch = Stopwatch::start();
    connection.busy_timeout(SLICE.min(wait))?;
    loop {
        match Transaction::new_unchecked(connection, TransactionBehavior::Immediate) {
            Ok(transaction) => return Ok(transaction),
            Err(error) if is_busy(&error) && watch.elapsed() < wait => {
                if !waiting(watch.elapsed()) {
                    return Err(Error::new(ErrorKind::Interrupted, "stopped while waiting for the database"));
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

impl WriteTransaction<'_> {
    /// The customer whose transaction this is.
    #[must_use]
    pub fn customer(&self) -> CustomerId {
        self.customer.id
    }

    /// The customer's name as it is kept.
    #[must_use]
    pub fn customer_name(&self) -> &str {
        &self.customer.name
    }

    /// Whether this transaction made the customer.
    #[must_use]
    pub fn customer_is_new(&self) -> bool {
        self.customer_is_new
    }

    /// Whether this transaction made the tables.
    #[must_use]
    pub fn schema_is_new(&self) -> bool {
        self.schema_is_new
    }

    /// The change's number.
    #[must_use]
    pub fn change(&self) -> ChangeId {
        self.change
    }

    /// The customer's change before this one; None where this is its first.
    #[must_use]
    pub fn previous_change(&self) -> Option<ChangeId> {
        self.customer.change
    }

    /// The instant read once the lock was held; cooldowns are judged by it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The instant under which the change is recorded: never before the customer's last one.
    #[must_use]
    pub fn recorded_at(&self) -> Timestamp {
        self.recorded_at
    }

    /// Whether the system's clock stands before the customer's last change.
    #[must_use]
    pub fn clock_went_back(&self) -> bool {
        self.clock_went_back
    }

    /// Who does it.
    #[must_use]
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// Records the change under other words of who did it.
    pub(super) fn set_actor(&mut self, actor: String) {
        self.actor = actor;
    }

    /// The next id of a kind.
    pub(super) fn next_id(&mut self, kind: &'static str) -> Result<i64> {
        self.counters.next(&self.sql, kind)
    }

    /// An appender for many rows of one table of the ledger.
    pub(super) fn appender(&mut self, table: Table) -> Result<Appender<'_>> {
        let statement = self.sql.prepare_cached(table.insert_sql())?;
        Ok(Appender { table, statement, ledger: &mut self.ledger })
    }

    /// Runs `work` under a savepoint: where it fails, nothing of it stays, in the tables or in the digest.
    ///
    /// # Errors
    /// What `work` said.
    pub fn savepoint<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let (ledger, counters) = (self.ledger.clone(), self.counters.clone());
        let outer = self.heads_before.replace(Vec::new());
        let (customer, fact_rows) = (self.customer.clone(), self.fact_rows);
        self.sql.execute_batch("SAVEPOINT step")?;
        let done = work(self);
        let before = std::mem::replace(&mut self.heads_before, outer).unwrap_or_default();
        match done {
            Ok(value) => {
                self.sql.execute_batch("RELEASE step")?;
                // An outer savepoint may still take this one's work back with its own.
                if let Some(outer) = &mut self.heads_before {
                    outer.extend(before);
                }
                Ok(value)
            }
            Err(error) => {
                if !self.is_over(&error) {
                    self.sql.execute_batch("ROLLBACK TO step; RELEASE step")?;
                    (self.ledger, self.counters) = (ledger, counters);
                    (self.customer, self.fact_rows) = (customer, fact_rows);
                    self.weightings = WeightingCache::default();
                    for (account, head) in before.into_iter().rev() {
                        match head {
                            Some(head) => self.heads.insert(account, Box::new(head)),
                            None => self.heads.remove(&account),
                        };
                    }
                }
                Err(error)
            }
        }
    }

    /// Whether an error ended the transaction: nothing of it stays then, and nothing may be written any more.
    ///
    /// SQLite rolls back by itself on a full disk, a failed write, an interrupt, and where a trigger says ROLLBACK;
    /// what would be written after that would stand alone.
    #[must_use]
    pub fn is_over(&self, error: &Error) -> bool {
        self.sql.is_autocommit() || super::ends_transaction(error.kind())
    }

    /// Takes in the head of an account that this transaction made.
    pub(super) fn insert_head(&mut self, head: AccountHead) {
        if let Some(before) = &mut self.heads_before {
            before.push((head.id, None));
        }
        self.heads.insert(head.id, Box::new(head));
    }

    /// A loaded head, to be changed; within a savepoint it is remembered as it was.
    pub(super) fn head_mut(&mut self, account: AccountId) -> Option<&mut AccountHead> {
        let head = self.heads.get_mut(&account)?;
        if let Some(before) = &mut self.heads_before {
            before.push((account, Some(AccountHead::clone(head))));
        }
        head.unsaved = true;
        Some(head)
    }

    /// Writes the change into the ledger and makes everything durable. None where there is nothing to tell of:
    /// nothing was appended, and the customer's scoring configuration is the one before.
    ///
    /// # Errors
    /// Anything that the database says; then nothing of the transaction stays.
    pub fn commit(mut self) -> Result<Option<ChangeId>> {
        if self.sql.is_autocommit() {
            return Err(Error::new(
                ErrorKind::Failed,
                "the database ended the transaction by itself; nothing was written",
            ));
        }
        if self.ledger.is_empty() && !self.returned_to_earlier_config {
            return Ok(None);
        }
        self.save_account_heads()?;
        self.counters.save(&self.sql)?;
        let digest = self.record_change()?;
        if !self.customer_is_erased {
            customers::save_head(&self.sql, &self.customer, self.change, self.recorded_at, &digest)?;
        }
        self.sql.commit()?;
        Ok(Some(self.change))
    }

    /// Takes everything back, as dropping does, and says so in the code.
    pub fn roll_back(self) {}

    fn record_change(&mut self) -> Result<[u8; 32]> {
        let salt = self.salts.next()?;
        let text = self.recorded_at.to_string();
        let previous = self.customer.change.map_or(ValueRef::Null, |change| ValueRef::Integer(change.get()));
        let row = [
            ValueRef::Integer(self.change.get()),
            ValueRef::Integer(self.customer.id.get()),
            previous,
            ValueRef::Integer(self.recorded_at.millis()),
            ValueRef::Text(text.as_bytes()),
            ValueRef::Text(self.command.as_bytes()),
            ValueRef::Text(self.actor.as_bytes()),
            ValueRef::Text(env!("CARGO_PKG_VERSION").as_bytes()),
            ValueRef::Blob(&salt),
        ];
        let ledger = std::mem::replace(&mut self.ledger, Ledger::new());
        let digest = ledger.digest(&self.customer.digest, &row);
        let mut statement = self.sql.prepare_cached(
            "INSERT INTO changes (id, customer_id, previous_id, recorded_at, recorded_text, command, actor, program, \
             salt, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?;
        let whole: Vec<ValueRef<'_>> = row.iter().copied().chain([ValueRef::Blob(&digest)]).collect();
        ledger::insert(&mut statement, &whole)?;
        Ok(digest)
    }
}
