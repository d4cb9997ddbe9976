//! `compare`: what changed between two moments of an account, and why.

use super::answer;
use crate::cli::args::compare::CompareArgs;
use crate::cli::exit::Exit;
use crate::cli::moments::{fiscal_start, place};
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::ops::compare::{CompareOptions, Point, compare};
use crate::report::compare::render;

/// Compares; exit 10 where `--exit-code` is given and anything differs.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, `NoSnapshot`; `Usage` for a moment or field that makes no sense.
pub fn run(arguments: &CompareArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let point = |text: &Option<String>| -> Result<Option<Point>> {
        let (zone, fiscal) = (workspace.zone(), fiscal_start(workspace.settings()));
        text.as_deref().map(|text| place(text, zone, fiscal)).transpose()
    };
    let options = CompareOptions {
        account: arguments.account.as_deref(),
        from: point(&arguments.from)?,
        to: point(&arguments.to)?,
        ignore: &arguments.ignore,
        tolerance: arguments.tolerance,
    };
    let view = compare(&workspace.context(), &options)?;
    answer(session, &view, || render(&view, session.printer.table_width(), workspace.zone()))?;
    Ok(if arguments.exit_code && view.differs { Exit::Differences } else { Exit::Done })
}
