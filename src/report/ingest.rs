//! What an ingest did, as JSON (`acctsnap.ingest/1`) and as the lines that a person sees.

use schemars::JsonSchema;
use serde::Serialize;

pub use super::band_crossing::BandCrossing;
use super::inspect::{TableView, render_tables};
use super::restatements::Restatements;
use super::text::{count, grouped};
use crate::error::Detail;
use crate::model::ids::UploadId;
use crate::model::time::Timestamp;
use crate::model::upload::UploadKind;

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.ingest/1";

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileStatus {
    /// Its good rows were taken.
    Ingested,
    /// It was known: the same bytes, read in the same way.
    UnchangedFile,
    /// Nothing of it was written.
    Refused,
    /// It was tried, and taken back.
    DryRun,
    /// Several files fared differently.
    Mixed,
}

/// How rows fared: read = inserted + updated + unchanged + rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Rows {
    /// Rows read.
    pub read: u64,
    /// Rows of which nothing was known.
    pub inserted: u64,
    /// Rows that changed something known.
    pub updated: u64,
    /// Rows that said what was known, or nothing.
    pub unchanged: u64,
    /// Rows set aside.
    pub rejected: u64,
}

/// The accounts of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Accounts {
    /// Named by a good row.
    pub touched: u64,
    /// Made.
    pub created: u64,
    /// Known, but not in the file.
    pub absent: u64,
    /// The first of those.
    pub absent_names: Vec<String>,
}

/// The events of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Events {
    /// Published.
    pub published: u64,
}

/// What became of snapshots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Snapshots {
    /// Written.
    pub created: u64,
    /// Not written, because the cooldown held.
    pub skipped: u64,
    /// Accounts of the file that are owed one.
    pub pending: u64,
    /// When the first of them is due.
    pub pending_due_at: Option<Timestamp>,
    /// Denied, because customer and account disagree.
    pub denied: u64,
    /// Not written, because something failed; those owed from earlier too.
    pub failed: u64,
    /// Left to a flush.
    pub deferred: u64,
    /// Written besides: owed from earlier, and due now.
    pub flushed: u64,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FileView {
    /// The file's name.
    pub file: String,
    /// What kind of file.
    pub kind: UploadKind,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// The upload; null where nothing was written.
    pub upload_id: Option<UploadId>,
    /// What became of it.
    pub status: FileStatus,
    /// How its rows fared.
    pub rows: Rows,
    /// Its accounts.
    pub accounts: Accounts,
    /// Its events.
    pub events: Events,
    /// Its snapshots.
    pub snapshots: Snapshots,
    /// Values of a known file that later uploads changed.
    pub superseded: u64,
    /// Accounts whose band changed.
    pub bands_crossed: Vec<BandCrossing>,
    /// The rows that were set aside, the first thousand.
    pub rejected: Vec<Detail>,
    /// When a known file was first ingested.
    pub first_ingested_at: Option<Timestamp>,
    /// Blank cells, which left what was known.
    pub blanks: u64,
    /// The oldest day of a value that a blank cell left.
    pub blanks_oldest: Option<chrono::NaiveDate>,
    /// Values older than what is known: kept as history.
    pub to_history: u64,
    /// Values of the past that it corrected.
    #[serde(flatten)]
    pub restatements: Restatements,
    /// What else is to be said about the reading.
    pub notes: Vec<String>,
    /// Of a dry run, how its tables would be read; else none.
    pub tables: Vec<TableView>,
    /// The rejected rows by cause.
    #[serde(skip)]
    pub rejected_by_cause: Vec<String>,
    /// The command that takes it back, where it changed anything.
    #[serde(skip)]
    pub undo: Option<String>,
}

