//! The briefing as text for a language model: plain, in sections, customers' words between marks.

use chrono_tz::Tz;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{BriefingView, ChangesView, KpiMove, NOTICE, NoteView, ReportView, SourceView};
use crate::model::score::Score;
use crate::report::json;
use crate::report::snapshot::TopKpi;
use crate::report::snapshots::type_in_words;
use crate::report::text::{age, escape_text, instant};

/// The briefing as text.
#[must_use]
pub fn render(view: &BriefingView, zone: Tz) -> String {
    between_marks(
        &format!("Account context, as of {}. {NOTICE}", instant(view.as_of, zone)),
        &body(view, zone),
        &foot(view),
    )
}

/// Puts what came from customers between marks that it cannot close: they hold a digest of it, and no text holds the
/// digest of itself.
pub(super) fn between_marks(head: &str, body: &str, foot: &str) -> String {
    let digest = Sha256::digest(body.as_bytes());
    let mark: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!(
        "{head} It stands between <data-{mark}> and </data-{mark}>.\n\n<data-{mark}>\n{body}</data-{mark}>\n{foot}"
    )
}

fn body(view: &BriefingView, zone: Tz) -> String {
    let external = view.external_account_id.as_ref().map(|id| format!(" (id {})", escape_text(id)));
    let mut text = format!(
        "# {}{}, account of {}\n{}\n",
        escape_text(&view.account_name),
        external.unwrap_or_default(),
        escape_text(&view.customer),
        source(&view.source, zone),
    );
    if !view.state.is_empty() {
        text.push_str("\n## State\n");
        for (name, value) in &view.state {
            text.push_str(&format!("{}: {}\n", escape_text(name), plain(value)));
        }
    }
    if !view.worst_kpis.is_empty() {
        text.push_str("\n## Critical KPIs, worst first\n");
        view.worst_kpis.iter().for_each(|kpi| text.push_str(&worst(kpi)));
    }
    if let Some(changes) = &view.changes {
        text.push_str(&changed(changes, zone));
    }
    if !view.recommended_playbooks.is_empty() {
        let names: Vec<_> = view.recommended_playbooks.iter().map(|name| escape_text(name)).collect();
        text.push_str(&format!("\n## Playbooks that this state calls for\n{}\n", names.join(", ")));
    }
    if !view.reports.is_empty() {
        text.push_str("\n## Playbook reports, newest first\n");
        view.reports.iter().for_each(|one| text.push_str(&report(one, zone)));
    }
    if !view.notes.is_empty() {
        text.push_str("\n## Notes, newest first\n");
        view.notes.iter().for_each(|one| text.push_str(&note(one, zone)));
    }
    if !view.events.is_empty() {
        text.push_str("\n## What was recorded lately\n");
        for event in &view.events {
            let (what, outcome) = (escape_text(&event.event_type), escape_text(&event.outcome));
            text.push_str(&format!("{} {what} ({outcome})\n", instant(event.occurred_at, zone)));
        }
    }
    text
}

fn source(source: &SourceView, zone: Tz) -> String {
    let which = match (source.snapshot_id, &source.snapshot_type) {
        (Some(id), Some(kind)) => {
            let taken = if source.taken_now { "taken for this question" } else { "taken" };
            format!(
                "Snapshot {id}, {}, {taken} {}, {} old.",
                type_in_words(kind),
                instant(source.taken_at, zone),
                age(source.age_seconds)
            )
        }
        _ => format!("The live state of {}.", instant(source.taken_at, zone)),
    };
    let dirty = source
        .dirty_since
        .map(|since| format!(" Newer facts, since {}, are not in it.", instant(since, zone)));
    let remark = source.remark.as_ref().map(|remark| format!(" {remark}."));
    format!("{which}{}{}", dirty.unwrap_or_default(), remark.unwrap_or_default())
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "none".to_owned(), json::number)
}

fn worst(kpi: &TopKpi) -> String {
    let product = kpi.product.as_ref().map(|product| format!(" ({})", escape_text(product)));
    let unit = kpi.unit.map(|unit| format!(" {unit}"));
    let score = kpi.score.map(|score| format!(", scores {score}"));
    format!(
        "{}{}: {}{}{}\n",
        escape_text(&kpi.kpi_name),
        product.unwrap_or_default(),
        number(kpi.value),
        unit.unwrap_or_default(),
        score.unwrap_or_default(),
    )
}

