//! KPI definitions and their use as answers: the list, one KPI, those without a definition, an import.

mod change;
mod import;
mod list;
mod scale;
mod show;
mod suggest;
mod unknown;

pub use change::{CHANGE_SCHEMA, ChangeStatus, FieldChange, KpiChangeView, changes_between, render_change};
pub use import::{DefinitionCounts, IMPORT_SCHEMA, ImportView, ImportedName, NameChange, render_import};
pub use list::{CSV_HEADERS, LIST_SCHEMA, csv_rows, render_list};
pub use show::{BandCounts, KpiValue, KpiView, SHOW_SCHEMA, VALUE_HEADERS, render_kpi};
pub use suggest::{
    GuessedFrom, KpiSuggestion, SUGGEST_HEADERS, SUGGEST_SCHEMA, SuggestionFacts, Verdict, render_suggestions,
};
pub use unknown::{UNKNOWN_HEADERS, UNKNOWN_SCHEMA, UnknownKpi, render_unknown};

use schemars::JsonSchema;
use serde::Serialize;

use super::json;
use super::text::grouped;
use crate::model::kpi::{Category, DefinitionOrigin, Direction, Unit};

/// A KPI that is defined for a customer, used by it, or both. A KPI without definition has neither direction nor
/// points nor origin, and unit and category as files gave them; one that was only named by hand, or lost its points
/// with its unit, has an origin and no direction.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct KpiItem {
    /// The KPI's name.
    pub kpi_name: String,
    /// The category it counts in.
    pub category: Option<Category>,
    /// The unit of its values; null takes any number as it stands.
    pub unit: Option<Unit>,
    /// Whether larger is better.
    pub direction: Option<Direction>,
    /// The value that scores 0.
    pub worst: Option<f64>,
    /// The value that scores a third of 100.
    pub critical_edge: Option<f64>,
    /// The value that scores two thirds of 100.
    pub healthy_edge: Option<f64>,
    /// The value that scores 100.
    pub best: Option<f64>,
    /// Further names that lead to it, besides those made from its name.
    pub aliases: Vec<String>,
    /// Where the definition in force comes from.
    pub origin: Option<DefinitionOrigin>,
    /// The products that it is kept of, besides the account itself.
    pub products: Vec<String>,
    /// How many accounts have it.
    pub accounts: u64,
    /// How many of them have a value of it.
    pub accounts_with_value: u64,
    /// Whether it counts in no score and no total any more.
    pub retired: bool,
}

/// A number as people read it, with its unit.
pub(super) fn with_unit(value: f64, unit: Option<Unit>) -> String {
    let number = grouped(&json::number(value));
    match unit {
        None | Some(Unit::Score | Unit::Count | Unit::Ratio) => number,
        Some(unit) => format!("{number} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::style::plain;
    use crate::report::text::width as columns_of;

    fn wide() -> KpiItem {
        KpiItem {
            kpi_name: "Operational Efficiency (platform utilization)".into(),
            category: Some(Category::RelationshipStrength),
            unit: Some(Unit::Money),
            direction: Some(Direction::Lower),
            worst: Some(2_600_000.0),
            critical_edge: Some(1_000_000.0),
            healthy_edge: Some(200_000.5),
            best: Some(0.0),
            aliases: vec!["Efficiency".into(), "Platform use".into()],
            origin: Some(DefinitionOrigin::Imported),
            products: vec!["Widget".into()],
            accounts: 17_000,
            accounts_with_value: 16_999,
            retired: false,
        }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let unknown = UnknownKpi {
            kpi_name: "Something that a file calls by a very long name".into(),
            product: Some("A product with a long name".into()),
            unit: Some(Unit::Days),
            category: None,
            accounts: 17_000,
            accounts_with_value: 17_000,
            lowest: Some(-1.25),
            highest: Some(1_250_000.0),
            similar_to: Some("Operational Efficiency (platform utilization)".into()),
        };
        for width in 60..140 {
            let lists = [
                render_list(&[wide()], Some(width)),
                render_unknown(std::slice::from_ref(&unknown), Some(width)),
                render_kpi(&KpiView::new(wide(), Vec::new()), width),
            ];
            for line in lists.iter().flat_map(|text| text.lines()) {
                assert!(columns_of(&plain(line)) <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn a_scale_is_told_in_the_direction_of_the_kpi() {
        let view = KpiView::new(wide(), Vec::new());
        let scale = "healthy up to 200,000.5 $, at risk up to 1,000,000 $, critical above";
        assert_eq!(view.scale.as_deref(), Some(scale));
        let rising = KpiItem { direction: Some(Direction::Higher), unit: None, ..wide() };
        let scale = "critical up to 1,000,000, at risk up to 200,000.5, healthy above";
        assert_eq!(KpiView::new(rising, Vec::new()).scale.as_deref(), Some(scale));
    }
}
