//! Files as text: the rows of the naive model as a spreadsheet would write them.

use std::fmt::Display;

use super::{ACCOUNTS, KPIS, day};
use crate::naive::book::Book;
use crate::naive::rows::{
    Cell, HealthRow, KpiRow, NoteRow, PlaybookRow, ProfileRow, Rows, Said, Status, Who,
};
use crate::naive::shown::{execution_name, playbook_name};

/// What empties a cell of a profile.
pub const CLEAR: &str = "(none)";

/// The text of a file; accounts are named by words that lead to them.
pub fn of(rows: &Rows, book: &Book) -> String {
    let name = |who: Who| ACCOUNTS[who.account][book.word(who)];
    let (header, lines): (&str, Vec<String>) = match rows {
        Rows::Kpis(rows) => {
            ("account,kpi,value,date", rows.iter().map(|row| kpi(name(row.who), row)).collect())
        }
        Rows::Profiles(rows) => (
            "account,industry,csm,arr,currency,renewal date,seats",
            rows.iter().map(|row| profile(name(row.who), row)).collect(),
        ),
        Rows::Health(rows) => {
            ("account,date,health_score,support", rows.iter().map(|row| health(name(row.who), row)).collect())
        }
        Rows::Playbooks(rows) => (
            "account,execution id,playbook,status,started,completed",
            rows.iter().map(|row| playbook(name(row.who), row)).collect(),
        ),
        Rows::Notes(rows) => {
            ("account,note id,title,date", rows.iter().map(|row| note(name(row.who), row)).collect())
        }
    };
    format!("{header}\n{}\n", lines.join("\n"))
}

fn kpi(name: &str, row: &KpiRow) -> String {
    let cell = match row.cell {
        Cell::Blank => String::new(),
        Cell::Withdrawn => "N/A".to_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Bad => "about right".to_owned(),
    };
    format!("{name},{},{cell},{}", KPIS[row.kpi], date(row.day))
}

fn profile(name: &str, row: &ProfileRow) -> String {
    let renewal = match row.renewal {
        Said::Is(number) => Said::Is(day(number)),
        Said::Cleared => Said::Cleared,
        Said::Blank => Said::Blank,
    };
    let (industry, csm, arr) = (cell(row.industry), cell(row.csm), cell(row.arr));
    let (renewal, seats) = (cell(renewal), cell(row.seats));
    format!("{name},{industry},{csm},{arr},{},{renewal},{seats}", row.currency.unwrap_or_default())
}

fn health(name: &str, row: &HealthRow) -> String {
    let date = format!("2026-{:02}", row.month);
    format!("{name},{date},{},{}", maybe(row.overall), maybe(row.support))
}

fn playbook(name: &str, row: &PlaybookRow) -> String {
    let status = match row.status {
        None => "",
        Some(Status::Running) => "in progress",
        Some(Status::Completed) => "completed",
        Some(Status::Failed) => "failed",
        Some(Status::Unreadable) => "dancing",
    };
    let playbook = row.playbook.map(playbook_name).unwrap_or_default();
    let execution = execution_name(row.execution);
    format!("{name},{execution},{playbook},{status},{},{}", date(row.started), date(row.completed))
}

fn note(name: &str, row: &NoteRow) -> String {
    let title = row.title.map(|title| format!("Call {title}")).unwrap_or_default();
    format!("{name},note-{},{title},{}", row.note, date(row.day))
}

fn cell<T: Display>(said: Said<T>) -> String {
    match said {
        Said::Blank => String::new(),
        Said::Cleared => CLEAR.to_owned(),
        Said::Is(value) => value.to_string(),
    }
}

fn maybe(number: Option<i64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn date(number: Option<i64>) -> String {
    number.map(|number| day(number).to_string()).unwrap_or_default()
}
