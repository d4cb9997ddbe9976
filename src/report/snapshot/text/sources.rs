//! Where each part of the snapshot came from, and how old it is.

use super::indented;
use crate::report::snapshot::{SnapshotView, Source};
use crate::report::table::{Column, Table};
use crate::report::text::age;

const COLUMNS: [Column; 5] = [
    Column::text("SOURCE"),
    Column::text("FILE").yielding(1),
    Column::number("UPLOAD"),
    Column::text("DATA OF"),
    Column::text("READ"),
];

/// A row for each part that was ever ingested; nothing where none was.
pub(super) fn render(view: &SnapshotView, width: usize) -> String {
    let sources = &view.sources;
    let parts = [
        ("KPIs", &sources.kpis),
        ("profile", &sources.profile),
        ("health", &sources.health),
        ("playbooks", &sources.playbooks),
        ("notes", &sources.notes),
    ];
    let mut table = Table::new(&COLUMNS);
    for (part, source) in parts {
        if let Some(source) = source {
            table.add_row(row(part, source));
        }
    }
    if table.is_empty() { String::new() } else { indented(&table, width) }
}

fn row(part: &str, source: &Source) -> [String; 5] {
    let observed = source.observed_at.map(|date| date.to_string()).unwrap_or_default();
    let read = format!("{} ago", age(source.age_seconds));
    [part.to_owned(), source.file.clone(), source.upload_id.to_string(), observed, read]
}
