//! The history as text: what moved in a line each, then a row a snapshot or period, then the KPIs by their own days.

use chrono_tz::Tz;

use super::spark::sparkline;
use super::{DatedValue, HistoryItem, HistoryView, KpiAtSnapshot, kpi_label};
use crate::model::kpi::{Band, Unit};
use crate::model::score::Score;
use crate::report::json;
use crate::report::snapshots::{change, minute, score, why};
use crate::report::style::{FAINT, STRONG, styled};
use crate::report::table::{Column, Table};
use crate::report::text::{
    DEFAULT_WIDTH, escape_text, grouped, pad_right, truncate, width as columns_of, wrap,
};

/// From this width on there is room for the critical KPIs and the type.
const ROOM_FOR_TYPE: usize = 80;
/// The longest line that is drawn; of more rows each bar is the last of several.
const LONGEST_SPARK: usize = 30;
/// Room that a line leaves to its numbers.
const ROOM_FOR_NUMBERS: usize = 22;

/// A line a snapshot or period, in the order given; `width` is the terminal's.
#[must_use]
pub fn render(account_name: &str, view: &HistoryView, width: Option<usize>, zone: Tz) -> String {
    let name = escape_text(account_name);
    if view.items.is_empty() {
        return format!("no snapshots of {name}\n");
    }
    let wide = width.is_none_or(|width| width >= ROOM_FOR_TYPE);
    let table = match view.items.iter().any(|item| item.period.is_some()) {
        true => periods(&view.items, wide, zone),
        false => snapshots(&view.items, wide, zone),
    };
    let mut text = styled(STRONG, name);
    text.push('\n');
    text.push_str(&lines(&view.items, width.unwrap_or(DEFAULT_WIDTH)));
    text.push_str(&table.render(width));
    text.push_str(&legend(&view.items, width.unwrap_or(DEFAULT_WIDTH)));
    if !view.kpi_history.is_empty() {
        text.push_str(&format!("\n{}", dated(&view.kpi_history, wide, zone).render(width)));
    }
    text
}

fn snapshots(items: &[HistoryItem], wide: bool, zone: Tz) -> Table {
    let mut columns = vec![
        Column::text("taken"),
        Column::number("id"),
        Column::number("score"),
        Column::number("change"),
        Column::text("status"),
        Column::text(""),
    ];
    let has_kpis = items.iter().any(|item| !item.kpis.is_empty());
    if wide && !has_kpis {
        columns.extend([Column::number("critical"), Column::text("type").yielding(1)]);
    }
    let mut table = with_kpis(Table::new(&columns), items);
    for item in items {
        let is_unchanged = item.is_unchanged.unwrap_or_default();
        let cells = [
            item.snapshot_timestamp.map_or_else(String::new, |at| minute(at, zone)),
            item.snapshot_id.map_or_else(String::new, |id| id.to_string()),
            score(item.overall_health_score),
            change(item.health_score_change_from_last, is_unchanged),
            status(item),
            mark(item).to_owned(),
        ];
        let critical = item.critical_kpis_count.map_or_else(String::new, |count| count.to_string());
        let kind = item.snapshot_type.as_deref().unwrap_or_default();
        let more = match has_kpis {
            true => kpi_cells(item),
            false => vec![critical, why(kind, item.trigger_event.as_deref(), item.trigger_action.as_deref())],
        };
        table.add_row(cells.into_iter().chain(more));
    }
    table
}

/// The longest header of a KPI's column; its whole name stands above, beside its line.
const LONGEST_HEADER: usize = 16;

/// A column for each KPI; where there is no room for all, the last ones are left out.
fn with_kpis(table: Table, items: &[HistoryItem]) -> Table {
    let kpis = items.first().into_iter().flat_map(|item| &item.kpis);
    kpis.fold(table, |table, kpi| {
        table.with_column(Column::number("").optional(1), &truncate(&short_label(kpi), LONGEST_HEADER))
    })
}