impl FileView {
    /// A view of nothing.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            file: String::new(),
            kind: UploadKind::Kpis,
            sha256: String::new(),
            upload_id: None,
            status: FileStatus::Ingested,
            rows: Rows::default(),
            accounts: Accounts::default(),
            events: Events::default(),
            snapshots: Snapshots::default(),
            superseded: 0,
            bands_crossed: Vec::new(),
            rejected: Vec::new(),
            first_ingested_at: None,
            blanks: 0,
            blanks_oldest: None,
            to_history: 0,
            restatements: Restatements::default(),
            notes: Vec::new(),
            tables: Vec::new(),
            rejected_by_cause: Vec::new(),
            undo: None,
        }
    }
}

/// What an ingest of one or more files did: totals on top, the files beneath.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.ingest/1")]
pub struct IngestView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// What became of the files: one word where they fared alike, else mixed.
    pub status: FileStatus,
    /// All rows.
    pub rows: Rows,
    /// All accounts, an account of several files counted in each.
    pub accounts: Accounts,
    /// All events.
    pub events: Events,
    /// All snapshots.
    pub snapshots: Snapshots,
    /// All superseded values.
    pub superseded: u64,
    /// All values of the past that were corrected.
    pub restated: u64,
    /// The files, in the order given.
    pub files: Vec<FileView>,
}

impl IngestView {
    /// Sums up files.
    #[must_use]
    pub fn new(files: Vec<FileView>) -> Self {
        let mut view = Self {
            schema: SCHEMA,
            status: files.first().map_or(FileStatus::Ingested, |file| file.status),
            rows: Rows::default(),
            accounts: Accounts::default(),
            events: Events::default(),
            snapshots: Snapshots::default(),
            superseded: 0,
            restated: 0,
            files,
        };
        for file in &view.files {
            if file.status != view.status {
                view.status = FileStatus::Mixed;
            }
            view.rows.add(file.rows);
            view.accounts.touched += file.accounts.touched;
            view.accounts.created += file.accounts.created;
            view.events.published += file.events.published;
            view.snapshots.add(file.snapshots);
            view.superseded += file.superseded;
            view.restated += file.restatements.restated;
        }
        if let [only] = view.files.as_slice() {
            view.accounts = only.accounts.clone();
        }
        view
    }
}

impl Rows {
    fn add(&mut self, other: Self) {
        self.read += other.read;
        self.inserted += other.inserted;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.rejected += other.rejected;
    }
}

impl Snapshots {
    fn add(&mut self, other: Self) {
        self.created += other.created;
        self.skipped += other.skipped;
        self.pending += other.pending;
        self.pending_due_at = [self.pending_due_at, other.pending_due_at].into_iter().flatten().min();
        self.denied += other.denied;
        self.failed += other.failed;
        self.deferred += other.deferred;
        self.flushed += other.flushed;
    }
}

/// The lines that a person sees of one file; `width` is the terminal's.
#[must_use]
pub fn render_file(view: &FileView, zone: chrono_tz::Tz, width: Option<usize>) -> String {
    let mut lines = Vec::new();
    lines.push(rows_line(view, zone));
    if view.status != FileStatus::UnchangedFile {
        lines.push(accounts_line(view));
        lines.extend(snapshots_line(view, zone));
        lines.extend(super::band_crossing::line(&view.bands_crossed));
        if view.blanks > 0 {
            let blanks = count(view.blanks, "blank cell");
            lines.push(match view.blanks_oldest {
                Some(day) => format!("{blanks} kept earlier values, the oldest of {day}"),
                None => format!("{blanks} said nothing"),
            });
        }
        if view.to_history > 0 {
            lines.push(format!(
                "{} older than what is known: kept as history",
                count(view.to_history, "value")
            ));
        }
    }
    lines.extend(view.restatements.told().iter().map(|line| format!("restated: {line}")));
    lines.extend(view.undo.iter().map(|command| format!("undo: {}", super::text::escape_text(command))));
    lines.extend(
        view.rejected_by_cause.iter().map(|line| format!("  set aside: {}", super::text::escape_text(line))),
    );
    lines.extend(view.notes.iter().map(|note| format!("note: {}", super::text::escape_text(note))));
    lines.push(String::new());
    lines.join("\n") + &render_tables(&view.tables, width)
}

