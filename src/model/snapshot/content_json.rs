//! A snapshot's content as it is shown and hashed: canonical JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::content::{ScoreSource, SnapshotContent, TopKpi};
use super::parts::LastRun;
use crate::model::kpi::Band;
use crate::model::money::{self, RevenueBasis};
use crate::model::profile::{Profile, ProfileField};
use crate::model::score::Score;

/// The content as canonical JSON has it: the fields stand in sorted order.
#[derive(Serialize)]
pub(super) struct ContentJson<'a> {
    account_level_kpis: u32,
    account_owner: Option<&'a str>,
    account_status: Option<&'a str>,
    account_tier: Option<&'a str>,
    assigned_csm: Option<&'a str>,
    at_risk_kpis_count: u32,
    pub(super) attributes: Cow<'a, BTreeMap<String, serde_json::Value>>,
    business_outcomes_score: Option<Score>,
    champion_status: Option<&'a str>,
    contract_end_date: Option<NaiveDate>,
    contract_start_date: Option<NaiveDate>,
    critical_kpis_count: u32,
    csm_manager: Option<&'a str>,
    currency: Option<&'a str>,
    customer_sentiment_score: Option<Score>,
    engagement_score: Option<Score>,
    executive_sponsor: Option<&'a str>,
    health_score_source: Option<ScoreSource>,
    healthy_kpis_count: u32,
    industry: Option<&'a str>,
    last_playbook_executed: Option<&'a LastRun>,
    last_qbr_date: Option<NaiveDate>,
    lifecycle_stage: Option<&'a str>,
    next_qbr_date: Option<NaiveDate>,
    onboarding_status: Option<&'a str>,
    overall_health_score: Option<Score>,
    overall_health_status: Option<Band>,
    playbooks_completed_count: Option<u32>,
    playbooks_running: Option<&'a [String]>,
    playbooks_running_count: Option<u32>,
    primary_champion: Option<&'a str>,
    primary_product: Option<&'a str>,
    product_count: Option<usize>,
    product_level_kpis: u32,
    product_usage_score: Option<Score>,
    products_used: Option<&'a [String]>,
    recent_csm_note_ids: Option<&'a [String]>,
    recent_playbook_report_ids: Option<&'a [String]>,
    region: Option<&'a str>,
    relationship_strength_score: Option<Score>,
    renewal_date: Option<NaiveDate>,
    revenue: Option<f64>,
    revenue_basis: Option<RevenueBasis>,
    stakeholder_count: Option<u32>,
    support_score: Option<Score>,
    top_critical_kpis: &'a [TopKpi<'a>],
    total_kpis: u32,
    unscored_kpis_count: u32,
}

