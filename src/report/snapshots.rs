//! `snapshot list` (`acctsnap.snapshots/1`), and what `snapshot show` adds to a snapshot's own text.

use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Serialize;

use super::snapshot::{Retracted, SnapshotView, render_snapshot_text};
use super::table::{Column, Table};
use super::text::{count, instant};
use crate::model::ids::{AccountId, EventId, SnapshotId, UploadId};
use crate::model::kpi::Band;
use crate::model::score::Score;
use crate::model::time::Timestamp;

/// Name and version of the list's shape.
pub const LIST_SCHEMA: &str = "acctsnap.snapshots/1";

/// The columns of the CSV.
pub const HEADERS: [&str; 15] = [
    "snapshot_id",
    "account_id",
    "external_account_id",
    "account_name",
    "snapshot_timestamp",
    "snapshot_type",
    "snapshot_reason",
    "trigger_event",
    "trigger_action",
    "snapshot_sequence_number",
    "overall_health_score",
    "overall_health_status",
    "health_score_change_from_last",
    "is_unchanged",
    "retracted",
];

/// A snapshot in one line; its fields are those of `acctsnap.snapshot/1`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SnapshotItem {
    /// Our number of the snapshot.
    pub snapshot_id: SnapshotId,
    /// Our number of the account.
    pub account_id: AccountId,
    /// The account's id in the customer's own systems.
    pub external_account_id: Option<String>,
    /// The account's name.
    pub account_name: String,
    /// When it was taken.
    pub snapshot_timestamp: Timestamp,
    /// Why it exists: manual, event_driven, rag_auto, scheduled, post_health_calc.
    pub snapshot_type: String,
    /// What a person said about it.
    pub snapshot_reason: Option<String>,
    /// The event that led to it; null for manual ones.
    pub trigger_event: Option<String>,
    /// More about that event.
    pub trigger_action: Option<String>,
    /// The account's how manieth snapshot it is, from 1.
    pub snapshot_sequence_number: u64,
    /// Points of 100.
    pub overall_health_score: Option<Score>,
    /// The band in which it lies.
    pub overall_health_status: Option<Band>,
    /// Points, since the account's last snapshot.
    pub health_score_change_from_last: Option<Score>,
    /// Whether its content is that of the account's last snapshot.
    pub is_unchanged: bool,
    /// The upload that it was made from and that was taken back; null where it stands.
    pub retracted: Option<Retracted>,
}

/// A line a snapshot, in the order given; `width` is the terminal's.
#[must_use]
pub fn render_list(snapshots: &[SnapshotItem], width: Option<usize>, zone: Tz) -> String {
    if snapshots.is_empty() {
        return "no snapshots\n".to_owned();
    }
    let mut table = Table::new(&[
        Column::number("id"),
        Column::text("taken"),
        Column::text("account").yielding(1),
        Column::number("score"),
        Column::text("status"),
        Column::number("change").optional(1),
        Column::text("type").yielding(2).optional(2),
    ]);
    for snapshot in snapshots {
        table.add_row([
            snapshot.snapshot_id.to_string(),
            minute(snapshot.snapshot_timestamp, zone),
            snapshot.account_name.clone(),
            score(snapshot.overall_health_score),
            status(snapshot),
            change(snapshot.health_score_change_from_last, snapshot.is_unchanged),
            why(
                &snapshot.snapshot_type,
                snapshot.trigger_event.as_deref(),
                snapshot.trigger_action.as_deref(),
            ),
        ]);
    }
    format!("{}{}\n", table.render(width), count(snapshots.len() as u64, "snapshot"))
}

/// The band, or that it counts no more.
fn status(snapshot: &SnapshotItem) -> String {
    let band = snapshot.overall_health_status.map_or("no score", Band::label);
    if snapshot.retracted.is_some() { "retracted".to_owned() } else { band.to_owned() }
}

