//! Histories as columns: chosen fields (`--field`), and KPIs (`--kpi`) as `kpis.NAME`, for tables and plots.

use serde_json::Value;

use super::spark::sparkline;
use super::{HistoryItem, kpi_label};
use crate::error::Result;
use crate::report::snapshot::SnapshotView;
use crate::report::snapshot::fields::{Fields, Kind, fields, fields_of};
use crate::report::text::{escape_text, pad_left, pad_right, truncate, width as columns_of};

/// One row of columns: a period's name and whether it is a gap, where rows are periods; the named fields of the
/// snapshot, or of the item itself where no snapshot is given in full; the KPIs.
///
/// # Errors
/// `Usage` for a name that is no field.
pub fn columns<N: AsRef<str>>(
    item: &HistoryItem,
    view: Option<&SnapshotView>,
    names: &[N],
    is_by_period: bool,
) -> Result<Fields> {
    let mut pairs = Vec::new();
    if is_by_period {
        pairs.extend(fields_of(item, &["period", "gap"], KIND)?.pairs().iter().cloned());
    }
    match view {
        Some(view) => pairs.extend(fields(view, names)?.pairs().iter().cloned()),
        None => pairs.extend(names.iter().map(|name| (name.as_ref().to_owned(), Value::Null))),
    }
    pairs.extend(kpi_columns(item));
    Ok(Fields::new(pairs))
}

const KIND: Kind = Kind { item: "history", schema: "history" };

/// All of an item as columns.
///
/// # Errors
/// Never: the names are the item's own.
pub fn whole(item: &HistoryItem) -> Result<Fields> {
    let mut pairs = fields_of(item, &super::HEADERS, KIND)?.pairs().to_vec();
    pairs.extend(kpi_columns(item));
    Ok(Fields::new(pairs))
}

fn kpi_columns(item: &HistoryItem) -> impl Iterator<Item = (String, Value)> + '_ {
    item.kpis.iter().map(|kpi| {
        let label = kpi_label(&kpi.kpi_name, kpi.product.as_deref());
        (format!("kpis.{label}"), kpi.value.map_or(Value::Null, Value::from))
    })
}

/// Chosen columns as text: one is its bare value a line; several are a table, under a line drawn of each that is
/// numbers.
///
/// # Errors
/// As [`Fields::text`].
pub fn render_chosen(names: &[String], items: &[Fields], width: Option<usize>) -> Result<String> {
    if names.len() == 1 {
        return render_fields(names, items);
    }
    let mut text = String::new();
    let columns = width.unwrap_or(crate::report::text::DEFAULT_WIDTH);
    let label_width =
        names.iter().map(|name| columns_of(&escape_text(name))).max().unwrap_or(0).min(columns / 2);
    for (place, name) in names.iter().enumerate().filter(|(_, name)| !name.ends_with("_id")) {
        let values: Vec<Option<f64>> =
            items.iter().map(|item| item.pairs().get(place).and_then(|(_, value)| value.as_f64())).collect();
        let Some(line) = sparkline(&values, columns.saturating_sub(label_width + 2)) else { continue };
        let name = escape_text(name);
        text.push_str(&format!(
            "{}  {}\n",
            pad_right(&truncate(&name, label_width), label_width),
            line.trim_end()
        ));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&render_fields(names, items)?);
    Ok(text)
}

/// Chosen fields: one is its bare value a line, several are a table under their names.
///
/// # Errors
/// As [`Fields::text`].
pub fn render_fields(names: &[String], items: &[Fields]) -> Result<String> {
    if names.len() == 1 {
        return items.iter().map(Fields::text).collect();
    }
    let mut rows = vec![names.iter().map(|name| (escape_text(name).into_owned(), false)).collect::<Vec<_>>()];
    for item in items {
        let numbers = item.pairs().iter().map(|(_, value)| value.is_number());
        rows.push(item.bare()?.into_iter().zip(numbers).collect());
    }
    let width_of = |place: usize| {
        rows.iter().filter_map(|row| row.get(place)).map(|(text, _)| columns_of(text)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..names.len()).map(width_of).collect();
    let is_number =
        |place: usize| rows.iter().skip(1).filter_map(|row| row.get(place)).any(|(_, is_number)| *is_number);
    let numbers: Vec<bool> = (0..names.len()).map(is_number).collect();
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(&widths).zip(&numbers);
        let cells: Vec<String> = cells
            .map(|(((text, _), width), number)| match number {
                true => pad_left(text, *width),
                false => pad_right(text, *width),
            })
            .collect();
        format!("{}\n", cells.join("  ").trim_end())
    });
    Ok(lines.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_from_outside_is_escaped_in_chosen_fields_too() {
        let view = crate::report::snapshot::SnapshotView {
            account_name: "evil\u{1b}[2J".into(),
            ..crate::report::snapshot::SnapshotView::default()
        };
        let names = ["account_name".to_owned(), "snapshot_id".to_owned()];
        let chosen = crate::report::snapshot::fields(&view, &names).unwrap();
        let text = render_fields(&names, &[chosen]).unwrap();
        assert_eq!(text, "account_name   snapshot_id\nevil\\u{1b}[2J            0\n");
    }
}
