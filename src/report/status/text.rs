//! The status as a person reads it: one line where all is well, else what is wrong first, and the command that helps.

use chrono_tz::Tz;

use super::{CustomerStatus, StaleAccount, StaleReason, StatusView, Verdict};
use crate::model::kpi::advice::shell_word;
use crate::report::style::{ERROR, FAINT, STRONG, WARNING, styled};
use crate::report::table::{Column, Table};
use crate::report::text::{age, count, escape_text, instant, width, wrap};

/// How many accounts are named.
const NAMED: usize = 5;

/// How many runs are shown.
const RUNS: usize = 3;

/// The lines that a person sees.
#[must_use]
pub fn render(view: &StatusView, columns: usize, table_width: Option<usize>, zone: Tz) -> String {
    if view.accounts() == 0 {
        return "no accounts yet: acctsnap ingest kpis FILE\n".to_owned();
    }
    if view.verdict == Verdict::Ok {
        return paragraph(&well(view), columns);
    }
    let is_one = view.customers.len() == 1;
    let mut text = String::new();
    for customer in &view.customers {
        if !is_one {
            text.push_str(&format!("{}\n", styled(STRONG, escape_text(&customer.customer))));
        }
        text.push_str(&render_customer(customer, view, columns, table_width, zone));
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

fn paragraph(text: &str, columns: usize) -> String {
    wrap(text, columns).iter().map(|line| format!("{line}\n")).collect()
}

/// Something to tell, and the command that helps.
struct Line {
    said: String,
    command: Option<String>,
}

impl Line {
    fn new(said: String) -> Self {
        Self { said, command: None }
    }

    fn with(said: String, command: &str) -> Self {
        Self { said, command: Some(format!("acctsnap {command}")) }
    }

    /// Behind its mark, wrapped under itself; a command that finds no room stands on a line of its own, to be copied.
    fn marked(&self, mark: &str, columns: usize) -> String {
        let room = columns.saturating_sub(2);
        let command = self.command.as_deref();
        let whole = command.map_or_else(|| self.said.clone(), |command| format!("{}: {command}", self.said));
        let lines = match command {
            Some(command) if width(&whole) > room => {
                let mut lines = wrap(&format!("{}:", self.said), room);
                lines.push(command.to_owned());
                lines
            }
            _ => wrap(&whole, room),
        };
        let marks = std::iter::once(mark).chain(std::iter::repeat(" "));
        marks.zip(lines).map(|(mark, line)| format!("{mark} {line}\n")).collect()
    }
}

fn render_customer(
    customer: &CustomerStatus,
    view: &StatusView,
    columns: usize,
    table_width: Option<usize>,
    zone: Tz,
) -> String {
    let (bad, warning, good) = (styled(ERROR, "✗"), styled(WARNING, "!"), styled(FAINT, "·"));
    let mut text = String::new();
    for line in failed(customer).into_iter().chain(stale(customer)).chain(overdue(customer, zone)) {
        text.push_str(&line.marked(&bad, columns));
    }
    for line in tried_again(customer) {
        text.push_str(&line.marked(&warning, columns));
    }
    for line in remarks(customer, view, zone) {
        text.push_str(&line.marked(&good, columns));
    }
    if !customer.schedule.last_runs.is_empty() {
        text.push_str(&runs(customer, zone).render(table_width));
    }
    text
}

fn failed(customer: &CustomerStatus) -> Option<Line> {
    let first = customer.failed_events.first()?;
    let events = count(customer.failed_events.len() as u64, "event");
    let why = first.error.as_deref().unwrap_or("unknown");
    let said = format!(
        "{events} failed too often and will not be tried again, first of {} ({}); when the cause is gone",
        escape_text(&first.account_name),
        escape_text(why)
    );
    let create = format!("snapshot create -a id:{} {}", first.account_id, of(customer));
    Some(Line::with(said, &create))
}

/// The flag that names a customer, for commands that serve one alone.
fn of(customer: &CustomerStatus) -> String {
    format!("--customer {}", escape_text(&shell_word(&customer.customer)))
}

fn stale(customer: &CustomerStatus) -> Vec<Line> {
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
        let said = format!("{number} {what}: {}{more}", names.join(", "));
        (!accounts.is_empty()).then(|| Line::new(said))
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

fn overdue(customer: &CustomerStatus, zone: Tz) -> Vec<Line> {
    let mut lines = Vec::new();
    let schedule = &customer.schedule;
    if let (1.., Some(due)) = (schedule.overdue_slots, schedule.oldest_unfilled_due_at) {
        let last =
            schedule.last_runs.first().map(|run| format!("; the last run was {} ago", age(run.age_seconds)));
        let said = format!(
            "{} due since {} not filled{}",
            count(schedule.overdue_slots, "slot"),
            instant(due, zone),
            last.unwrap_or_default()
        );
        lines.push(Line::with(said, "scheduled run"));
    }
    if let (late @ 1.., Some(due)) = (customer.pending.overdue_accounts, customer.pending.due_at) {
        let said = format!(
            "changes of {} wait for a snapshot, due since {}",
            count(late, "account"),
            instant(due, zone)
        );
        lines.push(Line::with(said, "flush"));
    }
    lines
}

fn tried_again(customer: &CustomerStatus) -> Vec<Line> {
    let mut lines = Vec::new();
    if let failing @ 1.. = customer.pending.failing {
        let events = count(failing, "event");
        let said = format!("{events} failed and will be tried again");
        lines.push(Line::with(said, &format!("events list --outcome failed {}", of(customer))));
    }
    if let Some(run) = customer.schedule.last_runs.first().filter(|run| run.failed > 0) {
        let slots = count(run.failed, "slot");
        lines.push(Line::new(format!("{slots} failed in the last run; the next one tries again")));
    }
    lines
}

/// What is worth a word and is no fault.
fn remarks(customer: &CustomerStatus, view: &StatusView, zone: Tz) -> Vec<Line> {
    let mut lines = Vec::new();
    let data = customer.newest_kpis_age_seconds.map(|seconds| format!(", newest KPIs {} old", age(seconds)));
    let without = match customer.accounts_without_snapshot {
        0 => String::new(),
        without => format!(", {without} without a snapshot"),
    };
    let accounts = count(customer.accounts, "account");
    lines.push(Line::new(format!("{accounts}{without}{}", data.unwrap_or_default())));
    let pending = &customer.pending;
    if pending.accounts > pending.overdue_accounts {
        let due = pending.due_at.filter(|_| pending.overdue_accounts == 0);
        let due = due.map(|due| match due <= view.as_of {
            true => format!(", due since {}", instant(due, zone)),
            false => format!(", due {}", instant(due, zone)),
        });
        let waiting = count(pending.accounts - pending.overdue_accounts, "account");
        let said = format!("{waiting} with changes that wait for a snapshot{}", due.unwrap_or_default());
        lines.push(Line::new(said));
    }
    let schedule = &customer.schedule;
    if schedule.last_runs.is_empty() {
        lines.push(Line::with("the schedule has never run".to_owned(), "scheduled install --cron"));
        return lines;
    }
    if let due @ 1.. = schedule.unfilled_slots.saturating_sub(schedule.overdue_slots) {
        lines.push(Line::new(format!("{} due and left to the next run", count(due, "slot"))));
    }
    let next = schedule.next_due_at.map(|next| format!("next due {}", instant(next, zone)));
    lines.extend(next.map(Line::new));
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
