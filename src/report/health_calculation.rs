//! What `health calculate` did (`acctsnap.health_calculation/1`).

use std::cmp::Reverse;

use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Serialize;

use super::snapshots::{change, score};
use super::table::{Column, Table};
use super::text::{count, instant};
use crate::model::ids::AccountId;
use crate::model::kpi::Band;
use crate::model::score::Score;
use crate::model::time::Timestamp;

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.health_calculation/1";

/// What became of an account's scores of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalculationOutcome {
    /// The month had no calculated scores.
    Inserted,
    /// They differ from those that were calculated before.
    Updated,
    /// They are those that were calculated before.
    Unchanged,
    /// None of its KPIs has a score; nothing was stored.
    NoScore,
    /// None of its KPIs was known in the month; nothing was stored.
    NoKpis,
}

/// An account's scores of the month.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CalculatedScores {
    /// Our id.
    pub account_id: AccountId,
    /// Its id in the customer's own systems.
    pub external_account_id: Option<String>,
    /// Its name.
    pub account_name: String,
    /// What became of them.
    pub outcome: CalculationOutcome,
    /// Points of 100; null where no KPI has a score.
    pub overall_health_score: Option<Score>,
    /// The band in which they lie.
    pub overall_health_status: Option<Band>,
    /// Points of 100.
    pub product_usage_score: Option<Score>,
    /// Points of 100.
    pub support_score: Option<Score>,
    /// Points of 100.
    pub customer_sentiment_score: Option<Score>,
    /// Points of 100.
    pub business_outcomes_score: Option<Score>,
    /// Points of 100.
    pub relationship_strength_score: Option<Score>,
    /// What had been calculated for the month before; null where nothing had.
    pub previous_overall_health_score: Option<Score>,
}

/// How the accounts fared: read = inserted + updated + unchanged + no_score + no_kpis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct AccountCounts {
    /// All of them.
    pub read: u64,
    /// First scores of the month.
    pub inserted: u64,
    /// Other scores than before.
    pub updated: u64,
    /// The same scores.
    pub unchanged: u64,
    /// No KPI has a score.
    pub no_score: u64,
    /// No KPI was known.
    pub no_kpis: u64,
}

/// What became of the events, by account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct CalculationSnapshots {
    /// Taken.
    pub created: u64,
    /// Held by the cooldown.
    pub skipped: u64,
    /// When the first of those is due.
    pub pending_due_at: Option<Timestamp>,
    /// Could not be written.
    pub failed: u64,
    /// Written besides: owed from earlier, and due now.
    pub flushed: u64,
}

/// What `health calculate` did.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.health_calculation/1")]
pub struct CalculationView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// The month whose scores they are, e.g. 2026-10.
    pub month: String,
    /// Whether everything was taken back.
    pub dry_run: bool,
    /// How the accounts fared.
    pub accounts: AccountCounts,
    /// New or other scores of a month before the account's newest calculated one: stored, and no event.
    pub stored_as_history: u64,
    /// Events of type `health_calculation_completed`.
    pub events_published: u64,
    /// What became of them.
    pub snapshots: CalculationSnapshots,
    /// The scores, by account.
    pub scores: Vec<CalculatedScores>,
}

impl CalculationView {
    /// Nothing yet, of this month.
    #[must_use]
    pub fn new(month: String, dry_run: bool) -> Self {
        Self {
            schema: SCHEMA,
            month,
            dry_run,
            accounts: AccountCounts::default(),
            stored_as_history: 0,
            events_published: 0,
            snapshots: CalculationSnapshots::default(),
            scores: Vec::new(),
        }
    }

    /// Takes in what became of an account.
    pub fn add(&mut self, scores: CalculatedScores) {
        let counts = &mut self.accounts;
        counts.read += 1;
        match scores.outcome {
            CalculationOutcome::Inserted => counts.inserted += 1,
            CalculationOutcome::Updated => counts.updated += 1,
            CalculationOutcome::Unchanged => counts.unchanged += 1,
            CalculationOutcome::NoScore => counts.no_score += 1,
            CalculationOutcome::NoKpis => counts.no_kpis += 1,
        }
        self.scores.push(scores);
    }
}

/// How many accounts are told of one by one.
const TOLD: usize = 10;

/// The lines that a person sees.
#[must_use]
pub fn render(view: &CalculationView, width: Option<usize>, zone: Tz) -> String {
    let changed = changed(view);
    let mut text = format!("{}: {}\n", view.month, totals(&view.accounts));
    if changed.is_empty() {
        text.push_str("no score changed\n");
    } else {
        text.push_str(&table(changed.get(..TOLD).unwrap_or(&changed)).render(width));
    }
    if let more @ 1.. = changed.len().saturating_sub(TOLD) {
        text.push_str(&format!("and {more} more (--json lists them)\n"));
    }
    for line in consequences(view, zone) {
        text.push_str(&format!("{line}\n"));
    }
    text
}

fn totals(counts: &AccountCounts) -> String {
    let mut text = format!(
        "{} = {} new + {} changed + {} unchanged",
        count(counts.read, "account"),
        counts.inserted,
        counts.updated,
        counts.unchanged
    );
    if counts.no_score > 0 {
        text.push_str(&format!(" + {} without a score", counts.no_score));
    }
    if counts.no_kpis > 0 {
        text.push_str(&format!(" + {} without KPIs by then", counts.no_kpis));
    }
    text
}

