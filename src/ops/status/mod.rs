//! `status`: what is stale, what waits, what failed, and whether the schedule runs, of every customer or of one.
//!
//! It only reads, so it answers while others write. Archived accounts have no part in it. In reading order: `accounts`
//! (which are stale), `pending` (what waits and what failed).

mod accounts;
mod pending;

use super::Context;
use super::context::Customer;
use super::rules::Rules;
use super::scheduled::{Calendar, OwedSlot, owed_slots};
use crate::error::Result;
use crate::model::time::Timestamp;
use crate::report::status::{CustomerStatus, ScheduleRunLine, ScheduleStatus, StatusView, Verdict};
use crate::store::{AccountAge, Reader, ScheduleRunRecord};

/// What is asked of the status.
#[derive(Debug, Clone, Copy, Default)]
pub struct StatusOptions<'a> {
    /// Only of this customer; None: of all.
    pub customer: Option<&'a str>,
    /// How old the newest snapshot of an account may be, in milliseconds.
    pub max_age: Option<i64>,
    /// How long ago an upload may last have named an account's KPIs, in milliseconds.
    pub max_data_age: Option<i64>,
}

/// What is due may wait for so long: the installed lines run every hour, so two runs were missed by then.
const OVERDUE_AFTER: i64 = 2 * 3_600_000;

/// How many runs are shown.
const RUNS: usize = 5;

/// How the portfolios stand.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, and anything that the database says.
pub fn status(context: &Context<'_>, options: &StatusOptions<'_>) -> Result<StatusView> {
    let customers = context.customers_served(options.customer)?;
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let now = context.clock.now();
    let mut statuses = Vec::with_capacity(customers.len());
    for customer in customers {
        context.cancel.check()?;
        statuses.push(of_customer(context, &reader, customer, now, options)?);
    }
    Ok(StatusView::new(now, statuses))
}

fn of_customer(
    context: &Context<'_>,
    reader: &Reader<'_>,
    customer: Customer,
    now: Timestamp,
    options: &StatusOptions<'_>,
) -> Result<CustomerStatus> {
    let rules = Rules::load(context.config, reader, customer.id)?;
    let calendar = Calendar::new(&rules, now);
    let ages = reader.list_account_ages(customer.id)?;
    let owed = owed_slots(reader, customer.id, &rules, &calendar)?;
    let runs = reader.list_schedule_runs(customer.id, RUNS)?;
    let (pending, failed_events) = pending::of(reader.list_pending_events(customer.id)?, &ages, now);
    let decided = match runs.is_empty() {
        true => Vec::new(),
        false => accounts::decided(reader, customer.id, &rules, &calendar)?,
    };
    let newest_kpis_at = ages.iter().filter_map(|age| age.kpis_named_at).max();
    let status = CustomerStatus {
        customer: customer.name,
        verdict: Verdict::Ok,
        accounts: ages.len() as u64,
        accounts_without_snapshot: ages.iter().filter(|age| age.snapshot.is_none()).count() as u64,
        newest_kpis_at,
        newest_kpis_age_seconds: newest_kpis_at.map(|at| now.seconds_since(at)),
        stale: accounts::stale(&ages, &decided, &calendar, options),
        pending,
        failed_events,
        schedule: schedule(&calendar, &owed, &runs, &ages),
    };
    Ok(status.judged())
}

/// Whether the schedule runs. Before its first run nothing is late: it may not be wanted.
fn schedule(
    calendar: &Calendar,
    owed: &[OwedSlot],
    runs: &[ScheduleRunRecord],
    ages: &[AccountAge],
) -> ScheduleStatus {
    let now = calendar.now;
    let is_overdue = |owed: &&OwedSlot| is_late(owed.slot.due_at, now) && !runs.is_empty();
    let line = |run: &ScheduleRunRecord| ScheduleRunLine {
        schedule_run_id: run.id,
        evaluated_at: run.evaluated_at,
        age_seconds: now.seconds_since(run.evaluated_at),
        created: run.created,
        failed: run.failed.len() as u64,
        flushed: run.flushed,
    };
    ScheduleStatus {
        unfilled_slots: owed.len() as u64,
        overdue_slots: owed.iter().filter(is_overdue).count() as u64,
        oldest_unfilled_due_at: owed.iter().map(|owed| owed.slot.due_at).min(),
        next_due_at: calendar.next_due().filter(|_| !ages.is_empty()),
        last_runs: runs.iter().map(line).collect(),
    }
}

/// Whether what became due then should have been done by now.
fn is_late(due: Timestamp, now: Timestamp) -> bool {
    now.millis_since(due) > OVERDUE_AFTER
}
