//! `snapshot list` and `snapshot show`: what was written, and what is true of it now.

use super::Context;
use super::answer::Answerer;
use super::compare::{Place, Point};
use super::retention::refuse_absent;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::SnapshotId;
use crate::model::snapshot::SnapshotType;
use crate::model::time::Timestamp;
use crate::report::snapshot::{Retracted, SnapshotView};
use crate::report::snapshots::{AnsweredEvent, SnapshotItem};
use crate::store::{Retraction, SnapshotFilter, SnapshotSummary};

/// Which snapshots.
#[derive(Debug, Clone, Copy, Default)]
pub struct SnapshotsOptions<'a> {
    /// Of this account, as a person names it; None: of all.
    pub account: Option<&'a str>,
    /// Of this type.
    pub snapshot_type: Option<SnapshotType>,
    /// Taken at or after this instant.
    pub since: Option<Timestamp>,
    /// Taken at or before this instant.
    pub until: Option<Timestamp>,
    /// At most so many.
    pub limit: Option<u32>,
}

/// The customer's snapshots, newest first.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, and anything that the database says.
pub fn list_snapshots(context: &Context<'_>, options: &SnapshotsOptions<'_>) -> Result<Vec<SnapshotItem>> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let account = options.account.map(|account| reader.find_account(customer, account)).transpose()?;
    let filter = SnapshotFilter {
        account,
        snapshot_type: options.snapshot_type,
        since: options.since,
        until: options.until,
        standing: false,
        limit: options.limit.unwrap_or(u32::MAX),
    };
    let summaries = reader.list_snapshots(customer, filter)?;
    let ids: Vec<SnapshotId> = summaries.iter().map(|summary| summary.id).collect();
    let mut retractions = reader.retractions(&ids)?;
    let items = summaries.into_iter().map(|summary| {
        let retraction = retractions.remove(&summary.id);
        item(summary, retraction)
    });
    Ok(items.collect())
}

fn live_is_no_snapshot() -> Error {
    Error::new(ErrorKind::Usage, "now is the live state, and no snapshot").with_hint(
        "`acctsnap snapshot create` takes one; `acctsnap compare -a ... latest now` shows what it would hold",
    )
}

fn of_which_account(asked: &str) -> Error {
    Error::new(ErrorKind::Usage, format!("'{asked}' is a moment of an account; of which?"))
        .with_hint(format!("acctsnap snapshot show {asked} -a ACCOUNT; a number names a snapshot alone"))
}

fn item(summary: SnapshotSummary, retraction: Option<Retraction>) -> SnapshotItem {
    SnapshotItem {
        snapshot_id: summary.id,
        account_id: summary.account,
        external_account_id: summary.external_account_id,
        account_name: summary.account_name,
        snapshot_timestamp: summary.taken_at,
        snapshot_type: summary.snapshot_type.code().to_owned(),
        snapshot_reason: summary.reason,
        trigger_event: summary.trigger.map(|trigger| trigger.code().to_owned()),
        trigger_action: summary.action,
        snapshot_sequence_number: u64::try_from(summary.sequence).unwrap_or_default(),
        overall_health_score: summary.score,
        overall_health_status: summary.band,
        health_score_change_from_last: summary.score_change,
        is_unchanged: summary.is_unchanged,
        retracted: retraction
            .map(|retraction| Retracted { upload_id: retraction.upload, undone_at: retraction.undone_at }),
    }
}

/// A snapshot, and the events that it answers or covers, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownSnapshot {
    /// The snapshot.
    pub snapshot: SnapshotView,
    /// The events.
    pub events: Vec<AnsweredEvent>,
}

/// One snapshot of the customer: by its id, or as a moment of an account.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`; `Usage` for a moment without an account, or for the live state;
/// `NoSnapshot` where there is none.
pub fn show_snapshot(context: &Context<'_>, point: &Point, account: Option<&str>) -> Result<ShownSnapshot> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let id = match (&point.place, account) {
        (Place::Snapshot(id), None) => *id,
        (_, Some(account)) => {
            let account = reader.find_account(customer, account)?;
            point.find(&reader, customer, account)?.ok_or_else(live_is_no_snapshot)?
        }
        (_, None) => return Err(of_which_account(&point.asked)),
    };
    refuse_absent(&reader, customer, id)?;
    let record = reader.load_snapshots(customer, &[id])?.into_iter().next();
    let zone = context.zone_of(&reader, customer)?;
    let mut answerer = Answerer::new(&reader, customer, context.clock.now(), zone)?;
    let snapshot = answerer.answer(&[id])?.into_iter().next();
    let Some((record, snapshot)) = record.zip(snapshot) else {
        let customer = reader.customer_name(customer)?;
        return Err(Error::new(ErrorKind::NoSnapshot, format!("customer '{customer}' has no snapshot {id}"))
            .with_hint("`acctsnap snapshot list` shows the snapshots that there are"));
    };
    let events = reader.list_events_of_snapshot(customer, &record)?.into_iter().map(|event| AnsweredEvent {
        event_id: event.id,
        event_type: event.event_type.code(),
        action: event.action,
        occurred_at: event.occurred_at,
        outcome: event.outcome.code(),
        upload_id: event.upload,
    });
    Ok(ShownSnapshot { snapshot, events: events.collect() })
}
