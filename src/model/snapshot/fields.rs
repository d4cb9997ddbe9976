//! The fields of a snapshot's JSON and what each holds, for those who compare them.
//!
//! The order is the contract's (CONTRACT.md, "Snapshot, as JSON"); a test in `report` holds it to the view.

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A number.
    Number,
    /// A text; case and outer space make no difference.
    Text,
    /// A text that is a key: every letter counts.
    Key,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// A calendar day.
    Day,
    /// An instant in UTC.
    Instant,
    /// True or false.
    Boolean,
    /// A list of texts.
    Texts,
    /// The other columns of the profile: a value of any kind under each name.
    Attributes,
    /// An object, or a list of objects, that cannot be compared.
    Structure,
}

use FieldKind::{Attributes, Boolean, Day, Instant, Key, Number, Structure, Text, Texts, Word};

const TYPES: &[&str] = &["manual", "event_driven", "rag_auto", "scheduled", "post_health_calc"];
const TRIGGERS: &[&str] = &[
    "kpi_data_uploaded",
    "account_data_changed",
    "health_scores_updated",
    "health_calculation_completed",
    "rag_query_missing_snapshot",
    "schedule",
];
const BASES: &[&str] = &["arr", "mrr_x12", "revenue"];
const BANDS: &[&str] = &["critical", "at_risk", "healthy"];
const SOURCES: &[&str] = &["ingested", "calculated"];
const TRENDS: &[&str] = &["improving", "declining", "stable"];

/// Every field, in the contract's order.
pub const FIELDS: [(&str, FieldKind); 85] = [
    ("schema", Key),
    ("snapshot_id", Number),
    ("account_id", Number),
    ("account_name", Text),
    ("external_account_id", Key),
    ("customer", Text),
    ("snapshot_timestamp", Instant),
    ("snapshot_type", Word(TYPES)),
    ("snapshot_reason", Text),
    ("trigger_event", Word(TRIGGERS)),
    ("trigger_action", Text),
    ("created_by", Text),
    ("snapshot_version", Number),
    ("snapshot_sequence_number", Number),
    ("days_since_last_snapshot", Number),
    ("is_significant_change", Boolean),
    ("unchanged_since", Instant),
    ("tags", Texts),
    ("pinned", Boolean),
    ("retracted", Structure),
    ("as_of", Instant),
    ("age_seconds", Number),
    ("kpis_age_seconds", Number),
    ("dirty_since", Instant),
    ("revenue", Number),
    ("currency", Text),
    ("revenue_basis", Word(BASES)),
    ("revenue_change_from_last", Number),
    ("revenue_change_percent", Number),
    ("overall_health_score", Number),
    ("overall_health_status", Word(BANDS)),
    ("product_usage_score", Number),
    ("support_score", Number),
    ("customer_sentiment_score", Number),
    ("business_outcomes_score", Number),
    ("relationship_strength_score", Number),
    ("health_score_source", Word(SOURCES)),
    ("health_score_change_from_last", Number),
    ("health_score_change_30d", Number),
    ("health_score_trend", Word(TRENDS)),
    ("account_status", Text),
    ("industry", Text),
    ("region", Text),
    ("account_tier", Text),
    ("contract_start_date", Day),
    ("contract_end_date", Day),
    ("renewal_date", Day),
    ("days_to_renewal", Number),
    ("assigned_csm", Text),
    ("csm_manager", Text),
    ("account_owner", Text),
    ("executive_sponsor", Text),
    ("products_used", Texts),
    ("product_count", Number),
    ("primary_product", Text),
    ("playbooks_running", Texts),
    ("playbooks_running_count", Number),
    ("playbooks_completed_count", Number),
    ("playbooks_completed_last_30_days", Number),
    ("last_playbook_executed", Structure),
    ("playbook_recommendations_active", Texts),
    ("recent_playbook_report_ids", Texts),
    ("total_kpis", Number),
    ("account_level_kpis", Number),
    ("product_level_kpis", Number),
    ("critical_kpis_count", Number),
    ("at_risk_kpis_count", Number),
    ("healthy_kpis_count", Number),
    ("unscored_kpis_count", Number),
    ("top_critical_kpis", Structure),
    ("lifecycle_stage", Text),
    ("onboarding_status", Text),
    ("last_qbr_date", Day),
    ("next_qbr_date", Day),
    ("engagement_score", Number),
    ("primary_champion", Text),
    ("champion_status", Text),
    ("stakeholder_count", Number),
    ("recent_csm_note_ids", Texts),
    ("attributes", Attributes),
    ("sources", Structure),
    ("scoring_config_hash", Key),
    ("content_hash", Key),
    ("chain_hash", Key),
    ("not_recorded", Texts),
];

/// What the field of this name holds; None for a name that is no field.
#[must_use]
pub fn kind_of(name: &str) -> Option<FieldKind> {
    FIELDS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::EventType;
    use crate::model::snapshot::SnapshotType;

    #[test]
    fn the_words_of_a_field_are_those_that_it_can_hold() {
        assert_eq!(TYPES, SnapshotType::ALL.map(SnapshotType::code));
        for event in EventType::ALL {
            assert!(TRIGGERS.contains(&event.code()), "{event:?}");
        }
    }
}
