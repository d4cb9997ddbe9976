//! Snapshots as rows: every field of `acctsnap.snapshot/1`, in its order.

use super::column::{Column, Row, code, columns, count, json_text, known, text};
use crate::model::ids::AccountId;
use crate::model::kpi::Band;
use crate::report::snapshot::SnapshotView;

impl Row for SnapshotView {
    const COLUMNS: &'static [Column<Self>] = columns! { SnapshotView:
        schema: Text |s| text(s.schema);
        snapshot_id: Integer |s| Some(s.snapshot_id.get());
        account_id: Integer |s| Some(s.account_id.get());
        account_name: Text |s| text(&s.account_name);
        external_account_id: Text |s| known(s.external_account_id.as_ref());
        customer: Text |s| text(&s.customer);
        snapshot_timestamp: Instant |s| Some(s.snapshot_timestamp);
        snapshot_type: Text |s| text(&s.snapshot_type);
        snapshot_reason: Text |s| known(s.snapshot_reason.as_ref());
        trigger_event: Text |s| known(s.trigger_event.as_ref());
        trigger_action: Text |s| known(s.trigger_action.as_ref());
        created_by: Text |s| text(&s.created_by);
        snapshot_version: Integer |s| count(Some(s.snapshot_version));
        snapshot_sequence_number: Integer |s| i64::try_from(s.snapshot_sequence_number).ok();
        days_since_last_snapshot: Integer |s| s.days_since_last_snapshot;
        is_significant_change: Boolean |s| Some(s.is_significant_change);
        unchanged_since: Instant |s| s.unchanged_since;
        tags: Json |s| json_text(Some(&s.tags));
        pinned: Boolean |s| Some(s.pinned);
        retracted: Json |s| json_text(s.retracted.as_ref());
        as_of: Instant |s| Some(s.as_of);
        age_seconds: Integer |s| Some(s.age_seconds);
        kpis_age_seconds: Integer |s| s.kpis_age_seconds;
        dirty_since: Instant |s| s.dirty_since;
        revenue: Money |s| s.revenue;
        currency: Text |s| known(s.currency.as_ref());
        revenue_basis: Text |s| known(s.revenue_basis.as_ref());
        revenue_change_from_last: Money |s| s.revenue_change_from_last;
        revenue_change_percent: Number |s| s.revenue_change_percent;
        overall_health_score: Score |s| s.overall_health_score;
        overall_health_status: Text |s| code(s.overall_health_status.map(Band::code));
        product_usage_score: Score |s| s.product_usage_score;
        support_score: Score |s| s.support_score;
        customer_sentiment_score: Score |s| s.customer_sentiment_score;
        business_outcomes_score: Score |s| s.business_outcomes_score;
        relationship_strength_score: Score |s| s.relationship_strength_score;
        health_score_source: Text |s| known(s.health_score_source.as_ref());
        health_score_change_from_last: Score |s| s.health_score_change_from_last;
        health_score_change_30d: Score |s| s.health_score_change_30d;
        health_score_trend: Text |s| known(s.health_score_trend.as_ref());
        account_status: Text |s| known(s.account_status.as_ref());
        industry: Text |s| known(s.industry.as_ref());
        region: Text |s| known(s.region.as_ref());
        account_tier: Text |s| known(s.account_tier.as_ref());
        contract_start_date: Date |s| s.contract_start_date;
        contract_end_date: Date |s| s.contract_end_date;
        renewal_date: Date |s| s.renewal_date;
        days_to_renewal: Integer |s| s.days_to_renewal;
        assigned_csm: Text |s| known(s.assigned_csm.as_ref());
        csm_manager: Text |s| known(s.csm_manager.as_ref());
        account_owner: Text |s| known(s.account_owner.as_ref());
        executive_sponsor: Text |s| known(s.executive_sponsor.as_ref());
        products_used: Json |s| json_text(s.products_used.as_ref());
        product_count: Integer |s| count(s.product_count);
        primary_product: Text |s| known(s.primary_product.as_ref());
        playbooks_running: Json |s| json_text(s.playbooks_running.as_ref());
        playbooks_running_count: Integer |s| count(s.playbooks_running_count);
        playbooks_completed_count: Integer |s| count(s.playbooks_completed_count);
        playbooks_completed_last_30_days: Integer |s| count(s.playbooks_completed_last_30_days);
        last_playbook_executed: Json |s| json_text(s.last_playbook_executed.as_ref());
        playbook_recommendations_active: Json |s| json_text(s.playbook_recommendations_active.as_ref());
        recent_playbook_report_ids: Json |s| json_text(s.recent_playbook_report_ids.as_ref());
        total_kpis: Integer |s| count(s.total_kpis);
        account_level_kpis: Integer |s| count(s.account_level_kpis);
        product_level_kpis: Integer |s| count(s.product_level_kpis);
        critical_kpis_count: Integer |s| count(s.critical_kpis_count);
        at_risk_kpis_count: Integer |s| count(s.at_risk_kpis_count);
        healthy_kpis_count: Integer |s| count(s.healthy_kpis_count);
        unscored_kpis_count: Integer |s| count(s.unscored_kpis_count);
        top_critical_kpis: Json |s| json_text(Some(&s.top_critical_kpis));
        lifecycle_stage: Text |s| known(s.lifecycle_stage.as_ref());
        onboarding_status: Text |s| known(s.onboarding_status.as_ref());
        last_qbr_date: Date |s| s.last_qbr_date;
        next_qbr_date: Date |s| s.next_qbr_date;
        engagement_score: Score |s| s.engagement_score;
        primary_champion: Text |s| known(s.primary_champion.as_ref());
        champion_status: Text |s| known(s.champion_status.as_ref());
        stakeholder_count: Integer |s| count(s.stakeholder_count);
        recent_csm_note_ids: Json |s| json_text(s.recent_csm_note_ids.as_ref());
        attributes: Json |s| json_text(Some(&s.attributes));
        sources: Json |s| json_text(Some(&s.sources));
        scoring_config_hash: Text |s| known(s.scoring_config_hash.as_ref());
        content_hash: Text |s| text(&s.content_hash);
        chain_hash: Text |s| text(&s.chain_hash);
        not_recorded: Json |s| json_text(Some(&s.not_recorded));
    };

    fn account_id(&self) -> AccountId {
        self.account_id
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::export::csv::CsvFile;
    use crate::report::snapshot::fixtures::{bare, retail_chain};
    use crate::report::{csv, json};

    #[test]
    fn the_columns_are_the_fields_in_their_order() {
        let value = serde_json::to_value(bare()).unwrap();
        let fields: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        let columns: Vec<&str> = SnapshotView::COLUMNS.iter().map(|column| column.name).collect();
        assert_eq!(columns, fields);
    }

    #[test]
    fn every_cell_is_what_json_says() {
        for view in [bare(), retail_chain()] {
            let value: serde_json::Value = serde_json::from_str(&json::line(&view).unwrap()).unwrap();
            let headers: Vec<&str> = SnapshotView::COLUMNS.iter().map(|column| column.name).collect();
            let expected = csv::bytes(&headers, [&value]).unwrap();
            let mut written = Vec::new();
            let mut file = CsvFile::<SnapshotView, _>::plain(&mut written).unwrap();
            file.write(&[view]).unwrap();
            file.finish().unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), String::from_utf8(expected).unwrap());
        }
    }
}
