//! `inspect`: looks at a file and says by which command it is read.

use std::path::PathBuf;

use super::reading::{MoreFlags, Reading};
use super::{answer, done_or, protect_inputs};
use crate::cli::args::inspect::InspectArgs;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::ops::ingest::{Input, inspect};
use crate::report::inspect::render;

/// Looks at a file. It ends as ingesting it would: 0 where all of it would be taken, 3 where rows would be rejected,
/// 5 where no kind of ingest reads it, or something is to be settled first.
///
/// # Errors
/// The file cannot be read at all.
pub fn run(arguments: &InspectArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    protect_inputs(session, [arguments.file.as_path()])?;
    let more = MoreFlags { layout: arguments.layout.as_deref(), ..MoreFlags::default() };
    let reading = Reading::of(&arguments.reading, more, None, &workspace)?;
    let options = reading.options();
    let context = workspace.context();
    let globals = globals(session);
    let view = if arguments.file.as_os_str() == "-" {
        let mut stdin = std::io::stdin().lock();
        inspect(&context, Input::Stream("standard input", &mut stdin), &options, &globals)?
    } else {
        inspect(&context, Input::File(&arguments.file), &options, &globals)?
    };
    answer(session, &view, || render(&view, session.printer.table_width()))?;
    let needs_account = view.kinds.iter().any(|kind| Some(kind.kind) == view.kind && kind.needs_account);
    Ok(if view.kind.is_none() || view.choice.is_some() || needs_account {
        Exit::Refused
    } else {
        done_or(view.rejected_total > 0)
    })
}

/// The flags that name what is worked on: the command that is printed needs them too.
fn globals(session: &Session) -> Vec<(&'static str, String)> {
    let arguments = &session.arguments;
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
    let given = [
        ("--config", path(&arguments.config)),
        ("--db", path(&arguments.db)),
        ("--customer", arguments.customer.clone()),
    ];
    given.into_iter().filter_map(|(flag, value)| Some((flag, value?))).collect()
}
