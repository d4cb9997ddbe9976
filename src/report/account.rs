//! One account: who it is, what is kept of it, what it is owed (`acctsnap.account/1`).

use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Serialize;

use super::events::{EventLine, at_first, what};
use super::snapshots::type_in_words;
use super::style::{FAINT, STRONG, WARNING, styled};
use super::table::{Column, Table};
use super::text::{age, count, escape_text, instant, key_values, pad_left, truncate, width as columns, wrap};
use crate::model::ids::{AccountId, SnapshotId};
use crate::model::kpi::Band;
use crate::model::score::Score;
use crate::model::snapshot::SnapshotType;
use crate::model::time::Timestamp;

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.account/1";

/// What a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// A name, today's or an earlier one.
    Name,
    /// An alias.
    Alias,
    /// An id in the customer's own systems.
    ExternalId,
}

impl NameKind {
    const fn label(self, current: bool) -> &'static str {
        match (self, current) {
            (Self::Name, true) => "name",
            (Self::Name, false) => "former name",
            (Self::Alias, _) => "alias",
            (Self::ExternalId, true) => "external id",
            (Self::ExternalId, false) => "former id",
        }
    }
}

/// A name, alias or external id of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NameView {
    /// What it is.
    pub kind: NameKind,
    /// As it was given.
    pub name: String,
    /// Since when it is the account's.
    pub since: Timestamp,
    /// Whether it is the account's today: its name or its external id, or an alias.
    pub current: bool,
    /// Whether it leads to the account; false where another account has taken it since.
    pub leads_here: bool,
}

/// The account's newest snapshot, in short.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct NewestSnapshot {
    /// Our id.
    pub snapshot_id: SnapshotId,
    /// When it was taken.
    pub snapshot_timestamp: Timestamp,
    /// Seconds from then to `as_of`.
    pub age_seconds: i64,
    /// Why it exists.
    pub snapshot_type: SnapshotType,
    /// Points of 100.
    pub overall_health_score: Option<Score>,
    /// The band in which they lie.
    pub overall_health_status: Option<Band>,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.account/1")]
pub struct AccountView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// Our id.
    pub account_id: AccountId,
    /// Its name.
    pub account_name: String,
    /// Its id in the customer's own systems.
    pub external_account_id: Option<String>,
    /// Whose account.
    pub customer: String,
    /// Whether it was put aside.
    pub archived: bool,
    /// When it was first mentioned.
    pub first_mentioned_at: Timestamp,
    /// Every name, alias and external id that ever led to it, oldest first.
    pub names: Vec<NameView>,
    /// Its newest snapshot.
    pub newest_snapshot: Option<NewestSnapshot>,
    /// How many snapshots were taken of it.
    pub snapshots_count: u64,
    /// How many KPIs are known of it.
    pub kpis_count: u64,
    /// How many of them have a value now.
    pub kpis_with_value_count: u64,
    /// Seconds since an upload last named its KPIs.
    pub kpis_age_seconds: Option<i64>,
    /// The oldest change that its newest snapshot lacks.
    pub dirty_since: Option<Timestamp>,
    /// The events that are owed a snapshot, newest first.
    pub pending_events: Vec<EventLine>,
    /// When the first of those is due; null also where they were left to a flush.
    pub pending_due_at: Option<Timestamp>,
    /// Its latest events, newest first, at most ten.
    pub latest_events: Vec<EventLine>,
    /// The instant that this answer speaks of.
    pub as_of: Timestamp,
    /// Since when it is put aside; null where it is not.
    pub archived_since: Option<Timestamp>,
    /// Why it is put aside, where somebody said so.
    pub archived_reason: Option<String>,
    /// The account that answers for it since it was merged into that one.
    pub merged_into: Option<AccountId>,
    /// The accounts for which it answers.
    pub merged_from: Vec<AccountId>,
}

/// The account as a person reads it.
#[must_use]
pub fn render(view: &AccountView, width: usize, table_width: Option<usize>, zone: Tz) -> String {
    let mut text = heading(view, width);
    for line in wrap(&identity(view, zone), width) {
        text.push_str(&format!("{}\n", styled(FAINT, line)));
    }
    for notice in notices(view, zone) {
        for (index, line) in wrap(&notice, width.saturating_sub(2)).iter().enumerate() {
            let mark = if index == 0 { styled(WARNING, "!") } else { " ".to_owned() };
            text.push_str(&format!("{mark} {line}\n"));
        }
    }
    text.push('\n');
    text.push_str(&key_values(&facts(view, zone), width));
    text.push('\n');
    text.push_str(&names(view, zone).render(table_width));
    if !view.latest_events.is_empty() {
        text.push('\n');
        text.push_str(&events(view, zone).render(table_width));
    }
    text
}

fn heading(view: &AccountView, width: usize) -> String {
    let number = format!("account {}", view.account_id);
    let name = escape_text(&view.account_name);
    let name = truncate(&name, width.saturating_sub(columns(&number) + 2));
    let rest = width.saturating_sub(columns(&name));
    format!("{}{}\n", styled(STRONG, &name), pad_left(&number, rest))
}

fn identity(view: &AccountView, zone: Tz) -> String {
    let external = view.external_account_id.as_ref();
    let external = external.map(|id| format!(" · external id {}", escape_text(id))).unwrap_or_default();
    let customer = escape_text(&view.customer);
    let since = instant(view.first_mentioned_at, zone);
    let archived = if view.archived { " · archived" } else { "" };
    format!("customer {customer}{external} · first mentioned {since}{archived}")
}

