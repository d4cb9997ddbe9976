//! `uploads list` and `uploads show`: the files that were ingested.

use super::{Context, restatements};
use crate::error::{Error, ErrorKind, Result};
use crate::model::canonical::hex;
use crate::model::decision::Outcome;
use crate::model::ids::{SnapshotId, UploadId};
use crate::model::upload::Upload;
use crate::report::upload::{EventCounts, SCHEMA, Sighting, UploadView};
use crate::report::uploads::UploadLine;
use crate::store::EventRecord;

/// How many of the accounts that an upload named are told by name.
const ACCOUNTS_TOLD: usize = 10;

/// The customer's uploads, newest first, at most `limit`.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, and anything that the database says.
pub fn list_uploads(context: &Context<'_>, limit: Option<u32>) -> Result<Vec<UploadLine>> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let name = reader.customer_name(customer)?;
    let uploads = reader.list_uploads(customer, limit.unwrap_or(u32::MAX))?;
    Ok(uploads.into_iter().map(|upload| line(upload, &name)).collect())
}

/// One upload of the customer; another customer's is answered as not existing.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownUpload`, and anything that the database says.
pub fn show_upload(context: &Context<'_>, id: UploadId) -> Result<UploadView> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let name = reader.customer_name(customer)?;
    let upload = reader.find_upload(customer, id)?.ok_or_else(|| unknown(id, &name))?;
    let reading = reader.upload_reading(&upload)?;
    let sightings = reader.list_sightings(upload.id)?.into_iter();
    let events = reader.list_events_of_upload(customer, &upload)?;
    let mut snapshot_ids: Vec<SnapshotId> = events.iter().filter_map(|event| event.snapshot).collect();
    snapshot_ids.sort_unstable();
    snapshot_ids.dedup();
    Ok(UploadView {
        schema: SCHEMA,
        ingested_on: upload.ingested_on,
        reading: serde_json::from_str(&reading).map_err(|error| unreadable(id, error))?,
        sightings: sightings.map(|(seen_at, file)| Sighting { seen_at, file }).collect(),
        account_names: reader.account_names_of_upload(customer, &upload, ACCOUNTS_TOLD)?,
        events: counts(&events),
        snapshot_ids,
        restatements: restatements::of_upload(&reader, customer, upload.id, None)?,
        upload: line(upload, &name),
    })
}

fn unknown(id: UploadId, customer: &str) -> Error {
    Error::new(ErrorKind::UnknownUpload, format!("customer '{customer}' has no upload {id}"))
        .with_hint("`acctsnap uploads list` shows the uploads that there are")
}

fn unreadable(id: UploadId, error: serde_json::Error) -> Error {
    Error::new(ErrorKind::Damaged, format!("the reading of upload {id} is no JSON")).with_cause(error)
}

fn counts(events: &[EventRecord]) -> EventCounts {
    let mut counts = EventCounts { published: events.len() as u64, ..EventCounts::default() };
    for event in events {
        *match event.outcome {
            Outcome::Created => &mut counts.created,
            Outcome::Covered => &mut counts.covered,
            Outcome::Skipped => &mut counts.skipped,
            Outcome::Deferred => &mut counts.deferred,
            Outcome::Denied => &mut counts.denied,
            Outcome::Failed => &mut counts.failed,
        } += 1;
    }
    counts
}

fn line(upload: Upload, customer: &str) -> UploadLine {
    let counts = upload.counts;
    UploadLine {
        upload_id: upload.id,
        customer: customer.to_owned(),
        ingested_at: upload.ingested_at,
        kind: upload.kind,
        file: upload.file_name,
        rows_read: counts.read,
        rows_inserted: counts.inserted,
        rows_updated: counts.updated,
        rows_unchanged: counts.unchanged,
        rows_rejected: counts.rejected,
        accounts_touched: counts.accounts_touched,
        accounts_created: counts.accounts_created,
        actor: upload.actor,
        bytes: upload.bytes,
        sha256: hex(&upload.sha256),
        undone_at: upload.undone_at,
    }
}
