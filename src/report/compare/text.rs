//! A comparison for people: the two moments, the score's change by cause and category, the KPIs, the fields.

use chrono_tz::Tz;
use serde_json::Value;

use super::{CompareView, Effect, FieldChange, KpiDifference, KpiFate, ScoreSplit, Side};
use crate::model::kpi::{Band, Unit};
use crate::model::score::Score;
use crate::report::json;
use crate::report::snapshot::Retracted;
use crate::report::style::{FAINT, STRONG, band_mark, band_style, styled};
use crate::report::table::{Column, Table};
use crate::report::text::{count, escape_text, grouped, instant, pad_left, pad_right, wrap};

/// The comparison as text; `width` is the terminal's.
#[must_use]
pub fn render(view: &CompareView, width: Option<usize>, zone: Tz) -> String {
    let columns = width.unwrap_or(crate::report::text::DEFAULT_WIDTH);
    let mut text = format!("{}\n", styled(STRONG, escape_text(&view.account_name)));
    text.push_str(&side("from", &view.from, zone));
    text.push_str(&side("to", &view.to, zone));
    if !view.differs {
        text.push_str("\nnothing differs\n");
        return text;
    }
    if let Some(score) = view.score.as_ref().filter(|score| !score.terms.is_empty()) {
        text.push_str(&format!("\n{}", split(score)));
    }
    if !view.kpis.is_empty() {
        text.push_str(&format!("\n{}", kpis(view, width)));
    }
    text.push_str(&fields(&view.fields, columns));
    for (what, names) in [
        ("playbooks started", &view.playbooks_started),
        ("playbooks ended", &view.playbooks_ended),
        ("products added", &view.products_added),
        ("products removed", &view.products_removed),
    ] {
        if !names.is_empty() {
            let names: Vec<_> = names.iter().map(|name| escape_text(name)).collect();
            wrap(&format!("{what}: {}", names.join(", ")), columns)
                .iter()
                .for_each(|line| text.push_str(&format!("{line}\n")));
        }
    }
    text
}

fn side(label: &str, side: &Side, zone: Tz) -> String {
    let which = match side.snapshot_id {
        Some(id) => format!("snapshot {id}, {}", instant(side.taken_at, zone)),
        None => format!("as it stands, {}", instant(side.taken_at, zone)),
    };
    let asked =
        if side.snapshot_id.is_some_and(|id| id.to_string() == side.asked) || side.snapshot_id.is_none() {
            String::new()
        } else {
            format!(" ({})", escape_text(&side.asked))
        };
    let score = match side.overall_health_score {
        Some(score) => format!("{score}{}", band(side.overall_health_status)),
        None => "no score".to_owned(),
    };
    let line = format!("  {}  {which}{asked}: {score}\n", styled(FAINT, pad_right(label, 4)));
    match &side.retracted {
        Some(Retracted { upload_id, .. }) => {
            line + &format!("        retracted: upload {upload_id}, which went into it, was taken back\n")
        }
        None => line,
    }
}

fn band(band: Option<Band>) -> String {
    let styled_band = |band: Band| styled(band_style(band), format!("{} {}", band_mark(band), band.label()));
    band.map(|band| format!(" {}", styled_band(band))).unwrap_or_default()
}

fn signed(points: Score) -> String {
    if points.hundredths() > 0 { format!("+{points}") } else { points.to_string() }
}

fn split(score: &ScoreSplit) -> String {
    let zero = Score::from_hundredths(0);
    let head = format!("health {} -> {}, {}", score.old, score.new, signed(score.change));
    let mut text = format!("{}\n", styled(STRONG, head));
    let causes: Vec<String> = score
        .causes
        .iter()
        .filter(|sum| sum.points != zero)
        .map(|sum| format!("{} {}", sum.cause.code(), signed(sum.points)))
        .collect();
    if !causes.is_empty() {
        text.push_str(&format!("  of which {}\n", causes.join(", ")));
    }
    for sum in &score.categories {
        let own = |score: Option<Score>| score.map_or_else(|| "none".to_owned(), |score| score.to_string());
        text.push_str(&format!(
            "  {} {}  {} -> {}\n",
            styled(FAINT, pad_right(sum.category.name(), 21)),
            pad_left(&signed(sum.points), 7),
            pad_left(&own(sum.old), 6),
            own(sum.new),
        ));
    }
    for term in score.terms.iter().filter(|term| term.kpi_name.is_none()) {
        let what = match term.category {
            Some(category) => format!("the weight of {}", category.name()),
            None => "a score that the KPIs do not account for".to_owned(),
        };
        text.push_str(&format!("  {} {what} ({})\n", signed(term.points), term.cause.code()));
    }
    text
}

