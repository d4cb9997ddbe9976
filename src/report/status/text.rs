//! The status as a person reads it: one line where all is well, else what is wrong first, and the command that helps.

use chrono_tz::Tz;

use super::{CustomerStatus, StaleAccount, StaleReason, StatusView, Verdict};
use crate::report::style::{ERROR, FAINT, STRONG, WARNING, styled};
use crate::report::table::{Column, Table};
use crate::report::text::{age, count, escape_text, instant, wrap};

/// How many accounts are named.
const NAMED: usize = 5;

/// How many runs are shown.
const RUNS: usize = 3;

/// The lines that a person sees.
#[must_use]
pub fn render(view: &StatusView, width: usize, table_width: Option<usize>, zone: Tz) -> String {
    if view.accounts() == 0 {
        return "no accounts yet: acctsnap ingest kpis FILE\n".to_owned();
    }
    if view.verdict == Verdict::Ok {
        return paragraph(&well(view), width);
    }
    let is_one = view.customers.len() == 1;
    let mut text = String::new();
    for customer in &view.customers {
        if !is_one {
            text.push_str(&format!("{}\n", styled(STRONG, escape_text(&customer.customer))));
        }
        text.push_str(&render_customer(customer, view, width, table_width, zone));
    }
    text
}

/// One line of all that is worth a word where nothing is wrong.
fn well(view: &StatusView) -> String {
    let mut parts = vec![format!("all is well: {}", count(view.accounts(), "account"))];
    if view.customers.len() > 1 {
        parts.push(count(view.customers.len() as u64, "customer"));
    }
    if let waiting @ 1.. = view.sum(|customer| customer.pending.accounts) {
        let verb = if waiting == 1 { "waits" } else { "wait" };
        parts.push(format!("{waiting} {verb} for a snapshot"));
    }
    match view.oldest_last_run() {
        Some(run) => parts.push(format!("last run {} ago", age(run.age_seconds))),
        None => parts.push("the schedule has never run (acctsnap scheduled install)".to_owned()),
    }
    if let Some(next) = view.next_due_at().filter(|_| view.oldest_last_run().is_some()) {
        parts.push(format!("next due in {}", age(next.seconds_since(view.as_of))));
    }
    parts.join(", ")
}

fn paragraph(text: &str, width: usize) -> String {
    wrap(text, width).iter().map(|line| format!("{line}\n")).collect()
}

/// A line behind its mark, wrapped under itself.
fn marked(mark: &str, text: &str, width: usize) -> String {
    let lines = wrap(text, width.saturating_sub(2));
    let lines = lines.iter().enumerate().map(|(place, line)| match place {
        0 => format!("{mark} {line}\n"),
        _ => format!("  {line}\n"),
    });
    lines.collect()
}

fn render_customer(
    customer: &CustomerStatus,
    view: &StatusView,
    width: usize,
    table_width: Option<usize>,
    zone: Tz,
) -> String {
    let (bad, warning, good) = (styled(ERROR, "✗"), styled(WARNING, "!"), styled(FAINT, "·"));
    let mut text = String::new();
    for line in failed(customer).into_iter().chain(stale(customer)).chain(overdue(customer, zone)) {
        text.push_str(&marked(&bad, &line, width));
    }
    for line in tried_again(customer) {
        text.push_str(&marked(&warning, &line, width));
    }
    for line in remarks(customer, view, zone) {
        text.push_str(&marked(&good, &line, width));
    }
    if !customer.schedule.last_runs.is_empty() {
        text.push_str(&runs(customer, zone).render(table_width));
    }
    text
}

fn failed(customer: &CustomerStatus) -> Option<String> {
    let first = customer.failed_events.first()?;
    let events = count(customer.failed_events.len() as u64, "event");
    let why = first.error.as_deref().unwrap_or("unknown");
    Some(format!(
        "{events} failed too often and will not be tried again, first of {} ({}); when the cause is gone: \
         acctsnap snapshot create -a id:{}",
        escape_text(&first.account_name),
        escape_text(why),
        first.account_id
    ))
}

fn stale(customer: &CustomerStatus) -> Vec<String> {
    let said = [
        (StaleReason::Schedule, "with a newest snapshot older than the schedule allows"),
        (StaleReason::MaxAge, "with a newest snapshot older than --max-age"),
        (StaleReason::MaxDataAge, "with KPIs older than --max-data-age"),
    ];
    let lines = said.into_iter().filter_map(|(reason, what)| {
        let accounts: Vec<&StaleAccount> =
            customer.stale.iter().filter(|account| account.reasons.contains(&reason)).collect();
        let names: Vec<String> = accounts.iter().take(NAMED).map(|account| named(account, reason)).collect();
        let more = match accounts.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let number = count(accounts.len() as u64, "account");
        (!accounts.is_empty()).then(|| format!("{number} {what}: {}{more}", names.join(", ")))
    });
    lines.collect()
}

