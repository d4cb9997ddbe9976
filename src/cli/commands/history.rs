//! `history`: an account's snapshots over time.

use super::answer_list;
use crate::cli::args::history::HistoryArgs;
use crate::cli::exit::Exit;
use crate::cli::moments;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::model::time::Timestamp;
use crate::ops::history::{full_history, history};
use crate::report::history::{HEADERS, LIST_SCHEMA, render, render_fields};
use crate::report::list::List;
use crate::report::snapshot::fields::LIST_SCHEMA as CHOSEN_SCHEMA;
use crate::report::snapshot::{SnapshotView, fields};

/// Lists an account's snapshots, oldest first: a line each, or the fields asked for.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`; `Usage` for a moment or field that makes no sense.
pub fn run(arguments: &HistoryArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let since = arguments.since.as_deref().map(|text| moments::since(&workspace, text)).transpose()?;
    let account = &arguments.account.account;
    if !arguments.fields.is_empty() {
        chosen(&arguments.fields, account, since, session, &workspace)?;
        return Ok(Exit::Done);
    }
    let found = history(&workspace.context(), account, since)?;
    let list = List::new(LIST_SCHEMA, found.items);
    let text = || render(&found.account_name, &list.items, session.printer.table_width(), workspace.zone());
    answer_list(session, &list, &HEADERS, text)?;
    Ok(Exit::Done)
}

fn chosen(
    names: &[String],
    account: &str,
    since: Option<Timestamp>,
    session: &Session,
    workspace: &Workspace<'_>,
) -> Result<()> {
    // A wrong name is wrong also where there is no snapshot to look it up in.
    fields(&SnapshotView::default(), names)?;
    let found = full_history(&workspace.context(), account, since)?;
    let items = found.items.iter().map(|snapshot| fields(snapshot, names)).collect::<Result<Vec<_>>>()?;
    let list = List::new(CHOSEN_SCHEMA, items);
    let headers: Vec<&str> = names.iter().map(String::as_str).collect();
    let text = render_fields(names, &list.items)?;
    answer_list(session, &list, &headers, || text)
}