/// An instant to the minute, in a zone, with its offset: lists have no room for seconds.
pub(super) fn minute(at: Timestamp, zone: Tz) -> String {
    at.to_utc().with_timezone(&zone).format("%Y-%m-%d %H:%M %:z").to_string()
}

pub(super) fn score(score: Option<Score>) -> String {
    score.map_or_else(|| "-".to_owned(), |score| score.to_string())
}

/// A change with its sign; `=` where nothing in the content changed.
pub(super) fn change(change: Option<Score>, is_unchanged: bool) -> String {
    match change {
        _ if is_unchanged => "=".to_owned(),
        Some(change) if change.hundredths() > 0 => format!("+{change}"),
        Some(change) => change.to_string(),
        None => String::new(),
    }
}

/// A snapshot's type, and what led to it.
pub(super) fn why(snapshot_type: &str, event: Option<&str>, action: Option<&str>) -> String {
    let snapshot_type = type_in_words(snapshot_type);
    match action.or(event) {
        Some(cause) => format!("{snapshot_type} ({cause})"),
        None => snapshot_type.to_owned(),
    }
}

/// A snapshot's type for people: what `rag_auto` stands for is not known to everybody.
#[must_use]
pub fn type_in_words(snapshot_type: &str) -> &str {
    match snapshot_type {
        "rag_auto" => "rag_auto (for a language model)",
        other => other,
    }
}

/// An event that a snapshot answers or covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredEvent {
    /// The event.
    pub event_id: EventId,
    /// What happened.
    pub event_type: &'static str,
    /// In more words.
    pub action: Option<String>,
    /// When.
    pub occurred_at: Timestamp,
    /// What was decided last: created or covered.
    pub outcome: &'static str,
    /// The upload that did it.
    pub upload_id: Option<UploadId>,
}

/// The snapshot's own text, then the events that it answers or covers.
#[must_use]
pub fn render_shown(snapshot: &SnapshotView, events: &[AnsweredEvent], width: usize, zone: Tz) -> String {
    let text = render_snapshot_text(snapshot, width, zone);
    if events.is_empty() {
        return text;
    }
    let mut table = Table::new(&[
        Column::number("event"),
        Column::text("at"),
        Column::text("what").yielding(1),
        Column::text("outcome"),
        Column::number("upload"),
    ]);
    for event in events {
        let what = event.action.as_deref().unwrap_or(event.event_type);
        table.add_row([
            event.event_id.to_string(),
            instant(event.occurred_at, zone),
            what.to_owned(),
            event.outcome.to_owned(),
            event.upload_id.map(|upload| upload.to_string()).unwrap_or_default(),
        ]);
    }
    let rows = table.render(Some(width.saturating_sub(2)));
    let rows: String = rows.lines().map(|line| format!("  {line}\n")).collect();
    format!("{text}\n{rows}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::style::plain;
    use crate::report::text::width as columns_of;

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let item = SnapshotItem {
            snapshot_id: SnapshotId::new(12_345),
            account_id: AccountId::new(5),
            external_account_id: None,
            account_name: "Halden & Quill Publishing, London".into(),
            snapshot_timestamp: Timestamp::parse("2026-11-22T10:00:05Z").unwrap(),
            snapshot_type: "event_driven".into(),
            snapshot_reason: None,
            trigger_event: Some("kpi_data_uploaded".into()),
            trigger_action: None,
            snapshot_sequence_number: 3,
            overall_health_score: Some(Score::from_hundredths(10_000)),
            overall_health_status: Some(Band::Critical),
            health_score_change_from_last: Some(Score::from_hundredths(1_250)),
            is_unchanged: false,
            retracted: Some(Retracted {
                upload_id: UploadId::new(3),
                undone_at: Timestamp::parse("2026-11-23T10:00:05Z").unwrap(),
            }),
        };
        for width in 60..120 {
            for line in plain(&render_list(std::slice::from_ref(&item), Some(width), chrono_tz::UTC)).lines()
            {
                assert!(columns_of(line) <= width, "{width}: {line}");
            }
        }
    }
}
