//! `explain` (`acctsnap.explain/1`): the score term by term, what would lift it, and what became of the latest events.

use chrono::NaiveDate;
use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Serialize;

use super::events::EventLine;
use super::json;
use super::style::{FAINT, STRONG, band_mark, band_style, styled};
use super::table::{Column, Table};
use super::text::{count, escape_text, grouped, instant, pad_left, pad_right, wrap};
use crate::model::ids::{AccountId, SnapshotId, UploadId};
use crate::model::kpi::{Band, Category, Direction, Impact, Unit};
use crate::model::score::Score;
use crate::model::time::Timestamp;

/// Name and version of the answer's shape.
pub const SCHEMA: &str = "acctsnap.explain/1";

/// The account's score as it stands, term by term.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.explain/1")]
pub struct ExplainView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// Whose portfolio it is.
    pub customer: String,
    /// Our number of the account.
    pub account_id: AccountId,
    /// What it is called.
    pub account_name: String,
    /// The instant this answer speaks of.
    pub as_of: Timestamp,
    /// The score as it stands.
    pub overall_health_score: Option<Score>,
    /// The band in which it lies.
    pub overall_health_status: Option<Band>,
    /// Where it comes from: `ingested`, `calculated`.
    pub health_score_source: Option<String>,
    /// What the KPIs give; the contributions add up to it.
    pub calculated_score: Option<Score>,
    /// What an ingested score differs by from what the KPIs give.
    pub source_difference: Option<Score>,
    /// The newest snapshot, and its score where that is another one.
    pub snapshot_id: Option<SnapshotId>,
    /// That snapshot's score.
    pub snapshot_score: Option<Score>,
    /// The oldest change that the snapshot lacks.
    pub dirty_since: Option<Timestamp>,
    /// The categories that have a score.
    pub categories: Vec<CategoryTerm>,
    /// The KPIs that take part, those that add most first.
    pub kpis: Vec<KpiTerm>,
    /// What it would take to reach the next band; null in the best one, and without a score.
    pub next_band: Option<NextBand>,
    /// KPIs that take no part, and why.
    pub unscored: Vec<Unscored>,
    /// The latest events, newest first; pending ones are owed a snapshot.
    pub events: Vec<ExplainedEvent>,
}

/// A category's part.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CategoryTerm {
    /// The category.
    pub category: Category,
    /// Its score.
    pub score: Score,
    /// Its share of the overall score in percent, those without a score shared out.
    pub weight_percent: f64,
    /// Points that it adds.
    pub contribution: Score,
}

/// A KPI's part.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct KpiTerm {
    /// What it is called.
    pub kpi_name: String,
    /// The product; null for the whole account.
    pub product: Option<String>,
    /// Its category.
    pub category: Category,
    /// Its value.
    pub value: f64,
    /// The unit.
    pub unit: Option<Unit>,
    /// The band in which the value lies.
    pub health_status: Band,
    /// What it scores.
    pub score: Score,
    /// The weight that was given.
    pub weight: Option<f64>,
    /// The impact that was given.
    pub impact_level: Option<Impact>,
    /// Its share of the overall score in percent.
    pub weight_percent: f64,
    /// Points that it adds; all of them add up to the calculated score.
    pub contribution: Score,
    /// The band that comes next upwards; null in the best one.
    pub next_health_status: Option<Band>,
    /// Where that band begins: above this value where higher is better, at it or below where lower is.
    pub next_health_status_from: Option<f64>,
    /// Which way the value gets better.
    pub direction: Option<Direction>,
    /// The day of the value.
    pub observed_at: NaiveDate,
    /// Whole days since that day.
    pub age_days: i64,
    /// The upload that said it.
    pub upload_id: UploadId,
    /// That upload's file.
    pub file: Option<String>,
}

/// What it would take to reach a band.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct NextBand {
    /// The band.
    pub band: Band,
    /// Where it begins.
    pub from: f64,
    /// Points that are missing.
    pub missing: Score,
    /// KPIs any one of which would do it alone, the shortest way first.
    pub ways: Vec<Way>,
}

