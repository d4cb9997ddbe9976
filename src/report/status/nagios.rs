//! One line for a monitor, as its plugins write it (Monitoring Plugins Development Guidelines: "service - text | data").
//!
//! No name of an account or customer enters it, so nothing that came from outside can break the line.

use super::{StatusView, Verdict};
use crate::report::text::{age, count, is_treacherous};

/// What a monitor understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceState {
    /// All is well.
    Ok,
    /// Something is tried again.
    Warning,
    /// Something is stale, or failed.
    Critical,
    /// It cannot be told.
    Unknown,
}

impl ServiceState {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// What the verdict means to a monitor.
#[must_use]
pub fn state(view: &StatusView) -> ServiceState {
    match view.verdict {
        Verdict::Ok => ServiceState::Ok,
        Verdict::Warning => ServiceState::Warning,
        Verdict::Stale | Verdict::Failed => ServiceState::Critical,
    }
}

/// The line of an answer.
#[must_use]
pub fn line(view: &StatusView) -> String {
    let stale = view.sum(|customer| customer.stale.len() as u64);
    let failed = view.sum(|customer| customer.failed_events.len() as u64);
    let pending = view.sum(|customer| customer.pending.accounts);
    let late = view.sum(|customer| customer.pending.overdue_accounts);
    let failing = view.sum(|customer| customer.pending.failing);
    let unfilled = view.sum(|customer| customer.schedule.unfilled_slots);
    let overdue = view.sum(|customer| customer.schedule.overdue_slots);
    let unfilled_by_last =
        view.sum(|customer| customer.schedule.last_runs.first().map_or(0, |run| run.failed));
    let told = |number: u64, text: String| (number > 0).then_some(text);
    let faults = [
        told(failed, format!("{} failed", count(failed, "event"))),
        told(stale, format!("{} stale", count(stale, "account"))),
        told(overdue, format!("{} overdue", count(overdue, "slot"))),
        told(late, format!("changes of {} overdue", count(late, "account"))),
        told(failing, format!("{} tried again", count(failing, "event"))),
        told(unfilled_by_last, format!("{} failed in the last run", count(unfilled_by_last, "slot"))),
    ];
    let faults: Vec<String> = faults.into_iter().flatten().collect();
    let last_run = view.oldest_last_run().map(|run| run.age_seconds.max(0));
    let mut text = match faults.is_empty() {
        true => count(view.accounts(), "account"),
        false => faults.join(", "),
    };
    text.push_str(&last_run.map_or_else(
        || "; the schedule has never run".to_owned(),
        |seconds| format!("; last run {} ago", age(seconds)),
    ));
    let accounts = view.accounts();
    let mut data = format!(
        "accounts={accounts} stale={stale} failed={failed} pending={pending} unfilled={unfilled} overdue={overdue}"
    );
    data.push_str(&last_run.map_or_else(String::new, |seconds| format!(" last_run_age={seconds}s")));
    format!("ACCTSNAP {} - {text} | {data}\n", state(view).word())
}

/// The line where nothing can be told, and why.
#[must_use]
pub fn unknown(why: &str) -> String {
    // A bar begins the data, and only the first line is shown.
    let unsafe_here = |character: char| character == '|' || is_treacherous(character);
    let why: String =
        why.chars().map(|character| if unsafe_here(character) { ' ' } else { character }).collect();
    format!("ACCTSNAP {} - {}\n", ServiceState::Unknown.word(), why.trim())
}
