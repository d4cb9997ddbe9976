//! Two snapshots for the tests of this folder: one of which next to nothing is known, one of which most is.

use chrono::NaiveDate;
use serde_json::Value;

use super::{LastPlaybook, MoneyNumber, SnapshotView, Source, Sources, TopKpi};
use crate::model::ids::{AccountId, SnapshotId, UploadId};
use crate::model::kpi::{Band, Category, Impact, Unit};
use crate::model::score::Score;
use crate::model::time::Timestamp;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A snapshot of which next to nothing is known.
pub(crate) fn bare() -> SnapshotView {
    SnapshotView {
        schema: super::SCHEMA,
        snapshot_id: SnapshotId::new(1),
        account_id: AccountId::new(5),
        account_name: "Retail Chain Corp".into(),
        customer: "acme".into(),
        snapshot_timestamp: at("2026-11-22T10:00:05Z"),
        snapshot_type: "manual".into(),
        created_by: "jo@desk".into(),
        snapshot_version: 1,
        snapshot_sequence_number: 1,
        as_of: at("2026-11-22T10:00:50Z"),
        age_seconds: 45,
        content_hash: "c0".into(),
        chain_hash: "c1".into(),
        ..SnapshotView::default()
    }
}

/// A snapshot of which most is known.
pub(crate) fn retail_chain() -> SnapshotView {
    SnapshotView {
        snapshot_id: SnapshotId::new(123),
        external_account_id: text("RC-11"),
        snapshot_type: "event_driven".into(),
        trigger_event: text("kpi_data_uploaded"),
        created_by: "acctsnap".into(),
        snapshot_sequence_number: 4,
        days_since_last_snapshot: Some(7),
        is_significant_change: true,
        tags: vec!["q3-review".into()],
        pinned: true,
        as_of: at("2026-11-25T14:00:05Z"),
        age_seconds: 3 * 86_400 + 4 * 3_600,
        kpis_age_seconds: Some(3 * 86_400 + 4 * 3_600),
        dirty_since: Some(at("2026-11-24T09:00:00Z")),
        revenue: Some(MoneyNumber::new(120_000_050, 2)),
        currency: text("USD"),
        revenue_basis: text("arr"),
        revenue_change_from_last: Some(MoneyNumber::new(-10_000_000, 2)),
        revenue_change_percent: Some(-7.7),
        overall_health_score: Some(Score::from_hundredths(6490)),
        overall_health_status: Some(Band::AtRisk),
        product_usage_score: Some(Score::from_hundredths(7120)),
        support_score: Some(Score::from_hundredths(3300)),
        customer_sentiment_score: Some(Score::from_hundredths(10_000)),
        relationship_strength_score: Some(Score::from_hundredths(0)),
        health_score_source: text("calculated"),
        health_score_change_from_last: Some(Score::from_hundredths(-630)),
        health_score_change_30d: Some(Score::from_hundredths(-410)),
        health_score_trend: text("declining"),
        account_status: text("active"),
        industry: text("Retail"),
        account_tier: text("Enterprise"),
        contract_start_date: NaiveDate::from_ymd_opt(2026, 1, 1),
        contract_end_date: NaiveDate::from_ymd_opt(2026, 12, 31),
        renewal_date: NaiveDate::from_ymd_opt(2026, 12, 31),
        days_to_renewal: Some(36),
        assigned_csm: text("Jane Doe"),
        csm_manager: text("Max \u{202e}Roe"),
        products_used: Some(vec!["Core".into(), "Analytics".into()]),
        product_count: Some(2),
        primary_product: text("Core"),
        playbooks_running: Some(vec!["voc-sprint".into()]),
        playbooks_running_count: Some(1),
        playbooks_completed_count: Some(3),
        playbooks_completed_last_30_days: Some(1),
        last_playbook_executed: Some(LastPlaybook {
            playbook_id: text("voc-sprint"),
            execution_id: "x-9".into(),
            status: "in-progress".into(),
            started_at: Some(at("2026-11-20T08:00:00Z")),
        }),
        playbook_recommendations_active: Some(vec!["exec-outreach".into()]),
        total_kpis: Some(59),
        account_level_kpis: Some(50),
        product_level_kpis: Some(9),
        critical_kpis_count: Some(3),
        at_risk_kpis_count: Some(10),
        healthy_kpis_count: Some(40),
        unscored_kpis_count: Some(6),
        top_critical_kpis: worst_kpis(),
        lifecycle_stage: text("Adoption"),
        last_qbr_date: NaiveDate::from_ymd_opt(2026, 9, 15),
        primary_champion: text("Ana Silva"),
        champion_status: text("Active"),
        stakeholder_count: Some(4),
        attributes: std::iter::once(("segment".into(), Value::from("mid \u{1b}market"))).collect(),
        sources: two_sources(),
        scoring_config_hash: text("c2"),
        ..bare()
    }
}

fn worst_kpis() -> Vec<TopKpi> {
    vec![
        worst("Net Promoter Score (NPS)", None, -12.0, Unit::Score, 0, Band::Critical),
        worst(
            "First Response Time of the whole support organisation",
            None,
            27.5,
            Unit::Hours,
            512,
            Band::Critical,
        ),
        worst(
            "Monthly Recurring Revenue (MRR)",
            Some("Analytics"),
            12_500.5,
            Unit::Money,
            3410,
            Band::AtRisk,
        ),
    ]
}

fn two_sources() -> Sources {
    Sources {
        kpis: Some(source(14, "june.xlsx", NaiveDate::from_ymd_opt(2026, 10, 31))),
        profile: Some(source(2, "profiles of the whole portfolio as exported in november.csv", None)),
        ..Sources::default()
    }
}

fn worst(name: &str, product: Option<&str>, value: f64, unit: Unit, score: i32, band: Band) -> TopKpi {
    TopKpi {
        kpi_name: name.into(),
        product: product.map(Into::into),
        value: Some(value),
        unit: Some(unit),
        category: Some(Category::Support),
        impact_level: Some(Impact::High),
        score: Some(Score::from_hundredths(score)),
        health_status: Some(band),
    }
}

fn source(upload: i64, file: &str, observed_at: Option<NaiveDate>) -> Source {
    Source {
        upload_id: UploadId::new(upload),
        file: file.into(),
        observed_at,
        ingested_at: at("2026-11-22T10:00:04Z"),
        age_seconds: 273_601,
    }
}