fn kpi_cells(item: &HistoryItem) -> Vec<String> {
    let shown = |kpi: &KpiAtSnapshot| match (item.gap, kpi.value) {
        (true, _) => String::new(),
        (false, known) => known.map_or_else(|| "-".to_owned(), number),
    };
    item.kpis.iter().map(shown).collect()
}

/// The abbreviation in a KPI's brackets where it has one, else its name.
fn short_label(kpi: &KpiAtSnapshot) -> String {
    let inside =
        kpi.kpi_name.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inside, _)| inside);
    let is_short = |word: &&str| !word.is_empty() && word.chars().all(char::is_uppercase);
    kpi_label(inside.filter(is_short).unwrap_or(&kpi.kpi_name), kpi.product.as_deref())
}

/// A row a period: of its last snapshot, with the change since the row before that has one.
fn periods(items: &[HistoryItem], wide: bool, zone: Tz) -> Table {
    let mut columns = vec![
        Column::text("period"),
        Column::number("score"),
        Column::number("change"),
        Column::text("status"),
        Column::text(""),
        Column::number("id"),
    ];
    if wide {
        columns.extend([Column::text("taken"), Column::number("critical")]);
    }
    let mut table = with_kpis(Table::new(&columns), items);
    for item in items {
        let is_unchanged = item.is_unchanged.unwrap_or_default();
        let cells = [
            item.period.clone().unwrap_or_default(),
            if item.gap { String::new() } else { score(item.overall_health_score) },
            change(item.health_score_change_from_row, is_unchanged),
            status(item),
            mark(item).to_owned(),
            item.snapshot_id.map_or_else(String::new, |id| id.to_string()),
        ];
        let taken = item.snapshot_timestamp.map_or_else(String::new, |at| minute(at, zone));
        let critical = item.critical_kpis_count.map_or_else(String::new, |count| count.to_string());
        let more = if wide { vec![taken, critical] } else { Vec::new() };
        table.add_row(cells.into_iter().chain(more).chain(kpi_cells(item)));
    }
    table
}

fn status(item: &HistoryItem) -> String {
    let band = item.overall_health_status.map_or("no score", Band::label);
    if item.gap { "no snapshot" } else { band }.to_owned()
}

fn mark(item: &HistoryItem) -> &'static str {
    if item.is_scoring_config_changed == Some(true) { "*" } else { "" }
}

/// What the marks mean, where there are any.
fn legend(items: &[HistoryItem], columns: usize) -> String {
    let is_any = |mark: fn(&HistoryItem) -> Option<bool>| items.iter().any(|item| mark(item) == Some(true));
    let marks = [
        is_any(|item| item.is_unchanged).then_some("= nothing changed"),
        is_any(|item| item.is_scoring_config_changed).then_some("* other scoring rules than before"),
    ];
    let marks: Vec<&str> = marks.into_iter().flatten().collect();
    wrap(&marks.join(" · "), columns).iter().map(|line| format!("{line}\n")).collect()
}

/// A value as people write it.
type Shown = Box<dyn Fn(f64) -> String>;

