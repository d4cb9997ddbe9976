//! Changing a definition by hand: what is given takes the place of what stands, and the rest stands.
//!
//! Points never pass from one unit to another of a different dimension: they are dropped with the old unit, and the
//! KPI is unscored until it is given new ones. Between hours and days they are converted.

use std::fmt;

use super::points::{GivenPoints, PointFault};
use super::{Category, Conversion, Direction, KpiDefinition, Scale, Unit};

/// What is given of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct KpiEdit {
    /// The unit.
    pub unit: Option<Unit>,
    /// The category.
    pub category: Option<Category>,
    /// Whether larger is better.
    pub direction: Option<Direction>,
    /// The value that scores 0.
    pub worst: Option<f64>,
    /// The value that scores 100/3.
    pub critical_edge: Option<f64>,
    /// The value that scores 200/3.
    pub healthy_edge: Option<f64>,
    /// The value that scores 100.
    pub best: Option<f64>,
}

/// A definition as changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Edited {
    /// The definition.
    pub definition: KpiDefinition,
    /// The scale that fell away with the old unit and has no successor.
    pub dropped: Option<Scale>,
}

/// Why the change gives no definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditFault {
    /// There is not enough for a scale; these are missing: `category`, `direction`, `critical-edge`, `healthy-edge`.
    Missing(Vec<&'static str>),
    /// The points do not lead from worst to best.
    OutOfOrder(PointFault),
}

impl fmt::Display for EditFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(missing) => write!(f, "its points need {} too", missing.join(", ")),
            Self::OutOfOrder(fault) => write!(f, "{}: {}", fault.point, fault.message),
        }
    }
}

impl KpiEdit {
    /// Whether anything of a scale is given.
    const fn gives_points(&self) -> bool {
        self.direction.is_some()
            || self.worst.is_some()
            || self.critical_edge.is_some()
            || self.healthy_edge.is_some()
            || self.best.is_some()
    }

    /// The definition with what is given.
    ///
    /// # Errors
    /// Where points are given that make no scale, alone or with those that stand.
    pub fn apply(&self, base: &KpiDefinition) -> Result<Edited, EditFault> {
        let unit = self.unit.or(base.unit);
        let category = self.category.or(base.category);
        let standing = standing_scale(base, unit);
        let scale = match self.gives_points() {
            true => Some(self.scale(category, standing, base.scale)?),
            false => standing,
        };
        let kpi_name = base.kpi_name.clone();
        let dropped = base.scale.filter(|_| scale.is_none());
        Ok(Edited { definition: KpiDefinition { kpi_name, category, unit, scale }, dropped })
    }

    /// A scale of what is given and what stands; which way is better outlives a change of unit.
    fn scale(
        &self,
        category: Option<Category>,
        standing: Option<Scale>,
        before: Option<Scale>,
    ) -> Result<Scale, EditFault> {
        let direction = self.direction.or(before.map(|scale| scale.direction));
        let critical_edge = self.critical_edge.or(standing.map(|scale| scale.critical_edge));
        let healthy_edge = self.healthy_edge.or(standing.map(|scale| scale.healthy_edge));
        let (Some(_), Some(direction), Some(critical_edge), Some(healthy_edge)) =
            (category, direction, critical_edge, healthy_edge)
        else {
            let missing = [
                ("category", category.is_none()),
                ("direction", direction.is_none()),
                ("critical-edge", critical_edge.is_none()),
                ("healthy-edge", healthy_edge.is_none()),
            ];
            let missing = missing.into_iter().filter(|(_, is_missing)| *is_missing);
            return Err(EditFault::Missing(missing.map(|(name, _)| name).collect()));
        };
        let worst = self.worst.or(standing.map(|scale| scale.worst));
        let best = self.best.or(standing.map(|scale| scale.best));
        let given = GivenPoints { worst, critical_edge, healthy_edge, best };
        let checked = given.checked(direction).and_then(|points| Scale::new(direction, points));
        checked.map_err(EditFault::OutOfOrder)
    }
}

