//! KPI definitions and their use as answers: the list, one KPI, those without a definition, an import.

mod import;
mod list;
mod scale;
mod show;
mod unknown;

pub use import::{DefinitionCounts, IMPORT_SCHEMA, ImportView, ImportedName, NameChange, render_import};
pub use list::{CSV_HEADERS, LIST_SCHEMA, csv_rows, render_list};
pub use show::{BandCounts, KpiValue, KpiView, SHOW_SCHEMA, VALUE_HEADERS, render_kpi};
pub use unknown::{UNKNOWN_HEADERS, UNKNOWN_SCHEMA, UnknownKpi, render_unknown};

use schemars::JsonSchema;
use serde::Serialize;

use super::json;
use super::text::grouped;
use crate::model::kpi::{Category, DefinitionOrigin, Direction, Unit};

/// A KPI that is defined for a customer, used by it, or both. A KPI without definition has neither direction nor
/// points nor origin, and unit and category as files gave them.
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
}

/// A number as people read it, with its unit.
fn with_unit(value: f64, unit: Option<Unit>) -> String {
    let number = grouped(&json::number(value));
    match unit {
        None | Some(Unit::Score | Unit::Count | Unit::Ratio) => number,
        Some(unit) => format!("{number} {unit}"),
    }
}
