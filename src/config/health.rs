//! `[health]`, `[trend]` and `[significance]`: how scores are made and when a move counts.
//!
//! What depends on several keys is checked after they were merged, in `check`.

use toml::de::DeValue;

use super::kpi::unknown_category;
use super::origin::Placed;
use super::reader::TableReader;
use super::scalar::{Mismatch, millis, not_negative, number, one_of};
use crate::model::health::config::{Prefer, TrendWindow};
use crate::model::kpi::Category;

/// `[health]` of one scope.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct HealthSection {
    pub(super) prefer: Option<Placed<Prefer>>,
    /// In the order of [`Category::ALL`].
    pub(super) weights: [Option<Placed<f64>>; 5],
    pub(super) at_risk_from: Option<Placed<f64>>,
    pub(super) healthy_from: Option<Placed<f64>>,
}

/// `[trend]` of one scope.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct TrendSection {
    pub(super) window: Option<Placed<TrendWindow>>,
    pub(super) points: Option<Placed<f64>>,
}

/// `[significance]` of one scope.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct SignificanceSection {
    pub(super) points: Option<Placed<f64>>,
    pub(super) revenue_percent: Option<Placed<f64>>,
}

/// Which scores hold, by the word that says so.
pub(super) const PREFERENCES: [(&str, Prefer); 3] =
    [("newest", Prefer::Newest), ("ingested", Prefer::Ingested), ("calculated", Prefer::Calculated)];

/// Reads `[health]`.
pub(super) fn read_health(reader: &mut TableReader<'_, '_>) -> HealthSection {
    let prefer = reader.get("prefer", one_of(&PREFERENCES));
    let weights = read_weights(reader);
    let (at_risk_from, healthy_from) = reader
        .section("bands", |bands| (bands.get("at_risk_from", number), bands.get("healthy_from", number)));
    HealthSection { prefer, weights, at_risk_from, healthy_from }
}

fn read_weights(reader: &mut TableReader<'_, '_>) -> [Option<Placed<f64>>; 5] {
    let mut weights = [const { None }; 5];
    for (name, weight) in reader.named_values("weights", not_negative) {
        let Some(category) = Category::parse(&name) else {
            reader.wrong_name(&weight, &name, unknown_category(&name));
            continue;
        };
        match weights.get_mut(category.index()) {
            Some(slot @ None) => *slot = Some(weight),
            _ => reader.wrong(&weight, format!("expected one weight for {category}, got two")),
        }
    }
    weights
}

/// Reads `[trend]`.
pub(super) fn read_trend(reader: &mut TableReader<'_, '_>) -> TrendSection {
    TrendSection { window: reader.get("window", window), points: reader.get("points", not_negative) }
}

/// Reads `[significance]`.
pub(super) fn read_significance(reader: &mut TableReader<'_, '_>) -> SignificanceSection {
    SignificanceSection {
        points: reader.get("points", not_negative),
        revenue_percent: reader.get("revenue_percent", not_negative),
    }
}

/// A duration, or a number of snapshots.
fn window(value: &DeValue<'_>) -> Result<TrendWindow, Mismatch> {
    let counted = value.as_str().and_then(|text| {
        let count = text.trim().strip_suffix("snapshots").or_else(|| text.trim().strip_suffix("snapshot"))?;
        count.trim().parse::<u32>().ok()
    });
    let window = match counted {
        Some(count) => Some(TrendWindow::Snapshots(count)),
        None => millis(value).ok().map(TrendWindow::Millis),
    };
    let some_time =
        |window: &TrendWindow| !matches!(window, TrendWindow::Millis(0) | TrendWindow::Snapshots(0));
    window
        .filter(some_time)
        .ok_or_else(|| Mismatch::expected("a duration such as \"30d\" or a count such as \"3 snapshots\""))
}
