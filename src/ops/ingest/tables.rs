//! The tables of a file, as they are shown.

use crate::ingest::{Example, SetAside, TableRead};
use crate::report::inspect::{ColumnView, ExampleView, SetAsideView, TableView};

/// How tables were read.
pub(super) fn views(tables: &[TableRead]) -> Vec<TableView> {
    tables.iter().map(view).collect()
}

fn view(table: &TableRead) -> TableView {
    let examples = |place: usize| table.examples.get(place).map(Vec::as_slice).unwrap_or_default();
    let columns = table.columns.columns.iter().enumerate().map(|(place, column)| ColumnView {
        number: column.number,
        header: column.header.clone(),
        field: column.field.map(str::to_owned),
        examples: examples(place).iter().map(example).collect(),
    });
    TableView {
        sheet: table.sheet.clone(),
        header_line: table.header_line,
        layout: TableView::layout_name(table.layout),
        columns: columns.collect(),
        set_aside: table.set_aside.iter().map(set_aside).collect(),
    }
}

fn example(example: &Example) -> ExampleView {
    ExampleView { raw: example.raw.clone(), read: example.read.clone() }
}

fn set_aside(aside: &SetAside) -> SetAsideView {
    SetAsideView { line: aside.line, kind: aside.kind.to_owned(), text: aside.text.clone() }
}
