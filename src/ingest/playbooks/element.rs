//! Any row as one object: that of JSON, or the cells of CSV by their headers. It must not lose a cell.

use serde_json::{Map, Value};

use super::fields::PlaybookField;
use crate::ingest::rows::row::Row;

/// The row as an object; blank cells are none of its members.
pub(super) fn of_row(row: &Row<'_, PlaybookField>) -> Map<String, Value> {
    row.element().unwrap_or_else(|| of_cells(row))
}

fn of_cells(row: &Row<'_, PlaybookField>) -> Map<String, Value> {
    let mut element = Map::new();
    for column in 0..row.columns.width() {
        let (header, cell) = (row.columns.header_at(column), row.cell_at(column));
        if header.is_empty() {
            continue;
        }
        let value = cell.to_value().map_or(Value::Null, json_of);
        let name = match element.contains_key(header) {
            true => format!("{header} (column {})", column + 1),
            false => header.to_owned(),
        };
        element.insert(name, value);
    }
    element
}

/// What a cell holds: the list or object that its text is, else the text.
fn json_of(value: Value) -> Value {
    let read = value.as_str().filter(|text| text.starts_with(['{', '['])).map(serde_json::from_str);
    match read {
        Some(Ok(read)) => read,
        _ => value,
    }
}
