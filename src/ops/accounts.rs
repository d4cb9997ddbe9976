//! `accounts list` and `accounts show`.

use rustc_hash::FxHashMap;

use super::Context;
use super::events::event_line;
use crate::error::{Error, ErrorKind, Result};
use crate::model::decision::Outcome;
use crate::model::ids::{AccountId, CustomerId};
use crate::model::time::Timestamp;
use crate::report::account::{AccountView, NameKind, NameView, NewestSnapshot, SCHEMA};
use crate::report::accounts::AccountLine;
use crate::report::events::EventLine;
use crate::store::{self, AccountName, AccountRecord, EventFilter, Reader, SnapshotFilter, SnapshotSummary};

/// How many of the latest events are shown with an account.
const EVENTS_SHOWN: u32 = 10;

/// Every outcome after which a snapshot is still owed.
const PENDING: [Outcome; 3] = [Outcome::Skipped, Outcome::Deferred, Outcome::Failed];

/// Every account of the customer, archived ones too, by id.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, and anything that the database says.
pub fn list_accounts(context: &Context<'_>) -> Result<Vec<AccountLine>> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let name = reader.customer_name(customer)?;
    let as_of = context.clock.now();
    let records = reader.list_accounts(customer)?;
    let accounts: Vec<AccountId> = records.iter().map(|record| record.head.id).collect();
    let dirty = reader.dirty_since(&accounts)?;
    let named = reader.kpis_named_at(&accounts)?;
    let newest = reader.newest_snapshots(customer)?.into_iter();
    let newest: FxHashMap<AccountId, SnapshotSummary> =
        newest.map(|snapshot| (snapshot.account, snapshot)).collect();
    let line = |record: AccountRecord| {
        let head = record.head;
        let snapshot = newest.get(&head.id);
        let taken_at = snapshot.map(|snapshot| snapshot.taken_at);
        AccountLine {
            account_id: head.id,
            account_name: head.name,
            external_account_id: head.external_id,
            customer: name.clone(),
            archived: head.archived,
            overall_health_score: snapshot.and_then(|snapshot| snapshot.score),
            overall_health_status: snapshot.and_then(|snapshot| snapshot.band),
            snapshot_id: snapshot.map(|snapshot| snapshot.id),
            snapshot_timestamp: taken_at,
            age_seconds: taken_at.map(|at| as_of.seconds_since(at)),
            dirty_since: dirty.get(&head.id).copied(),
            kpis_age_seconds: named.get(&head.id).map(|at| as_of.seconds_since(*at)),
            as_of,
        }
    };
    Ok(records.into_iter().map(line).collect())
}

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
    Ok(AccountView {
        schema: SCHEMA,
        account_id: account,
        account_name: record.head.name,
        external_account_id: record.head.external_id,
        archived: record.head.archived,
        first_mentioned_at: record.created_at,
        names: reader.list_account_names(customer, account)?.into_iter().map(name_view).collect(),
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
    let filter = SnapshotFilter { account: Some(account), limit: 1, ..SnapshotFilter::default() };
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

fn name_view(name: AccountName) -> NameView {
    let kind = match name.kind {
        store::NameKind::Name => NameKind::Name,
        store::NameKind::Alias => NameKind::Alias,
        store::NameKind::ExternalId => NameKind::ExternalId,
    };
    NameView { kind, name: name.name, since: name.since }
}

fn without_head(account: AccountId) -> Error {
    Error::new(ErrorKind::Damaged, format!("account {account} has no head")).with_hint("restore a backup")
}
