//! Events and what became of them, a line each (`acctsnap.events/1`).

use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Serialize;

use super::table::{Column, Table};
use super::text::instant;
use crate::model::decision::Outcome;
use crate::model::event::EventType;
use crate::model::ids::{AccountId, EventId, SnapshotId, UploadId};
use crate::model::time::Timestamp;

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.events/1";

/// The headers of its CSV.
pub const HEADERS: [&str; 15] = [
    "event_id",
    "occurred_at",
    "account_id",
    "account_name",
    "external_account_id",
    "customer",
    "event_type",
    "action",
    "upload_id",
    "first_outcome",
    "outcome",
    "decided_at",
    "snapshot_id",
    "due_at",
    "error",
];

/// An event and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventLine {
    /// Our id.
    pub event_id: EventId,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// The account that it is about.
    pub account_id: AccountId,
    /// Its name; null where the event was denied, because the account is not this customer's.
    pub account_name: Option<String>,
    /// The account's id in the customer's own systems.
    pub external_account_id: Option<String>,
    /// Whose event.
    pub customer: String,
    /// What happened.
    pub event_type: EventType,
    /// In more words.
    pub action: Option<String>,
    /// The upload that did it.
    pub upload_id: Option<UploadId>,
    /// What was decided at first.
    pub first_outcome: Outcome,
    /// What was decided last.
    pub outcome: Outcome,
    /// When that was.
    pub decided_at: Timestamp,
    /// The snapshot that holds its change.
    pub snapshot_id: Option<SnapshotId>,
    /// When its snapshot is due, by the cooldown that held when it was decided; a flush goes by today's setting.
    pub due_at: Option<Timestamp>,
    /// Why its snapshot could not be written.
    pub error: Option<String>,
}

/// A line an event, in the order given.
#[must_use]
pub fn render(events: &[EventLine], width: Option<usize>, zone: Tz) -> String {
    if events.is_empty() {
        return "no events\n".to_owned();
    }
    let mut table = Table::new(&[
        Column::number("id"),
        Column::text("when"),
        Column::text("account").yielding(1),
        Column::text("event").optional(5),
        Column::text("outcome"),
        Column::number("snapshot").optional(2),
        Column::text("at first").optional(6),
        Column::text("due").optional(4),
        Column::number("upload").optional(7),
        Column::text("error").yielding(2).optional(3),
    ]);
    for event in events {
        table.add_row([
            event.event_id.to_string(),
            instant(event.occurred_at, zone),
            event.account_name.clone().unwrap_or_else(|| format!("(account {})", event.account_id)),
            what(event),
            event.outcome.code().to_owned(),
            event.snapshot_id.map(|id| id.to_string()).unwrap_or_default(),
            at_first(event),
            event.due_at.map(|at| instant(at, zone)).unwrap_or_default(),
            event.upload_id.map(|id| id.to_string()).unwrap_or_default(),
            event.error.clone().unwrap_or_default(),
        ]);
    }
    table.render(width)
}

/// Type and action of an event.
#[must_use]
pub fn what(event: &EventLine) -> String {
    let action = event.action.as_ref().map(|action| format!(", {action}"));
    format!("{}{}", event.event_type, action.unwrap_or_default())
}

/// The first decision, where a later one stands.
#[must_use]
pub fn at_first(event: &EventLine) -> String {
    let differs = event.first_outcome != event.outcome;
    if differs { event.first_outcome.code().to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::style::plain;
    use crate::report::text::width;

    fn failed() -> EventLine {
        EventLine {
            event_id: EventId::new(123_456),
            occurred_at: Timestamp::default(),
            account_id: AccountId::new(7),
            account_name: None,
            external_account_id: None,
            customer: "acme".to_owned(),
            event_type: EventType::KpiDataUploaded,
            action: Some("upload_undone".to_owned()),
            upload_id: Some(UploadId::new(99)),
            first_outcome: Outcome::Skipped,
            outcome: Outcome::Failed,
            decided_at: Timestamp::default(),
            snapshot_id: None,
            due_at: Some(Timestamp::default()),
            error: Some("what\u{1b}[2J happened".to_owned()),
        }
    }

    #[test]
    fn sixty_columns_keep_who_when_and_what_became_of_it() {
        let text = plain(&render(&[failed()], Some(60), Tz::UTC));
        assert!(text.lines().all(|line| width(line) <= 60), "{text}");
        assert_eq!(
            text.lines().nth(1),
            Some("123456  1970-01-01 00:00:00 +00:00  (account 7)  failed"),
            "{text}"
        );
    }

    #[test]
    fn a_pipe_gets_all_of_it_and_nothing_that_steers_a_terminal() {
        let text = plain(&render(&[failed()], None, Tz::UTC));
        for part in ["(account 7)", "kpi_data_uploaded, upload_undone", "skipped", r"what\u{1b}[2J happened"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn the_headers_are_the_fields() {
        let value = serde_json::to_value(failed()).unwrap();
        assert_eq!(value.as_object().unwrap().keys().collect::<Vec<_>>(), HEADERS);
    }
}
