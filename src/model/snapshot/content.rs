//! A snapshot's content: the account's state, and the hash of that state as it is shown.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::model::canonical::to_presorted_json;
use crate::model::health::scorer::{CriticalKpi, KpiCounts, KpiSummary};
use crate::model::ids::{ChangeId, KpiChangeId, SeriesId};
use crate::model::kpi::series::SeriesSet;
use crate::model::kpi::{Band, Category, Impact, Unit};
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
}

impl SnapshotContent {
    /// The content of an account of which only KPIs are known.
    #[must_use]
    pub fn from_kpis(
        summary: &KpiSummary,
        kpis_change: Option<ChangeId>,
        kpi_row: Option<KpiChangeId>,
    ) -> Self {
        Self {
            overall: summary.health.overall,
            band: summary.health.band,
            source: summary.health.overall.map(|_| ScoreSource::Calculated),
            categories: summary.health.categories,
            counts: summary.counts,
            top_critical: summary.top_critical.iter().map(|kpi| kpi.series).collect(),
            kpis_change,
            kpi_row,
            revenue_minor: None,
        }
    }

    /// SHA-256 of the content's canonical JSON (RFC 8785), as it is shown.
    #[must_use]
    pub fn hash(&self, top: &[TopKpi<'_>], buffer: &mut Vec<u8>) -> [u8; 32] {
        buffer.clear();
        // Writing numbers and text into memory cannot fail; a failure would only shorten what is hashed.
        let _ = to_presorted_json(&ContentJson::new(self, top), buffer);
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
    attributes: Empty,
    business_outcomes_score: Option<Score>,
    champion_status: Option<&'a str>,
    contract_end_date: Option<&'a str>,
    contract_start_date: Option<&'a str>,
    critical_kpis_count: u32,
    csm_manager: Option<&'a str>,
    currency: Option<&'a str>,
    customer_sentiment_score: Option<Score>,
    engagement_score: Option<f64>,
    executive_sponsor: Option<&'a str>,
    health_score_source: Option<ScoreSource>,
    healthy_kpis_count: u32,
    industry: Option<&'a str>,
    last_playbook_executed: Option<&'a str>,
    last_qbr_date: Option<&'a str>,
    lifecycle_stage: Option<&'a str>,
    next_qbr_date: Option<&'a str>,
    onboarding_status: Option<&'a str>,
    overall_health_score: Option<Score>,
    overall_health_status: Option<Band>,
    playbooks_completed_count: Option<u32>,
    playbooks_running: Option<&'a [&'a str]>,
    playbooks_running_count: Option<u32>,
    primary_champion: Option<&'a str>,
    primary_product: Option<&'a str>,
    product_count: Option<u32>,
    product_level_kpis: u32,
    product_usage_score: Option<Score>,
    products_used: Option<&'a [&'a str]>,
    recent_csm_note_ids: Option<&'a [&'a str]>,
    recent_playbook_report_ids: Option<&'a [&'a str]>,
    region: Option<&'a str>,
    relationship_strength_score: Option<Score>,
    renewal_date: Option<&'a str>,
    revenue: Option<f64>,
    revenue_basis: Option<&'a str>,
    stakeholder_count: Option<u32>,
    support_score: Option<Score>,
    top_critical_kpis: &'a [TopKpi<'a>],
    total_kpis: u32,
    unscored_kpis_count: u32,
}

/// An object without fields.
#[derive(Serialize)]
struct Empty {}

impl<'a> ContentJson<'a> {
    fn new(content: &SnapshotContent, top: &'a [TopKpi<'a>]) -> Self {
        let counts = content.counts;
        let [usage, support, sentiment, outcomes, relationship] = content.categories;
        Self {
            account_level_kpis: counts.account_level,
            account_owner: None,
            account_status: None,
            account_tier: None,
            assigned_csm: None,
            at_risk_kpis_count: counts.at_risk,
            attributes: Empty {},
            business_outcomes_score: outcomes,
            champion_status: None,
            contract_end_date: None,
            contract_start_date: None,
            critical_kpis_count: counts.critical,
            csm_manager: None,
            currency: None,
            customer_sentiment_score: sentiment,
            engagement_score: None,
            executive_sponsor: None,
            health_score_source: content.source,
            healthy_kpis_count: counts.healthy,
            industry: None,
            last_playbook_executed: None,
            last_qbr_date: None,
            lifecycle_stage: None,
            next_qbr_date: None,
            onboarding_status: None,
            overall_health_score: content.overall,
            overall_health_status: content.band,
            playbooks_completed_count: None,
            playbooks_running: None,
            playbooks_running_count: None,
            primary_champion: None,
            primary_product: None,
            product_count: None,
            product_level_kpis: counts.product_level,
            product_usage_score: usage,
            products_used: None,
            recent_csm_note_ids: None,
            recent_playbook_report_ids: None,
            region: None,
            relationship_strength_score: relationship,
            renewal_date: None,
            revenue: None,
            revenue_basis: None,
            stakeholder_count: None,
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
    use crate::model::canonical::to_canonical_json;

    #[test]
    fn the_content_is_declared_in_canonical_order() {
        let content = SnapshotContent::from_kpis(&KpiSummary::default(), None, None);
        let top = [TopKpi {
            category: Some(Category::Support),
            health_status: Band::Critical,
            impact_level: Some(Impact::High),
            kpi_name: "Ticket \"Volume\"\u{7}é",
            product: None,
            score: Score::from_hundredths(1250),
            unit: Some(Unit::Count),
            value: 85.0,
        }];
        let json = ContentJson::new(&content, &top);
        let mut bytes = Vec::new();
        to_presorted_json(&json, &mut bytes).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), to_canonical_json(&json).unwrap());
    }
}
