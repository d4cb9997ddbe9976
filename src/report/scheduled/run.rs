//! What a run of the schedule did (`acctsnap.schedule_run/1`).

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::ids::{AccountId, SnapshotId};
use crate::model::schedule::{Cadence, ScheduleRule, Slot};
use crate::model::time::Timestamp;
use crate::report::text::{count, escape_text, instant};

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.schedule_run/1";

/// The slots of one period that one rule of a customer gave its accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FilledSlots {
    /// Whose accounts.
    pub customer: String,
    /// The rule's name.
    pub rule: String,
    /// How often.
    pub cadence: Cadence,
    /// The period, e.g. `week 2026-W47`.
    pub label: String,
    /// When the slots were due.
    pub due_at: Timestamp,
    /// Slots filled.
    pub created: u64,
    /// Slots that could not be filled; the next run tries again.
    pub failed: u64,
    /// Earlier slots of these accounts that nobody had filled: the gap that was recorded.
    pub missed: u64,
}

impl FilledSlots {
    /// None yet.
    #[must_use]
    pub fn new(customer: &str, rule: &ScheduleRule, slot: &Slot) -> Self {
        Self {
            customer: customer.to_owned(),
            rule: rule.name.clone(),
            cadence: rule.every,
            label: slot.period.to_string(),
            due_at: slot.due_at,
            created: 0,
            failed: 0,
            missed: 0,
        }
    }
}

/// A slot that could not be filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScheduleFailure {
    /// Whose account.
    pub customer: String,
    /// Our id.
    pub account_id: AccountId,
    /// Its name.
    pub account_name: String,
    /// The rule's name.
    pub rule: String,
    /// The period.
    pub label: String,
    /// Why.
    pub error: String,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.schedule_run/1")]
pub struct ScheduleRunView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// Slots filled, by customer, rule and period.
    pub slots: Vec<FilledSlots>,
    /// The snapshots that fill them.
    pub snapshot_ids: Vec<SnapshotId>,
    /// Slots that could not be filled.
    pub failures: Vec<ScheduleFailure>,
    /// Snapshots of pending changes that were written besides.
    pub flushed: u64,
    /// Snapshots of pending changes that could not be written.
    pub flush_failed: u64,
    /// Accounts whose pending changes failed too often to be tried again.
    pub given_up: u64,
    /// Customers that had to be left, because their last change lies after `--at`.
    pub customers_left: u64,
    /// When the next slot of any rule becomes due; null where there is no customer.
    pub next_due_at: Option<Timestamp>,
}

impl ScheduleRunView {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            schema: SCHEMA,
            slots: Vec::new(),
            snapshot_ids: Vec::new(),
            failures: Vec::new(),
            flushed: 0,
            flush_failed: 0,
            given_up: 0,
            customers_left: 0,
            next_due_at: None,
        }
    }

    /// The line of a rule and period, made where there is none yet.
    pub fn slots_of(&mut self, fresh: FilledSlots) -> &mut FilledSlots {
        let known = self.slots.iter().position(|slots| {
            (&slots.customer, &slots.rule, &slots.label) == (&fresh.customer, &fresh.rule, &fresh.label)
        });
        let place = known.unwrap_or(self.slots.len());
        if known.is_none() {
            self.slots.push(fresh);
        }
        &mut self.slots[place]
    }

    /// Whether something was not done.
    #[must_use]
    pub fn is_partly_done(&self) -> bool {
        !self.failures.is_empty() || self.flush_failed + self.given_up + self.customers_left > 0
    }
}

impl Default for ScheduleRunView {
    fn default() -> Self {
        Self::new()
    }
}

/// The lines that a person sees.
#[must_use]
pub fn render(view: &ScheduleRunView, zone: chrono_tz::Tz) -> String {
    let mut text = match view.slots.is_empty() {
        true => "no slot was due".to_owned(),
        false => format!("{} taken", count(view.snapshot_ids.len() as u64, "scheduled snapshot")),
    };
    if let failed @ 1.. = view.failures.len() {
        text.push_str(&format!(", {failed} failed (the next run tries again)"));
    }
    if let Some(next) = view.next_due_at.filter(|_| view.slots.is_empty()) {
        text.push_str(&format!("; next {}", instant(next, zone)));
    }
    text.push('\n');
    let several = view.slots.iter().any(|slots| slots.customer != view.slots[0].customer);
    view.slots.iter().for_each(|slots| text.push_str(&line(slots, several)));
    if view.flushed + view.flush_failed > 0 {
        text.push_str(&format!("{} of pending changes", count(view.flushed, "snapshot")));
        if view.flush_failed > 0 {
            text.push_str(&format!(", {} failed", view.flush_failed));
        }
        text.push('\n');
    }
    if view.given_up > 0 {
        text.push_str(&format!(
            "{} not tried again after too many failures\n",
            count(view.given_up, "account")
        ));
    }
    text
}

fn line(slots: &FilledSlots, several: bool) -> String {
    let customer = if several { format!("{}: ", escape_text(&slots.customer)) } else { String::new() };
    let rule = escape_text(&slots.rule);
    let mut line = format!("  {customer}{rule}, {}: {} taken", slots.label, slots.created);
    if slots.failed > 0 {
        line.push_str(&format!(", {} failed", slots.failed));
    }
    if slots.missed > 0 {
        line.push_str(&format!(", {} missed before", count(slots.missed, "slot")));
    }
    line.push('\n');
    line
}
