//! A snapshot's content: the account's state, and the hash of that state as it is shown.

use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::content_json::ContentJson;
use super::parts::{NoteState, PlaybookState};
use crate::model::canonical::{to_canonical_json, to_presorted_json};
use crate::model::health::config::ScoringConfig;
use crate::model::health::scorer::{CriticalKpi, KpiCounts, KpiSummary};
use crate::model::health::source::{IngestedHealth, LiveHealth, live_health};
use crate::model::ids::{ChangeId, HealthRowId, KpiChangeId, ProfileId, SeriesId};
use crate::model::kpi::series::SeriesSet;
use crate::model::kpi::{Band, Category, Impact, Unit};
use crate::model::profile::Profile;
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

    /// The content as conditions are asked of it: its JSON object; `profile` is that of the content.
    #[must_use]
    pub fn state(&self, top: &[TopKpi<'_>], profile: Option<&Profile>) -> Map<String, Value> {
        match serde_json::to_value(ContentJson::new(self, top, profile)) {
            Ok(Value::Object(state)) => state,
            // Numbers and text under names always are an object.
            _ => Map::new(),
        }
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
