//! The commands about snapshots.

use super::chosen::{answer_chosen, answer_chosen_list};
use super::{answer_list, done_or, dry_run_said, summary, tags};
use crate::cli::args::global::Format;
use crate::cli::args::snapshot::{
    CreateSnapshotArgs, ListSnapshotsArgs, ShowSnapshotArgs, SnapshotArgs, SnapshotCommand,
};
use crate::cli::exit::Exit;
use crate::cli::moments;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::Result;
use crate::ops::snapshot_create::{CreateOptions, create_snapshots};
use crate::ops::snapshots::{SnapshotsOptions, list_snapshots, show_snapshot};
use crate::report::list::List;
use crate::report::portfolio::snapshot_headers;
use crate::report::snapshot_create::render;
use crate::report::snapshots;

/// Runs a command of the family.
///
/// # Errors
/// As the command's own.
pub fn run(arguments: &SnapshotArgs, session: &Session) -> Result<Exit> {
    match &arguments.command {
        SnapshotCommand::Create(arguments) => create(arguments, session),
        SnapshotCommand::List(arguments) => list(arguments, session),
        SnapshotCommand::Show(arguments) => show(arguments, session),
        SnapshotCommand::Tag(arguments) => tags::tag(arguments, session),
        SnapshotCommand::Untag(arguments) => tags::untag(arguments, session),
        SnapshotCommand::Pin(arguments) => tags::pin(arguments, true, session),
        SnapshotCommand::Unpin(arguments) => tags::pin(arguments, false, session),
    }
}

/// Lists snapshots, newest first.
fn list(arguments: &ListSnapshotsArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let options = SnapshotsOptions {
        account: arguments.account.account.as_deref(),
        snapshot_type: arguments.snapshot_type,
        since: arguments.since.as_deref().map(|text| moments::since(&workspace, text)).transpose()?,
        until: arguments.until.as_deref().map(|text| moments::until(&workspace, text)).transpose()?,
        limit: arguments.list.limit.limit,
    };
    let list = List::new(snapshots::LIST_SCHEMA, list_snapshots(&workspace.context(), &options)?);
    let text = || snapshots::render_list(&list.items, session.printer.table_width(), workspace.zone());
    answer_chosen_list(session, &list, &snapshots::HEADERS, &arguments.list.fields, text)?;
    Ok(Exit::Done)
}

/// Shows a snapshot; in text also the events that it answers or covers.
fn show(arguments: &ShowSnapshotArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let fiscal_start = moments::fiscal_start(workspace.settings());
    let point = moments::place(&arguments.snapshot, workspace.zone(), fiscal_start)?;
    let shown = show_snapshot(&workspace.context(), &point, arguments.account.as_deref())?;
    let width = session.printer.text_width();
    let text = || snapshots::render_shown(&shown.snapshot, &shown.events, width, workspace.zone());
    if session.printer.options().format == Format::Csv && arguments.fields.fields.is_empty() {
        let list = List::new(snapshots::LIST_SCHEMA, vec![&shown.snapshot]);
        answer_list(session, &list, &snapshot_headers(), String::new)?;
    } else {
        answer_chosen(session, &shown.snapshot, &arguments.fields, text)?;
    }
    Ok(Exit::Done)
}

/// Takes snapshots by hand; exit 3 where one failed, 1 where all that were asked for did.
fn create(arguments: &CreateSnapshotArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let options = CreateOptions {
        accounts: arguments.selection.account.iter().map(String::as_str).collect(),
        all: arguments.selection.all,
        condition: arguments.selection.condition.as_ref(),
        only_missing: false,
        reason: arguments.reason.as_deref(),
        snapshot_type: Some(arguments.snapshot_type),
        force: arguments.force,
        tag: arguments.tag.as_ref(),
        pin: arguments.pin,
    };
    let view = create_snapshots(&workspace.context(), &options)?;
    summary(session, &view, || dry_run_said(session, render(&view)))?;
    Ok(if view.is_failure() { Exit::Failed } else { done_or(!view.failed.is_empty()) })
}
