//! A definition's scale in words (HEALTH.md, "A KPI's score").

use super::{KpiItem, with_unit};
use crate::model::kpi::{Band, Direction};
use crate::report::json;
use crate::report::text::grouped;

/// Which values lie in which band, as a sentence; None without a definition.
pub(super) fn bands(kpi: &KpiItem) -> Option<String> {
    let critical = with_unit(kpi.critical_edge?, kpi.unit);
    let healthy = with_unit(kpi.healthy_edge?, kpi.unit);
    Some(match kpi.direction? {
        Direction::Higher => format!("critical up to {critical}, at risk up to {healthy}, healthy above"),
        Direction::Lower => format!("healthy up to {healthy}, at risk up to {critical}, critical above"),
    })
}

/// What the four points score.
pub(super) fn points(kpi: &KpiItem) -> Option<String> {
    let values = [kpi.worst?, kpi.critical_edge?, kpi.healthy_edge?, kpi.best?];
    let scores = ["0", "33.33", "66.67", "100"];
    let pairs = values.iter().zip(scores).map(|(value, score)| {
        let value = with_unit(*value, kpi.unit);
        format!("{value} scores {score}")
    });
    Some(pairs.collect::<Vec<_>>().join(", "))
}

/// The limit of a band as a comparison, e.g. `<= 50`; empty without a definition.
pub(super) fn limit(kpi: &KpiItem, band: Band) -> String {
    let edge = match band {
        Band::Critical => kpi.critical_edge,
        Band::AtRisk | Band::Healthy => kpi.healthy_edge,
    };
    let (Some(edge), Some(direction)) = (edge, kpi.direction) else { return String::new() };
    let sign = match (direction, band) {
        (Direction::Higher, Band::Critical) | (Direction::Lower, Band::AtRisk | Band::Healthy) => "<=",
        (Direction::Lower, Band::Critical) | (Direction::Higher, Band::AtRisk | Band::Healthy) => ">",
    };
    format!("{sign} {}", grouped(&json::number(edge)))
}
