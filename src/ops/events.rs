//! `events list`: what happened, and what became of it.

use super::Context;
use crate::error::Result;
use crate::model::decision::Outcome;
use crate::report::events::EventLine;
use crate::store::{EventFilter, EventRecord};

/// Which events.
#[derive(Debug, Clone, Copy, Default)]
pub struct ListEventsOptions<'a> {
    /// Of this account, as a person names it; None: of all.
    pub account: Option<&'a str>,
    /// Whose last decision is one of these; empty: whatever it is.
    pub outcomes: &'a [Outcome],
    /// At most so many; None: all.
    pub limit: Option<u32>,
}

/// The customer's events, newest first.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, `AmbiguousAccount`, and anything that the database says.
pub fn list_events(context: &Context<'_>, options: &ListEventsOptions<'_>) -> Result<Vec<EventLine>> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let name = reader.customer_name(customer)?;
    let account = options.account.map(|text| reader.find_account(customer, text)).transpose()?;
    let filter = EventFilter { account, outcomes: options.outcomes, limit: options.limit };
    let events = reader.list_events(customer, filter)?;
    Ok(events.into_iter().map(|event| event_line(event, &name)).collect())
}

/// An event as it is answered.
pub(super) fn event_line(event: EventRecord, customer: &str) -> EventLine {
    EventLine {
        event_id: event.id,
        occurred_at: event.occurred_at,
        account_id: event.account,
        account_name: event.account_name,
        external_account_id: event.external_account_id,
        customer: customer.to_owned(),
        event_type: event.event_type,
        action: event.action,
        upload_id: event.upload,
        first_outcome: event.first_outcome,
        outcome: event.outcome,
        decided_at: event.decided_at,
        snapshot_id: event.snapshot,
        due_at: event.due_at,
        error: event.error,
    }
}
