//! `status` (`acctsnap.status/1`): what is stale, what waits, what failed, and whether the schedule runs.
//!
//! The verdict is drawn here from what the view holds, so that text, JSON, exit code and monitors agree.

pub mod nagios;
mod text;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::event::EventType;
use crate::model::ids::{AccountId, EventId, ScheduleRunId, SnapshotId};
use crate::model::schedule::Cadence;
use crate::model::time::Timestamp;

pub use text::render;

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.status/1";

/// The worst that there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All is well.
    #[default]
    Ok,
    /// Something did not go as it should, and is tried again.
    Warning,
    /// A snapshot, or data, is older than it may be; or a slot or a change waits too long.
    Stale,
    /// An event failed too often to be tried again. It outranks what is stale: nothing mends it by itself.
    Failed,
}

/// Why an account is stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StaleReason {
    /// Its newest snapshot is older than the slot before the newest due one of the rule that decides.
    Schedule,
    /// Its newest snapshot is older than `--max-age`, or there is none.
    MaxAge,
    /// Its KPIs were last named longer ago than `--max-data-age`, or never.
    MaxDataAge,
}

/// An account that is stale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StaleAccount {
    /// Our id.
    pub account_id: AccountId,
    /// Its id in the customer's own systems.
    pub external_account_id: Option<String>,
    /// Its name.
    pub account_name: String,
    /// Why it is; at least one.
    pub reasons: Vec<StaleReason>,
    /// Its newest snapshot.
    pub snapshot_id: Option<SnapshotId>,
    /// When that was taken.
    pub snapshot_timestamp: Option<Timestamp>,
    /// Seconds from then to `as_of`.
    pub age_seconds: Option<i64>,
    /// Seconds since an upload last named its KPIs.
    pub kpis_age_seconds: Option<i64>,
    /// The schedule rule that decides for it.
    pub rule: Option<String>,
    /// How often that wants a snapshot.
    pub cadence: Option<Cadence>,
}

/// Changes that are owed a snapshot; those that failed too often are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct PendingStatus {
    /// Accounts that have any.
    pub accounts: u64,
    /// The events.
    pub events: u64,
    /// Events that were left to a flush.
    pub deferred: u64,
    /// Events whose snapshot failed, and is tried again.
    pub failing: u64,
    /// When the oldest of them happened.
    pub oldest_at: Option<Timestamp>,
    /// When the first of them is due; deferred ones are at once.
    pub due_at: Option<Timestamp>,
    /// Accounts that have one due for more than two hours: nobody flushes.
    pub overdue_accounts: u64,
}

/// An event that failed too often to be tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FailedEvent {
    /// The event.
    pub event_id: EventId,
    /// What happened.
    pub event_type: EventType,
    /// Whose it is.
    pub account_id: AccountId,
    /// That account's name.
    pub account_name: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// How often its snapshot failed.
    pub failures: u32,
    /// Why, the last time.
    pub error: Option<String>,
}

/// A run of the schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScheduleRunLine {
    /// Our id.
    pub schedule_run_id: ScheduleRunId,
    /// The instant by which it judged what was due.
    pub evaluated_at: Timestamp,
    /// Seconds from then to `as_of`.
    pub age_seconds: i64,
    /// Slots that it filled.
    pub created: u64,
    /// Accounts whose slot it could not fill.
    pub failed: u64,
    /// Snapshots of pending changes that it wrote besides.
    pub flushed: u64,
}

/// Whether the schedule runs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct ScheduleStatus {
    /// Slots that are due and not filled.
    pub unfilled_slots: u64,
    /// Those that are due for more than two hours; 0 where the schedule has never run.
    pub overdue_slots: u64,
    /// When the oldest unfilled one became due.
    pub oldest_unfilled_due_at: Option<Timestamp>,
    /// When the next slot becomes due.
    pub next_due_at: Option<Timestamp>,
    /// The last runs, the newest first, at most five.
    pub last_runs: Vec<ScheduleRunLine>,
}

/// How a customer's portfolio stands; archived accounts have no part in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustomerStatus {
    /// Whose portfolio.
    pub customer: String,
    /// The worst that there is.
    pub verdict: Verdict,
    /// Its accounts.
    pub accounts: u64,
    /// Those without a snapshot.
    pub accounts_without_snapshot: u64,
    /// When an upload last named the KPIs of any of them.
    pub newest_kpis_at: Option<Timestamp>,
    /// Seconds from then to `as_of`.
    pub newest_kpis_age_seconds: Option<i64>,
    /// Those that are stale, by id.
    pub stale: Vec<StaleAccount>,
    /// Changes that are owed a snapshot.
    pub pending: PendingStatus,
    /// Events that failed too often.
    pub failed_events: Vec<FailedEvent>,
    /// Whether the schedule runs.
    pub schedule: ScheduleStatus,
}

impl CustomerStatus {
    /// The worst that there is.
    #[must_use]
    pub fn judged(mut self) -> Self {
        let is_late = self.schedule.overdue_slots + self.pending.overdue_accounts > 0;
        let last_failed = self.schedule.last_runs.first().is_some_and(|run| run.failed > 0);
        self.verdict = if !self.failed_events.is_empty() {
            Verdict::Failed
        } else if is_late || !self.stale.is_empty() {
            Verdict::Stale
        } else if self.pending.failing > 0 || last_failed {
            Verdict::Warning
        } else {
            Verdict::Ok
        };
        self
    }
}

/// How the portfolios stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.status/1")]
pub struct StatusView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// The instant that this answer speaks of.
    pub as_of: Timestamp,
    /// The worst that there is for any customer.
    pub verdict: Verdict,
    /// The customers, by id.
    pub customers: Vec<CustomerStatus>,
}

impl StatusView {
    /// Of these customers at an instant.
    #[must_use]
    pub fn new(as_of: Timestamp, customers: Vec<CustomerStatus>) -> Self {
        let verdict = customers.iter().map(|customer| customer.verdict).max().unwrap_or_default();
        Self { schema: SCHEMA, as_of, verdict, customers }
    }

    fn sum(&self, of: impl Fn(&CustomerStatus) -> u64) -> u64 {
        self.customers.iter().map(of).sum()
    }

    fn accounts(&self) -> u64 {
        self.sum(|customer| customer.accounts)
    }

    /// When the schedule last ran for each customer that it ever ran for: the longest ago of them.
    fn oldest_last_run(&self) -> Option<&ScheduleRunLine> {
        let last = self.customers.iter().filter_map(|customer| customer.schedule.last_runs.first());
        last.max_by_key(|run| run.age_seconds)
    }

    fn next_due_at(&self) -> Option<Timestamp> {
        self.customers.iter().filter_map(|customer| customer.schedule.next_due_at).min()
    }
}