fn signed(points: Score) -> String {
    if points.hundredths() > 0 { format!("+{points}") } else { points.to_string() }
}

fn changed(changes: &ChangesView, zone: Tz) -> String {
    let mut text = format!(
        "\n## Changed since {} (snapshot {})\n",
        instant(changes.since, zone),
        changes.from_snapshot_id
    );
    if let Some(score) = &changes.score {
        let causes: Vec<String> = score
            .causes
            .iter()
            .map(|(cause, points)| format!("{} {}", cause.code(), signed(*points)))
            .collect();
        let of_which = if causes.is_empty() { String::new() } else { format!(": {}", causes.join(", ")) };
        text.push_str(&format!(
            "score {} -> {} ({}){of_which}\n",
            score.old,
            score.new,
            signed(score.new.minus(score.old))
        ));
    }
    for kpi in &changes.kpis {
        let product = kpi.product.as_ref().map(|product| format!(" ({})", escape_text(product)));
        text.push_str(&format!(
            "{}{}: {} -> {}{} ({} points of the score)\n",
            escape_text(&kpi.kpi_name),
            product.unwrap_or_default(),
            number(kpi.old),
            number(kpi.new),
            crossed(kpi),
            signed(kpi.points),
        ));
    }
    for field in &changes.fields {
        text.push_str(&format!(
            "{}: {} -> {}\n",
            escape_text(&field.field),
            plain(&field.old),
            plain(&field.new)
        ));
    }
    if changes.score.is_none() && changes.kpis.is_empty() && changes.fields.is_empty() {
        text.push_str("nothing\n");
    }
    text
}

/// The bands, where the value went from one into another.
fn crossed(kpi: &KpiMove) -> String {
    match (kpi.old_status, kpi.new_status) {
        (Some(old), Some(new)) if old != new => format!(", {} -> {}", old.label(), new.label()),
        _ => String::new(),
    }
}

fn report(report: &ReportView, zone: Tz) -> String {
    let playbook = report.playbook_id.as_deref().map_or_else(|| "a playbook".into(), escape_text);
    let ended = report.completed_at.map(|at| format!(", ended {}", instant(at, zone)));
    let mut text = format!("{playbook}{}\n", ended.unwrap_or_default());
    for (name, value) in &report.report {
        text.push_str(&quoted(&format!("{name}: {}", plain(value))));
    }
    text
}

fn note(note: &NoteView, zone: Tz) -> String {
    let parts = [
        note.written_at.map(|at| instant(at, zone)),
        note.note_type.as_deref().map(|text| escape_text(text).into_owned()),
        note.author.as_deref().map(|author| format!("by {}", escape_text(author))),
        note.title.as_deref().map(|title| escape_text(title).into_owned()),
    ];
    let head: Vec<String> = parts.into_iter().flatten().collect();
    let head = if head.is_empty() { format!("note {}", escape_text(&note.note_id)) } else { head.join(", ") };
    format!("{head}\n{}", note.content.as_deref().map(quoted).unwrap_or_default())
}

/// Each line behind a `>`: free text has no headings of its own.
fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {}\n", escape_text(line.trim_end()))).collect()
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => escape_text(text).into_owned(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => escape_text(&other.to_string()).into_owned(),
    }
}

/// What was left out, and what was masked.
fn foot(view: &BriefingView) -> String {
    let mut text = left_out(&view.left_out);
    if view.contacts_masked > 0 {
        text.push_str(&format!(
            "{} masked (--with-contacts shows them).\n",
            crate::report::text::count_as(
                u64::from(view.contacts_masked),
                "e-mail address or phone number was",
                "e-mail addresses and phone numbers were"
            )
        ));
    }
    text
}

/// What does not fit, in one line; nothing where all does.
pub(super) fn left_out(left_out: &std::collections::BTreeMap<&'static str, u32>) -> String {
    if left_out.is_empty() {
        return String::new();
    }
    let parts: Vec<String> = left_out.iter().map(|(what, count)| format!("{count} {what}")).collect();
    format!("Left out: {}.\n", parts.join(", "))
}
