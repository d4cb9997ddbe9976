//! `kpis list` (`acctsnap.kpis/1`): a line a KPI.

use serde_json::Value;

use super::KpiItem;
use super::scale::limit;
use crate::error::{Context, ErrorKind, Result};
use crate::model::kpi::{Band, Category, DefinitionOrigin, Unit};
use crate::report::table::{Column, Table};
use crate::report::text::{count, wrap};

/// Name and version of the list's shape.
pub const LIST_SCHEMA: &str = "acctsnap.kpis/1";

/// The columns of the CSV: first those that `kpis import` reads, then what is known besides.
pub const CSV_HEADERS: [&str; 14] = [
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
    "retired",
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

/// From these widths on there is room for the category, and for where the definition comes from.
const ROOM_FOR_CATEGORY: usize = 90;
const ROOM_FOR_ORIGIN: usize = 75;

/// A line a KPI, then how many there are; `width` is the terminal's.
#[must_use]
pub fn render_list(kpis: &[KpiItem], width: Option<usize>) -> String {
    let has_room = |needed: usize| width.is_none_or(|width| width >= needed);
    let shown = [true, has_room(ROOM_FOR_CATEGORY), true, true, true, has_room(ROOM_FOR_ORIGIN), true];
    let columns = [
        Column::text("kpi").yielding(1),
        Column::text("category").yielding(2),
        Column::text("unit"),
        Column::text("critical"),
        Column::text("healthy"),
        Column::text("from"),
        Column::number("accounts"),
    ];
    let columns: Vec<Column> = kept(columns, shown).collect();
    let mut table = Table::new(&columns);
    for kpi in kpis {
        let cells = [
            kpi.kpi_name.clone(),
            kpi.category.map_or("", Category::name).to_owned(),
            kpi.unit.map_or("", Unit::name).to_owned(),
            limit(kpi, Band::Critical),
            limit(kpi, Band::Healthy),
            origin(kpi).to_owned(),
            used(kpi),
        ];
        table.add_row(kept(cells, shown));
    }
    let lines = wrap(&summary(kpis), width.unwrap_or(usize::MAX));
    let rows = if table.is_empty() { String::new() } else { table.render(width) };
    format!("{rows}{}\n", lines.join("\n"))
}

/// The cells of the columns for which there is room.
fn kept<T>(cells: [T; 7], shown: [bool; 7]) -> impl Iterator<Item = T> {
    cells.into_iter().zip(shown).filter_map(|(cell, shown)| shown.then_some(cell))
}

fn summary(kpis: &[KpiItem]) -> String {
    let used = kpis.iter().filter(|kpi| kpi.accounts > 0).count();
    let is_undefined = |kpi: &&KpiItem| kpi.direction.is_none() && kpi.accounts > 0 && !kpi.retired;
    let undefined = match kpis.iter().filter(is_undefined).count() {
        0 => String::new(),
        many => format!(", {many} without a definition: acctsnap kpis unknown"),
    };
    let retired = match kpis.iter().filter(|kpi| kpi.retired).count() {
        0 => String::new(),
        many => format!(", {many} retired"),
    };
    format!("{}, {used} in use{undefined}{retired}", count(kpis.len() as u64, "KPI"))
}

/// How many accounts have it, and how many of them a value, where those are fewer.
fn used(kpi: &KpiItem) -> String {
    match (kpi.accounts_with_value, kpi.accounts) {
        (_, 0) => "-".to_owned(),
        (valued, all) if valued == all => all.to_string(),
        (valued, all) => format!("{valued}/{all}"),
    }
}

fn origin(kpi: &KpiItem) -> &'static str {
    match kpi.origin {
        _ if kpi.retired => "retired",
        Some(DefinitionOrigin::Catalogue) => "",
        Some(DefinitionOrigin::Imported) => "import",
        Some(DefinitionOrigin::ByHand) => "by hand",
        Some(DefinitionOrigin::Config) => "config",
        None => "-",
    }
}
