//! `latest`: the newest snapshots.

use super::{NO_MATCH, answer_list, to_value};
use crate::cli::args::global::Format;
use crate::cli::args::latest::LatestArgs;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::{Workspace, age_limit};
use crate::error::Result;
use crate::ops::Context;
use crate::ops::latest::{Latest, LatestOptions, latest, latest_in_pieces};
use crate::ops::observer::{Level, Message, Observer as _};
use crate::report::list::{List, json_lines};
use crate::report::snapshot::fields::LIST_SCHEMA as CHOSEN_SCHEMA;
use crate::report::snapshot::{SnapshotView, fields, render_snapshot_text};
use crate::report::{csv, json, portfolio};

/// Answers with the newest snapshots; exit 8 where one is older than allowed, or missing.
///
/// # Errors
/// `UnknownAccount`, `NoSnapshot`, `Usage` for a field or duration that makes no sense.
pub fn run(arguments: &LatestArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let limit = |flag, text: &Option<String>| {
        text.as_deref().map(|text| age_limit(&workspace, flag, text)).transpose()
    };
    let limits = Limits {
        age: limit("--max-age", &arguments.max_age)?,
        data_age: limit("--max-data-age", &arguments.max_data_age)?,
    };
    let context = workspace.context();
    let mut found = Latest { snapshots: Vec::new(), without_snapshot: Vec::new() };
    if arguments.selection.account.is_empty() {
        if session.printer.options().format == Format::Jsonl {
            return answer_in_pieces(arguments, session, &context, &limits);
        }
        found = latest(&context, &options(arguments, None))?;
    }
    for account in &arguments.selection.account {
        found.snapshots.extend(latest(&context, &options(arguments, Some(account)))?.snapshots);
    }
    match found.snapshots.as_slice() {
        [only] if arguments.selection.account.len() == 1 => answer_one(arguments, session, &workspace, only)?,
        _ => answer_all(arguments, session, &found)?,
    }
    if let Some(warning) = of_the_future(&found.snapshots) {
        session.observer.message(Level::Warning, &warning);
    }
    let stale = found.snapshots.iter().any(|snapshot| limits.are_passed(snapshot));
    let missing = limits.are_given() && !found.without_snapshot.is_empty();
    Ok(if stale || missing { Exit::Stale } else { Exit::Done })
}

/// Writes a line a snapshot as they are read.
fn answer_in_pieces(
    arguments: &LatestArgs,
    session: &Session,
    context: &Context<'_>,
    limits: &Limits,
) -> Result<Exit> {
    let (mut stale, mut warning) = (false, None);
    let without_snapshot = latest_in_pieces(context, &options(arguments, None), &mut |snapshots| {
        stale = stale || snapshots.iter().any(|snapshot| limits.are_passed(snapshot));
        warning = warning.take().or_else(|| of_the_future(&snapshots));
        if arguments.fields.is_empty() {
            return session.printer.answer_data(&json_lines(&snapshots)?);
        }
        let chosen = snapshots.iter().map(|snapshot| fields(snapshot, &arguments.fields));
        session.printer.answer_data(&json_lines(&chosen.collect::<Result<Vec<_>>>()?)?)
    })?;
    if let Some(warning) = warning {
        session.observer.message(Level::Warning, &warning);
    }
    let missing = limits.are_given() && !without_snapshot.is_empty();
    Ok(if stale || missing { Exit::Stale } else { Exit::Done })
}

fn options<'a>(arguments: &'a LatestArgs, account: Option<&'a str>) -> LatestOptions<'a> {
    LatestOptions {
        account,
        archived: arguments.archived,
        condition: arguments.selection.condition.as_ref(),
        create_missing: arguments.create_missing,
    }
}

/// A snapshot that was taken after the moment of the answer has no age that means anything.
fn of_the_future(snapshots: &[SnapshotView]) -> Option<Message> {
    let snapshot = snapshots.iter().find(|snapshot| snapshot.age_seconds < 0)?;
    let text = format!(
        "snapshot {} was taken at {}, after the moment of this answer ({}): check the clock, or --at",
        snapshot.snapshot_id, snapshot.snapshot_timestamp, snapshot.as_of
    );
    Some(Message::new(text).of("snapshot_in_the_future"))
}

struct Limits {
    age: Option<i64>,
    data_age: Option<i64>,
}

impl Limits {
    fn are_given(&self) -> bool {
        self.age.is_some() || self.data_age.is_some()
    }

    /// Data of which nothing was ever ingested is as old as can be; so is what a wrong clock dated further ahead than
    /// the limit, which would pass for fresh until that day.
    fn are_passed(&self, snapshot: &SnapshotView) -> bool {
        let too_old = |limit: Option<i64>, age: Option<i64>| {
            limit.is_some_and(|limit| age.is_none_or(|age| age.saturating_mul(1000).saturating_abs() > limit))
        };
        too_old(self.age, Some(snapshot.age_seconds)) || too_old(self.data_age, snapshot.kpis_age_seconds)
    }
}

fn answer_one(
    arguments: &LatestArgs,
    session: &Session,
    workspace: &Workspace<'_>,
    snapshot: &SnapshotView,
) -> Result<()> {
    let printer = &session.printer;
    if arguments.fields.is_empty() {
        let text = || render_snapshot_text(snapshot, printer.text_width(), workspace.zone());
        return super::answer(session, snapshot, text);
    }
    let chosen = fields(snapshot, &arguments.fields)?;
    match printer.options().format {
        Format::Text => printer.answer_text(&chosen.text()?),
        Format::Json => printer.answer_data(&json::pretty(&chosen)?),
        Format::Jsonl => printer.answer_data(&json::line(&chosen)?),
        Format::Csv => {
            let headers: Vec<&str> = arguments.fields.iter().map(String::as_str).collect();
            printer.answer_data(&String::from_utf8_lossy(&csv::bytes(&headers, [&to_value(&chosen)?])?))
        }
    }
}

fn answer_all(arguments: &LatestArgs, session: &Session, found: &Latest) -> Result<()> {
    let none_matches = arguments.selection.condition.is_some() && found.snapshots.is_empty();
    if none_matches && session.printer.options().format == Format::Text {
        return session.printer.answer_text(NO_MATCH);
    }
    if arguments.fields.is_empty() {
        let headers = portfolio::snapshot_headers();
        let list = List::new(portfolio::SCHEMA, found.snapshots.iter().collect());
        let text = || {
            portfolio::render(
                found.snapshots.as_slice(),
                &found.without_snapshot,
                session.printer.table_width(),
            )
        };
        return answer_list(session, &list, &headers, text);
    }
    let chosen = found.snapshots.iter().map(|snapshot| fields(snapshot, &arguments.fields));
    let list = List::new(CHOSEN_SCHEMA, chosen.collect::<Result<Vec<_>>>()?);
    let headers: Vec<&str> = arguments.fields.iter().map(String::as_str).collect();
    let text: String =
        list.items.iter().map(crate::report::snapshot::fields::Fields::text).collect::<Result<_>>()?;
    answer_list(session, &list, &headers, || text)
}
