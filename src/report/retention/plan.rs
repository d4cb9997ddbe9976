//! What stays and what may go, and every reason for it (`acctsnap.retention_plan/1`).

use std::collections::BTreeMap;

use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Serialize;

use crate::model::ids::{AccountId, RetentionRunId, SnapshotId};
use crate::model::retention::{Policies, Reason};
use crate::model::snapshot::SnapshotType;
use crate::model::time::Timestamp;
use crate::report::style::{STRONG, styled};
use crate::report::table::{Column, Table};
use crate::report::text::{count, escape_text, instant, wrap};

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.retention_plan/1";

/// The headers of its CSV.
pub const HEADERS: [&str; 10] = [
    "customer",
    "snapshot_id",
    "account_id",
    "external_account_id",
    "account_name",
    "snapshot_timestamp",
    "snapshot_type",
    "verdict",
    "is_future_dated",
    "reasons",
];

/// Whether a snapshot stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It stays.
    Keep,
    /// It may go.
    Remove,
}

impl Verdict {
    const fn word(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Remove => "remove",
        }
    }
}

/// One reason for a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReasonView {
    /// Its kind: first, newest, pinned, tagged, future_dated, within_keep_all, among_newest, last_of_period; for what
    /// may go older_than_keep_all, not_among_newest, not_last_of_period, beyond_period.
    pub code: &'static str,
    /// In words, with the period, the tag or the rule.
    pub text: String,
}

impl ReasonView {
    /// A reason as it is shown.
    #[must_use]
    pub fn of(reason: &Reason) -> Self {
        Self { code: reason.code(), text: reason.to_string() }
    }
}

/// A snapshot and the verdict about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlannedSnapshot {
    /// Whose snapshot.
    pub customer: String,
    /// Our id.
    pub snapshot_id: SnapshotId,
    /// The account.
    pub account_id: AccountId,
    /// The account's external id.
    pub external_account_id: Option<String>,
    /// The account's name.
    pub account_name: String,
    /// When it was taken.
    pub snapshot_timestamp: Timestamp,
    /// Its type, whose rules decide.
    pub snapshot_type: SnapshotType,
    /// Whether it stays.
    pub verdict: Verdict,
    /// Whether it bears an instant that has not come yet: it stays, and counts nowhere.
    pub is_future_dated: bool,
    /// Every reason for the verdict.
    pub reasons: Vec<ReasonView>,
}

/// An earlier run that hides snapshots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HidingRun {
    /// Its number.
    pub run_id: RetentionRunId,
    /// When it was.
    pub applied_at: Timestamp,
    /// How many snapshots it hides still.
    pub hidden: u64,
}

/// The plan of one customer.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerPlan {
    /// The customer.
    pub customer: String,
    /// Its time zone.
    pub zone: Tz,
    /// The rules that decide.
    pub policies: Policies,
    /// Earlier runs that hide snapshots; those are not among `snapshots`.
    pub hiding: Vec<HidingRun>,
    /// Its snapshots, by account, then in the order in which they were taken.
    pub snapshots: Vec<PlannedSnapshot>,
}

impl CustomerPlan {
    /// How many may go.
    #[must_use]
    pub fn removed(&self) -> usize {
        self.snapshots.iter().filter(|snapshot| snapshot.verdict == Verdict::Remove).count()
    }
}

/// How many snapshots of a customer are shown one by one, where not all are asked for.
const SHOWN: usize = 40;

/// For each customer the counts, the rules and the snapshots: all where they are few or `all` are asked for, else the
/// first of those that may go. `text_width` is for lines, `table_width` for tables, where there is a terminal.
#[must_use]
pub fn render(plans: &[CustomerPlan], all: bool, text_width: usize, table_width: Option<usize>) -> String {
    let with_any = plans.iter().filter(|plan| !plan.snapshots.is_empty() || !plan.hiding.is_empty());
    let blocks: Vec<String> =
        with_any.map(|plan| render_customer(plan, all, text_width, table_width)).collect();
    if blocks.is_empty() { "no snapshot was taken yet\n".to_owned() } else { blocks.join("\n") }
}

fn render_customer(plan: &CustomerPlan, all: bool, text_width: usize, table_width: Option<usize>) -> String {
    let (total, removed) = (plan.snapshots.len(), plan.removed());
    let title = format!(
        "{}: {}, {removed} to remove, {} to keep",
        escape_text(&plan.customer),
        count(total as u64, "snapshot"),
        total - removed
    );
    let mut text = format!("{}\n", styled(STRONG, title));
    let mut lines = policy_lines(&plan.policies);
    lines.extend(plan.hiding.iter().map(|run| hiding_line(run, plan.zone)));
    for line in lines {
        wrap(&line, text_width).iter().for_each(|line| text.push_str(&format!("{line}\n")));
    }
    let show_all = all || total <= SHOWN;
    let chosen = plan.snapshots.iter().filter(|one| show_all || one.verdict == Verdict::Remove);
    let chosen: Vec<&PlannedSnapshot> = chosen.take(if all { usize::MAX } else { SHOWN }).collect();
    if !chosen.is_empty() {
        text.push_str(&table(&chosen, plan.zone).render(table_width));
    }
    if chosen.len() < total {
        text.push_str(&format!("{} of {total} shown; --verbose or --format csv shows each\n", chosen.len()));
    }
    text
}

/// The rules, types of one policy together.
fn policy_lines(policies: &Policies) -> Vec<String> {
    let mut by_policy: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (snapshot_type, policy) in policies.iter() {
        by_policy.entry(policy.to_string()).or_default().push(snapshot_type.code());
    }
    let whole = by_policy.len() == 1;
    let line = |(policy, types): (String, Vec<&str>)| match whole {
        true => format!("kept of each type: {policy}"),
        false => format!("kept of {}: {policy}", types.join(", ")),
    };
    by_policy.into_iter().map(line).collect()
}

fn hiding_line(run: &HidingRun, zone: Tz) -> String {
    let hidden = count(run.hidden, "snapshot");
    let at = instant(run.applied_at, zone);
    format!("run {} of {at} hides {hidden}: retention undo {} brings back", run.run_id, run.run_id)
}

fn table(snapshots: &[&PlannedSnapshot], zone: Tz) -> Table {
    let mut table = Table::new(&[
        Column::text("verdict"),
        Column::number("id"),
        Column::text("account").yielding(2),
        Column::text("taken").optional(4),
        Column::text("type").optional(5),
        Column::text("why").yielding(3),
    ]);
    for snapshot in snapshots {
        let why: Vec<&str> = snapshot.reasons.iter().map(|reason| reason.text.as_str()).collect();
        table.add_row([
            snapshot.verdict.word(),
            &snapshot.snapshot_id.to_string(),
            &snapshot.account_name,
            &instant(snapshot.snapshot_timestamp, zone),
            snapshot.snapshot_type.code(),
            &why.join(", "),
        ]);
    }
    table
}
