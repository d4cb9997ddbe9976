//! Whose snapshot it is, when and why it was taken, and what stands against it.

use chrono_tz::Tz;

use super::joined;
use crate::report::snapshot::SnapshotView;
use crate::report::snapshots::type_in_words;
use crate::report::style::{FAINT, STRONG, WARNING, styled};
use crate::report::text::{age, escape_text, instant, pad_left, truncate, width as columns, wrap};

/// Title, identity, moment, marks, notices.
pub(super) fn render(view: &SnapshotView, width: usize, zone: Tz) -> String {
    let mut text = heading(view, width);
    for line in [identity(view), moment(view, zone), cause(view)] {
        for line in wrap(&line, width) {
            text.push_str(&format!("{}\n", styled(FAINT, line)));
        }
    }
    for notice in notices(view, zone) {
        for (index, line) in wrap(&notice, width - 2).iter().enumerate() {
            let mark = if index == 0 { styled(WARNING, "!") } else { " ".to_owned() };
            text.push_str(&format!("{mark} {line}\n"));
        }
    }
    text
}

fn heading(view: &SnapshotView, width: usize) -> String {
    let number = format!("snapshot {}", view.snapshot_id);
    let name = escape_text(&view.account_name);
    let name = truncate(&name, width.saturating_sub(columns(&number) + 2));
    let rest = width.saturating_sub(columns(&name));
    format!("{}{}\n", styled(STRONG, &name), pad_left(&number, rest))
}

fn identity(view: &SnapshotView) -> String {
    let external = view.external_account_id.as_ref().map(|id| format!(" (external id {})", escape_text(id)));
    format!(
        "customer {} · account {}{} · no. {} of this account",
        escape_text(&view.customer),
        view.account_id,
        external.unwrap_or_default(),
        view.snapshot_sequence_number,
    )
}

fn moment(view: &SnapshotView, zone: Tz) -> String {
    let old = match view.age_seconds {
        ..0 => "after the moment of this answer".to_owned(),
        seconds => format!("{} old", age(seconds)),
    };
    format!("taken {} · {old}", instant(view.snapshot_timestamp, zone))
}

/// Why it was taken and by whom, what people said of it since.
fn cause(view: &SnapshotView) -> String {
    let trigger = joined([view.trigger_event.as_deref(), view.trigger_action.as_deref()], ", ");
    let trigger = trigger.map(|trigger| format!(" after {trigger}")).unwrap_or_default();
    let reason = view.snapshot_reason.as_ref().map(|reason| format!("reason: {}", escape_text(reason)));
    let tags = joined(view.tags.iter().map(|tag| Some(escape_text(tag))), ", ");
    let parts = [
        Some(escape_text(&format!("{}{trigger}", type_in_words(&view.snapshot_type))).into_owned()),
        Some(format!("by {}", escape_text(&view.created_by))),
        reason,
        tags.map(|tags| format!("tagged {tags}")),
        view.pinned.then(|| "pinned".to_owned()),
    ];
    joined(parts, " · ").unwrap_or_default()
}

fn notices(view: &SnapshotView, zone: Tz) -> Vec<String> {
    let retracted = view.retracted.as_ref().map(|retracted| {
        let undone_at = instant(retracted.undone_at, zone);
        format!("retracted: upload {}, from which it was made, was undone {undone_at}", retracted.upload_id)
    });
    let dirty =
        view.dirty_since.map(|since| format!("newer facts, since {}, are not in it", instant(since, zone)));
    [retracted, dirty].into_iter().flatten().collect()
}