/// The scores that are new or other than before: the farthest moved first, then the lowest.
fn changed(view: &CalculationView) -> Vec<&CalculatedScores> {
    let is_changed = |scores: &&CalculatedScores| {
        matches!(scores.outcome, CalculationOutcome::Inserted | CalculationOutcome::Updated)
    };
    let mut changed: Vec<&CalculatedScores> = view.scores.iter().filter(is_changed).collect();
    changed.sort_by_key(|scores| {
        let moved = movement(scores).map(|moved| moved.hundredths().abs());
        (Reverse(moved), scores.overall_health_score, scores.account_id)
    });
    changed
}

fn movement(scores: &CalculatedScores) -> Option<Score> {
    let pair = scores.overall_health_score.zip(scores.previous_overall_health_score);
    pair.map(|(now, before)| now.minus(before))
}

fn table(scores: &[&CalculatedScores]) -> Table {
    let mut table = Table::new(&[
        Column::text("account").yielding(1),
        Column::number("score"),
        Column::number("change").optional(2),
        Column::text("status"),
    ]);
    for scores in scores {
        table.add_row([
            scores.account_name.clone(),
            score(scores.overall_health_score),
            change(movement(scores), false),
            scores.overall_health_status.map_or("no score", Band::label).to_owned(),
        ]);
    }
    table
}

fn consequences(view: &CalculationView, zone: Tz) -> Vec<String> {
    let CalculationSnapshots { created, skipped, pending_due_at, failed, flushed } = view.snapshots;
    let mut lines = Vec::new();
    if view.stored_as_history > 0 {
        lines.push(format!(
            "{} before the newest month calculated: stored as history, without a snapshot",
            count(view.stored_as_history, "score")
        ));
    }
    let has_news = view.accounts.inserted + view.accounts.updated > view.stored_as_history;
    if has_news && view.events_published == 0 {
        lines.push("no snapshots: the settings switch these events off ([events])".to_owned());
    }
    if created > 0 {
        lines.push(format!("{} taken", count(created, "snapshot")));
    }
    if let Some(due) = pending_due_at.filter(|_| skipped > 0) {
        let verb = if skipped == 1 { "waits" } else { "wait" };
        lines.push(format!("{skipped} {verb} until {} (cooldown): acctsnap flush", instant(due, zone)));
    }
    if failed > 0 {
        lines.push(format!("{} failed", count(failed, "snapshot")));
    }
    if flushed > 0 {
        lines.push(format!("{} owed from earlier taken", count(flushed, "snapshot")));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::style::plain;

    fn scores(id: i64, outcome: CalculationOutcome, now: i32, before: Option<i32>) -> CalculatedScores {
        let score = Some(Score::from_hundredths(now));
        CalculatedScores {
            account_id: AccountId::new(id),
            external_account_id: None,
            account_name: format!("Account\u{1b} {id}"),
            outcome,
            overall_health_score: score,
            overall_health_status: Some(Band::AtRisk),
            product_usage_score: score,
            support_score: None,
            customer_sentiment_score: None,
            business_outcomes_score: None,
            relationship_strength_score: None,
            previous_overall_health_score: before.map(Score::from_hundredths),
        }
    }

    #[test]
    fn the_farthest_moved_come_first_and_the_sum_is_right() {
        use CalculationOutcome::{Inserted, NoKpis, NoScore, Unchanged, Updated};
        let mut view = CalculationView::new("2026-11".to_owned(), false);
        view.add(scores(1, Inserted, 4000, None));
        view.add(scores(2, Updated, 5100, Some(5000)));
        view.add(scores(3, Updated, 5000, Some(7000)));
        view.add(scores(4, Unchanged, 5000, Some(5000)));
        view.add(scores(5, NoScore, 0, None));
        view.add(scores(6, NoKpis, 0, None));
        let AccountCounts { read, inserted, updated, unchanged, no_score, no_kpis } = view.accounts;
        assert_eq!(read, inserted + updated + unchanged + no_score + no_kpis);
        let text = plain(&render(&view, Some(60), Tz::UTC));
        let expected = "2026-11: 6 accounts = 1 new + 2 changed + 1 unchanged + 1 without a score + 1 without KPIs by then\n\
                        account          score  change  status\n\
                        Account\\u{1b} 3  50.00  -20.00  at risk\n\
                        Account\\u{1b} 2  51.00   +1.00  at risk\n\
                        Account\\u{1b} 1  40.00          at risk\n\
                        no snapshots: the settings switch these events off ([events])\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn of_many_the_rest_is_counted_and_nothing_new_is_said_so() {
        let mut view = CalculationView::new("2026-11".to_owned(), false);
        assert!(render(&view, None, Tz::UTC).ends_with("no score changed\n"));
        (1..=13).for_each(|id| view.add(scores(id, CalculationOutcome::Inserted, 4000, None)));
        assert!(render(&view, None, Tz::UTC).contains("and 3 more (--json lists them)\n"));
    }
}
