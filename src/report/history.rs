//! `history` (`acctsnap.history/1`): an account's snapshots over time, oldest first.

use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Serialize;

use super::snapshot::fields::Fields;
use super::snapshots::{change, minute, score, why};
use super::style::{STRONG, styled};
use super::table::{Column, Table};
use super::text::{escape_text, pad_left, pad_right, width as columns_of};
use crate::error::Result;
use crate::model::ids::SnapshotId;
use crate::model::kpi::Band;
use crate::model::score::Score;
use crate::model::time::Timestamp;

/// Name and version of the list's shape.
pub const LIST_SCHEMA: &str = "acctsnap.history/1";

/// The columns of the CSV.
pub const HEADERS: [&str; 15] = [
    "snapshot_id",
    "snapshot_timestamp",
    "snapshot_type",
    "snapshot_reason",
    "trigger_event",
    "trigger_action",
    "snapshot_sequence_number",
    "overall_health_score",
    "overall_health_status",
    "health_score_change_from_last",
    "critical_kpis_count",
    "is_significant_change",
    "is_unchanged",
    "scoring_config_hash",
    "is_scoring_config_changed",
];

/// A snapshot of the account; its fields are those of `acctsnap.snapshot/1`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct HistoryItem {
    /// Our number of the snapshot.
    pub snapshot_id: SnapshotId,
    /// When it was taken.
    pub snapshot_timestamp: Timestamp,
    /// Why it exists: manual, event_driven, rag_auto, scheduled, post_health_calc.
    pub snapshot_type: String,
    /// What a person said about it.
    pub snapshot_reason: Option<String>,
    /// The event that led to it; null for manual ones.
    pub trigger_event: Option<String>,
    /// More about that event.
    pub trigger_action: Option<String>,
    /// The account's how manieth snapshot it is, from 1.
    pub snapshot_sequence_number: u64,
    /// Points of 100.
    pub overall_health_score: Option<Score>,
    /// The band in which it lies.
    pub overall_health_status: Option<Band>,
    /// Points, since the account's last snapshot.
    pub health_score_change_from_last: Option<Score>,
    /// KPIs in the critical band.
    pub critical_kpis_count: u32,
    /// Whether score or revenue moved by more than the settings' limits since the last snapshot.
    pub is_significant_change: bool,
    /// Whether its content is that of the account's last snapshot.
    pub is_unchanged: bool,
    /// SHA-256 of the scoring configuration.
    pub scoring_config_hash: String,
    /// Whether that is another than the account's last snapshot was made with.
    pub is_scoring_config_changed: bool,
}

/// A line a snapshot, in the order given; `width` is the terminal's.
#[must_use]
pub fn render(account_name: &str, items: &[HistoryItem], width: Option<usize>, zone: Tz) -> String {
    let name = escape_text(account_name);
    if items.is_empty() {
        return format!("no snapshots of {name}\n");
    }
    let mut table = Table::new(&[
        Column::text("taken"),
        Column::number("id"),
        Column::number("score"),
        Column::number("change"),
        Column::text("status"),
        Column::text(""),
        Column::number("critical").optional(1),
        Column::text("type").yielding(1).optional(2),
    ]);
    for item in items {
        table.add_row([
            minute(item.snapshot_timestamp, zone),
            item.snapshot_id.to_string(),
            score(item.overall_health_score),
            change(item.health_score_change_from_last, item.is_unchanged),
            item.overall_health_status.map_or("no score", Band::label).to_owned(),
            if item.is_scoring_config_changed { "*" } else { "" }.to_owned(),
            item.critical_kpis_count.to_string(),
            why(&item.snapshot_type, item.trigger_event.as_deref(), item.trigger_action.as_deref()),
        ]);
    }
    format!("{}\n{}{}", styled(STRONG, name), table.render(width), legend(items))
}

/// What the marks mean, where there are any.
fn legend(items: &[HistoryItem]) -> String {
    let marks = [
        items.iter().any(|item| item.is_unchanged).then_some("= nothing changed"),
        items
            .iter()
            .any(|item| item.is_scoring_config_changed)
            .then_some("* other scoring rules than before"),
    ];
    let marks: Vec<&str> = marks.into_iter().flatten().collect();
    if marks.is_empty() { String::new() } else { format!("{}\n", marks.join(" · ")) }
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
    use crate::report::style::plain;

    fn item() -> HistoryItem {
        HistoryItem {
            snapshot_id: SnapshotId::new(12_345),
            snapshot_timestamp: Timestamp::parse("2026-11-22T10:00:05Z").unwrap(),
            snapshot_type: "event_driven".into(),
            snapshot_reason: None,
            trigger_event: Some("kpi_data_uploaded".into()),
            trigger_action: None,
            snapshot_sequence_number: 3,
            overall_health_score: Some(Score::from_hundredths(10_000)),
            overall_health_status: Some(Band::Critical),
            health_score_change_from_last: Some(Score::from_hundredths(-1_250)),
            critical_kpis_count: 14,
            is_significant_change: true,
            is_unchanged: false,
            scoring_config_hash: "0".repeat(64),
            is_scoring_config_changed: true,
        }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in 60..120 {
            let text = plain(&render("TechCorp Solutions", &[item()], Some(width), chrono_tz::UTC));
            for line in text.lines() {
                assert!(columns_of(line) <= width, "{width}: {line}");
            }
        }
        let text = plain(&render("TechCorp\u{1b}", &[item()], Some(60), chrono_tz::America::New_York));
        let expected = "TechCorp\\u{1b}\n\
                        taken                       id   score  change  status\n\
                        2026-11-22 05:00 -05:00  12345  100.00  -12.50  critical  *\n\
                        + 2 columns with --json: critical, type\n\
                        * other scoring rules than before\n";
        assert_eq!(text, expected);
    }

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
