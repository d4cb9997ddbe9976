//! `history` (`acctsnap.history/1`): an account's snapshots over time, oldest first.

mod chosen;
mod spark;
#[cfg(test)]
mod tests;
mod text;

pub use chosen::{columns, render_chosen, render_fields, whole};
pub use text::render;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::snapshot::MoneyNumber;
use crate::model::ids::{SnapshotId, UploadId};
use crate::model::kpi::{Band, Unit};
use crate::model::score::Score;
use crate::model::time::Timestamp;

/// Name and version of the list's shape.
pub const LIST_SCHEMA: &str = "acctsnap.history/1";

/// The columns of the CSV; those of the KPIs that were asked for follow, `kpis.NAME` each.
pub const HEADERS: [&str; 20] = [
    "snapshot_id",
    "snapshot_timestamp",
    "snapshot_type",
    "snapshot_reason",
    "trigger_event",
    "trigger_action",
    "snapshot_sequence_number",
    "overall_health_score",
    "overall_health_status",
    "health_score_change_from_last",
    "critical_kpis_count",
    "is_significant_change",
    "is_unchanged",
    "scoring_config_hash",
    "is_scoring_config_changed",
    "revenue",
    "currency",
    "period",
    "gap",
    "health_score_change_from_row",
];

/// A snapshot of the account, or a period without one; its fields are those of `acctsnap.snapshot/1`.
///
/// All that is of a snapshot is null where `gap` is true, and only there where nothing else is said.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
pub struct HistoryItem {
    /// Our number of the snapshot.
    pub snapshot_id: Option<SnapshotId>,
    /// When it was taken.
    pub snapshot_timestamp: Option<Timestamp>,
    /// Why it exists: manual, event_driven, rag_auto, scheduled, post_health_calc.
    pub snapshot_type: Option<String>,
    /// What a person said about it; null where nobody did.
    pub snapshot_reason: Option<String>,
    /// The event that led to it; null for manual ones.
    pub trigger_event: Option<String>,
    /// More about that event; null where there is none.
    pub trigger_action: Option<String>,
    /// The account's how manieth snapshot it is, from 1.
    pub snapshot_sequence_number: Option<u64>,
    /// Points of 100; null without a score.
    pub overall_health_score: Option<Score>,
    /// The band in which it lies; null without a score.
    pub overall_health_status: Option<Band>,
    /// Points, since the account's last snapshot; null where either has no score.
    pub health_score_change_from_last: Option<Score>,
    /// KPIs in the critical band.
    pub critical_kpis_count: Option<u32>,
    /// Whether score or revenue moved by more than the settings' limits since the last snapshot.
    pub is_significant_change: Option<bool>,
    /// Whether its content is that of the account's last snapshot; with `--every`, of the row before.
    pub is_unchanged: Option<bool>,
    /// SHA-256 of the scoring configuration.
    pub scoring_config_hash: Option<String>,
    /// Whether that is another than the account's last snapshot was made with; with `--every`, the row before.
    pub is_scoring_config_changed: Option<bool>,
    /// What the account pays a year, in `currency`; null where it is not known.
    pub revenue: Option<MoneyNumber>,
    /// ISO 4217 code; null where no revenue is known.
    pub currency: Option<String>,
    /// With `--every`: the day (`2026-11-22`), week (`2026-W47`) or month (`2026-11`) of which this is the last.
    pub period: Option<String>,
    /// Whether the period has no snapshot.
    pub gap: bool,
    /// Points, since the row before that has a score; null without one.
    pub health_score_change_from_row: Option<Score>,
    /// The KPIs that were asked for, in the same order in each row.
    pub kpis: Vec<KpiAtSnapshot>,
}

/// A KPI as a snapshot knew it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct KpiAtSnapshot {
    /// What it is called.
    pub kpi_name: String,
    /// The product; null for the whole account.
    pub product: Option<String>,
    /// Its value; null where there was none.
    pub value: Option<f64>,
    /// The unit.
    pub unit: Option<Unit>,
    /// The day of the value; null where the KPI was not known.
    pub observed_at: Option<NaiveDate>,
}

/// What was said of a KPI at a day, by the values' own dates and all that is known of them.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct DatedValue {
    /// What it is called.
    pub kpi_name: String,
    /// The product; null for the whole account.
    pub product: Option<String>,
    /// The day of the value.
    pub observed_at: NaiveDate,
    /// The value; null where it was withdrawn.
    pub value: Option<f64>,
    /// The unit.
    pub unit: Option<Unit>,
    /// When it was ingested.
    pub ingested_at: Option<Timestamp>,
    /// The upload that said it.
    pub upload_id: UploadId,
    /// That upload's file.
    pub file: Option<String>,
}

/// An account's history.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.history/1")]
pub struct HistoryView {
    /// Name and version of this shape.
    #[schemars(extend("const" = LIST_SCHEMA))]
    pub schema: &'static str,
    /// How many items there are.
    pub count: usize,
    /// The snapshots, oldest first; with `--every` a row a period.
    pub items: Vec<HistoryItem>,
    /// What was said of the KPIs that were asked for, by the days of the values: each day's newest statement.
    pub kpi_history: Vec<DatedValue>,
}

/// A KPI with its product, as one name.
#[must_use]
pub fn kpi_label(kpi: &str, product: Option<&str>) -> String {
    product.map_or_else(|| kpi.to_owned(), |product| format!("{kpi} ({product})"))
}
