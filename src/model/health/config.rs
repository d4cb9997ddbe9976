//! The rules by which scores are made, kept once per hash so that old scores stay recomputable.
//!
//! The defaults stand here and nowhere else. Changing one changes the default's hash, and so the configuration
//! that every customer without a setting of its own is scored with: a test pins it.

use serde::{Deserialize, Serialize};

use crate::error::{Context, ErrorKind, Result};
use crate::model::canonical::{sha256_hex, to_canonical_json};
use crate::model::kpi::{Band, KpiDefinition, catalogue};

/// The customer's whole scoring configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScoringConfig {
    /// The KPI definitions, catalogue order first, then by name.
    pub definitions: Vec<KpiDefinition>,
    /// The category weights, in the order of [`crate::model::kpi::Category::ALL`].
    pub weights: [f64; 5],
    /// Where the account's bands begin.
    pub bands: Bands,
    /// Which scores hold where both ingested and calculated ones are there.
    pub prefer: Prefer,
    /// When a score is improving or declining.
    pub trend: TrendPolicy,
    /// When a change is significant.
    pub significance: SignificancePolicy,
    /// Which playbooks an account's state calls for.
    pub recommendations: Vec<Recommendation>,
    /// Further names that lead to definitions: alias and KPI, sorted. They decide which definition a stored KPI has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<(String, String)>,
    /// The keys of the KPIs that count in no score and no total, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retired: Vec<String>,
}

impl Default for ScoringConfig {
    /// The built-in catalogue and the defaults of HEALTH.md, without recommendations.
    fn default() -> Self {
        Self {
            definitions: catalogue::builtin().to_vec(),
            weights: [0.20, 0.20, 0.20, 0.25, 0.15],
            bands: Bands::default(),
            prefer: Prefer::default(),
            trend: TrendPolicy::default(),
            significance: SignificancePolicy::default(),
            recommendations: Vec::new(),
            aliases: Vec::new(),
            retired: Vec::new(),
        }
    }
}

impl ScoringConfig {
    /// The configuration as canonical JSON (RFC 8785), the form in which it is stored and hashed.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "only a map whose keys are no text can fail, and there is none in it"
    )]
    pub fn canonical_json(&self) -> String {
        to_canonical_json(self).expect("a scoring configuration is JSON")
    }

    /// SHA-256 of the canonical JSON, in lower-case hex.
    #[must_use]
    pub fn hash(&self) -> String {
        sha256_hex(self.canonical_json().as_bytes())
    }

    /// Reads a configuration back from its JSON.
    ///
    /// # Errors
    /// `Damaged` where the text is not a configuration.
    pub fn from_json(json: &str) -> Result<Self> {
        serde_json::from_str(json)
            .context(ErrorKind::Damaged, || "the stored scoring configuration cannot be read".to_owned())
    }
}

/// Where the bands of an account's overall score begin, in points; a score on a limit is in the better band.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bands {
    /// At risk from here, critical below.
    pub at_risk_from: f64,
    /// Healthy from here.
    pub healthy_from: f64,
}

impl Default for Bands {
    fn default() -> Self {
        Self { at_risk_from: 100.0 / 3.0, healthy_from: 200.0 / 3.0 }
    }
}

impl Bands {
    /// The band of an overall score; pass the unrounded one where it is known.
    #[must_use]
    pub fn band(self, points: f64) -> Band {
        if points >= self.healthy_from {
            Band::Healthy
        } else if points >= self.at_risk_from {
            Band::AtRisk
        } else {
            Band::Critical
        }
    }
}

/// Which scores a snapshot takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prefer {
    /// The ingested health row, unless a KPI changed after it.
    #[default]
    Newest,
    /// The ingested health row wherever there is one.
    Ingested,
    /// The KPIs' own.
    Calculated,
}

/// How far back a trend looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrendWindow {
    /// So many milliseconds.
    Millis(i64),
    /// So many snapshots.
    Snapshots(u32),
}