/// What one KPI alone would have to reach.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Way {
    /// What it is called.
    pub kpi_name: String,
    /// The product; null for the whole account.
    pub product: Option<String>,
    /// Its value now.
    pub value: f64,
    /// The value that would do.
    pub needed: f64,
    /// The unit of both.
    pub unit: Option<Unit>,
}

/// A KPI that takes no part.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Unscored {
    /// What it is called.
    pub kpi_name: String,
    /// The product; null for the whole account.
    pub product: Option<String>,
    /// Its value.
    pub value: Option<f64>,
    /// Why: `no_value`, `no_definition`, `retired`, `account_level_counts`, `weighs_nothing`.
    pub why: &'static str,
}

/// An event, and whether it is owed a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ExplainedEvent {
    /// The event.
    #[serde(flatten)]
    pub event: EventLine,
    /// Whether its last decision leaves it owed a snapshot.
    pub pending: bool,
}

/// The explanation as text.
#[must_use]
pub fn render(view: &ExplainView, width: Option<usize>, zone: Tz) -> String {
    let columns = width.unwrap_or(super::text::DEFAULT_WIDTH);
    let mut text =
        format!("{}\n{}", styled(STRONG, escape_text(&view.account_name)), heading(view, zone, columns));
    for term in &view.categories {
        text.push_str(&format!(
            "  {} {} of {}%, scores {}\n",
            styled(FAINT, pad_right(term.category.name(), 21)),
            pad_left(&term.contribution.to_string(), 6),
            pad_left(&percent(term.weight_percent), 5),
            term.score
        ));
    }
    if !view.kpis.is_empty() {
        text.push_str(&format!("\n{}", kpis(view).render(width)));
    }
    if let Some(next) = &view.next_band {
        text.push_str(&format!("\n{}", next_band(next)));
    }
    if !view.unscored.is_empty() {
        text.push_str(&format!("\n{}", unscored(&view.unscored, columns)));
    }
    if !view.events.is_empty() {
        text.push_str(&format!("\n{}", events(&view.events, zone).render(width)));
    }
    text
}

fn heading(view: &ExplainView, zone: Tz, columns: usize) -> String {
    let Some(score) = view.overall_health_score else {
        return "no score: no KPI with a value has a definition (acctsnap kpis unknown)\n".to_owned();
    };
    let band = view.overall_health_status.map(|band| {
        format!(" {}", styled(band_style(band), format!("{} {}", band_mark(band), band.label())))
    });
    let source = view.health_score_source.as_deref().unwrap_or("unknown");
    let mut text = format!("health {}{} ({source})\n", styled(STRONG, score), band.unwrap_or_default());
    let mut remarks = Vec::new();
    if let (Some(calculated), Some(difference)) = (view.calculated_score, view.source_difference) {
        remarks.push(format!(
            "the KPIs give {calculated}; the ingested score differs by {}",
            signed(difference)
        ));
    }
    if let Some(id) = view.snapshot_id.filter(|_| view.snapshot_score != view.overall_health_score) {
        let then = view.snapshot_score.map_or_else(|| "no score".to_owned(), |score| score.to_string());
        remarks.push(format!("snapshot {id}, the newest, has {then}"));
    }
    remarks.extend(
        view.dirty_since.map(|since| format!("facts since {} wait for a snapshot", instant(since, zone))),
    );
    for remark in remarks {
        wrap(&remark, columns).iter().for_each(|line| text.push_str(&format!("{}\n", styled(FAINT, line))));
    }
    text
}

fn signed(points: Score) -> String {
    if points.hundredths() > 0 { format!("+{points}") } else { points.to_string() }
}

fn percent(value: f64) -> String {
    format!("{value:.1}")
}

fn named(kpi: &str, product: Option<&str>) -> String {
    product.map_or_else(|| kpi.to_owned(), |product| format!("{kpi} ({product})"))
}

