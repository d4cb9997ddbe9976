//! `scheduled plan`: which slots will be filled when, for which accounts, by which rule and why. It writes nothing.
//!
//! The rule that decides is the one that would decide now: what accounts will be by then nobody knows.

use super::calendar::Calendar;
use super::owed::{CHUNK, Decision, decide, owed_slots};
use crate::error::Result;
use crate::model::schedule::{Slot, is_owed, slots_between};
use crate::model::time::Timestamp;
use crate::ops::Context;
use crate::ops::context::Customer;
use crate::ops::rules::Rules;
use crate::report::scheduled::plan::PlannedSlot;
use crate::store::{Reader, ScheduledAccount};

/// What is planned.
#[derive(Debug, Clone, Copy)]
pub struct PlanOptions<'a> {
    /// Only this customer; None plans for all.
    pub customer: Option<&'a str>,
    /// Up to this instant.
    pub until: Timestamp,
}

/// What is overdue, and what will be due until then: by customer, then rule, then instant, then account.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, and anything that the database says.
pub fn plan_schedule(context: &Context<'_>, options: &PlanOptions<'_>) -> Result<Vec<PlannedSlot>> {
    let customers = context.customers_served(options.customer)?;
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let mut planned = Vec::new();
    for customer in customers {
        planned.extend(plan_customer(context, &reader, &customer, options.until)?);
    }
    Ok(planned)
}

fn plan_customer(
    context: &Context<'_>,
    reader: &Reader<'_>,
    customer: &Customer,
    until: Timestamp,
) -> Result<Vec<PlannedSlot>> {
    let rules = Rules::load(context.config, reader, customer.id)?;
    let calendar = Calendar::new(&rules, context.clock.now());
    let mut placed: Vec<(usize, PlannedSlot)> = Vec::new();
    for owed in owed_slots(reader, customer.id, &rules, &calendar)? {
        let (id, name, why) = (owed.account, owed.account_name, owed.why);
        if let Some(slot) = planned(customer, &calendar, owed.rule, (id, name), &owed.slot, why) {
            placed.push((owed.rule, PlannedSlot { is_overdue: true, ..slot }));
        }
    }
    let accounts = reader.list_scheduled_accounts(customer.id)?;
    let accounts: Vec<&ScheduledAccount> = accounts.iter().collect();
    for chunk in accounts.chunks(CHUNK) {
        context.cancel.check()?;
        let decided = decide(reader, customer.id, &rules, &calendar, chunk)?;
        for (account, decision) in chunk.iter().zip(decided) {
            let Some(Decision { rule, why }) = decision else { continue };
            for slot in upcoming(&calendar, rule, account, until) {
                let who = (account.id, account.name.clone());
                placed.extend(
                    planned(customer, &calendar, rule, who, &slot, why.clone()).map(|slot| (rule, slot)),
                );
            }
        }
    }
    placed.sort_by(|(rule, a), (other, b)| {
        (rule, a.due_at, a.account_id).cmp(&(other, b.due_at, b.account_id))
    });
    Ok(placed.into_iter().map(|(_, slot)| slot).collect())
}

/// The slots of a rule that will become due for an account and are not filled already.
fn upcoming(calendar: &Calendar, rule: usize, account: &ScheduledAccount, until: Timestamp) -> Vec<Slot> {
    let Some(rule) = calendar.rules.get(rule) else { return Vec::new() };
    let filled = account.last_filled(rule.every);
    let slots = slots_between(rule, calendar.now, until, calendar.zone);
    slots.filter(|slot| is_owed(slot, account.first_fact_at, filled)).collect()
}

fn planned(
    customer: &Customer,
    calendar: &Calendar,
    rule: usize,
    (account_id, account_name): (crate::model::ids::AccountId, String),
    slot: &Slot,
    why: Option<String>,
) -> Option<PlannedSlot> {
    let rule = calendar.rules.get(rule)?;
    Some(PlannedSlot {
        customer: customer.name.clone(),
        account_id,
        account_name,
        rule: rule.name.clone(),
        cadence: rule.every,
        label: slot.period.to_string(),
        due_at: slot.due_at,
        is_overdue: false,
        why,
        zone: calendar.zone,
    })
}
