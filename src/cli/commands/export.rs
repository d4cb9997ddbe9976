//! `export`: files for other programs.

use super::{dry_run_said, is_same_file, protect_inputs, summary};
use crate::cli::args::export::{ExportArgs, ExportCommand};
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::export::{ExportOptions, export};
use crate::report::export::{ExportKind, render};

/// Writes the file and says what it holds.
///
/// # Errors
/// `Usage` for a file that cannot be one, or that the command itself reads; `NoDatabase`, `UnknownCustomer`.
pub fn run(arguments: &ExportArgs, session: &Session) -> Result<Exit> {
    let (kind, file) = match &arguments.command {
        ExportCommand::Snapshots(file) => (ExportKind::Snapshots, file),
        ExportCommand::Kpis(file) => (ExportKind::Kpis, file),
        ExportCommand::Events(file) => (ExportKind::Events, file),
    };
    protect_inputs(session, [file.file.as_path()])?;
    if session.config_file().is_some_and(|config| is_same_file(&config.value, &file.file)) {
        let what = format!("the export would write over the settings in {}", file.file.display());
        return Err(Error::new(ErrorKind::Usage, what).with_hint("name another file"));
    }
    let workspace = Workspace::open(session)?;
    let options = ExportOptions { kind, file: &file.file, is_for_excel: file.excel };
    let view = export(&workspace.context(), &options)?;
    summary(session, &view, || dry_run_said(session, render(&view)))?;
    Ok(Exit::Done)
}
