//! `explain`: an account's score as it stands, term by term, and what became of its latest events.

use super::chosen::answer_chosen;
use crate::cli::args::explain::ExplainArgs;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::ops::explain::explain;
use crate::report::explain::render;

/// Explains.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`.
pub fn run(arguments: &ExplainArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let view = explain(&workspace.context(), &arguments.account.account)?;
    answer_chosen(session, &view, &arguments.fields, || {
        render(&view, session.printer.table_width(), workspace.zone())
    })?;
    Ok(Exit::Done)
}
