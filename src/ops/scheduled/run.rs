//! `scheduled run`: the snapshots that are due, of every customer or of one, and those that pending changes are owed.
//!
//! One transaction a customer: the lock is taken, the clock read, what is owed judged and filled, the run recorded. So
//! two runs at once find each other's slots filled, and a killed run leaves everything to the next one.

use super::calendar::Calendar;
use super::fill::{Filled, failed_accounts, fill};
use super::owed::{OwedSlot, owed_slots};
use crate::error::{ErrorKind, Result};
use crate::events::{FlushOutcome, FlushScope, flush};
use crate::model::event::EventType;
use crate::ops::Context;
use crate::ops::context::Customer;
use crate::ops::flush::{given_up_names, tell_given_up};
use crate::ops::observer::{Level, Message};
use crate::ops::rescore::{note, rescore_if_changed};
use crate::ops::rules::Rules;
use crate::ops::told::{self, AccountFate, Fate};
use crate::report::scheduled::run::{FilledSlots, ScheduleFailure, ScheduleRunView};
use crate::store::{ConfigChange, NewScheduleRun, Store, WhichCustomer, WriteTransaction};

/// For whom the schedule runs.
#[derive(Debug, Clone, Copy, Default)]
pub struct ScheduleOptions<'a> {
    /// Only this customer; None serves all.
    pub customer: Option<&'a str>,
}

/// Runs the schedule, one transaction a customer.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `Busy`, and anything that the database says.
pub fn run_schedule(context: &Context<'_>, options: &ScheduleOptions<'_>) -> Result<ScheduleRunView> {
    let customers = context.customers_served(options.customer)?;
    let mut store = context.open_to_write()?;
    let mut view = ScheduleRunView::new();
    let is_one = customers.len() == 1;
    for customer in customers {
        match run_customer(context, &mut store, &customer, &mut view) {
            // An instant that one customer refuses does not keep the others from what they are owed.
            Err(error) if error.kind() == ErrorKind::InputRefused && !is_one => {
                view.customers_left += 1;
                let text = format!("customer '{}' is left: {}", customer.name, error.message());
                context.tell(Level::Error, &Message::new(text).of("customer_left"));
            }
            done => done?,
        }
    }
    Ok(view)
}

fn run_customer(
    context: &Context<'_>,
    store: &mut Store,
    customer: &Customer,
    view: &mut ScheduleRunView,
) -> Result<()> {
    context.cancel.check()?;
    let mut transaction = context.begin(store, WhichCustomer::Id(customer.id), "scheduled run")?;
    let rules = Rules::load(context.config, &transaction.reader(), customer.id)?;
    let (config, config_change) = transaction.use_scoring_config(&rules.scoring)?;
    let series = transaction.load_series()?;
    let snapshot_rules = rules.for_snapshots(&series, config);
    let rescored = rescore_if_changed(context, &mut transaction, &snapshot_rules, config_change)?;
    let calendar = Calendar::new(&rules, transaction.now());
    let rules_hash = calendar.hash(config);
    let owed = owed(&transaction, &rules, &calendar, &rules_hash, config_change)?;
    let filled = fill(&mut transaction, &snapshot_rules, &calendar, owed)?;
    let flushed = flush(&mut transaction, &snapshot_rules, FlushScope::DueAndDeferred, None)?;
    let failed = failed_accounts(&filled);
    transaction.append_schedule_run(&NewScheduleRun {
        created: (filled.len() - failed.len()) as u64,
        failed: &failed,
        flushed: flushed.created(),
        rules_hash: &rules_hash,
    })?;
    let mut fates: Vec<AccountFate> = filled.iter().map(fate).collect();
    fates.extend(told::of_flush(&transaction, &flushed));
    let given_up = given_up_names(&transaction, &flushed);
    let now = transaction.now();
    add(view, customer, &calendar, &filled, &flushed);
    context.conclude(transaction)?;
    if let Some((level, message)) = note(config_change, rescored) {
        context.tell(level, &message);
    }
    told::tell(context, &fates, now, rules.zone);
    tell_given_up(context, &customer.name, &given_up);
    Ok(())
}

/// What is owed; nothing is looked at where the last run found nothing to do and nothing happened since.
fn owed(
    transaction: &WriteTransaction<'_>,
    rules: &Rules<'_>,
    calendar: &Calendar,
    rules_hash: &str,
    config_change: ConfigChange,
) -> Result<Vec<OwedSlot>> {
    let (reader, customer) = (transaction.reader(), transaction.customer());
    let last = reader.last_schedule_run(customer)?;
    let is_settled = last.is_some_and(|run| {
        config_change == ConfigChange::Same
            && transaction.previous_change() == Some(run.change)
            && calendar.is_settled_by(&run, rules_hash)
    });
    if is_settled { Ok(Vec::new()) } else { owed_slots(&reader, customer, rules, calendar) }
}

fn fate(filled: &Filled) -> AccountFate {
    let fate = match &filled.result {
        Ok(snapshot) => Fate::Created { snapshot: *snapshot, trigger: EventType::Schedule },
        Err(error) => Fate::Failed { error: error.clone() },
    };
    AccountFate { account: filled.owed.account, name: filled.owed.account_name.clone(), fate }
}

fn add(
    view: &mut ScheduleRunView,
    customer: &Customer,
    calendar: &Calendar,
    filled: &[Filled],
    flushed: &FlushOutcome,
) {
    view.snapshot_ids.extend(filled.iter().filter_map(|filled| filled.result.as_ref().ok()));
    let mut by_rule: Vec<&Filled> = filled.iter().collect();
    by_rule.sort_by_key(|filled| filled.owed.rule);
    for Filled { owed, result } in by_rule {
        let Some(rule) = calendar.rules.get(owed.rule) else { continue };
        let slots = view.slots_of(FilledSlots::new(&customer.name, rule, &owed.slot));
        match result {
            Ok(_) => {
                slots.created += 1;
                slots.missed += owed.gap.map_or(0, |gap| u64::from(gap.count));
            }
            Err(error) => {
                slots.failed += 1;
                view.failures.push(ScheduleFailure {
                    customer: customer.name.clone(),
                    account_id: owed.account,
                    account_name: owed.account_name.clone(),
                    rule: rule.name.clone(),
                    label: owed.slot.period.to_string(),
                    error: error.clone(),
                });
            }
        }
    }
    view.flushed += flushed.created();
    view.flush_failed += flushed.failed();
    view.given_up += flushed.given_up.len() as u64;
    view.next_due_at = view.next_due_at.into_iter().chain(calendar.next_due()).min();
}
