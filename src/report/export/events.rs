//! Events as rows: the columns of the view `v_events`.

use schemars::JsonSchema;
use serde::Serialize;

use super::column::{Column, Row, code, columns, known, text};
use crate::model::decision::Outcome;
use crate::model::event::EventType;
use crate::model::ids::{AccountId, EventId, SnapshotId, UploadId};
use crate::model::time::Timestamp;

/// Name and version of the shape of their list.
pub const SCHEMA: &str = "acctsnap.exported_events/1";

/// An event and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventRow {
    /// The customer: the tenant whose event it is.
    pub customer: String,
    /// Our number of the account.
    pub account_id: AccountId,
    /// The account's id in the customer's own systems.
    pub external_account_id: Option<String>,
    /// The account's name; null where the event was denied, because the account is not this customer's.
    pub account_name: Option<String>,
    /// Our number of the event.
    pub event_id: EventId,
    /// What happened.
    pub event_type: EventType,
    /// In more words.
    pub trigger_action: Option<String>,
    /// When it happened.
    pub occurred_at: Timestamp,
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
    /// When its snapshot is due, by the cooldown that held when it was decided.
    pub due_at: Option<Timestamp>,
    /// Why its snapshot could not be written.
    pub error: Option<String>,
}

impl Row for EventRow {
    const COLUMNS: &'static [Column<Self>] = columns! { EventRow:
        customer: Text |e| text(&e.customer);
        account_id: Integer |e| Some(e.account_id.get());
        external_account_id: Text |e| known(e.external_account_id.as_ref());
        account_name: Text |e| known(e.account_name.as_ref());
        event_id: Integer |e| Some(e.event_id.get());
        event_type: Text |e| code(Some(e.event_type.code()));
        trigger_action: Text |e| known(e.trigger_action.as_ref());
        occurred_at: Instant |e| Some(e.occurred_at);
        upload_id: Integer |e| e.upload_id.map(UploadId::get);
        first_outcome: Text |e| code(Some(e.first_outcome.code()));
        outcome: Text |e| code(Some(e.outcome.code()));
        decided_at: Instant |e| Some(e.decided_at);
        snapshot_id: Integer |e| e.snapshot_id.map(SnapshotId::get);
        due_at: Instant |e| e.due_at;
        error: Text |e| known(e.error.as_ref());
    };

    fn account_id(&self) -> AccountId {
        self.account_id
    }
}
