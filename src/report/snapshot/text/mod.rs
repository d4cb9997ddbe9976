//! One snapshot as a person reads it: title, health, worst KPIs, profile, sources.
//!
//! What is unknown is left out rather than shown as an empty row; nothing is said by colour alone.

mod health;
mod profile;
mod sources;
mod title;

use chrono_tz::Tz;

use super::SnapshotView;
use crate::report::table::Table;
use crate::report::text::NARROWEST;

/// Labels of all blocks are as wide as the longest of them, so that values stand under each other.
const LABEL_WIDTH: usize = 10;

/// The snapshot as text of at most `width` columns (no less than 60); instants in `zone`.
#[must_use]
pub fn render_snapshot_text(view: &SnapshotView, width: usize, zone: Tz) -> String {
    let width = width.max(NARROWEST);
    let blocks = [
        title::render(view, width, zone),
        health::render(view, width, zone),
        health::render_kpis(view, width),
        profile::render(view, width, zone),
        sources::render(view, width),
    ];
    let blocks: Vec<String> = blocks.into_iter().filter(|block| !block.is_empty()).collect();
    blocks.join("\n")
}

/// A table set in by two columns.
fn indented(table: &Table, width: usize) -> String {
    table.render(Some(width.saturating_sub(2))).lines().map(|line| format!("  {line}\n")).collect()
}

/// The known ones of some parts, joined; None where none is known.
fn joined<T: Into<String>>(parts: impl IntoIterator<Item = Option<T>>, separator: &str) -> Option<String> {
    let known: Vec<String> = parts.into_iter().flatten().map(Into::into).collect();
    (!known.is_empty()).then(|| known.join(separator))
}

/// The rows whose value is known.
fn known(rows: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Vec<(&'static str, String)> {
    rows.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
}

#[cfg(test)]
mod tests;