fn rows_line(view: &FileView, zone: chrono_tz::Tz) -> String {
    let rows = view.rows;
    let number = |number: u64| grouped(&number.to_string());
    let file = super::text::escape_text(&view.file);
    let sum = format!(
        "{file}: {} = {} inserted + {} updated + {} unchanged + {} rejected",
        count(rows.read, noun(view.kind)),
        number(rows.inserted),
        number(rows.updated),
        number(rows.unchanged),
        number(rows.rejected)
    );
    let upload = view.upload_id.map(|upload| format!("        upload {upload}")).unwrap_or_default();
    match (view.status, view.first_ingested_at) {
        (FileStatus::UnchangedFile, Some(at)) => {
            format!("{sum}{upload}\nknown since {}; nothing new", super::text::instant(at, zone))
        }
        (FileStatus::DryRun, _) => format!("{sum}        dry run: nothing was written"),
        _ => format!("{sum}{upload}"),
    }
}

/// What a row of a file is called.
pub(super) const fn noun(kind: UploadKind) -> &'static str {
    match kind {
        UploadKind::Kpis => "value",
        UploadKind::Profiles => "profile",
        UploadKind::Playbooks | UploadKind::Health => "row",
        UploadKind::Notes => "note",
    }
}

fn accounts_line(view: &FileView) -> String {
    let accounts = &view.accounts;
    let mut line = format!("{}, {} new", count(accounts.touched, "account"), accounts.created);
    if accounts.absent > 0 {
        let names: Vec<_> = accounts.absent_names.iter().map(|name| super::text::escape_text(name)).collect();
        let more = accounts.absent.saturating_sub(accounts.absent_names.len() as u64);
        let more = if more > 0 { format!(" and {} more", grouped(&more.to_string())) } else { String::new() };
        line.push_str(&format!("; known but not in this file: {}{more}", names.join(", ")));
    }
    line
}

fn snapshots_line(view: &FileView, zone: chrono_tz::Tz) -> Option<String> {
    let snapshots = view.snapshots;
    let mut parts = Vec::new();
    if snapshots.created > 0 {
        parts.push(format!("{} taken", count(snapshots.created, "snapshot")));
    }
    if snapshots.skipped > 0 {
        let first = if snapshots.skipped == 1 { "" } else { ", the first" };
        let due =
            snapshots.pending_due_at.map(|at| format!("{first} until {}", super::text::instant(at, zone)));
        parts.push(format!(
            "{} {}{} (cooldown): acctsnap flush",
            snapshots.skipped,
            if snapshots.skipped == 1 { "waits" } else { "wait" },
            due.unwrap_or_default()
        ));
    }
    if snapshots.deferred > 0 {
        parts.push(format!("{} left to: acctsnap flush", count(snapshots.deferred, "snapshot")));
    }
    if snapshots.failed > 0 {
        parts.push(format!(
            "{} failed, to be tried again by: acctsnap flush",
            count(snapshots.failed, "snapshot")
        ));
    }
    if snapshots.denied > 0 {
        parts.push(format!("{} denied", count(snapshots.denied, "event")));
    }
    if snapshots.flushed > 0 {
        parts.push(format!("{} that earlier changes were owed", count(snapshots.flushed, "snapshot")));
    }
    if parts.is_empty() && view.rows.inserted + view.rows.updated > 0 {
        parts.push(match (view.kind, view.events.published) {
            (UploadKind::Notes, _) => "no snapshots: notes stand in the next one".to_owned(),
            (UploadKind::Playbooks, 0) => {
                "no snapshots: no execution became completed; the next one shows what changed".to_owned()
            }
            _ => "no snapshots (events are off)".to_owned(),
        });
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}
