//! Many snapshots at once: a line an account, worst first.

use super::snapshot::SnapshotView;
use super::style::band_mark;
use super::table::{Column, Table};
use super::text::{age, count, escape_text};

/// Name and version of the list's shape.
pub const SCHEMA: &str = "acctsnap.latest/1";

/// The fields of a snapshot in the contract's order: the headers of its CSV.
#[must_use]
pub fn snapshot_headers() -> Vec<&'static str> {
    super::snapshot::view::FIELDS.split_whitespace().collect()
}

/// A line an account, the lowest score first, those without a score last.
#[must_use]
pub fn render(snapshots: &[SnapshotView], without: &[String], width: Option<usize>) -> String {
    let mut worst_first: Vec<&SnapshotView> = snapshots.iter().collect();
    worst_first.sort_by_key(|s| (s.overall_health_score.is_none(), s.overall_health_score, s.account_id));
    let mut table = Table::new(&[
        Column::number("snapshot"),
        Column::text("account").yielding(1),
        Column::number("score"),
        Column::text("status"),
        Column::number("change").optional(3),
        Column::text("trend").optional(2),
        Column::number("critical").optional(1),
        Column::text("age"),
        Column::text("data").optional(4),
    ]);
    for snapshot in worst_first {
        let score = snapshot.overall_health_score.map_or_else(|| "-".to_owned(), |score| score.to_string());
        let change =
            snapshot.health_score_change_from_last.map_or_else(String::new, |change| change.to_string());
        table.add_row([
            snapshot.snapshot_id.to_string(),
            escape_text(&snapshot.account_name).into_owned(),
            score,
            snapshot.overall_health_status.map_or_else(
                || "no score".to_owned(),
                |band| format!("{} {}", band_mark(band), band.label()),
            ),
            change,
            snapshot.health_score_trend.clone().unwrap_or_default(),
            snapshot.critical_kpis_count.unwrap_or_default().to_string(),
            age(snapshot.age_seconds),
            if snapshot.dirty_since.is_some() { "newer data waits".to_owned() } else { String::new() },
        ]);
    }
    let mut text = if table.is_empty() { String::new() } else { table.render(width) };
    if !without.is_empty() {
        let names: Vec<_> = without.iter().take(5).map(|name| escape_text(name).into_owned()).collect();
        let more = if without.len() > 5 { ", ..." } else { "" };
        let number = count(without.len() as u64, "account");
        text.push_str(&format!("{number} without a snapshot: {}{more}\n", names.join(", ")));
    }
    text
}
