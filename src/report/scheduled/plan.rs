//! What will be due, and what is overdue (`acctsnap.schedule_plan/1`).

use std::collections::BTreeSet;

use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Serialize;

use crate::model::ids::AccountId;
use crate::model::schedule::Cadence;
use crate::model::time::Timestamp;
use crate::report::style::{STRONG, styled};
use crate::report::text::{count, escape_text, instant, pad_right, width};

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.schedule_plan/1";

/// The headers of its CSV.
pub const HEADERS: [&str; 9] =
    ["customer", "account_id", "account_name", "rule", "cadence", "label", "due_at", "is_overdue", "why"];

/// A slot that is due for an account, or will be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlannedSlot {
    /// Whose account.
    pub customer: String,
    /// Our id.
    pub account_id: AccountId,
    /// Its name.
    pub account_name: String,
    /// The rule's name.
    pub rule: String,
    /// How often.
    pub cadence: Cadence,
    /// The period, e.g. `week 2026-W47`.
    pub label: String,
    /// When it is due.
    pub due_at: Timestamp,
    /// Whether it is due already: the next run fills it.
    pub is_overdue: bool,
    /// What makes the rule's condition hold, e.g. `revenue 1200000 > 1000000`; null where it has none.
    pub why: Option<String>,
    /// The customer's time zone, in which text shows instants.
    #[serde(skip)]
    pub zone: Tz,
}

/// How many instants and accounts of a rule are shown.
const SHOWN: usize = 5;

/// A block a rule: when, and for whom.
#[must_use]
pub fn render(slots: &[PlannedSlot]) -> String {
    if slots.is_empty() {
        return "nothing is due until then\n".to_owned();
    }
    let blocks = slots.chunk_by(|a, b| (&a.customer, &a.rule) == (&b.customer, &b.rule));
    blocks.map(render_rule).collect::<Vec<_>>().join("\n")
}

fn render_rule(slots: &[PlannedSlot]) -> String {
    let mut accounts: Vec<&PlannedSlot> = Vec::new();
    let mut seen = BTreeSet::new();
    accounts.extend(slots.iter().filter(|slot| seen.insert(slot.account_id)));
    accounts.sort_by_key(|slot| slot.account_id);
    let Some(first) = accounts.first() else { return String::new() };
    let title = format!("{}: {}", escape_text(&first.customer), escape_text(&first.rule));
    let mut text = format!(
        "{}, {}, {}\n",
        styled(STRONG, title),
        first.cadence.code(),
        count(accounts.len() as u64, "account")
    );
    let instants: Vec<&[PlannedSlot]> =
        slots.chunk_by(|a, b| (a.due_at, &a.label) == (b.due_at, &b.label)).collect();
    for due in instants.iter().take(SHOWN) {
        text.push_str(&due_line(due));
    }
    text.push_str(&more(instants.len(), "more time"));
    let shown = accounts.iter().take(SHOWN);
    let columns = shown.clone().map(|slot| width(&escape_text(&slot.account_name))).max().unwrap_or(0);
    for slot in shown {
        let name = escape_text(&slot.account_name);
        let line = match &slot.why {
            Some(why) => format!("    {}  {}", pad_right(&name, columns), escape_text(why)),
            None => format!("    {name}"),
        };
        text.push_str(&format!("{line}\n"));
    }
    text.push_str(&more(accounts.len(), "more account"));
    text
}

fn due_line(slots: &[PlannedSlot]) -> String {
    let Some(first) = slots.first() else { return String::new() };
    let overdue = if first.is_overdue { "  overdue: the next run takes it" } else { "" };
    let accounts = count(slots.len() as u64, "account");
    format!("  {}  {}  {accounts}{overdue}\n", instant(first.due_at, first.zone), first.label)
}

fn more(of: usize, what: &str) -> String {
    match of.saturating_sub(SHOWN) {
        0 => String::new(),
        left => format!("    {}\n", count(left as u64, what)),
    }
}