fn value(value: f64, unit: Option<Unit>) -> String {
    // Four decimals are enough for people; JSON has them all.
    let rounded = format!("{value:.4}").parse().unwrap_or(value);
    let number = grouped(&json::number(if value.abs() < 0.001 { value } else { rounded }));
    match unit {
        None | Some(Unit::Score | Unit::Count | Unit::Ratio | Unit::Money) => number,
        Some(unit) => format!("{number} {unit}"),
    }
}

fn kpis(view: &ExplainView) -> Table {
    let mut table = Table::new(&[
        Column::number("adds"),
        Column::number("of %"),
        Column::text("KPI").yielding(1),
        Column::number("value"),
        Column::number("score"),
        Column::text("status"),
        Column::text("next band").optional(3),
        Column::text("from").optional(2),
    ]);
    for kpi in &view.kpis {
        let file = kpi.file.as_deref().unwrap_or("");
        table.add_row([
            kpi.contribution.to_string(),
            percent(kpi.weight_percent),
            named(&kpi.kpi_name, kpi.product.as_deref()),
            value(kpi.value, kpi.unit),
            kpi.score.to_string(),
            format!("{} {}", band_mark(kpi.health_status), kpi.health_status.label()),
            next_of_its_own(kpi),
            format!("{}, {} d old, {file}", kpi.observed_at, kpi.age_days),
        ]);
    }
    table
}

/// Where a KPI's own next band begins: `healthy ≤ 2 hours`; empty in the best one.
fn next_of_its_own(kpi: &KpiTerm) -> String {
    let Some((band, from)) = kpi.next_health_status.zip(kpi.next_health_status_from) else {
        return String::new();
    };
    let sign = if kpi.direction == Some(Direction::Lower) { '≤' } else { '>' };
    format!("{} {sign} {}", band.label(), value(from, kpi.unit))
}

fn next_band(next: &NextBand) -> String {
    let mut text = format!("{} more points make it {}", next.missing, next.band.label());
    if next.ways.is_empty() {
        text.push_str("; no KPI alone can do it\n");
        return text;
    }
    text.push_str(". Any of these alone would do it:\n");
    for way in &next.ways {
        text.push_str(&format!(
            "  {}: {} -> {}\n",
            escape_text(&named(&way.kpi_name, way.product.as_deref())),
            value(way.value, way.unit),
            value(way.needed, way.unit),
        ));
    }
    text
}

fn unscored(unscored: &[Unscored], columns: usize) -> String {
    let mut text = format!("{} in no score:\n", count(unscored.len() as u64, "KPI"));
    for (why, words) in [
        ("no_value", "without a value"),
        ("no_definition", "without a definition (acctsnap kpis unknown)"),
        ("retired", "retired"),
        ("account_level_counts", "of a product, where the account's own value counts"),
        ("weighs_nothing", "of weight 0"),
    ] {
        let names: Vec<String> = unscored
            .iter()
            .filter(|kpi| kpi.why == why)
            .map(|kpi| escape_text(&named(&kpi.kpi_name, kpi.product.as_deref())).into_owned())
            .collect();
        if !names.is_empty() {
            let line = format!("{words}: {}", names.join(", "));
            let width = columns.saturating_sub(2);
            wrap(&line, width).iter().for_each(|line| text.push_str(&format!("  {line}\n")));
        }
    }
    text
}

fn events(events: &[ExplainedEvent], zone: Tz) -> Table {
    let mut table = Table::new(&[
        Column::text("when"),
        Column::text("event").yielding(1),
        Column::text("what became of it"),
    ]);
    for ExplainedEvent { event, pending } in events {
        let what = event.action.as_deref().unwrap_or(event.event_type.code());
        let detail = match (event.snapshot_id, event.due_at, &event.error) {
            (Some(snapshot), ..) => format!(", snapshot {snapshot}"),
            (None, _, Some(error)) => format!(": {error}"),
            (None, Some(due), None) => format!(" until {}", instant(due, zone)),
            (None, None, None) => String::new(),
        };
        let pending = if *pending { ", pending" } else { "" };
        table.add_row([
            instant(event.occurred_at, zone),
            what.to_owned(),
            format!("{}{detail}{pending}", event.outcome.code()),
        ]);
    }
    table
}