fn kpis(view: &CompareView, width: Option<usize>) -> String {
    let mut table = Table::new(&[
        Column::number("points"),
        Column::text("KPI").yielding(2),
        Column::text("value"),
        Column::text("score").optional(1),
        Column::text("").yielding(1),
    ]);
    for kpi in &view.kpis {
        let name = match &kpi.product {
            Some(product) => format!("{} ({product})", kpi.kpi_name),
            None => kpi.kpi_name.clone(),
        };
        let points = match kpi.points.hundredths() {
            0 => String::new(),
            _ => signed(kpi.points),
        };
        table.add_row([points, name, values(kpi), scores(kpi), remark(kpi)]);
    }
    let rest = match view.kpis_unchanged {
        0 => String::new(),
        many => format!("{} unchanged\n", count(u64::from(many), "KPI")),
    };
    format!("{}{rest}", table.render(width))
}

fn number(value: Option<f64>) -> String {
    value.and_then(|value| json::line(&value).ok()).map_or_else(
        || "none".to_owned(),
        |text| grouped(text.trim().strip_suffix(".0").unwrap_or(text.trim())),
    )
}

fn values(kpi: &KpiDifference) -> String {
    let unit = match kpi.unit {
        None | Some(Unit::Score | Unit::Count | Unit::Ratio | Unit::Money) => String::new(),
        Some(unit) => format!(" {unit}"),
    };
    match kpi.change {
        Some(0.0) => format!("{}{unit}", number(kpi.new_value)),
        None if kpi.new_value.is_none() => format!("{}{unit} -> none", number(kpi.old_value)),
        _ => format!("{} -> {}{unit}", number(kpi.old_value), number(kpi.new_value)),
    }
}

fn scores(kpi: &KpiDifference) -> String {
    let own = |score: Option<Score>| score.map_or_else(|| "none".to_owned(), |score| score.to_string());
    match (kpi.old_score, kpi.new_score) {
        (None, None) => String::new(),
        (old, new) if old == new => own(new),
        (old, new) => format!("{} -> {}", own(old), own(new)),
    }
}

/// In words, for colour carries nothing here.
fn remark(kpi: &KpiDifference) -> String {
    let crossed = match (kpi.crossed_band, kpi.old_status, kpi.new_status) {
        (true, Some(old), Some(new)) => Some(format!("{} -> {}", old.label(), new.label())),
        _ => None,
    };
    let fate = match kpi.fate {
        KpiFate::Appeared => Some("appeared".to_owned()),
        KpiFate::WentMissing => Some("went missing".to_owned()),
        KpiFate::Changed => kpi.effect.map(|effect| Effect::code(effect).to_owned()),
    };
    [fate, crossed].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn fields(fields: &[FieldChange], columns: usize) -> String {
    let mut text = String::new();
    // The score, its categories and the lists are told in words of their own.
    let told = ["overall_health_score", "playbooks_running", "products_used"];
    let is_category =
        |field: &FieldChange| field.field.ends_with("_score") && field.field != "engagement_score";
    let shown = fields.iter().filter(|field| !told.contains(&field.field.as_str()) && !is_category(field));
    for field in shown {
        let line =
            format!("{}: {} -> {}{}", escape_text(&field.field), value(&field.old), value(&field.new), {
                let change = field.change.map(|change| number(Some(change)));
                let change = change
                    .map(|change| format!(" ({}{change})", if change.starts_with('-') { "" } else { "+" }));
                let side = field.not_recorded.map(|side| format!(" (not recorded at '{side}')"));
                format!("{}{}", change.unwrap_or_default(), side.unwrap_or_default())
            });
        if text.is_empty() {
            text.push('\n');
        }
        wrap(&line, columns).iter().for_each(|line| text.push_str(&format!("{line}\n")));
    }
    text
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) if text.is_empty() => "''".to_owned(),
        Value::String(text) => escape_text(text).into_owned(),
        Value::Number(number) => grouped(&number.to_string()),
        other => escape_text(&other.to_string()).into_owned(),
    }
}
