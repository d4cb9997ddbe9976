//! `events list`: newest first, all of them unless a limit is given.

use super::chosen::answer_chosen_list;
use crate::cli::args::events::{EventOutcome, EventsArgs, EventsCommand};
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::model::decision::Outcome;
use crate::ops::events::{ListEventsOptions, list_events};
use crate::report::events::{HEADERS, SCHEMA, render};
use crate::report::list::List;

/// Lists events.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, `AmbiguousAccount`.
pub fn run(arguments: &EventsArgs, session: &Session) -> Result<Exit> {
    let EventsCommand::List(arguments) = &arguments.command;
    let workspace = Workspace::open(session)?;
    let outcomes: Vec<Outcome> = arguments.outcomes.iter().copied().map(Outcome::from).collect();
    let options = ListEventsOptions {
        account: arguments.account.account.as_deref(),
        outcomes: &outcomes,
        limit: arguments.list.limit.limit,
    };
    let list = List::new(SCHEMA, list_events(&workspace.context(), &options)?);
    let width = session.printer.table_width();
    answer_chosen_list(session, &list, &HEADERS, &arguments.list.fields, || {
        render(&list.items, width, workspace.zone())
    })?;
    Ok(Exit::Done)
}

impl From<EventOutcome> for Outcome {
    fn from(typed: EventOutcome) -> Self {
        match typed {
            EventOutcome::Created => Self::Created,
            EventOutcome::Covered => Self::Covered,
            EventOutcome::Skipped => Self::Skipped,
            EventOutcome::Deferred => Self::Deferred,
            EventOutcome::Denied => Self::Denied,
            EventOutcome::Failed => Self::Failed,
        }
    }
}
