//! `uploads list` and `uploads show`.

use super::chosen::{answer_chosen, answer_chosen_list};
use crate::cli::args::uploads::{UploadsArgs, UploadsCommand};
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::ops::uploads::{list_uploads, show_upload};
use crate::report::list::List;
use crate::report::uploads::{HEADERS, SCHEMA};
use crate::report::{upload, uploads};

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
    }
    Ok(Exit::Done)
}
