//! `kpis unknown` (`acctsnap.unknown_kpis/1`): what is stored and takes part in no score.

use schemars::JsonSchema;
use serde::Serialize;

use super::with_unit;
use crate::model::kpi::advice::shell_word;
use crate::model::kpi::{Category, Unit};
use crate::report::table::{Column, Table};
use crate::report::text::{count, escape_text, wrap};

/// Name and version of the list's shape.
pub const UNKNOWN_SCHEMA: &str = "acctsnap.unknown_kpis/1";

/// The columns of the CSV.
pub const UNKNOWN_HEADERS: [&str; 9] = [
    "kpi_name",
    "product",
    "unit",
    "category",
    "accounts",
    "accounts_with_value",
    "lowest",
    "highest",
    "similar_to",
];

/// A KPI (and product) that is stored and has no definition by which it would score.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct UnknownKpi {
    /// The name under which it was first given.
    pub kpi_name: String,
    /// The product that it is of; null for the whole account.
    pub product: Option<String>,
    /// The unit that the file gave.
    pub unit: Option<Unit>,
    /// The category that the file gave.
    pub category: Option<Category>,
    /// How many accounts have it.
    pub accounts: u64,
    /// How many of them have a value of it.
    pub accounts_with_value: u64,
    /// The lowest of those values.
    pub lowest: Option<f64>,
    /// The highest of those values.
    pub highest: Option<f64>,
    /// The defined KPI that was probably meant.
    pub similar_to: Option<String>,
}

/// A line a KPI, and what can be done about them.
#[must_use]
pub fn render_unknown(kpis: &[UnknownKpi], width: Option<usize>) -> String {
    if kpis.is_empty() {
        return "every KPI that is stored has a definition\n".to_owned();
    }
    let has_products = kpis.iter().any(|kpi| kpi.product.is_some());
    let mut columns = vec![
        Column::text("kpi").yielding(1),
        Column::text("values").yielding(2),
        Column::number("accounts"),
        Column::text("similar to").yielding(3),
    ];
    if has_products {
        columns.insert(1, Column::text("product").yielding(4));
    }
    let mut table = Table::new(&columns);
    for kpi in kpis {
        let similar = kpi.similar_to.clone().unwrap_or_default();
        let mut cells = vec![kpi.kpi_name.clone(), range(kpi), kpi.accounts.to_string(), similar];
        if has_products {
            cells.insert(1, kpi.product.clone().unwrap_or_default());
        }
        table.add_row(cells);
    }
    let lines = advice(kpis).into_iter().flat_map(|line| wrap(&line, width.unwrap_or(usize::MAX)));
    format!("{}{}", table.render(width), lines.map(|line| format!("{line}\n")).collect::<String>())
}

/// What can be done about them.
fn advice(kpis: &[UnknownKpi]) -> Vec<String> {
    let number = count(kpis.len() as u64, "KPI");
    let mut lines = vec![format!(
        "{number} without a definition: stored, in no score. acctsnap kpis set defines one, acctsnap kpis import FILE many"
    )];
    let similar = kpis.iter().find_map(|kpi| Some((&kpi.kpi_name, kpi.similar_to.as_ref()?)));
    lines.extend(similar.map(|(name, meant)| {
        let (quoted, known) = (shell_word(name), shell_word(meant));
        let (name, quoted, known) = (escape_text(name), escape_text(&quoted), escape_text(&known));
        format!("where '{name}' is another name of it: acctsnap kpis alias {known} {quoted}")
    }));
    lines
}

fn range(kpi: &UnknownKpi) -> String {
    match (kpi.lowest, kpi.highest) {
        (Some(lowest), Some(highest)) if lowest < highest => {
            format!("{} to {}", with_unit(lowest, None), with_unit(highest, kpi.unit))
        }
        (Some(only), _) => with_unit(only, kpi.unit),
        _ => "none".to_owned(),
    }
}
