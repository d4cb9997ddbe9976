//! `status`.

use super::chosen::answer_chosen;
use crate::cli::args::status::StatusArgs;
use crate::cli::exit::Exit;
use crate::cli::printer::Printer;
use crate::cli::session::Session;
use crate::cli::workspace::{Workspace, age_limit};
use crate::error::{Error, Result};
use crate::ops::status::{StatusOptions, status};
use crate::report::status::nagios::{self, ServiceState};
use crate::report::status::{StatusView, Verdict, render};

/// Shows how the portfolios stand; exit 8 where something is stale, 3 where something failed for good.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `Usage`; with `--nagios` none: what cannot be told is UNKNOWN.
pub fn run(arguments: &StatusArgs, session: &Session) -> Result<Exit> {
    if arguments.nagios {
        return for_monitor(arguments, session);
    }
    let (workspace, view) = look(arguments, session)?;
    let printer = &session.printer;
    answer_chosen(session, &view, &arguments.fields, || {
        render(&view, printer.text_width(), printer.table_width(), workspace.zone())
    })?;
    Ok(match view.verdict {
        Verdict::Ok | Verdict::Warning => Exit::Done,
        Verdict::Stale => Exit::Stale,
        Verdict::Failed => Exit::Partly,
    })
}

fn look<'s>(arguments: &StatusArgs, session: &'s Session) -> Result<(Workspace<'s>, StatusView)> {
    let workspace = Workspace::open(session)?;
    let limit = |flag, text: &Option<String>| {
        text.as_deref().map(|text| age_limit(&workspace, flag, text)).transpose()
    };
    let options = StatusOptions {
        customer: workspace.only_customer(),
        max_age: limit("--max-age", &arguments.max_age)?,
        max_data_age: limit("--max-data-age", &arguments.max_data_age)?,
    };
    let view = status(&workspace.context(), &options)?;
    Ok((workspace, view))
}

fn for_monitor(arguments: &StatusArgs, session: &Session) -> Result<Exit> {
    let (line, state) = match look(arguments, session) {
        Ok((_, view)) => (nagios::line(&view), nagios::state(&view)),
        Err(error) => return unknown(&error, &session.printer),
    };
    session.printer.answer_text(&line)?;
    Ok(Exit::of_service(state))
}

/// Tells a monitor that nothing can be told.
///
/// # Errors
/// Where even that cannot be written.
pub fn unknown(error: &Error, printer: &Printer) -> Result<Exit> {
    printer.answer_text(&nagios::unknown(error.message()))?;
    Ok(Exit::of_service(ServiceState::Unknown))
}