impl<'a> ContentJson<'a> {
    pub(super) fn new(
        content: &'a SnapshotContent,
        top: &'a [TopKpi<'a>],
        profile: Option<&'a Profile>,
    ) -> Self {
        let counts = content.counts;
        let [usage, support, sentiment, outcomes, relationship] = content.categories;
        let playbooks = content.playbooks.as_ref();
        let text = |field| profile.and_then(|profile| profile.text(field));
        let day = |field| profile.and_then(|profile| profile.day(field));
        let products = profile.and_then(Profile::products_used);
        Self {
            account_level_kpis: counts.account_level,
            account_owner: text(ProfileField::AccountOwner),
            account_status: text(ProfileField::AccountStatus),
            account_tier: text(ProfileField::AccountTier),
            assigned_csm: text(ProfileField::AssignedCsm),
            at_risk_kpis_count: counts.at_risk,
            attributes: profile.map_or_else(Cow::default, |profile| Cow::Borrowed(profile.attributes())),
            business_outcomes_score: outcomes,
            champion_status: text(ProfileField::ChampionStatus),
            contract_end_date: day(ProfileField::ContractEndDate),
            contract_start_date: day(ProfileField::ContractStartDate),
            critical_kpis_count: counts.critical,
            csm_manager: text(ProfileField::CsmManager),
            currency: content.currency.as_deref(),
            customer_sentiment_score: sentiment,
            engagement_score: profile.and_then(Profile::engagement_score),
            executive_sponsor: text(ProfileField::ExecutiveSponsor),
            health_score_source: content.source,
            healthy_kpis_count: counts.healthy,
            industry: text(ProfileField::Industry),
            last_playbook_executed: playbooks.and_then(|playbooks| playbooks.last.as_ref()),
            last_qbr_date: day(ProfileField::LastQbrDate),
            lifecycle_stage: text(ProfileField::LifecycleStage),
            next_qbr_date: day(ProfileField::NextQbrDate),
            onboarding_status: text(ProfileField::OnboardingStatus),
            overall_health_score: content.overall,
            overall_health_status: content.band,
            playbooks_completed_count: playbooks.map(|playbooks| playbooks.completed),
            playbooks_running: playbooks.map(|playbooks| &*playbooks.running),
            playbooks_running_count: playbooks.map(|playbooks| playbooks.running_count),
            primary_champion: text(ProfileField::PrimaryChampion),
            primary_product: text(ProfileField::PrimaryProduct),
            product_count: products.map(<[String]>::len),
            product_level_kpis: counts.product_level,
            product_usage_score: usage,
            products_used: products,
            recent_csm_note_ids: content.notes.as_ref().map(|notes| &*notes.ids),
            recent_playbook_report_ids: playbooks.map(|playbooks| &*playbooks.reports),
            region: text(ProfileField::Region),
            relationship_strength_score: relationship,
            renewal_date: day(ProfileField::RenewalDate),
            revenue: content
                .revenue_minor
                .zip(content.currency.as_deref())
                .map(|(minor, currency)| money::major_units(minor, currency)),
            revenue_basis: profile.and_then(Profile::revenue).map(|revenue| revenue.basis),
            stakeholder_count: profile.and_then(Profile::stakeholder_count),
            support_score: support,
            top_critical_kpis: top,
            total_kpis: counts.total(),
            unscored_kpis_count: counts.unscored(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::canonical::{to_canonical_json, to_presorted_json};
    use crate::model::health::config::ScoringConfig;
    use crate::model::health::scorer::KpiSummary;
    use crate::model::ids::ProfileId;
    use crate::model::kpi::{Category, Impact, Unit};
    use crate::model::snapshot::content::AccountParts;
    use crate::model::snapshot::{NoteState, PlaybookState};
    use crate::model::time::Timestamp;

    fn top() -> [TopKpi<'static>; 1] {
        [TopKpi {
            category: Some(Category::Support),
            health_status: Band::Critical,
            impact_level: Some(Impact::High),
            kpi_name: "Ticket \"Volume\"\u{7}é",
            product: None,
            score: Score::from_hundredths(1250),
            unit: Some(Unit::Count),
            value: 85.0,
        }]
    }

    fn profile() -> Profile {
        let stored = r#"{"account_status": "at \"risk\"", "industry": "Food", "region": "EMEA",
            "revenue": {"minor_units": 246863912, "currency": "USD", "basis": "mrr_x12"},
            "renewal_date": "2028-02-29", "products_used": ["b", "a"], "stakeholder_count": 3,
            "engagement_score": 7150}"#;
        Profile::from_stored(stored).unwrap()
    }

    fn content(profile: &Profile) -> SnapshotContent {
        let playbooks = PlaybookState {
            running: vec!["voc-sprint".to_owned()],
            running_count: 1,
            completed: 2,
            last: Some(LastRun {
                execution_id: "e1".to_owned(),
                playbook_id: None,
                started_at: Some(Timestamp::from_millis(0)),
                status: crate::model::playbook::PlaybookStatus::InProgress,
            }),
            reports: vec!["r1".to_owned()],
            newest: None,
        };
        let parts = AccountParts {
            profile: Some((ProfileId::new(1), profile.clone())),
            playbooks: Some(playbooks),
            notes: Some(NoteState { ids: vec!["n1".to_owned()], newest: None }),
            ..AccountParts::default()
        };
        SnapshotContent::new(&KpiSummary::default(), (None, None), &parts, &ScoringConfig::default())
    }

    #[test]
    fn the_content_is_declared_in_canonical_order() {
        let (profile, top) = (profile(), top());
        for (content, profile) in [
            (content(&profile), Some(&profile)),
            (
                SnapshotContent::new(
                    &KpiSummary::default(),
                    (None, None),
                    &AccountParts::default(),
                    &ScoringConfig::default(),
                ),
                None,
            ),
        ] {
            let json = ContentJson::new(&content, &top, profile);
            let mut bytes = Vec::new();
            to_presorted_json(&json, &mut bytes).unwrap();
            assert_eq!(String::from_utf8(bytes).unwrap(), to_canonical_json(&json).unwrap());
        }
    }

    #[test]
    fn the_hash_is_of_what_is_shown_and_attributes_are_sorted_for_it() {
        let mut profile = profile();
        let mut buffer = Vec::new();
        let plain = content(&profile).hash(&[], Some(&profile), &mut buffer);
        let shown = String::from_utf8(buffer.clone()).unwrap();
        assert!(shown.contains(r#""revenue":2468639.12,"revenue_basis":"mrr_x12""#), "{shown}");
        let mut patch = crate::model::profile::ProfilePatch::default();
        for name in ["\u{e000}", "\u{1f600}", "a"] {
            patch.attributes.insert(name.to_owned(), Some(serde_json::json!({"z": 1, "b": 2.0})));
        }
        profile.apply(&patch);
        assert_ne!(content(&profile).hash(&[], Some(&profile), &mut buffer), plain);
        let shown = String::from_utf8(buffer).unwrap();
        let attributes = "{\"a\":{\"b\":2,\"z\":1},\"\u{1f600}\":{\"b\":2,\"z\":1},\"\u{e000}\":";
        assert!(shown.contains(attributes), "{shown}");
    }

    #[test]
    fn newest_dates_beside_the_content_are_not_part_of_it() {
        let profile = profile();
        let mut buffer = Vec::new();
        let content = content(&profile);
        let mut later = content.clone();
        if let Some(playbooks) = &mut later.playbooks {
            playbooks.newest = "2026-01-01".parse().ok();
        }
        let hash = content.hash(&[], Some(&profile), &mut buffer);
        assert_eq!(later.hash(&[], Some(&profile), &mut buffer), hash);
    }
}
