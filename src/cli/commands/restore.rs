//! `restore`: a backup put where the database is to be.

use super::{dry_run_said, protect_inputs, summary};
use crate::cli::args::restore::RestoreArgs;
use crate::cli::confirmation::confirm;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::ops::restore::{RestoreOptions, restore};
use crate::report::restore::render;

/// Restores.
///
/// # Errors
/// `FileNotFound`, `NotOurDatabase`, `NewerDatabase`, `Damaged`, `Usage`, `Busy`, `DiskFull`, `ReadOnly`, `IoError`.
pub fn run(arguments: &RestoreArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open_place(session)?;
    protect_inputs(session, [arguments.file.as_path(), workspace.database.as_path()])?;
    protect_inputs(session, arguments.erasures.as_deref())?;
    let options = RestoreOptions {
        file: &arguments.file,
        force: arguments.force,
        customer: workspace.only_customer(),
        erasures: arguments.erasures.as_deref(),
    };
    let view =
        restore(&workspace.context(), &options, &mut |plan| confirm(session, "restore --force", plan))?;
    let width = session.printer.text_width();
    summary(session, &view, || {
        dry_run_said(session, render(&view, crate::ops::restore::CURRENT_SCHEMA, width))
    })?;
    Ok(Exit::Done)
}
