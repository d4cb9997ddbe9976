//! `compare --all` (`acctsnap.portfolio_compare/1`): a portfolio between two moments.

mod text;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::explanation::Cause;
use crate::model::ids::{AccountId, SnapshotId};
use crate::model::kpi::Band;
use crate::model::portfolio::{Fate, Flow};
use crate::model::score::Score;
use crate::model::time::Timestamp;
use crate::report::snapshot::MoneyNumber;

pub use text::render;

/// Name and version of the answer's shape.
pub const SCHEMA: &str = "acctsnap.portfolio_compare/1";

/// A portfolio between two moments.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.portfolio_compare/1")]
pub struct PortfolioCompareView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// Whose portfolio it is.
    pub customer: String,
    /// The earlier moment.
    pub from: MomentView,
    /// The later one.
    pub to: MomentView,
    /// The condition that the accounts fulfil; null for all of them.
    #[serde(rename = "where")]
    pub condition: Option<String>,
    /// The field by which the segments are made; null where none was named.
    pub by: Option<String>,
    /// Whether anything differs that was not ignored.
    pub differs: bool,
    /// All accounts together.
    pub total: PartView,
    /// The same for each value of the field, by value, those without a value last.
    pub segments: Vec<SegmentView>,
    /// How many accounts went from one band into another, from the worst band on.
    pub crossings: Vec<CrossingView>,
    /// A line an account: those whose score moved most first, then those without a movement, those that left, those
    /// that came.
    pub accounts: Vec<AccountMove>,
}

/// One of the two moments.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct MomentView {
    /// As it was asked for.
    pub asked: String,
    /// The instant that it means; null for `latest` and `previous`, which are each account's own.
    pub at: Option<Timestamp>,
}

/// Some accounts between the moments.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
pub struct PartView {
    /// Accounts that are there at the earlier moment.
    pub accounts_at_start: u64,
    /// Accounts that are there at the later one.
    pub accounts_at_end: u64,
    /// Accounts that are there at the later moment alone.
    pub accounts_new: u64,
    /// Accounts that are there at the earlier moment alone.
    pub accounts_lost: u64,
    /// Accounts whose score rose.
    pub accounts_improved: u64,
    /// Accounts whose score fell.
    pub accounts_declined: u64,
    /// Accounts that are there at both moments and have no score at one of them.
    pub accounts_without_score: u64,
    /// Accounts that crossed into a better band.
    pub bands_crossed_up: u64,
    /// Accounts that crossed into a worse band.
    pub bands_crossed_down: u64,
    /// Accounts of the start that are there at the end, in percent; null where there were none.
    pub logo_retention_percent: Option<f64>,
    /// The revenue of each currency.
    pub revenue: Vec<RevenueView>,
    /// Who is in none of these.
    pub revenue_left_out: LeftOutView,
}

/// The revenue of one currency: start + new + expansion - contraction - churned = end, exactly.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RevenueView {
    /// ISO 4217 code.
    pub currency: String,
    /// Accounts in it.
    pub accounts: u64,
    /// Of the accounts that are there at the earlier moment.
    pub start: MoneyNumber,
    /// Of those that came.
    pub new: MoneyNumber,
    /// What those that stayed pay more.
    pub expansion: MoneyNumber,
    /// What those that stayed pay less.
    pub contraction: MoneyNumber,
    /// What those that left had paid.
    pub churned: MoneyNumber,
    /// Of the accounts that are there at the later moment.
    pub end: MoneyNumber,
    /// (start + expansion - contraction - churned) / start; null where the start is 0.
    pub nrr_percent: Option<f64>,
    /// (start - contraction - churned) / start, at most 100; null where the start is 0.
    pub grr_percent: Option<f64>,
}

/// Accounts that are in no sum of revenue.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct LeftOutView {
    /// All of them, each once.
    pub accounts: u64,
    /// There at the earlier moment, without a known revenue.
    pub without_revenue_at_start: u64,
    /// There at the later moment, without a known revenue.
    pub without_revenue_at_end: u64,
    /// They pay in another currency than before.
    pub other_currency: u64,
}

/// The accounts of one value of the field.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SegmentView {
    /// The value; null where the field has none.
    pub segment: Option<String>,
    /// Its accounts.
    #[serde(flatten)]
    pub part: PartView,
}

/// Accounts that went from one band into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CrossingView {
    /// The band at the earlier moment.
    pub from: Band,
    /// The band at the later one.
    pub to: Band,
    /// How many.
    pub accounts: u64,
}

/// One account between the moments; what is of a moment at which it is not there is null.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AccountMove {
    /// Our number of the account.
    pub account_id: AccountId,
    /// Its external id.
    pub external_account_id: Option<String>,
    /// What it is called.
    pub account_name: String,
    /// The value of the field by which segments are made.
    pub segment: Option<String>,
    /// What became of it.
    pub fate: Fate,
    /// The snapshot of the earlier moment.
    pub old_snapshot_id: Option<SnapshotId>,
    /// The snapshot of the later one; null for the live state too.
    pub new_snapshot_id: Option<SnapshotId>,
    /// The overall score at the earlier moment.
    pub old_score: Option<Score>,
    /// The overall score at the later one.
    pub new_score: Option<Score>,
    /// The difference.
    pub score_change: Option<Score>,
    /// The band at the earlier moment.
    pub old_health_status: Option<Band>,
    /// The band at the later one.
    pub new_health_status: Option<Band>,
    /// Whether it crossed from one band into another.
    pub crossed_band: bool,
    /// The account's status at the earlier moment.
    pub old_account_status: Option<String>,
    /// The account's status at the later one.
    pub new_account_status: Option<String>,
    /// The currency at the earlier moment.
    pub old_currency: Option<String>,
    /// The currency at the later one.
    pub new_currency: Option<String>,
    /// What it paid a year at the earlier moment.
    pub old_revenue: Option<MoneyNumber>,
    /// What it pays a year at the later one.
    pub new_revenue: Option<MoneyNumber>,
    /// The difference; null where either is unknown or the currency is another.
    pub revenue_change: Option<MoneyNumber>,
    /// Which part of the revenue's flow it is; null where it is left out.
    pub revenue_flow: Option<Flow>,
    /// Why its score moved, in a phrase; null where it did not, and beyond the accounts of `--top`.
    pub reason: Option<String>,
    /// The cause behind that.
    pub reason_cause: Option<Cause>,
    /// The KPI behind that.
    pub reason_kpi: Option<String>,
    /// Its product, where the KPI is one of a product.
    pub reason_product: Option<String>,
    /// Points of the overall score that it explains.
    pub reason_points: Option<Score>,
}

/// The keys of an account's line: the headers of its CSV.
pub const HEADERS: [&str; 26] = [
    "account_id",
    "external_account_id",
    "account_name",
    "segment",
    "fate",
    "old_snapshot_id",
    "new_snapshot_id",
    "old_score",
    "new_score",
    "score_change",
    "old_health_status",
    "new_health_status",
    "crossed_band",
    "old_account_status",
    "new_account_status",
    "old_currency",
    "new_currency",
    "old_revenue",
    "new_revenue",
    "revenue_change",
    "revenue_flow",
    "reason",
    "reason_cause",
    "reason_kpi",
    "reason_product",
    "reason_points",
];
