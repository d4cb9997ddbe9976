//! `compare` (`acctsnap.compare/1`): what changed between two moments of an account, and why its score moved.

mod text;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::model::explanation::Cause;
use crate::model::ids::{AccountId, SnapshotId};
use crate::model::kpi::{Band, Category, Unit};
use crate::model::score::Score;
use crate::model::time::Timestamp;
use crate::report::snapshot::Retracted;

pub use text::render;

/// Name and version of the answer's shape.
pub const SCHEMA: &str = "acctsnap.compare/1";

/// What changed between two moments of an account.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.compare/1")]
pub struct CompareView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// Whose portfolio it is.
    pub customer: String,
    /// Our number of the account.
    pub account_id: AccountId,
    /// What it is called.
    pub account_name: String,
    /// The earlier moment as it was asked for.
    pub from: Side,
    /// The later one.
    pub to: Side,
    /// Whether anything differs that was not ignored.
    pub differs: bool,
    /// Every field that differs, in the order of a snapshot's fields.
    pub fields: Vec<FieldChange>,
    /// The overall score's change, split; null where either moment has no score.
    pub score: Option<ScoreSplit>,
    /// KPIs whose value or score differs, those that moved the score most first.
    pub kpis: Vec<KpiDifference>,
    /// KPIs that differ in nothing.
    pub kpis_unchanged: u32,
    /// Playbooks that run only at the later moment.
    pub playbooks_started: Vec<String>,
    /// Playbooks that ran only at the earlier one.
    pub playbooks_ended: Vec<String>,
    /// Products used only at the later moment.
    pub products_added: Vec<String>,
    /// Products used only at the earlier one.
    pub products_removed: Vec<String>,
}

/// One of the two moments.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Side {
    /// As it was asked for: an id, a moment, `latest`, `previous`, `now`.
    pub asked: String,
    /// The snapshot that answers; null for the live state.
    pub snapshot_id: Option<SnapshotId>,
    /// When that was taken; for the live state now.
    pub taken_at: Timestamp,
    /// The overall score.
    pub overall_health_score: Option<Score>,
    /// The band in which it lies.
    pub overall_health_status: Option<Band>,
    /// Where the score came from.
    pub health_score_source: Option<String>,
    /// The upload that went into it and was taken back; null where none was, and of the live state.
    pub retracted: Option<Retracted>,
}

/// Whether a difference is good for the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It is.
    Better,
    /// It is not.
    Worse,
}

impl Effect {
    /// As JSON has it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
        }
    }
}

/// A field of the snapshot that differs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FieldChange {
    /// The field's name; `attributes.NAME` for an attribute.
    pub field: String,
    /// Its value at the earlier moment.
    pub old: Value,
    /// Its value at the later one.
    pub new: Value,
    /// The difference of two numbers, or the days between two dates.
    pub change: Option<f64>,
    /// Whether that is good for the account; null where nobody can tell.
    pub effect: Option<Effect>,
    /// `from` or `to`, where that snapshot's version did not record the field: its null is no value then.
    pub not_recorded: Option<&'static str>,
}

/// The overall score's change as terms that add up to it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ScoreSplit {
    /// At the earlier moment.
    pub old: Score,
    /// At the later one.
    pub new: Score,
    /// The difference; the terms add up to it, and so do the causes.
    pub change: Score,
    /// What each cause did in all, in the order of the path.
    pub causes: Vec<CauseSum>,
    /// What each category did in all, its KPIs and its weight together.
    pub categories: Vec<CategorySum>,
    /// Every term, by cause, then category.
    pub terms: Vec<TermView>,
}

/// What a cause did in all.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CauseSum {
    /// The cause.
    pub cause: Cause,
    /// Points of the overall score.
    pub points: Score,
}

/// What a category did in all.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CategorySum {
    /// The category.
    pub category: Category,
    /// Its own score at the earlier moment.
    pub old: Option<Score>,
    /// Its own score at the later one.
    pub new: Option<Score>,
    /// Points of the overall score.
    pub points: Score,
}

/// One term of a change of the overall score.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TermView {
    /// Why.
    pub cause: Cause,
    /// Where; null for the source.
    pub category: Option<Category>,
    /// The KPI; null for the category's own weight, and for the source.
    pub kpi_name: Option<String>,
    /// The product, where the KPI is one of a product.
    pub product: Option<String>,
    /// Points of the overall score.
    pub points: Score,
}

/// What a KPI did between the moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KpiFate {
    /// It has a value at both.
    Changed,
    /// It has one at the later alone.
    Appeared,
    /// It has one at the earlier alone.
    WentMissing,
}

/// A KPI that differs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct KpiDifference {
    /// What it is called.
    pub kpi_name: String,
    /// The product; null for the whole account.
    pub product: Option<String>,
    /// Its category; null where nothing defines it.
    pub category: Option<Category>,
    /// Its unit.
    pub unit: Option<Unit>,
    /// What it did.
    pub fate: KpiFate,
    /// The earlier value.
    pub old_value: Option<f64>,
    /// The later value.
    pub new_value: Option<f64>,
    /// Their difference.
    pub change: Option<f64>,
    /// The day of the later value.
    pub observed_at: Option<NaiveDate>,
    /// The earlier score, by the rules of the earlier moment.
    pub old_score: Option<Score>,
    /// The later score, by the rules of the later one.
    pub new_score: Option<Score>,
    /// The band of the earlier value.
    pub old_status: Option<Band>,
    /// The band of the later value.
    pub new_status: Option<Band>,
    /// Whether it crossed from one band into another.
    pub crossed_band: bool,
    /// Whether the change is good for the account.
    pub effect: Option<Effect>,
    /// Points of the overall score, of all its terms together.
    pub points: Score,
}
