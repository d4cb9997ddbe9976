//! `backup`: the whole database in one file.

use super::{done_or, dry_run_said, protect_inputs, summary};
use crate::cli::args::backup::BackupArgs;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::ops::backup::{BackupOptions, back_up};
use crate::report::backup::render;

/// Backs up; exit 3 where an older backup could not be removed.
///
/// # Errors
/// `NoDatabase`, `Usage`, `Damaged`, `DiskFull`, `ReadOnly`, `IoError`.
pub fn run(arguments: &BackupArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open_place(session)?;
    protect_inputs(session, [arguments.target.as_path()])?;
    let options = BackupOptions {
        target: &arguments.target,
        replace: arguments.replace,
        keep: arguments.keep,
        customer: workspace.only_customer(),
    };
    let view = back_up(&workspace.context(), &options)?;
    summary(session, &view, || dry_run_said(session, render(&view, session.printer.text_width())))?;
    Ok(done_or(!view.not_removed.is_empty()))
}
