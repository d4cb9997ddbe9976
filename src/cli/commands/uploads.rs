//! The commands about uploads: two that show, and two that take one back or let it count again.

use super::chosen::{answer_chosen, answer_chosen_list};
use super::summary;
use crate::cli::args::uploads::{UploadsArgs, UploadsCommand};
use crate::cli::confirmation::confirm;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::model::ids::UploadId;
use crate::ops::Context;
use crate::ops::observer::Unobserved;
use crate::ops::undo::turn_upload;
use crate::ops::uploads::{list_uploads, show_upload};
use crate::report::list::List;
use crate::report::upload_undo::UndoAction;
use crate::report::uploads::{HEADERS, SCHEMA};
use crate::report::{upload, upload_undo, uploads};

/// Lists uploads or shows one.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownUpload`.
pub fn run(arguments: &UploadsArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let (context, zone) = (workspace.context(), workspace.zone());
    let printer = &session.printer;
    match &arguments.command {
        UploadsCommand::List(arguments) => {
            let list = List::new(SCHEMA, list_uploads(&context, arguments.limit.limit)?);
            let width = printer.table_width();
            answer_chosen_list(session, &list, &HEADERS, &arguments.fields, || {
                uploads::render(&list.items, width, zone)
            })?;
        }
        UploadsCommand::Show(arguments) => {
            let view = show_upload(&context, arguments.id)?;
            answer_chosen(session, &view, &arguments.fields, || {
                upload::render(&view, printer.text_width(), zone)
            })?;
        }
        UploadsCommand::Undo(arguments) => {
            return turn(session, &workspace, arguments.id, UndoAction::Undone);
        }
        UploadsCommand::Redo(arguments) => {
            return turn(session, &workspace, arguments.id, UndoAction::Redone);
        }
    }
    Ok(Exit::Done)
}

/// Shows what would come of it, asks, and does it.
fn turn(session: &Session, workspace: &Workspace<'_>, id: UploadId, action: UndoAction) -> Result<Exit> {
    let width = session.printer.text_width();
    let context = workspace.context();
    let plan = turn_upload(&Context { dry_run: true, observer: &Unobserved, ..context }, id, action)?;
    if plan.changed && !context.dry_run {
        confirm(session, action.command(), &upload_undo::render(&plan, width))?;
    }
    let view = if plan.changed { turn_upload(&context, id, action)? } else { plan };
    summary(session, &view, || upload_undo::render(&view, width))?;
    Ok(if view.snapshots.failed > 0 { Exit::Partly } else { Exit::Done })
}
