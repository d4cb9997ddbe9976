//! `history`: an account's snapshots over time.

use super::{answer, answer_list};
use crate::cli::args::global::Format;
use crate::cli::args::history::{Every, HistoryArgs};
use crate::cli::exit::Exit;
use crate::cli::moments;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::model::schedule::Cadence;
use crate::ops::history::{HistoryOptions, full_history, history};
use crate::report::history::{HEADERS, LIST_SCHEMA, columns, render, render_chosen, whole};
use crate::report::list::List;
use crate::report::snapshot::fields::{Fields, LIST_SCHEMA as CHOSEN_SCHEMA};
use crate::report::snapshot::{SnapshotView, fields};

/// Lists an account's snapshots, oldest first: a line each, or the fields asked for.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`; `Usage` for a moment, field or KPI that makes no sense.
pub fn run(arguments: &HistoryArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let since = arguments.since.as_deref().map(|text| moments::since(&workspace, text)).transpose()?;
    let options = HistoryOptions {
        account: &arguments.account.account,
        since,
        kpis: &arguments.kpis,
        every: arguments.every.map(cadence),
    };
    match arguments.fields.as_slice() {
        [] => lines(&options, session, &workspace)?,
        names => chosen(names, &options, session, &workspace)?,
    }
    Ok(Exit::Done)
}

const fn cadence(every: Every) -> Cadence {
    match every {
        Every::Day => Cadence::Daily,
        Every::Week => Cadence::Weekly,
        Every::Month => Cadence::Monthly,
    }
}

fn lines(options: &HistoryOptions<'_>, session: &Session, workspace: &Workspace<'_>) -> Result<()> {
    let found = history(&workspace.context(), options)?;
    match session.printer.options().format {
        Format::Text | Format::Json => answer(session, &found.view, || {
            render(&found.account_name, &found.view, session.printer.table_width(), workspace.zone())
        }),
        Format::Jsonl => answer_list(session, &List::new(LIST_SCHEMA, found.view.items), &[], String::new),
        Format::Csv => {
            let rows = found.view.items.iter().map(whole).collect::<Result<Vec<_>>>()?;
            let headers = headers(rows.first(), &HEADERS);
            answer_columns(session, &headers, &List::new(LIST_SCHEMA, rows), String::new())
        }
    }
}

fn chosen(
    names: &[String],
    options: &HistoryOptions<'_>,
    session: &Session,
    workspace: &Workspace<'_>,
) -> Result<()> {
    // A wrong name is wrong also where there is no snapshot to look it up in.
    fields(&SnapshotView::default(), names)?;
    let found = full_history(&workspace.context(), options)?;
    let row = |item| columns(item, found.snapshot(item), names, options.every.is_some());
    let rows = found.history.view.items.iter().map(row).collect::<Result<Vec<_>>>()?;
    let headers = headers(rows.first(), names);
    let text = render_chosen(&headers, &rows, session.printer.table_width())?;
    answer_columns(session, &headers, &List::new(CHOSEN_SCHEMA, rows), text)
}

/// The names of the columns, by the first row; those asked for where there is none.
fn headers<N: AsRef<str>>(first: Option<&Fields>, names: &[N]) -> Vec<String> {
    match first {
        Some(row) => row.pairs().iter().map(|(name, _)| name.clone()).collect(),
        None => names.iter().map(|name| name.as_ref().to_owned()).collect(),
    }
}

fn answer_columns(session: &Session, headers: &[String], list: &List<Fields>, text: String) -> Result<()> {
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    answer_list(session, list, &headers, || text)
}