/// The scale in the new unit: as it is where the unit stays or there was none, converted within a dimension.
fn standing_scale(base: &KpiDefinition, unit: Option<Unit>) -> Option<Scale> {
    let scale = base.scale?;
    let conversion = match (base.unit, unit) {
        (Some(from), Some(to)) => from.conversion_to(to)?,
        _ => Conversion::Same,
    };
    let [worst, critical_edge, healthy_edge, best] = scale.points().map(|point| conversion.apply(point));
    Some(Scale { direction: scale.direction, worst, critical_edge, healthy_edge, best })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: KpiEdit = KpiEdit {
        unit: None,
        category: None,
        direction: None,
        worst: None,
        critical_edge: None,
        healthy_edge: None,
        best: None,
    };

    fn in_hours() -> KpiDefinition {
        KpiDefinition {
            kpi_name: "Wait".into(),
            category: Some(Category::Support),
            unit: Some(Unit::Hours),
            scale: Scale::new(Direction::Lower, [96.0, 48.0, 24.0, 0.0]).ok(),
        }
    }

    fn points(edit: KpiEdit, base: &KpiDefinition) -> Option<[f64; 4]> {
        edit.apply(base).unwrap().definition.scale.map(|scale| scale.points())
    }

    #[test]
    fn what_is_not_given_stands() {
        assert_eq!(NOTHING.apply(&in_hours()).unwrap().definition, in_hours());
        let edit = KpiEdit { critical_edge: Some(40.0), ..NOTHING };
        assert_eq!(points(edit, &in_hours()), Some([96.0, 40.0, 24.0, 0.0]));
        let moved = KpiEdit { category: Some(Category::ProductUsage), ..NOTHING }.apply(&in_hours()).unwrap();
        assert_eq!(moved.definition.category, Some(Category::ProductUsage));
        assert_eq!(moved.definition.scale, in_hours().scale);
    }

    #[test]
    fn points_follow_their_unit_within_a_dimension_and_fall_away_across() {
        let days = KpiEdit { unit: Some(Unit::Days), ..NOTHING };
        assert_eq!(points(days, &in_hours()), Some([4.0, 2.0, 1.0, 0.0]));
        let one_given = KpiEdit { worst: Some(10.0), ..days };
        assert_eq!(points(one_given, &in_hours()), Some([10.0, 2.0, 1.0, 0.0]));
        let percent = KpiEdit { unit: Some(Unit::Percent), ..NOTHING };
        let edited = percent.apply(&in_hours()).unwrap();
        assert_eq!((edited.definition.scale, edited.dropped), (None, in_hours().scale));
        assert_eq!(edited.definition.category, Some(Category::Support));
        let again = percent.apply(&edited.definition).unwrap();
        assert_eq!((again.definition, again.dropped), (edited.definition, None));
    }

    #[test]
    fn new_points_with_a_new_unit_keep_the_direction() {
        let edit = KpiEdit {
            unit: Some(Unit::Percent),
            critical_edge: Some(20.0),
            healthy_edge: Some(5.0),
            ..NOTHING
        };
        let edited = edit.apply(&in_hours()).unwrap();
        assert_eq!(edited.dropped, None);
        assert_eq!(points(edit, &in_hours()), Some([50.0, 20.0, 5.0, -25.0]));
    }

    #[test]
    fn a_unit_where_there_was_none_leaves_the_points() {
        let plain = KpiDefinition { unit: None, ..in_hours() };
        let edit = KpiEdit { unit: Some(Unit::Count), ..NOTHING };
        assert_eq!(points(edit, &plain), Some([96.0, 48.0, 24.0, 0.0]));
    }

    #[test]
    fn what_is_missing_is_named_and_so_is_what_is_out_of_order() {
        let unknown = KpiDefinition::named("New");
        let missing = |edit: KpiEdit| edit.apply(&unknown).unwrap_err().to_string();
        let edge = KpiEdit { critical_edge: Some(1.0), ..NOTHING };
        assert_eq!(missing(edge), "its points need category, direction, healthy-edge too");
        let way =
            KpiEdit { direction: Some(Direction::Higher), category: Some(Category::Support), ..NOTHING };
        assert_eq!(missing(way), "its points need critical-edge, healthy-edge too");
        let turned = KpiEdit { direction: Some(Direction::Higher), ..NOTHING }.apply(&in_hours());
        assert!(
            turned
                .unwrap_err()
                .to_string()
                .starts_with("healthy_edge: expected a number above critical_edge (48)")
        );
    }
}
