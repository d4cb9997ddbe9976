//! `acctsnap.snapshot/1`: one flat object, every field always there, in the order of CONTRACT.md.
//!
//! The order of these fields is the contract. A field is only ever added, at the place the contract gives it.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::MoneyNumber;
use crate::model::ids::{AccountId, SnapshotId, UploadId};
use crate::model::kpi::{Band, Category, Impact, Unit};
use crate::model::score::Score;
use crate::model::time::Timestamp;

/// What a snapshot's type can be.
const SNAPSHOT_TYPES: [&str; 5] = ["manual", "event_driven", "rag_auto", "scheduled", "post_health_calc"];

/// What can lead to a snapshot; None for a manual one.
const TRIGGER_EVENTS: [Option<&str>; 7] = [
    Some("kpi_data_uploaded"),
    Some("account_data_changed"),
    Some("health_scores_updated"),
    Some("health_calculation_completed"),
    Some("rag_query_missing_snapshot"),
    Some("schedule"),
    None,
];

/// A snapshot of one account as it is answered. Null is unknown, never 0. Scores are points of 100, ages whole
/// seconds, percentages percent (12.5), revenue a year in `currency`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.snapshot/1")]
pub struct SnapshotView {
    /// Name and version of this shape: `acctsnap.snapshot/1`.
    #[schemars(extend("const" = super::SCHEMA))]
    pub schema: &'static str,
    /// Our number of the snapshot, from 1 over the whole database.
    pub snapshot_id: SnapshotId,
    /// Our number of the account.
    pub account_id: AccountId,
    /// The account's name.
    pub account_name: String,
    /// The account's id in the customer's own systems.
    pub external_account_id: Option<String>,
    /// The customer: the tenant whose portfolio holds the account.
    pub customer: String,

    /// When it was taken.
    pub snapshot_timestamp: Timestamp,
    /// Why it exists: manual, event_driven, rag_auto, scheduled, post_health_calc.
    #[schemars(extend("enum" = SNAPSHOT_TYPES))]
    pub snapshot_type: String,
    /// What a person said about it.
    pub snapshot_reason: Option<String>,
    /// The event that led to it; null for manual ones.
    #[schemars(extend("enum" = TRIGGER_EVENTS))]
    pub trigger_event: Option<String>,
    /// More about that event, e.g. profile_uploaded or a schedule rule's name.
    pub trigger_action: Option<String>,
    /// Who took it; `acctsnap` for automatic ones.
    pub created_by: String,

    /// The number of the snapshot's format.
    pub snapshot_version: u32,
    /// The account's how manieth snapshot it is, from 1.
    pub snapshot_sequence_number: u64,
    /// Whole days of 24 hours since the account's last snapshot.
    pub days_since_last_snapshot: Option<i64>,
    /// Whether score or revenue moved by more than the settings' limits since the last snapshot.
    pub is_significant_change: bool,
    /// When this content first appeared in its unbroken run.
    pub unchanged_since: Option<Timestamp>,
    /// Its tags, sorted.
    pub tags: Vec<String>,
    /// Whether retention must keep it.
    pub pinned: bool,
    /// Set where the upload that it was made from was undone.
    pub retracted: Option<Retracted>,

    /// The instant that this answer speaks of.
    pub as_of: Timestamp,
    /// Seconds from the snapshot to `as_of`.
    pub age_seconds: i64,
    /// Seconds since an upload last named the account's KPIs.
    pub kpis_age_seconds: Option<i64>,
    /// The oldest change that the snapshot lacks.
    pub dirty_since: Option<Timestamp>,

    /// What the account pays a year.
    pub revenue: Option<MoneyNumber>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// Where the revenue was read: arr, mrr_x12, revenue.
    #[schemars(extend("enum" = ["arr", "mrr_x12", "revenue", null]))]
    pub revenue_basis: Option<String>,
    /// Since the last snapshot.
    pub revenue_change_from_last: Option<MoneyNumber>,
    /// In percent of the last snapshot's revenue.
    pub revenue_change_percent: Option<f64>,

    /// Points of 100.
    pub overall_health_score: Option<Score>,
    /// The band in which it lies.
    pub overall_health_status: Option<Band>,
    /// Points of 100.
    pub product_usage_score: Option<Score>,
    /// Points of 100.
    pub support_score: Option<Score>,
    /// Points of 100.
    pub customer_sentiment_score: Option<Score>,
    /// Points of 100.
    pub business_outcomes_score: Option<Score>,

