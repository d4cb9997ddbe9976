//! `snapshot create`, `list` and `show`.

use super::{done_or, summary};
use crate::cli::args::snapshot::{CreateSnapshotArgs, SnapshotArgs, SnapshotCommand};
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::ops::snapshot_create::{CreateOptions, create_snapshots};
use crate::report::snapshot_create::render;

/// Runs a command of the family.
///
/// # Errors
/// As the command's own.
pub fn run(arguments: &SnapshotArgs, session: &Session) -> Result<Exit> {
    match &arguments.command {
        SnapshotCommand::Create(arguments) => create(arguments, session),
        SnapshotCommand::List(_) | SnapshotCommand::Show(_) => {
            Err(crate::error::Error::new(crate::error::ErrorKind::Failed, "not wired"))
        }
    }
}

/// Takes snapshots by hand; exit 3 where one failed.
fn create(arguments: &CreateSnapshotArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let options = CreateOptions {
        accounts: arguments.selection.account.iter().map(String::as_str).collect(),
        all: arguments.selection.all,
        reason: arguments.reason.as_deref(),
        snapshot_type: Some(arguments.snapshot_type),
        force: arguments.force,
    };
    let view = create_snapshots(&workspace.context(), &options)?;
    summary(session, &view, || render(&view))?;
    Ok(done_or(!view.failed.is_empty()))
}