/// An account with the age that is too great.
fn named(account: &StaleAccount, reason: StaleReason) -> String {
    let seconds = match reason {
        StaleReason::Schedule | StaleReason::MaxAge => account.age_seconds,
        StaleReason::MaxDataAge => account.kpis_age_seconds,
    };
    let old = seconds.map_or_else(|| "none".to_owned(), age);
    let cadence = account.cadence.filter(|_| reason == StaleReason::Schedule);
    let cadence = cadence.map(|cadence| format!(", {}", cadence.code())).unwrap_or_default();
    format!("{} ({old}{cadence})", escape_text(&account.account_name))
}

fn overdue(customer: &CustomerStatus, zone: Tz) -> Vec<String> {
    let mut lines = Vec::new();
    let schedule = &customer.schedule;
    if let (1.., Some(due)) = (schedule.overdue_slots, schedule.oldest_unfilled_due_at) {
        let last =
            schedule.last_runs.first().map(|run| format!("; the last run was {} ago", age(run.age_seconds)));
        lines.push(format!(
            "{} due since {} not filled{}: acctsnap scheduled run",
            count(schedule.overdue_slots, "slot"),
            instant(due, zone),
            last.unwrap_or_default()
        ));
    }
    if let (late @ 1.., Some(due)) = (customer.pending.overdue_accounts, customer.pending.due_at) {
        lines.push(format!(
            "changes of {} wait for a snapshot, due since {}: acctsnap flush",
            count(late, "account"),
            instant(due, zone)
        ));
    }
    lines
}

fn tried_again(customer: &CustomerStatus) -> Vec<String> {
    let mut lines = Vec::new();
    if let failing @ 1.. = customer.pending.failing {
        let events = count(failing, "event");
        lines.push(format!("{events} failed and will be tried again: acctsnap events list --outcome failed"));
    }
    if let Some(run) = customer.schedule.last_runs.first().filter(|run| run.failed > 0) {
        lines.push(format!("{} failed in the last run; the next one tries again", count(run.failed, "slot")));
    }
    lines
}

/// What is worth a word and is no fault.
fn remarks(customer: &CustomerStatus, view: &StatusView, zone: Tz) -> Vec<String> {
    let mut lines = Vec::new();
    let data = customer.newest_kpis_age_seconds.map(|seconds| format!(", newest KPIs {} old", age(seconds)));
    let without = match customer.accounts_without_snapshot {
        0 => String::new(),
        without => format!(", {without} without a snapshot"),
    };
    lines.push(format!("{}{without}{}", count(customer.accounts, "account"), data.unwrap_or_default()));
    let pending = &customer.pending;
    if pending.accounts > pending.overdue_accounts {
        let due = pending.due_at.filter(|_| pending.overdue_accounts == 0);
        let due = due.map(|due| match due <= view.as_of {
            true => format!(", due since {}", instant(due, zone)),
            false => format!(", due {}", instant(due, zone)),
        });
        let waiting = count(pending.accounts - pending.overdue_accounts, "account");
        lines.push(format!("{waiting} with changes that wait for a snapshot{}", due.unwrap_or_default()));
    }
    let schedule = &customer.schedule;
    if schedule.last_runs.is_empty() {
        lines.push("the schedule has never run: acctsnap scheduled install".to_owned());
        return lines;
    }
    if let due @ 1.. = schedule.unfilled_slots.saturating_sub(schedule.overdue_slots) {
        lines.push(format!("{} due and left to the next run", count(due, "slot")));
    }
    lines.extend(schedule.next_due_at.map(|next| format!("next due {}", instant(next, zone))));
    lines
}

fn runs(customer: &CustomerStatus, zone: Tz) -> Table {
    let mut table = Table::new(&[
        Column::text("last runs"),
        Column::number("taken"),
        Column::number("failed"),
        Column::number("flushed"),
    ]);
    for run in customer.schedule.last_runs.iter().take(RUNS) {
        let counts = [run.created, run.failed, run.flushed].map(|number| number.to_string());
        table.add_row(std::iter::once(instant(run.evaluated_at, zone)).chain(counts));
    }
    table
}
