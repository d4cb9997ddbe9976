//! `kpis list` (`acctsnap.kpis/1`): a line a KPI.

use serde_json::Value;

use super::KpiItem;
use super::scale::limit;
use crate::error::{Context, ErrorKind, Result};
use crate::model::kpi::{Band, Category, DefinitionOrigin, Unit};
use crate::report::table::{Column, Table};
use crate::report::text::count;

/// Name and version of the list's shape.
pub const LIST_SCHEMA: &str = "acctsnap.kpis/1";

/// The columns of the CSV: first those that `kpis import` reads, then what is known besides.
pub const CSV_HEADERS: [&str; 13] = [
    "kpi_name",
    "category",
    "unit",
    "direction",
    "worst",
    "critical_edge",
    "healthy_edge",
    "best",
    "aliases",
    "origin",
    "products",
    "accounts",
    "accounts_with_value",
];

/// Rows for CSV: lists are joined by `;`, as `kpis import` reads them.
///
/// # Errors
/// [`ErrorKind::Failed`] where an item has no JSON.
pub fn csv_rows(kpis: &[KpiItem]) -> Result<Vec<Value>> {
    let rows = kpis.iter().map(|kpi| {
        let mut row = serde_json::to_value(kpi)
            .context(ErrorKind::Failed, || "cannot write the answer as CSV".to_owned())?;
        if let Some(fields) = row.as_object_mut() {
            fields.insert("aliases".to_owned(), kpi.aliases.join("; ").into());
            fields.insert("products".to_owned(), kpi.products.join("; ").into());
        }
        Ok(row)
    });
    rows.collect()
}

/// From this width on there is room for the category.
const ROOM_FOR_CATEGORY: usize = 90;

/// A line a KPI, then how many there are; `width` is the terminal's.
#[must_use]
pub fn render_list(kpis: &[KpiItem], width: Option<usize>) -> String {
    let wide = width.is_none_or(|width| width >= ROOM_FOR_CATEGORY);
    let mut columns = vec![
        Column::text("kpi").yielding(1),
        Column::text("unit"),
        Column::text("critical"),
        Column::text("healthy"),
        Column::text("from"),
        Column::number("accounts"),
    ];
    if wide {
        columns.insert(1, Column::text("category").yielding(2));
    }
    let mut table = Table::new(&columns);
    for kpi in kpis {
        let mut cells = vec![
            kpi.kpi_name.clone(),
            kpi.unit.map_or("", Unit::name).to_owned(),
            limit(kpi, Band::Critical),
            limit(kpi, Band::Healthy),
            origin(kpi.origin).to_owned(),
            used(kpi),
        ];
        if wide {
            cells.insert(1, kpi.category.map_or("", Category::name).to_owned());
        }
        table.add_row(cells);
    }
    let mut text = if table.is_empty() { String::new() } else { table.render(width) };
    let undefined = kpis.iter().filter(|kpi| kpi.origin.is_none()).count() as u64;
    let used = kpis.iter().filter(|kpi| kpi.accounts > 0).count() as u64;
    let undefined = match undefined {
        0 => String::new(),
        many => format!(", {many} without a definition: acctsnap kpis unknown"),
    };
    text.push_str(&format!("{}, {used} in use{undefined}\n", count(kpis.len() as u64, "KPI")));
    text
}

/// How many accounts have it, and how many of them a value, where those are fewer.
fn used(kpi: &KpiItem) -> String {
    match (kpi.accounts_with_value, kpi.accounts) {
        (_, 0) => "-".to_owned(),
        (valued, all) if valued == all => all.to_string(),
        (valued, all) => format!("{valued}/{all}"),
    }
}

fn origin(origin: Option<DefinitionOrigin>) -> &'static str {
    match origin {
        Some(DefinitionOrigin::Catalogue) => "",
        Some(DefinitionOrigin::Imported) => "import",
        Some(DefinitionOrigin::Config) => "config",
        None => "-",
    }
}
