//! `flush`: the snapshots that pending changes are owed.

use super::{done_or, dry_run_said, summary};
use crate::cli::args::flush::FlushArgs;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::ops::flush::{FlushOptions, flush_pending};
use crate::report::flush::render;

/// Flushes; exit 3 where a snapshot failed, now or too often, or a customer had to be left.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, `Busy`.
pub fn run(arguments: &FlushArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let options = FlushOptions {
        account: arguments.account.account.as_deref(),
        customer: workspace.only_customer(),
        now: arguments.now,
    };
    let view = flush_pending(&workspace.context(), &options)?;
    summary(session, &view, || dry_run_said(session, render(&view, workspace.zone())))?;
    Ok(done_or(view.failed > 0 || view.given_up > 0 || view.customers_left > 0))
}
