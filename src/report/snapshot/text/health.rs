//! The scores and the KPIs behind them.

use chrono_tz::Tz;

use super::{LABEL_WIDTH, indented, joined, known};
use crate::model::kpi::{Category, Unit};
use crate::model::score::Score;
use crate::report::json;
use crate::report::snapshot::{SnapshotView, TopKpi};
use crate::report::style::{FAINT, STRONG, band_mark, band_style, styled};
use crate::report::table::{Column, Table};
use crate::report::text::{age, escape_text, grouped, instant, key_values_under, pad_left, pad_right};

const BAR_WIDTH: usize = 20;

/// The overall score with its band and change, a bar for each category.
pub(super) fn render(view: &SnapshotView, width: usize, zone: Tz) -> String {
    let rows = known([("Health", overall(view)), ("Change", change(view, zone))]);
    let mut text = key_values_under(LABEL_WIDTH, &rows, width);
    let scores = Category::ALL.into_iter().zip(category_scores(view));
    for (category, score) in scores.filter_map(|(category, score)| Some((category, score?))) {
        let label = styled(FAINT, pad_right(category.name(), 21));
        text.push_str(&format!("  {label}  {}  {}\n", pad_left(&score.to_string(), 6), bar(score)));
    }
    text
}

fn overall(view: &SnapshotView) -> Option<String> {
    let score = styled(STRONG, view.overall_health_score?);
    let band = view.overall_health_status.map(|band| {
        format!(" {}", styled(band_style(band), format!("{} {}", band_mark(band), band.label())))
    });
    let trend = view.health_score_trend.as_deref().map(|trend| escape_text(trend).into_owned());
    let source = view.health_score_source.as_deref().map(|source| escape_text(source).into_owned());
    joined([Some(format!("{score}{}", band.unwrap_or_default())), trend, source], " · ")
}

fn change(view: &SnapshotView, zone: Tz) -> Option<String> {
    let last = view.health_score_change_from_last.map(|change| {
        let days = view.days_since_last_snapshot.filter(|days| *days > 0);
        let before = days.map(|days| age(days.saturating_mul(86_400)));
        let before = before.map(|before| format!(" {before} before")).unwrap_or_else(|| " before".into());
        format!("{} since the snapshot{before}", signed(change))
    });
    let month = view.health_score_change_30d.map(|change| format!("{} in 30 days", signed(change)));
    let significant = view.is_significant_change.then(|| "significant".to_owned());
    let unchanged = view.unchanged_since.filter(|since| *since < view.snapshot_timestamp);
    let unchanged = unchanged.map(|since| format!("unchanged since {}", instant(since, zone)));
    joined([last, month, significant, unchanged], " · ")
}

fn category_scores(view: &SnapshotView) -> [Option<Score>; 5] {
    [
        view.product_usage_score,
        view.support_score,
        view.customer_sentiment_score,
        view.business_outcomes_score,
        view.relationship_strength_score,
    ]
}

fn signed(change: Score) -> String {
    if change.hundredths() > 0 { format!("+{change}") } else { change.to_string() }
}

/// A cell for each five points, rounded to the nearest.
fn bar(score: Score) -> String {
    let filled =
        usize::try_from((score.hundredths().clamp(0, 10_000) + 250) / 500).unwrap_or(0).min(BAR_WIDTH);
    format!("{}{}", "█".repeat(filled), "░".repeat(BAR_WIDTH - filled))
}

/// How many KPIs are how well, and the worst of them.
pub(super) fn render_kpis(view: &SnapshotView, width: usize) -> String {
    let mut text = key_values_under(LABEL_WIDTH, &known([("KPIs", counts(view))]), width);
    if !view.top_critical_kpis.is_empty() {
        text.push_str(&indented(&worst_kpis(view), width));
    }
    text
}

fn counts(view: &SnapshotView) -> Option<String> {
    let part = |count: Option<u32>, what: &str| count.map(|count| format!("{count} {what}"));
    let parts = joined(
        [
            part(view.critical_kpis_count, "critical"),
            part(view.at_risk_kpis_count, "at risk"),
            part(view.healthy_kpis_count, "healthy"),
            part(view.unscored_kpis_count.filter(|count| *count > 0), "unscored"),
        ],
        ", ",
    );
    // An account that no KPI file ever named has none to count.
    view.total_kpis.filter(|total| *total > 0 || view.sources.kpis.is_some())?;
    joined([view.total_kpis.map(|total| total.to_string()), parts], ": ")
}

fn worst_kpis(view: &SnapshotView) -> Table {
    let with_product = view.top_critical_kpis.iter().any(|kpi| kpi.product.is_some());
    let mut columns = vec![Column::text("WORST KPIS").yielding(1)];
    columns.extend(with_product.then(|| Column::text("PRODUCT").yielding(2)));
    columns.extend([Column::number("VALUE"), Column::number("SCORE"), Column::text("STATUS")]);
    let mut table = Table::new(&columns);
    for kpi in &view.top_critical_kpis {
        let mut cells = vec![kpi.kpi_name.clone()];
        cells.extend(with_product.then(|| kpi.product.clone().unwrap_or_default()));
        cells.push(value_with_unit(kpi, view.currency.as_deref()));
        cells.push(kpi.score.map(|score| score.to_string()).unwrap_or_default());
        let status = kpi.health_status.map(|band| format!("{} {}", band_mark(band), band.label()));
        cells.push(status.unwrap_or_default());
        table.add_row(cells);
    }
    table
}

fn value_with_unit(kpi: &TopKpi, currency: Option<&str>) -> String {
    let Some(value) = kpi.value else { return String::new() };
    let number = grouped(&json::number(value));
    match kpi.unit {
        None | Some(Unit::Score | Unit::Count | Unit::Ratio) => number,
        Some(Unit::Money) => format!("{number} {}", currency.unwrap_or("$")),
        Some(unit) => format!("{number} {unit}"),
    }
}
