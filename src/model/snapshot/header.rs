//! What a snapshot says beside its content, as conditions are asked of it before it is written.
//!
//! The names and values are those of the snapshot's JSON; what is known only once it is written (its number, its
//! digests) is not there, and so is unknown to a condition.

use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use super::build::{Movement, Previous};
use super::{SnapshotContent, SnapshotType};
use crate::model::event::EventType;
use crate::model::health::{Trend, change_percent};
use crate::model::ids::AccountId;
use crate::model::money;
use crate::model::time::Timestamp;

/// The circumstances of a snapshot that is about to be written.
#[derive(Debug, Clone, Copy)]
pub struct SnapshotHeader<'a> {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub name: &'a str,
    /// Its external id.
    pub external_id: Option<&'a str>,
    /// The customer's name.
    pub customer: &'a str,
    /// When it is taken.
    pub taken_at: Timestamp,
    /// The customer's time zone.
    pub zone: Tz,
    /// Its type.
    pub snapshot_type: SnapshotType,
    /// What triggered it; None for a manual one.
    pub trigger: Option<EventType>,
    /// The trigger in more words.
    pub action: Option<&'a str>,
    /// What a person gave as the reason.
    pub reason: Option<&'a str>,
    /// Who takes it; None for automatic ones.
    pub created_by: Option<&'a str>,
    /// How it moved.
    pub movement: Movement,
    /// The snapshot before.
    pub previous: Option<&'a Previous>,
    /// How many playbook executions were completed in the 30 days before.
    pub completed_in_window: Option<u32>,
    /// When an upload last named the account's KPIs.
    pub kpis_named_at: Option<Timestamp>,
}

impl SnapshotHeader<'_> {
    /// Adds what it says to the state that a content holds.
    pub fn add_to(&self, state: &mut Map<String, Value>, content: &SnapshotContent) {
        let said =
            [self.account_said(), self.taking_said(), self.movement_said(content), self.days_said(state)];
        for fields in said {
            if let Value::Object(fields) = fields {
                state.extend(fields);
            }
        }
    }

    fn account_said(&self) -> Value {
        json!({
            "account_id": self.account,
            "account_name": self.name,
            "external_account_id": self.external_id,
            "customer": self.customer,
        })
    }

    fn taking_said(&self) -> Value {
        let sequence = self.previous.map_or(1, |previous| previous.sequence.saturating_add(1));
        json!({
            "snapshot_timestamp": self.taken_at,
            "snapshot_type": self.snapshot_type.code(),
            "snapshot_reason": self.reason,
            "trigger_event": self.trigger.map(EventType::code),
            "trigger_action": self.action,
            "created_by": self.created_by.unwrap_or("acctsnap"),
            "snapshot_version": super::SNAPSHOT_VERSION,
            "snapshot_sequence_number": sequence,
            "tags": [],
            "pinned": false,
            "as_of": self.taken_at,
            "age_seconds": 0,
            "kpis_age_seconds": self.kpis_named_at.map(|named| self.taken_at.seconds_since(named)),
            "playbooks_completed_last_30_days": self.completed_in_window,
        })
    }

    fn movement_said(&self, content: &SnapshotContent) -> Value {
        let movement = self.movement;
        let before =
            content.revenue_minor.zip(movement.revenue_change).map(|(now, by)| now.saturating_sub(by));
        let change = movement.revenue_change.zip(content.currency.as_deref());
        json!({
            "days_since_last_snapshot": movement.days_since_last,
            "is_significant_change": movement.is_significant,
            "revenue_change_from_last": change.map(|(minor, currency)| money::major_units(minor, currency)),
            "revenue_change_percent": change_percent(content.revenue_minor, before),
            "health_score_change_from_last": movement.score_change,
            "health_score_change_30d": movement.score_change_window,
            "health_score_trend": movement.trend.map(Trend::code),
        })
    }

    /// Days from the day of the snapshot, in the customer's zone, to the renewal that the content holds.
    fn days_said(&self, state: &Map<String, Value>) -> Value {
        let renewal = state.get("renewal_date").and_then(Value::as_str);
        let renewal: Option<chrono::NaiveDate> = renewal.and_then(|day| day.parse().ok());
        let today = self.taken_at.date_in(self.zone);
        json!({"days_to_renewal": renewal.map(|day| day.signed_duration_since(today).num_days())})
    }
}
