//! One ingested file: what it was, how it fared, what followed from it (`acctsnap.upload/1`).

use chrono::NaiveDate;
use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Serialize;

use super::restatements::Restatements;
use super::style::{STRONG, styled};
use super::text::{escape_text, grouped, instant, key_values};
use super::uploads::UploadLine;
use crate::model::ids::SnapshotId;
use crate::model::time::Timestamp;

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.upload/1";

/// How many snapshots the text names.
const SNAPSHOTS_TOLD: usize = 10;

/// When the same file was handed in again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Sighting {
    /// When.
    pub seen_at: Timestamp,
    /// Under which name.
    pub file: String,
}

/// The upload's events by what was decided last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct EventCounts {
    /// All of them.
    pub published: u64,
    /// A snapshot was written for it.
    pub created: u64,
    /// A snapshot that was written for another event holds its change.
    pub covered: u64,
    /// The cooldown holds.
    pub skipped: u64,
    /// Left to a flush.
    pub deferred: u64,
    /// Customer and account disagree.
    pub denied: u64,
    /// The snapshot could not be written.
    pub failed: u64,
}

impl EventCounts {
    /// The outcomes that occurred, with their counts.
    fn told(self) -> String {
        let outcomes = [
            (self.created, "created"),
            (self.covered, "covered"),
            (self.skipped, "skipped"),
            (self.deferred, "deferred"),
            (self.denied, "denied"),
            (self.failed, "failed"),
        ];
        let told = outcomes.iter().filter(|(number, _)| *number > 0);
        told.map(|(number, outcome)| format!("{} {outcome}", grouped(&number.to_string())))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// One ingested file.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.upload/1")]
pub struct UploadView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// What the list of uploads says of it.
    #[serde(flatten)]
    pub upload: UploadLine,
    /// The day of the ingest in the customer's time zone.
    pub ingested_on: NaiveDate,
    /// How it was read: everything that changes values.
    pub reading: serde_json::Value,
    /// When the same file was handed in again, oldest first.
    pub sightings: Vec<Sighting>,
    /// The names of the first accounts that it named.
    pub account_names: Vec<String>,
    /// What became of its events.
    pub events: EventCounts,
    /// The snapshots that hold the changes of its events, by id.
    pub snapshot_ids: Vec<SnapshotId>,
    /// Values of the past that it corrected.
    #[serde(flatten)]
    pub restatements: Restatements,
}

/// The upload as a person reads it.
#[must_use]
pub fn render(view: &UploadView, width: usize, zone: Tz) -> String {
    let upload = &view.upload;
    let mut text = format!(
        "{}\n",
        styled(STRONG, format!("upload {} · {}", upload.upload_id, escape_text(&upload.file)))
    );
    let by = escape_text(&upload.actor);
    let mut pairs = vec![
        ("Customer", escape_text(&upload.customer).into_owned()),
        ("Ingested", format!("{} by {by}", instant(upload.ingested_at, zone))),
        ("Kind", upload.kind.name().to_owned()),
        ("Rows", rows(upload)),
        ("Accounts", accounts(view)),
        ("Events", events(view)),
        ("Snapshots", snapshots(view)),
    ];
    if let Some(undone_at) = upload.undone_at {
        let back = format!("{}; acctsnap uploads redo {}", instant(undone_at, zone), upload.upload_id);
        pairs.insert(2, ("Taken back", back));
    }
    pairs.extend(view.restatements.told().into_iter().map(|line| ("Restated", line)));
    for sighting in &view.sightings {
        let file = escape_text(&sighting.file);
        pairs.push(("Seen again", format!("{} as {file}", instant(sighting.seen_at, zone))));
    }
    pairs.push(("Bytes", grouped(&upload.bytes.to_string())));
    pairs.push(("SHA-256", upload.sha256.clone()));
    pairs.push(("Reading", escape_text(&reading(&view.reading)).into_owned()));
    text.push_str(&key_values(&pairs, width));
    text
}

fn rows(upload: &UploadLine) -> String {
    let number = |number: u64| grouped(&number.to_string());
    format!(
        "{} = {} inserted + {} updated + {} unchanged + {} rejected",
        number(upload.rows_read),
        number(upload.rows_inserted),
        number(upload.rows_updated),
        number(upload.rows_unchanged),
        number(upload.rows_rejected)
    )
}

fn accounts(view: &UploadView) -> String {
    let (touched, created) = (view.upload.accounts_touched, view.upload.accounts_created);
    let names: Vec<_> = view.account_names.iter().map(|name| escape_text(name)).collect();
    let more = touched.saturating_sub(names.len() as u64);
    let more = if more > 0 { format!(" and {} more", grouped(&more.to_string())) } else { String::new() };
    let names = if names.is_empty() { String::new() } else { format!(": {}{more}", names.join(", ")) };
    format!("{}, {} new{names}", grouped(&touched.to_string()), grouped(&created.to_string()))
}

fn events(view: &UploadView) -> String {
    match view.events.published {
        0 => "none".to_owned(),
        published => {
            let waits = view.events.skipped + view.events.deferred + view.events.failed > 0;
            let hint = if waits { "; what waits: acctsnap flush" } else { "" };
            format!("{}: {}{hint}", grouped(&published.to_string()), view.events.told())
        }
    }
}

fn snapshots(view: &UploadView) -> String {
    let told = view.snapshot_ids.iter().take(SNAPSHOTS_TOLD).map(ToString::to_string).collect::<Vec<_>>();
    let more = view.snapshot_ids.len().saturating_sub(told.len());
    match (told.is_empty(), more) {
        (true, _) => "none".to_owned(),
        (false, 0) => told.join(", "),
        (false, more) => format!("{} and {} more", told.join(", "), grouped(&more.to_string())),
    }
}

/// `layout long, account_in_column true`: what a person asks of a reading, without braces and quotes.
fn reading(reading: &serde_json::Value) -> String {
    let Some(settings) = reading.as_object() else { return reading.to_string() };
    let shown = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        // What is told of each KPI is for machines; a person asks how many.
        serde_json::Value::Array(items) if items.first().is_some_and(serde_json::Value::is_object) => {
            items.len().to_string()
        }
        other => other.to_string(),
    };
    let told = settings.iter().filter(|(_, value)| !value.is_null());
    let told: Vec<_> = told.map(|(key, value)| format!("{key} {}", shown(value))).collect();
    if told.is_empty() { "as it came".to_owned() } else { told.join(", ") }
}