    /// Points of 100.
    pub relationship_strength_score: Option<Score>,
    /// Whether the scores came from a file or from the KPIs: ingested, calculated.
    #[schemars(extend("enum" = ["ingested", "calculated", null]))]
    pub health_score_source: Option<String>,
    /// Points, since the last snapshot.
    pub health_score_change_from_last: Option<Score>,
    /// Points, against the score in force 30 days before.
    pub health_score_change_30d: Option<Score>,
    /// improving, declining, stable.
    #[schemars(extend("enum" = ["improving", "declining", "stable", null]))]
    pub health_score_trend: Option<String>,

    /// As the profile has it.
    pub account_status: Option<String>,
    /// As the profile has it.
    pub industry: Option<String>,
    /// As the profile has it.
    pub region: Option<String>,
    /// As the profile has it.
    pub account_tier: Option<String>,

    /// First day of the contract.
    pub contract_start_date: Option<NaiveDate>,
    /// Last day of the contract.
    pub contract_end_date: Option<NaiveDate>,
    /// Day of the renewal.
    pub renewal_date: Option<NaiveDate>,
    /// Days from `as_of` to the renewal; negative where it is past.
    pub days_to_renewal: Option<i64>,

    /// The customer success manager.
    pub assigned_csm: Option<String>,
    /// Their manager.
    pub csm_manager: Option<String>,
    /// Who owns the account.
    pub account_owner: Option<String>,
    /// The executive sponsor.
    pub executive_sponsor: Option<String>,

    /// The products in use.
    pub products_used: Option<Vec<String>>,
    /// How many they are.
    pub product_count: Option<u32>,
    /// The main one.
    pub primary_product: Option<String>,

    /// Ids of the playbooks that are running.
    pub playbooks_running: Option<Vec<String>>,
    /// How many executions are running.
    pub playbooks_running_count: Option<u32>,
    /// How many executions were ever completed.
    pub playbooks_completed_count: Option<u32>,
    /// How many of them in the 30 days before the snapshot.
    pub playbooks_completed_last_30_days: Option<u32>,

    /// The execution that started last.
    pub last_playbook_executed: Option<LastPlaybook>,
    /// Playbooks that the account's state calls for.
    pub playbook_recommendations_active: Option<Vec<String>>,
    /// Ids of the newest executions with a report.
    pub recent_playbook_report_ids: Option<Vec<String>>,

    /// critical + at risk + healthy + unscored.
    pub total_kpis: Option<u32>,
    /// KPIs of the whole account.
    pub account_level_kpis: Option<u32>,
    /// KPIs of one product.
    pub product_level_kpis: Option<u32>,
    /// KPIs in the critical band.
    pub critical_kpis_count: Option<u32>,
    /// KPIs at risk.
    pub at_risk_kpis_count: Option<u32>,
    /// Healthy KPIs.
    pub healthy_kpis_count: Option<u32>,

    /// KPIs without a value or without a definition.
    pub unscored_kpis_count: Option<u32>,
    /// The worst KPIs, at most 5, worst first.
    #[schemars(length(max = 5))]
    pub top_critical_kpis: Vec<TopKpi>,

    /// As the profile has it.
    pub lifecycle_stage: Option<String>,
    /// As the profile has it.
    pub onboarding_status: Option<String>,
    /// The last business review.
    pub last_qbr_date: Option<NaiveDate>,
    /// The next business review.
    pub next_qbr_date: Option<NaiveDate>,
    /// As the profile has it, points of 100.
    pub engagement_score: Option<Score>,

    /// The champion's name.
    pub primary_champion: Option<String>,
    /// As the profile has it.
    pub champion_status: Option<String>,
    /// How many stakeholders are known.
    pub stakeholder_count: Option<u32>,

    /// Ids of the newest notes.
    pub recent_csm_note_ids: Option<Vec<String>>,
    /// The profile's other columns.
    pub attributes: serde_json::Map<String, serde_json::Value>,

    /// Where each part came from.
    pub sources: Sources,
    /// SHA-256 of the scoring configuration.
    pub scoring_config_hash: Option<String>,
    /// SHA-256 of the content's canonical JSON (RFC 8785).
    pub content_hash: String,
    /// The ledger's digest of the change that wrote it.
    pub chain_hash: String,
    /// The fields that this snapshot's version did not know.
    pub not_recorded: Vec<String>,
}

/// The upload that a snapshot was made from was undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Retracted {
    /// That upload.
    pub upload_id: UploadId,
    /// When it was undone.
    pub undone_at: Timestamp,
}

/// One of the worst KPIs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TopKpi {
    /// The KPI's name.
    pub kpi_name: String,
    /// The product it is of; null for the whole account.
    pub product: Option<String>,
    /// Its value, in its unit.
    pub value: Option<f64>,
    /// Its unit.
    pub unit: Option<Unit>,
    /// The category it counts in.
    pub category: Option<Category>,
    /// How much it weighs.
    pub impact_level: Option<Impact>,
    /// Points of 100.
    pub score: Option<Score>,
    /// The band in which it lies.
    pub health_status: Option<Band>,
}