/// What moved: score, revenue and each KPI that was asked for, drawn, with its first and last value in numbers.
fn lines(items: &[HistoryItem], columns: usize) -> String {
    let of = |value: &dyn Fn(&HistoryItem) -> Option<f64>| items.iter().map(value).collect::<Vec<_>>();
    let points: Shown = Box::new(|points| format!("{points:.2}"));
    let mut drawn =
        vec![("health".to_owned(), of(&|item| item.overall_health_score.map(Score::points)), points)];
    let currency = items.iter().rev().find_map(|item| item.currency.clone()).unwrap_or_default();
    let revenue = of(&|item| item.revenue.and_then(|revenue| revenue.to_string().parse().ok()));
    drawn.push((
        "revenue".to_owned(),
        revenue,
        Box::new(move |value| format!("{} {currency}", number(value))),
    ));
    for (place, kpi) in items.first().into_iter().flat_map(|item| item.kpis.iter().enumerate()) {
        let values = of(&|item| item.kpis.get(place).and_then(|kpi| kpi.value));
        let unit = kpi.unit;
        drawn.push((label(kpi), values, Box::new(move |number| value(number, unit))));
    }
    let drawn: Vec<_> =
        drawn.into_iter().filter(|(_, values, _)| values.iter().any(Option::is_some)).collect();
    let widest = drawn.iter().map(|(label, ..)| columns_of(&escape_text(label))).max().unwrap_or(0);
    let spark_width = items.len().clamp(2, LONGEST_SPARK);
    let label_width = widest.min(columns.saturating_sub(spark_width + ROOM_FOR_NUMBERS + 4).max(8));
    let room = (label_width, spark_width, columns);
    let text: String =
        drawn.iter().filter_map(|(label, values, shown)| line(label, values, shown, room)).collect();
    if text.is_empty() { text } else { format!("{text}\n") }
}

fn line(label: &str, values: &[Option<f64>], shown: &Shown, room: (usize, usize, usize)) -> Option<String> {
    let (label_width, spark_width, columns) = room;
    let spark = sparkline(values, spark_width)?;
    let known = || values.iter().copied().flatten();
    let (first, last) = (known().next()?, known().next_back()?);
    let (lowest, highest) = (known().fold(first, f64::min), known().fold(first, f64::max));
    let ends = match lowest == highest {
        true => format!("{} throughout", shown(first)),
        false => format!("{} -> {}", shown(first), shown(last)),
    };
    let start = format!(
        "{}  {}",
        pad_right(&truncate(&escape_text(label), label_width), label_width),
        pad_right(&spark, spark_width)
    );
    let line = format!("{start}  {ends}");
    if columns_of(&line) > columns {
        // Numbers are never cut: where they have no room beside the bars they stand below.
        let below = wrap(&ends, columns.saturating_sub(2));
        return Some(format!("{}\n  {}\n", start.trim_end(), below.join("\n  ")));
    }
    let extremes = format!(", lowest {}, highest {}", shown(lowest), shown(highest));
    let is_between = lowest < first.min(last) || highest > first.max(last);
    let has_room = columns_of(&line) + columns_of(&extremes) <= columns;
    Some(format!("{line}{}\n", if is_between && has_room { styled(FAINT, extremes) } else { String::new() }))
}

fn label(kpi: &KpiAtSnapshot) -> String {
    kpi_label(&kpi.kpi_name, kpi.product.as_deref())
}

fn number(value: f64) -> String {
    // Four decimals are enough for people; JSON has them all.
    let rounded = format!("{value:.4}").parse().unwrap_or(value);
    grouped(&json::number(if value.abs() < 0.001 { value } else { rounded }))
}

fn value(value: f64, unit: Option<Unit>) -> String {
    match unit {
        None | Some(Unit::Score | Unit::Count | Unit::Ratio | Unit::Money) => number(value),
        Some(unit) => format!("{} {unit}", number(value)),
    }
}

/// The KPIs by the days of their values.
fn dated(values: &[DatedValue], wide: bool, zone: Tz) -> Table {
    let mut columns = vec![Column::text("KPI").yielding(2), Column::text("of day"), Column::number("value")];
    if wide {
        columns.extend([Column::text("ingested"), Column::text("file").optional(3)]);
    }
    let mut table = Table::new(&columns);
    for dated in values {
        table.add_row([
            kpi_label(&dated.kpi_name, dated.product.as_deref()),
            dated.observed_at.to_string(),
            dated.value.map_or_else(|| "none".to_owned(), |number| value(number, dated.unit)),
            dated.ingested_at.map_or_else(String::new, |at| minute(at, zone)),
            dated.file.clone().unwrap_or_default(),
        ]);
    }
    table
}