/// What the newest snapshot lacks, and what is owed for it.
fn notices(view: &AccountView, zone: Tz) -> Vec<String> {
    let dirty = view.dirty_since.filter(|_| view.newest_snapshot.is_some());
    let dirty = dirty.map(|since| format!("newer facts, since {}, are in no snapshot", instant(since, zone)));
    let pending = view.pending_events.len() as u64;
    let owed = (pending > 0).then(|| {
        let due = match view.pending_due_at {
            Some(at) if at <= view.as_of => format!("due since {}", instant(at, zone)),
            Some(at) => format!("due {}", instant(at, zone)),
            None => "left to a flush".to_owned(),
        };
        let verb = if pending == 1 { "waits" } else { "wait" };
        format!("{} {verb} for a snapshot, {due}: acctsnap flush", count(pending, "event"))
    });
    dirty.into_iter().chain(owed).collect()
}

fn facts(view: &AccountView, zone: Tz) -> Vec<(&'static str, String)> {
    let newest = view.newest_snapshot.as_ref().map_or_else(
        || "none yet: acctsnap snapshot create".to_owned(),
        |newest| {
            let score = newest.overall_health_score.map(|score| score.to_string());
            let band = newest.overall_health_status.map_or("no score", Band::label);
            let health = [score.as_deref(), Some(band)].into_iter().flatten().collect::<Vec<_>>().join(" ");
            let (taken, old) = (instant(newest.snapshot_timestamp, zone), age(newest.age_seconds));
            let kind = type_in_words(newest.snapshot_type.code());
            format!("{} · {health} · {kind} · {taken} · {old} old", newest.snapshot_id)
        },
    );
    let named = view.kpis_age_seconds.map(|seconds| format!(" · last uploaded {} ago", age(seconds)));
    let (all, with_value) = (view.kpis_count, view.kpis_with_value_count);
    let kpis = format!("{all}, {with_value} with a value{}", named.unwrap_or_default());
    let mut facts =
        vec![("Newest snapshot", newest), ("Snapshots", view.snapshots_count.to_string()), ("KPIs", kpis)];
    if let Some(since) = view.archived_since {
        let reason = view.archived_reason.as_ref();
        let reason = reason.map(|reason| format!(" · {}", escape_text(reason))).unwrap_or_default();
        facts.push(("Archived", format!("since {}{reason}", instant(since, zone))));
    }
    if let Some(into) = view.merged_into {
        facts.push(("Merged into", format!("id:{into}, which answers for it")));
    }
    if !view.merged_from.is_empty() {
        let merged: Vec<String> = view.merged_from.iter().map(|account| format!("id:{account}")).collect();
        facts.push(("Answers for", merged.join(", ")));
    }
    facts
}

fn names(view: &AccountView, zone: Tz) -> Table {
    let mut table = Table::new(&[
        Column::text("known as"),
        Column::text("").yielding(1),
        Column::text("since"),
        Column::text("").optional(2),
    ]);
    for name in &view.names {
        let leads = if name.leads_here { "" } else { "leads to another account" };
        table.add_row([name.kind.label(name.current), &name.name, &instant(name.since, zone), leads]);
    }
    table
}

fn events(view: &AccountView, zone: Tz) -> Table {
    let mut table = Table::new(&[
        Column::number("event"),
        Column::text("when"),
        Column::text("what").yielding(1),
        Column::text("outcome"),
        Column::number("snapshot").optional(2),
        Column::text("at first").optional(4),
        Column::text("error").yielding(2).optional(3),
    ]);
    for event in &view.latest_events {
        table.add_row([
            event.event_id.to_string(),
            instant(event.occurred_at, zone),
            what(event),
            event.outcome.code().to_owned(),
            event.snapshot_id.map(|id| id.to_string()).unwrap_or_default(),
            at_first(event),
            event.error.clone().unwrap_or_default(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::style::plain;

    fn bare() -> AccountView {
        AccountView {
            schema: SCHEMA,
            account_id: AccountId::new(7),
            account_name: "A name\u{202e} that is rather long and would not fit into one narrow line"
                .to_owned(),
            external_account_id: None,
            customer: "acme".to_owned(),
            archived: true,
            first_mentioned_at: Timestamp::default(),
            names: vec![NameView {
                kind: NameKind::ExternalId,
                name: "x".repeat(90),
                since: Timestamp::default(),
                current: false,
                leads_here: false,
            }],
            newest_snapshot: None,
            snapshots_count: 0,
            kpis_count: 0,
            kpis_with_value_count: 0,
            kpis_age_seconds: None,
            dirty_since: Some(Timestamp::default()),
            pending_events: Vec::new(),
            pending_due_at: None,
            latest_events: Vec::new(),
            as_of: Timestamp::default(),
            merged_into: None,
            merged_from: Vec::new(),
            archived_since: Some(Timestamp::default()),
            archived_reason: Some(
                "a reason of several words, among them one that steers: \u{202e}".to_owned(),
            ),
        }
    }

    #[test]
    fn sixty_columns_are_enough_and_nothing_steers_the_terminal() {
        let text = plain(&render(&bare(), 60, Some(60), Tz::UTC));
        assert!(text.lines().all(|line| columns(line) <= 60), "{text}");
        assert!(
            text.contains(r"\u{202e}") && text.contains("archived") && text.contains("none yet"),
            "{text}"
        );
        assert!(text.contains("former id") && text.contains("Archived         since 1970-01-01"), "{text}");
        assert!(!text.contains("newer facts"), "there is no snapshot that could lack them: {text}");
    }
}
