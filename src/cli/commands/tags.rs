//! `tags list`, and the commands that give snapshots marks: `snapshot tag`, `untag`, `pin`, `unpin`.

use super::chosen::answer_chosen_list;
use super::summary;
use crate::cli::args::snapshot::{PinArgs, TagArgs, UntagArgs};
use crate::cli::args::tags::{TagsArgs, TagsCommand};
use crate::cli::exit::Exit;
use crate::cli::moments;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::SnapshotId;
use crate::model::tag::Tag;
use crate::ops::tags::{TagOptions, Tagged, list_tags, pin_snapshot, tag_snapshots, untag_snapshots};
use crate::report::list::List;
use crate::report::tags::{HEADERS, SCHEMA, TagChangeView, render_change, render_list};

/// Lists the tags.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`.
pub fn run(arguments: &TagsArgs, session: &Session) -> Result<Exit> {
    let TagsCommand::List(fields) = &arguments.command;
    let workspace = Workspace::open(session)?;
    let list = List::new(SCHEMA, list_tags(&workspace.context())?);
    let width = session.printer.table_width();
    answer_chosen_list(session, &list, &HEADERS, fields, || {
        render_list(&list.items, width, workspace.zone())
    })?;
    Ok(Exit::Done)
}

/// `snapshot tag`
///
/// # Errors
/// `Usage`, `NoSnapshot`, `UnknownAccount`; `InputRefused` where the tag names another snapshot of an account.
pub fn tag(arguments: &TagArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let (which, name) = target(arguments)?;
    let tag = Tag::parse(name).map_err(|why| Error::new(ErrorKind::Usage, format!("the tag: {why}")))?;
    let at = arguments.date.as_deref().map(|text| moments::moment("--date", &workspace, text)).transpose()?;
    if at.is_some() && matches!(which, Tagged::Snapshot(_)) {
        return Err(Error::new(
            ErrorKind::Usage,
            "--date goes with -a or --all: a number names its snapshot already",
        ));
    }
    let options = TagOptions { which, tag: &tag, at, moves: arguments.moves };
    let view = tag_snapshots(&workspace.context(), &options)?;
    tell(session, &view)
}

/// Which snapshots are meant, and the word that is the tag.
fn target(arguments: &TagArgs) -> Result<(Tagged<'_>, &str)> {
    let words: Vec<&str> = arguments.words.iter().map(String::as_str).collect();
    let usage = |what: &str| {
        Err(Error::new(ErrorKind::Usage, what)
            .with_hint("snapshot tag 123 NAME, snapshot tag -a ACCOUNT NAME, or snapshot tag --all NAME"))
    };
    match (words.as_slice(), arguments.account.as_deref(), arguments.all) {
        ([name], Some(account), false) => Ok((Tagged::Account(account), name)),
        ([name], None, true) => Ok((Tagged::All, name)),
        ([id, name], None, false) => match id.parse::<i64>() {
            Ok(id) if id > 0 => Ok((Tagged::Snapshot(SnapshotId::new(id)), name)),
            _ => usage(&format!("expected a snapshot's number before the tag, got '{id}'")),
        },
        ([_], None, false) => usage("which snapshot gets the tag?"),
        _ => usage("a snapshot's number, -a or --all: one of them says which snapshots"),
    }
}

/// `snapshot untag`
///
/// # Errors
/// `UnknownAccount`, `NoSnapshot` where nothing has the tag.
pub fn untag(arguments: &UntagArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let view = untag_snapshots(&workspace.context(), &arguments.tag, arguments.account.as_deref())?;
    tell(session, &view)
}

/// `snapshot pin` and `snapshot unpin`
///
/// # Errors
/// `NoSnapshot`.
pub fn pin(arguments: &PinArgs, is_pinned: bool, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    let view = pin_snapshot(&workspace.context(), arguments.id, is_pinned)?;
    tell(session, &view)
}

fn tell(session: &Session, view: &TagChangeView) -> Result<Exit> {
    let width = session.printer.text_width();
    summary(session, view, || render_change(view, width))?;
    Ok(Exit::Done)
}
