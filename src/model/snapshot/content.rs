//! A snapshot's content: the account's state, and the hash of that state as it is shown.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::parts::{LastRun, NoteState, PlaybookState};
use crate::model::canonical::{to_canonical_json, to_presorted_json};
use crate::model::health::config::ScoringConfig;
use crate::model::health::scorer::{CriticalKpi, KpiCounts, KpiSummary};
use crate::model::health::source::{IngestedHealth, LiveHealth, live_health};
use crate::model::ids::{ChangeId, HealthRowId, KpiChangeId, ProfileId, SeriesId};
use crate::model::kpi::series::SeriesSet;
use crate::model::kpi::{Band, Category, Impact, Unit};
use crate::model::money::{self, RevenueBasis};
use crate::model::profile::{Profile, ProfileField};
use crate::model::score::Score;

/// Where a score came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScoreSource {
    /// From an ingested health row.
    Ingested = 1,
    /// From the account's KPIs.
    Calculated = 2,
}

impl ScoreSource {
    /// As JSON has it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ingested => "ingested",
            Self::Calculated => "calculated",
        }
    }

    /// From the stored number.
    #[must_use]
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::Ingested),
            2 => Some(Self::Calculated),
            _ => None,
        }
    }
}

/// The state of an account, as narrow as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotContent {
    /// The overall score.
    pub overall: Option<Score>,
    /// Its band, by the configuration of the moment.
    pub band: Option<Band>,
    /// Where the scores came from.
    pub source: Option<ScoreSource>,
    /// The category scores, in the order of [`Category::ALL`].
    pub categories: [Option<Score>; 5],
    /// How many KPIs, by level and band.
    pub counts: KpiCounts,
    /// The worst KPIs, at most five, worst first.
    pub top_critical: Vec<SeriesId>,
    /// The change that last changed one of the account's KPIs.
    pub kpis_change: Option<ChangeId>,
    /// The newest row of what uploads said of its KPIs.
    pub kpi_row: Option<KpiChangeId>,
    /// What the account pays a year, in minor units of its currency.
    pub revenue_minor: Option<i64>,
    /// ISO 4217 code; None where no revenue is known.
    pub currency: Option<String>,
    /// The version of the profile.
    pub profile: Option<ProfileId>,
    /// The health row that the scores were taken from; None where they come from the KPIs.
    pub health: Option<HealthRowId>,
    /// The playbooks.
    pub playbooks: Option<PlaybookState>,
    /// The newest notes.
    pub notes: Option<NoteState>,
}

/// What is known of an account beside its KPIs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AccountParts {
    /// The profile and its version.
    pub profile: Option<(ProfileId, Profile)>,
    /// The ingested health row that counts.
    pub health: Option<IngestedHealth>,
    /// The change that last changed a KPI's value.
    pub values_changed: Option<ChangeId>,
    /// The playbooks.
    pub playbooks: Option<PlaybookState>,
    /// Executions that were completed within the window before now.
    pub completed_in_window: Option<u32>,
    /// The newest notes.
    pub notes: Option<NoteState>,
}

impl AccountParts {
    /// The scores of the account as they hold now.
    #[must_use]
    pub fn live_health(&self, summary: &KpiSummary, config: &ScoringConfig) -> LiveHealth {
        live_health(&summary.health, self.health.as_ref(), self.values_changed, config.prefer, config.bands)
    }
}

impl SnapshotContent {
    /// The content of an account: its KPIs in short, and what is known beside them.
    #[must_use]
    pub fn new(
        summary: &KpiSummary,
        kpis: (Option<ChangeId>, Option<KpiChangeId>),
        parts: &AccountParts,
        config: &ScoringConfig,
    ) -> Self {
        let health = parts.live_health(summary, config);
        let revenue = parts.profile.as_ref().and_then(|(_, profile)| profile.revenue());
        Self {
            overall: health.overall,
            band: health.band,
            source: health.source,
            categories: health.categories,
            counts: summary.counts,
            top_critical: summary.top_critical.iter().map(|kpi| kpi.series).collect(),
            kpis_change: kpis.0,
            kpi_row: kpis.1,
            revenue_minor: revenue.map(|revenue| revenue.minor_units),
            currency: revenue.map(|revenue| revenue.currency.clone()),
            profile: parts.profile.as_ref().map(|(id, _)| *id),
            health: health.row,
            playbooks: parts.playbooks.clone(),
            notes: parts.notes.clone(),
        }
    }

    /// SHA-256 of the content's canonical JSON (RFC 8785), as it is shown; `profile` is that of the content.
    #[must_use]
    pub fn hash(&self, top: &[TopKpi<'_>], profile: Option<&Profile>, buffer: &mut Vec<u8>) -> [u8; 32] {
        let json = ContentJson::new(self, top, profile);
        buffer.clear();
        // Writing numbers and text into memory cannot fail; a failure would only shorten what is hashed.
        if json.attributes.is_empty() {
            let _ = to_presorted_json(&json, buffer);
        } else {
            // Attributes bear whatever names the sources give: these have to be sorted.
            let _ = to_canonical_json(&json).map(|json| buffer.extend_from_slice(json.as_bytes()));
        }
        Sha256::digest(&*buffer).into()
    }
}

/// One of the worst KPIs, as it is shown. The fields stand in the order of canonical JSON.
#[derive(Debug, Clone, Serialize)]
pub struct TopKpi<'a> {
    /// Its category.
    pub category: Option<Category>,
    /// Always critical.
    pub health_status: Band,
    /// Its impact; null where none was given.
    pub impact_level: Option<Impact>,
    /// Its name.
    pub kpi_name: &'a str,
    /// The product; null for the whole account.
    pub product: Option<&'a str>,
    /// Its score.
    pub score: Score,
    /// Its unit.
    pub unit: Option<Unit>,
    /// Its value.
    pub value: f64,
}

impl<'a> TopKpi<'a> {
    /// A critical KPI with the words of its series; None where the series is not known.
    #[must_use]
    pub fn new(kpi: &CriticalKpi, series: &'a SeriesSet) -> Option<Self> {
        let words = series.get(kpi.series)?;
        Some(Self {
            category: Some(kpi.category),
            health_status: Band::Critical,
            impact_level: kpi.impact,
            kpi_name: &words.kpi,
            product: words.product.as_deref(),
            score: kpi.score,
            unit: kpi.unit,
            value: kpi.value,
        })
    }
}

/// The content as canonical JSON has it: the fields stand in sorted order.
#[derive(Serialize)]
struct ContentJson<'a> {
    account_level_kpis: u32,
    account_owner: Option<&'a str>,
    account_status: Option<&'a str>,
    account_tier: Option<&'a str>,
    assigned_csm: Option<&'a str>,
    at_risk_kpis_count: u32,
    attributes: Cow<'a, BTreeMap<String, serde_json::Value>>,
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
    fn new(content: &'a SnapshotContent, top: &'a [TopKpi<'a>], profile: Option<&'a Profile>) -> Self {
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
    use crate::model::kpi::Impact;
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
