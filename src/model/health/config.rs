//! The rules by which scores are made, kept once per hash so that old scores stay recomputable.

use serde::{Deserialize, Serialize};

use crate::model::kpi::KpiDefinition;

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
}

/// Where the bands of an account's overall score begin, in points; a score on a limit is in the better band.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bands {
    /// At risk from here, critical below.
    pub at_risk_from: f64,
    /// Healthy from here.
    pub healthy_from: f64,
}

/// Which scores a snapshot takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prefer {
    /// The ingested health row, unless a KPI changed after it.
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

/// When a change since the last snapshot is significant.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SignificancePolicy {
    /// The score moved by more than so many points.
    pub points: f64,
    /// Or revenue by more than so many percent.
    pub revenue_percent: f64,
}

/// A playbook that an account's state calls for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    /// The playbook's id.
    pub playbook: String,
    /// The condition, as written.
    pub when: String,
}
