//! `accounts show`: who an account is, what is kept of it, and what it is owed.

use super::change::without_head;
use crate::error::Result;
use crate::model::decision::Outcome;
use crate::model::ids::{AccountId, CustomerId};
use crate::model::time::Timestamp;
use crate::ops::Context;
use crate::ops::events::event_line;
use crate::report::account::{AccountView, NameKind, NameView, NewestSnapshot, SCHEMA};
use crate::report::events::EventLine;
use crate::store::{self, AccountHead, AccountName, EventFilter, Reader, SnapshotFilter, SnapshotSummary};

/// How many of the latest events are shown with an account.
const EVENTS_SHOWN: u32 = 10;

/// Every outcome after which a snapshot is still owed.
const PENDING: [Outcome; 3] = [Outcome::Skipped, Outcome::Deferred, Outcome::Failed];

/// One account, as a person names it.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, `AmbiguousAccount`, and anything that the database says.
pub fn show_account(context: &Context<'_>, text: &str) -> Result<AccountView> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let customer_name = reader.customer_name(customer)?;
    let as_of = context.clock.now();
    let account = reader.find_account(customer, text)?;
    let record = reader.load_accounts(customer, &[account])?.pop().ok_or_else(|| without_head(account))?;
    let newest = newest_snapshot(&reader, customer, account)?;
    let (kpis_count, kpis_with_value_count) = kpi_counts(&reader, account)?;
    let named = reader.kpis_named_at(&[account])?;
    let events = |outcomes: &[Outcome], limit| -> Result<Vec<EventLine>> {
        let filter = EventFilter { account: Some(account), outcomes, limit };
        let events = reader.list_events(customer, filter)?.into_iter();
        Ok(events.map(|event| event_line(event, &customer_name)).collect())
    };
    let pending_events = events(&PENDING, None)?;
    let archiving = reader.archiving(&record.head)?;
    Ok(AccountView {
        schema: SCHEMA,
        account_id: account,
        archived: record.head.archived,
        first_mentioned_at: record.created_at,
        names: names(&reader, customer, &record.head)?,
        snapshots_count: newest.as_ref().map_or(0, |newest| newest.sequence.unsigned_abs()),
        newest_snapshot: newest.map(|newest| newest_view(&newest, as_of)),
        kpis_count,
        kpis_with_value_count,
        kpis_age_seconds: named.get(&account).map(|at| as_of.seconds_since(*at)),
        dirty_since: reader.dirty_since(&[account])?.get(&account).copied(),
        pending_due_at: pending_events.iter().filter_map(|event| event.due_at).min(),
        pending_events,
        latest_events: events(&[], Some(EVENTS_SHOWN))?,
        customer: customer_name,
        as_of,
        archived_since: archiving.as_ref().map(|archiving| archiving.since),
        archived_reason: archiving.and_then(|archiving| archiving.reason),
        merged_into: reader.merged_into(account)?,
        merged_from: reader.merged_from(account)?,
        account_name: record.head.name,
        external_account_id: record.head.external_id,
    })
}

/// How many KPIs are known of an account, and how many of them have a value now.
fn kpi_counts(reader: &Reader<'_>, account: AccountId) -> Result<(u64, u64)> {
    let states = reader.kpi_states(&[account])?;
    let entries = states.get(&account).map_or(&[][..], |state| state.entries());
    Ok((entries.len() as u64, entries.iter().filter(|entry| entry.value.is_some()).count() as u64))
}

fn newest_snapshot(
    reader: &Reader<'_>,
    customer: CustomerId,
    account: AccountId,
) -> Result<Option<SnapshotSummary>> {
    let filter =
        SnapshotFilter { account: Some(account), limit: 1, standing: true, ..SnapshotFilter::default() };
    Ok(reader.list_snapshots(customer, filter)?.pop())
}

fn newest_view(newest: &SnapshotSummary, as_of: Timestamp) -> NewestSnapshot {
    NewestSnapshot {
        snapshot_id: newest.id,
        snapshot_timestamp: newest.taken_at,
        age_seconds: as_of.seconds_since(newest.taken_at),
        snapshot_type: newest.snapshot_type,
        overall_health_score: newest.score,
        overall_health_status: newest.band,
    }
}

/// Everything that was ever given to the account as a name, and where it leads today.
fn names(reader: &Reader<'_>, customer: CustomerId, head: &AccountHead) -> Result<Vec<NameView>> {
    let names = reader.list_account_names(customer, head.id)?;
    let newest = |kind| names.iter().rposition(|name| name.kind == kind);
    let newest = [newest(store::NameKind::Name), newest(store::NameKind::ExternalId)];
    let view = |(place, name): (usize, &AccountName)| {
        let is_alias = name.kind == store::NameKind::Alias;
        Ok(NameView {
            kind: name_kind(name.kind),
            name: name.name.clone(),
            since: name.since,
            current: is_alias || newest.contains(&Some(place)),
            leads_here: leads_to(reader, customer, name)?.contains(&head.id),
        })
    };
    names.iter().enumerate().map(view).collect()
}

fn leads_to(reader: &Reader<'_>, customer: CustomerId, name: &AccountName) -> Result<Vec<AccountId>> {
    if name.kind == store::NameKind::ExternalId {
        return Ok(reader.account_of_external_id(customer, &name.name)?.into_iter().collect());
    }
    let bearers = reader.leading_bearers(customer, &name.name)?.into_iter();
    Ok(bearers.map(|bearer| bearer.account).collect())
}

fn name_kind(kind: store::NameKind) -> NameKind {
    match kind {
        store::NameKind::Name => NameKind::Name,
        store::NameKind::Alias => NameKind::Alias,
        store::NameKind::ExternalId => NameKind::ExternalId,
    }
}
