//! `notes list`: newest first, all of them unless a limit is given.

use super::answer_list;
use crate::cli::args::notes::{ListNotesArgs, NotesArgs, NotesCommand};
use crate::cli::exit::Exit;
use crate::cli::moments;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::ops::notes::{AccountNotes, ListNotesOptions, list_notes};
use crate::report::history::render_fields;
use crate::report::list::List;
use crate::report::notes::{HEADERS, NoteLine, SCHEMA, note_fields, render};
use crate::report::snapshot::fields::LIST_SCHEMA as CHOSEN_SCHEMA;

/// Lists the notes about an account: a line each, or the fields asked for.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, `AmbiguousAccount`; `Usage` for a moment or field that makes
/// no sense.
pub fn run(arguments: &NotesArgs, session: &Session) -> Result<Exit> {
    let NotesCommand::List(arguments) = &arguments.command;
    // A wrong name is wrong also where there is no note to look it up in.
    note_fields(&NoteLine::default(), &arguments.fields)?;
    let workspace = Workspace::open(session)?;
    let since = arguments.since.as_deref().map(|text| moments::since(&workspace, text)).transpose()?;
    let options =
        ListNotesOptions { account: &arguments.account.account, since, limit: arguments.limit.limit };
    let AccountNotes { account_name, notes } = list_notes(&workspace.context(), &options)?;
    if !arguments.fields.is_empty() {
        chosen(arguments, &notes, session)?;
        return Ok(Exit::Done);
    }
    let list = List::new(SCHEMA, notes);
    let text = || render(&account_name, &list.items, session.printer.table_width(), workspace.zone());
    answer_list(session, &list, &HEADERS, text)?;
    Ok(Exit::Done)
}

fn chosen(arguments: &ListNotesArgs, notes: &[NoteLine], session: &Session) -> Result<()> {
    let items = notes.iter().map(|note| note_fields(note, &arguments.fields)).collect::<Result<Vec<_>>>()?;
    let list = List::new(CHOSEN_SCHEMA, items);
    let headers: Vec<&str> = arguments.fields.iter().map(String::as_str).collect();
    let text = render_fields(&arguments.fields, &list.items)?;
    answer_list(session, &list, &headers, || text)
}
