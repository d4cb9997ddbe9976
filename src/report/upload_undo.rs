//! What taking an upload back did, or would do (`acctsnap.upload_undo/1`).

use schemars::JsonSchema;
use serde::Serialize;

use super::text::{count, escape_text, wrap};
use crate::model::ids::UploadId;
use crate::model::upload::{Upload, UploadKind};

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.upload_undo/1";

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UndoAction {
    /// The upload is taken back.
    Undone,
    /// It counts again.
    Redone,
}

impl UndoAction {
    /// The command, as the ledger keeps it.
    #[must_use]
    pub const fn command(self) -> &'static str {
        match self {
            Self::Undone => "uploads undo",
            Self::Redone => "uploads redo",
        }
    }

    /// The action of its events.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Undone => "upload_undone",
            Self::Redone => "upload_redone",
        }
    }
}

/// The accounts that the upload named.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct UndoAccounts {
    /// All of them.
    pub touched: u64,
    /// Those of which something else is known now.
    pub changed: u64,
    /// Those that only this upload made: put aside, or taken back.
    pub archived: u64,
    /// The first of their names.
    pub archived_names: Vec<String>,
}

/// The snapshots that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct UndoSnapshots {
    /// Taken of the accounts whose facts are others now.
    pub created: u64,
    /// Not taken, because something went wrong.
    pub failed: u64,
    /// Earlier ones in which something stands that only this upload said.
    pub retracted: u64,
    /// Taken of other changes that were pending and due.
    pub flushed: u64,
}

/// A later upload that named some of the accounts: what it said stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LaterUpload {
    /// The upload.
    pub upload_id: UploadId,
    /// Its file.
    pub file: String,
    /// How many of the accounts it named.
    pub accounts: u64,
}

/// What taking an upload back did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.upload_undo/1")]
pub struct UploadUndoView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// The upload.
    pub upload_id: UploadId,
    /// Its file.
    pub file: String,
    /// Its kind.
    pub kind: UploadKind,
    /// What was asked for.
    pub action: UndoAction,
    /// Whether anything changed; false where it was so already.
    pub changed: bool,
    /// Whether everything was taken back.
    pub dry_run: bool,
    /// The accounts that it named.
    pub accounts: UndoAccounts,
    /// The snapshots that follow.
    pub snapshots: UndoSnapshots,
    /// Later uploads of the kind that named some of the accounts, oldest first.
    pub later_uploads: Vec<LaterUpload>,
}

impl UploadUndoView {
    /// One in which nothing has happened yet.
    #[must_use]
    pub fn new(upload: &Upload, action: UndoAction, dry_run: bool) -> Self {
        Self {
            schema: SCHEMA,
            upload_id: upload.id,
            file: upload.file_name.clone(),
            kind: upload.kind,
            action,
            changed: false,
            dry_run,
            accounts: UndoAccounts::default(),
            snapshots: UndoSnapshots::default(),
            later_uploads: Vec::new(),
        }
    }
}

/// In words.
#[must_use]
pub fn render(view: &UploadUndoView, width: usize) -> String {
    let (id, file) = (view.upload_id, escape_text(&view.file));
    if !view.changed {
        return match view.action {
            UndoAction::Undone => format!("upload {id} ({file}) was taken back before; nothing changed\n"),
            UndoAction::Redone => format!("upload {id} ({file}) counts already; nothing changed\n"),
        };
    }
    let turned = match (view.action, view.dry_run) {
        (UndoAction::Undone, false) => "is taken back",
        (UndoAction::Undone, true) => "would be taken back",
        (UndoAction::Redone, false) => "counts again",
        (UndoAction::Redone, true) => "would count again",
    };
    let mut lines = vec![format!("upload {id} ({file}) {turned}"), accounts(view)];
    lines.extend(archived(view));
    lines.push(snapshots(view));
    lines.extend(view.later_uploads.iter().map(|later| {
        let (file, accounts) = (escape_text(&later.file), count(later.accounts, "account"));
        format!("upload {} ({file}) came later and stands ({accounts})", later.upload_id)
    }));
    if !view.dry_run {
        let back = match view.action {
            UndoAction::Undone => "redo",
            UndoAction::Redone => "undo",
        };
        lines.push(format!("back: acctsnap uploads {back} {id}"));
    }
    let lines = lines.iter().flat_map(|line| wrap(line, width));
    lines.map(|line| line + "\n").collect()
}

fn accounts(view: &UploadUndoView) -> String {
    let UndoAccounts { touched, changed, .. } = view.accounts;
    let verb = match (view.dry_run, changed) {
        (true, _) => "would have",
        (false, 1) => "has",
        (false, _) => "have",
    };
    format!("{} named, {changed} {verb} other values", count(touched, "account"))
}

fn archived(view: &UploadUndoView) -> Option<String> {
    let UndoAccounts { archived, archived_names, .. } = &view.accounts;
    let names: Vec<_> = archived_names.iter().map(|name| escape_text(name)).collect();
    let more = archived.saturating_sub(names.len() as u64);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let how = match (view.action, view.dry_run) {
        (UndoAction::Undone, false) => "that only this upload made archived",
        (UndoAction::Undone, true) => "that only this upload made would be archived",
        (UndoAction::Redone, false) => "no longer archived",
        (UndoAction::Redone, true) => "would no longer be archived",
    };
    (*archived > 0).then(|| format!("{} {how}: {}{more}", count(*archived, "account"), names.join(", ")))
}

fn snapshots(view: &UploadUndoView) -> String {
    let snapshots = view.snapshots;
    let would = if view.dry_run { "would be " } else { "" };
    let mut text = format!("{} {would}taken", count(snapshots.created, "snapshot"));
    if snapshots.retracted > 0 {
        text += &format!(", {} that this upload went into {would}retracted", snapshots.retracted);
    }
    if snapshots.failed > 0 {
        text += &format!(", {} failed", snapshots.failed);
    }
    text
}