/// The playbook execution that started last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LastPlaybook {
    /// Which playbook.
    pub playbook_id: Option<String>,
    /// Which execution of it.
    pub execution_id: String,
    /// in-progress, completed, failed, cancelled.
    pub status: String,
    /// When it started.
    pub started_at: Option<Timestamp>,
}

/// Where each part of a snapshot came from; null where nothing was ever ingested.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Sources {
    /// The KPI values.
    pub kpis: Option<Source>,
    /// The profile.
    pub profile: Option<Source>,
    /// The ingested health scores.
    pub health: Option<Source>,
    /// The playbook executions.
    pub playbooks: Option<Source>,
    /// The notes.
    pub notes: Option<Source>,
}

/// The newest upload behind a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Source {
    /// The upload.
    pub upload_id: UploadId,
    /// The file's name.
    pub file: String,
    /// The newest day in its data.
    pub observed_at: Option<NaiveDate>,
    /// When it was read.
    pub ingested_at: Timestamp,
    /// Seconds from then to `as_of`.
    pub age_seconds: i64,
}

/// The fields of CONTRACT.md, "Snapshot, as JSON", in its order.
pub const FIELDS: &str = "
    schema snapshot_id account_id account_name external_account_id customer
    snapshot_timestamp snapshot_type snapshot_reason trigger_event trigger_action created_by
    snapshot_version snapshot_sequence_number days_since_last_snapshot is_significant_change unchanged_since tags pinned retracted
    as_of age_seconds kpis_age_seconds dirty_since
    revenue currency revenue_basis revenue_change_from_last revenue_change_percent
    overall_health_score overall_health_status product_usage_score support_score customer_sentiment_score business_outcomes_score
    relationship_strength_score health_score_source health_score_change_from_last health_score_change_30d health_score_trend
    account_status industry region account_tier
    contract_start_date contract_end_date renewal_date days_to_renewal
    assigned_csm csm_manager account_owner executive_sponsor
    products_used product_count primary_product
    playbooks_running playbooks_running_count playbooks_completed_count playbooks_completed_last_30_days
    last_playbook_executed playbook_recommendations_active recent_playbook_report_ids
    total_kpis account_level_kpis product_level_kpis critical_kpis_count at_risk_kpis_count healthy_kpis_count
    unscored_kpis_count top_critical_kpis
    lifecycle_stage onboarding_status last_qbr_date next_qbr_date engagement_score
    primary_champion champion_status stakeholder_count
    recent_csm_note_ids attributes
    sources scoring_config_hash content_hash chain_hash not_recorded";

#[cfg(test)]
mod tests {
    use super::super::fixtures::{bare, retail_chain};
    use super::FIELDS;
    use crate::report::{json, schema::schema};
    use serde_json::Value;

    fn contract() -> Vec<&'static str> {
        FIELDS.split_whitespace().collect()
    }

    #[test]
    fn json_has_the_fields_of_the_contract_in_its_order() {
        for view in [bare(), retail_chain()] {
            let json = json::pretty(&view).unwrap();
            let outermost = json.lines().filter_map(|line| line.strip_prefix("  \"")?.split_once("\": "));
            assert_eq!(outermost.map(|(name, _)| name).collect::<Vec<_>>(), contract());
        }
    }

    #[test]
    fn the_schema_requires_the_fields_of_the_contract_in_its_order() {
        let schema = schema("snapshot").unwrap();
        let required: Vec<&str> =
            schema["required"].as_array().unwrap().iter().flat_map(Value::as_str).collect();
        assert_eq!(required, contract());
        let properties: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        assert_eq!(properties, contract());
        for name in contract() {
            assert!(schema["properties"][name]["description"].is_string(), "{name}");
        }
    }

    #[test]
    fn unknown_is_null_in_json_and_allowed_by_the_schema() {
        let json = serde_json::to_value(bare()).unwrap();
        let schema = schema("snapshot").unwrap();
        let mut nulls = 0;
        for name in contract().into_iter().filter(|name| json[name].is_null()) {
            nulls += 1;
            let property = &schema["properties"][name];
            let nullable =
                property["type"].as_array().is_some_and(|types| types.contains(&Value::from("null")))
                    || property["anyOf"]
                        .as_array()
                        .is_some_and(|any| any.iter().any(|one| one["type"] == "null"));
            assert!(nullable, "{name}: {property}");
            assert!(
                property["enum"].is_null() || property["enum"].as_array().unwrap().contains(&Value::Null)
            );
        }
        assert!(nulls > 50);
    }
}
