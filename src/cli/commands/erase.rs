//! `erase`: a person or an account, out of the whole history.

use super::{done_or, dry_run_said, protect_inputs, summary};
use crate::cli::args::erase::EraseArgs;
use crate::cli::confirmation::confirm;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::ops::erase::{EraseOptions, Target, erase};
use crate::report::erase::{question, render};

/// Erases; exit 3 where words still stand in rules or names of KPIs, or in the log and free space.
///
/// # Errors
/// As the lookup of an account; `InputRefused`, `Usage`, `Busy`, `DiskFull`, `ReadOnly`, `IoError`.
pub fn run(arguments: &EraseArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    protect_inputs(session, arguments.erasures.as_deref())?;
    let target = match &arguments.account {
        Some(account) => Target::Account(account),
        None => Target::Person(&arguments.person),
    };
    let options = EraseOptions { target, erasures: arguments.erasures.as_deref() };
    let width = session.printer.text_width();
    let view =
        erase(&workspace.context(), &options, &mut |plan| confirm(session, "erase", &question(plan, width)))?;
    summary(session, &view, || dry_run_said(session, render(&view, width)))?;
    Ok(done_or(!view.left.is_empty() || view.not_emptied.is_some()))
}
