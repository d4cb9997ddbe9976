//! The built-in KPI catalogue: the definitions that hold where a customer gives none of its own.
//!
//! It is data, kept beside this file as CSV in the very format that `kpis import` reads.

use std::sync::LazyLock;

use super::KpiDefinition;
use super::definition_file::parse_definitions;

const CATALOGUE_CSV: &str = include_str!("catalogue.csv");

/// An empty catalogue stands for one that cannot be read; a test proves that the shipped one can.
static BUILTIN: LazyLock<Vec<KpiDefinition>> = LazyLock::new(|| {
    parse_definitions(CATALOGUE_CSV.as_bytes()).map(|file| file.definitions).unwrap_or_default()
});

/// The built-in definitions, in catalogue order.
#[must_use]
pub fn builtin() -> &'static [KpiDefinition] {
    &BUILTIN
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kpi::{Category, Direction, Scale, Unit, points};

    #[test]
    fn the_shipped_catalogue_is_read_whole() {
        let file = parse_definitions(CATALOGUE_CSV.as_bytes()).expect("the shipped catalogue is well formed");
        assert_eq!(file.definitions.len(), CATALOGUE_CSV.lines().count() - 1);
        assert_eq!(file.definitions, builtin());
        assert!(file.ignored_columns.is_empty());
    }

    #[test]
    fn every_definition_has_a_unit_and_sound_points() {
        assert_eq!(builtin().len(), 68);
        for definition in builtin() {
            assert!(definition.unit.is_some(), "{}", definition.kpi_name);
            let (_, scale) = definition.scoring().expect("the catalogue scores all of its KPIs");
            assert_eq!(points::check(scale.direction, scale.points()), Ok(()));
        }
    }

    #[test]
    fn each_category_is_there() {
        let count = |category| builtin().iter().filter(|d| d.category == Some(category)).count();
        assert_eq!(Category::ALL.map(count), [14, 11, 6, 27, 10]);
    }

    #[test]
    fn a_row_is_read_field_by_field() {
        let ttfv = builtin().iter().find(|d| d.kpi_name == "Time to First Value (TTFV)").unwrap();
        assert_eq!(
            *ttfv,
            KpiDefinition {
                kpi_name: "Time to First Value (TTFV)".into(),
                category: Some(Category::ProductUsage),
                unit: Some(Unit::Days),
                scale: Scale::new(Direction::Lower, [76.0, 30.0, 7.0, 0.0]).ok(),
            }
        );
    }
}
