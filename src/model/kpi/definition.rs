//! What a KPI is: its name, and as far as they are known its category, its unit and the scale by which it scores.
//!
//! A definition without a scale is no fault: the KPI is known and takes part in no score. A scale without a category
//! would score nowhere, so it cannot be read back.

use serde::{Deserialize, Serialize};

use super::points::{self, PointFault};
use super::{Category, Direction, Unit};

/// What a KPI is and how its values score (HEALTH.md, "A KPI's score").
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct KpiDefinition {
    /// The KPI's name, as shown.
    pub kpi_name: String,
    /// The category it counts in; None where it was never said, and then there is no scale.
    pub category: Option<Category>,
    /// The unit of its values and of the scale; None takes any number as it stands.
    pub unit: Option<Unit>,
    /// How its values score; None: they do not.
    pub scale: Option<Scale>,
}

/// The scale of a KPI: four points in strict order, and which way is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Whether larger is better.
    pub direction: Direction,
    /// The value that scores 0.
    pub worst: f64,
    /// The value that scores 100/3; worse than it (or at it, where higher is better) the KPI is critical.
    pub critical_edge: f64,
    /// The value that scores 200/3; better than it (or at it, where lower is better) the KPI is healthy.
    pub healthy_edge: f64,
    /// The value that scores 100.
    pub best: f64,
}

impl Scale {
    /// A scale of these points: worst, critical edge, healthy edge, best.
    ///
    /// # Errors
    /// The first point that is not finite, or that does not lie beyond the one before it.
    pub fn new(direction: Direction, points: [f64; 4]) -> Result<Self, PointFault> {
        points::check(direction, points)?;
        let [worst, critical_edge, healthy_edge, best] = points;
        Ok(Self { direction, worst, critical_edge, healthy_edge, best })
    }

    /// Worst, critical edge, healthy edge and best.
    #[must_use]
    pub const fn points(&self) -> [f64; 4] {
        [self.worst, self.critical_edge, self.healthy_edge, self.best]
    }
}

impl KpiDefinition {
    /// A KPI of which nothing but the name is known.
    #[must_use]
    pub fn named(kpi_name: impl Into<String>) -> Self {
        Self { kpi_name: kpi_name.into(), category: None, unit: None, scale: None }
    }

    /// Whether nothing but the name is known.
    #[must_use]
    pub const fn is_bare(&self) -> bool {
        self.category.is_none() && self.unit.is_none() && self.scale.is_none()
    }

    /// Where and how its values score; None where they do not.
    #[must_use]
    pub fn scoring(&self) -> Option<(Category, &Scale)> {
        self.category.zip(self.scale.as_ref())
    }
}

/// A definition as it is written. The order of the fields makes no difference: it is hashed as canonical JSON, and
/// what is not there enters no hash, so that definitions with a scale are written as they always were.
#[derive(Serialize, Deserialize)]
struct Written {
    kpi_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    category: Option<Category>,
    #[serde(default)]
    unit: Option<Unit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    direction: Option<Direction>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    worst: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    critical_edge: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    healthy_edge: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    best: Option<f64>,
}

impl From<KpiDefinition> for Written {
    fn from(definition: KpiDefinition) -> Self {
        let KpiDefinition { kpi_name, category, unit, scale } = definition;
        Self {
            kpi_name,
            category,
            unit,
            direction: scale.map(|scale| scale.direction),
            worst: scale.map(|scale| scale.worst),
            critical_edge: scale.map(|scale| scale.critical_edge),
            healthy_edge: scale.map(|scale| scale.healthy_edge),
            best: scale.map(|scale| scale.best),
        }
    }
}

impl TryFrom<Written> for KpiDefinition {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let Written { kpi_name, category, unit, direction, worst, critical_edge, healthy_edge, best } =
            written;
        let scale = match (direction, worst, critical_edge, healthy_edge, best) {
            (None, None, None, None, None) => None,
            (Some(direction), Some(worst), Some(critical_edge), Some(healthy_edge), Some(best)) => {
                Some(Scale { direction, worst, critical_edge, healthy_edge, best })
            }
            _ => {
                return Err(format!(
                    "expected a direction and four points of '{kpi_name}', got some of them"
                ));
            }
        };
        if scale.is_some() && category.is_none() {
            return Err(format!("expected the category of '{kpi_name}', got none"));
        }
        Ok(Self { kpi_name, category, unit, scale })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::canonical::to_canonical_json;

    #[test]
    fn a_definition_with_a_scale_is_written_as_it_always_was() {
        let json = r#"{"best":100,"category":"Support","critical_edge":50,"direction":"higher","healthy_edge":80,"kpi_name":"A","unit":null,"worst":0}"#;
        let read: KpiDefinition = serde_json::from_str(json).unwrap();
        assert_eq!(read.scoring().map(|(_, scale)| scale.points()), Some([0.0, 50.0, 80.0, 100.0]));
        assert_eq!(to_canonical_json(&read).unwrap(), json);
    }

    #[test]
    fn what_is_not_known_is_not_written() {
        let unscored = KpiDefinition { unit: Some(Unit::Percent), ..KpiDefinition::named("A") };
        for definition in [unscored, KpiDefinition::named("B")] {
            let json = to_canonical_json(&definition).unwrap();
            assert!(!json.contains("worst") && !json.contains("category"), "{json}");
            assert_eq!(serde_json::from_str::<KpiDefinition>(&json).unwrap(), definition);
        }
    }

    #[test]
    fn half_a_scale_and_a_scale_without_a_category_are_no_definition() {
        for json in [
            r#"{"kpi_name":"A","category":"Support","unit":"%","direction":"lower"}"#,
            r#"{"kpi_name":"A","unit":"%","direction":"lower","worst":9,"critical_edge":8,"healthy_edge":7,"best":6}"#,
        ] {
            assert!(serde_json::from_str::<KpiDefinition>(json).is_err(), "{json}");
        }
    }
}