/// When a score is improving or declining.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrendPolicy {
    /// Compared with the score in force so long before.
    pub window: TrendWindow,
    /// More than so many points.
    pub points: f64,
}

impl Default for TrendPolicy {
    /// More than 3 points against the score of 30 days before.
    fn default() -> Self {
        Self { window: TrendWindow::Millis(30 * 24 * 60 * 60 * 1000), points: 3.0 }
    }
}

/// When a change since the last snapshot is significant.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SignificancePolicy {
    /// The score moved by more than so many points.
    pub points: f64,
    /// Or revenue by more than so many percent.
    pub revenue_percent: f64,
}

impl Default for SignificancePolicy {
    /// More than 5 points, or more than 10 % of revenue.
    fn default() -> Self {
        Self { points: 5.0, revenue_percent: 10.0 }
    }
}

/// A playbook that an account's state calls for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    /// The playbook's id.
    pub playbook: String,
    /// The condition, as written.
    pub when: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A changed hash means that the default rules changed: every customer without settings is scored anew.
    #[test]
    fn the_defaults_hash_is_pinned() {
        assert_eq!(
            ScoringConfig::default().hash(),
            "b3b5fba8f6b60045c5908bcf599d9e84f91bc18d4509fcbaa7adcb1b3bdf7707"
        );
    }

    /// A configuration of one's own: what came later (KPIs without points, retired ones) must leave its hash as it was.
    #[test]
    fn the_hash_of_definitions_of_ones_own_is_pinned() {
        let mut definitions = catalogue::builtin().to_vec();
        let mut own = definitions.first().cloned().unwrap();
        own.kpi_name = "Seats Used".into();
        own.unit = None;
        definitions.push(own);
        let aliases = vec![("Seats".into(), "Seats Used".into())];
        let config = ScoringConfig { definitions, aliases, ..ScoringConfig::default() };
        assert_eq!(config.hash(), "6f23da99f245033afed5eebb24471c756b72762994c632e8251d0860cddc3b0c");
    }

    #[test]
    fn json_reads_back_to_the_last_bit() {
        let config = ScoringConfig {
            weights: [0.1 + 0.2, 1.0 / 3.0, 1e-7, 5e-324, 1.7e308],
            prefer: Prefer::Ingested,
            trend: TrendPolicy { window: TrendWindow::Snapshots(3), points: 2.5 },
            recommendations: vec![Recommendation { playbook: "voc".into(), when: "health < 50".into() }],
            aliases: vec![("Seats".into(), "Seats Used".into())],
            retired: vec!["seatsused".into()],
            ..ScoringConfig::default()
        };
        let json = config.canonical_json();
        let read = ScoringConfig::from_json(&json).unwrap();
        assert_eq!(read, config);
        assert_eq!(read.canonical_json(), json);
        assert_ne!(read.hash(), ScoringConfig::default().hash());
    }

    #[test]
    fn canonical_json_is_sorted_and_plain() {
        let json = ScoringConfig::default().canonical_json();
        assert!(json.starts_with(r#"{"bands":{"at_risk_from":33.333333333333336,"#), "{json}");
        assert!(json.contains(r#""weights":[0.2,0.2,0.2,0.25,0.15]"#), "{json}");
        assert!(json.contains(r#"{"best":100,"category":"Product Usage","critical_edge":50,"#), "{json}");
    }

    #[test]
    fn other_text_is_damage() {
        assert_eq!(ScoringConfig::from_json("{}").unwrap_err().kind(), ErrorKind::Damaged);
    }

    #[test]
    fn a_score_on_a_limit_is_in_the_better_band() {
        let bands = Bands { at_risk_from: 60.0, healthy_from: 80.0 };
        for (points, band) in
            [(59.999, Band::Critical), (60.0, Band::AtRisk), (79.999, Band::AtRisk), (80.0, Band::Healthy)]
        {
            assert_eq!(bands.band(points), band, "{points}");
        }
    }
}
