//! `erase`: a person, an account or a customer, out of the whole history.

use super::{done_or, dry_run_said, protect_inputs, summary};
use crate::cli::args::erase::EraseArgs;
use crate::cli::confirmation::confirm;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::erase::{EraseOptions, Target, erase};
use crate::report::erase::{question, render};

/// Erases; exit 3 where words still stand in rules or names of KPIs, or in the log and free space.
///
/// # Errors
/// As the lookup of an account; `InputRefused`, `Usage`, `Busy`, `DiskFull`, `ReadOnly`, `IoError`.
pub fn run(arguments: &EraseArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    protect_inputs(session, arguments.erasures.as_deref())?;
    let target = target(arguments, workspace.only_customer())?;
    let options = EraseOptions { target, erasures: arguments.erasures.as_deref() };
    let width = session.printer.text_width();
    let view =
        erase(&workspace.context(), &options, &mut |plan| confirm(session, "erase", &question(plan, width)))?;
    summary(session, &view, || dry_run_said(session, render(&view, width)))?;
    Ok(done_or(!view.left.is_empty() || view.not_emptied.is_some()))
}

/// A whole customer goes only where a flag names it, and nothing else is named.
fn target<'a>(arguments: &'a EraseArgs, customer_of_flag: Option<&str>) -> Result<Target<'a>> {
    match (&arguments.account, arguments.person.as_slice(), customer_of_flag) {
        (Some(account), _, _) => Ok(Target::Account(account)),
        (None, [], Some(_)) => Ok(Target::Customer),
        (None, [], None) => Err(Error::new(
            ErrorKind::Usage,
            "expected what to erase, got neither a person nor an account nor a customer",
        )
        .with_hint("--person NAME, -a ACCOUNT, or --customer NAME alone for the whole customer")),
        (None, person, _) => Ok(Target::Person(person)),
    }
}
