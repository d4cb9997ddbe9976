//! What a use case tells whoever started it: progress, messages, and in return whether to stop.
//!
//! A message goes out only after the commit of what it tells of. Nothing here prints.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::{AccountId, SnapshotId, UploadId};

/// How much a message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// For `--verbose` only: one of many messages of the same kind.
    #[serde(rename = "info")]
    Detail,
    /// What was done.
    Info,
    /// Something to look at; the command goes on.
    Warning,
    /// Something failed; the command goes on without it.
    Error,
}

/// One line to people, and the same as fields to programs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Message {
    /// The line, without its level and with the text of files as it stands (whoever prints escapes it).
    pub message: String,
    /// What it tells of, in the past tense, e.g. `snapshot_created`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<&'static str>,
    /// The account it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<AccountId>,
    /// That account's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_name: Option<String>,
    /// The snapshot it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot_id: Option<SnapshotId>,
    /// The upload it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upload_id: Option<UploadId>,
    /// The line is printed exactly so, without `warning:` or `error:` in front.
    #[serde(skip)]
    pub verbatim: bool,
}

impl Message {
    /// A message that is only text.
    pub fn new(text: impl Into<String>) -> Self {
        Self { message: text.into(), ..Self::default() }
    }

    /// One of the lines whose wording scripts rely on: printed exactly so, whatever its level.
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self { verbatim: true, ..Self::new(text) }
    }

    /// Names what it tells of, in the past tense.
    #[must_use]
    pub fn of(mut self, event: &'static str) -> Self {
        self.event = Some(event);
        self
    }

    /// Names the account it is about.
    #[must_use]
    pub fn about_account(mut self, id: AccountId, name: impl Into<String>) -> Self {
        self.account_id = Some(id);
        self.account_name = Some(name.into());
        self
    }

    /// Names the snapshot it is about.
    #[must_use]
    pub fn about_snapshot(mut self, id: SnapshotId) -> Self {
        self.snapshot_id = Some(id);
        self
    }

    /// Names the upload it is about.
    #[must_use]
    pub fn about_upload(mut self, id: UploadId) -> Self {
        self.upload_id = Some(id);
        self
    }
}

/// Told by a use case what it does; called from any thread, must return at once and never fail.
pub trait Observer: Send + Sync {
    /// A long piece of work began, e.g. "reading june.csv"; `total_bytes` is None where nobody knows.
    fn started(&self, what: &str, total_bytes: Option<u64>);
    /// A long piece of work began that is counted in pieces of a kind, e.g. "taking snapshots" of so many.
    fn started_pieces(&self, what: &str, total: u64);
    /// So many more bytes or pieces of it are done.
    fn advanced(&self, amount: u64);
    /// It is over, done or not.
    fn finished(&self);
    /// Another process has held the database for so many seconds.
    fn waiting_for_database(&self, seconds: u64);
    /// Something to tell.
    fn message(&self, level: Level, message: &Message);
}

/// Hears nothing: for library callers that only want the outcome.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn started(&self, _what: &str, _total_bytes: Option<u64>) {}
    fn started_pieces(&self, _what: &str, _total: u64) {}
    fn advanced(&self, _amount: u64) {}
    fn finished(&self) {}
    fn waiting_for_database(&self, _seconds: u64) {}
    fn message(&self, _level: Level, _message: &Message) {}
}

/// What a [`RecordingObserver`] heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Work began: what, and of how many bytes.
    Started(String, Option<u64>),
    /// Work began: what, and of how many pieces.
    StartedPieces(String, u64),
    /// So many more bytes or pieces are done.
    Advanced(u64),
    /// It is over.
    Finished,
    /// The database was busy for so many seconds.
    Waiting(u64),
    /// A message.
    Message(Level, Message),
}

/// Keeps all it hears, in order: for tests.
#[derive(Debug, Default)]
pub struct RecordingObserver {
    heard: Mutex<Vec<Heard>>,
}

impl RecordingObserver {
    /// All that was heard, in order.
    #[must_use]
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The texts of all messages of a level, in order.
    #[must_use]
    pub fn texts(&self, level: Level) -> Vec<String> {
        let texts = self.heard().into_iter().filter_map(|heard| match heard {
            Heard::Message(its_level, message) if its_level == level => Some(message.message),
            _ => None,
        });
        texts.collect()
    }

    fn hear(&self, heard: Heard) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).push(heard);
    }
}

impl Observer for RecordingObserver {
    fn started(&self, what: &str, total_bytes: Option<u64>) {
        self.hear(Heard::Started(what.to_owned(), total_bytes));
    }

    fn started_pieces(&self, what: &str, total: u64) {
        self.hear(Heard::StartedPieces(what.to_owned(), total));
    }

    fn advanced(&self, amount: u64) {
        self.hear(Heard::Advanced(amount));
    }

    fn finished(&self) {
        self.hear(Heard::Finished);
    }

    fn waiting_for_database(&self, seconds: u64) {
        self.hear(Heard::Waiting(seconds));
    }

    fn message(&self, level: Level, message: &Message) {
        self.hear(Heard::Message(level, message.clone()));
    }
}

/// A request to stop, shared between whoever may ask for it and the work that looks for it.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    requested: Arc<AtomicBool>,
}

impl Cancel {
    /// A handle on which nobody has asked yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks to stop.
    pub fn request(&self) {
        self.requested.store(true, Ordering::SeqCst);
    }

    /// Whether somebody asked to stop.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.requested.load(Ordering::SeqCst)
    }

    /// Called between pieces of work, before the commit and never after it.
    ///
    /// # Errors
    /// [`ErrorKind::Interrupted`] where somebody asked to stop.
    pub fn check(&self) -> Result<()> {
        if self.is_requested() {
            return Err(Error::new(ErrorKind::Interrupted, "stopped by a signal, nothing of it was written"));
        }
        Ok(())
    }

    /// The flag itself, for a signal handler.
    #[must_use]
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.requested)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_serialises_without_what_it_does_not_name() {
        let message = Message::new("done").of("snapshot_created").about_snapshot(SnapshotId::new(7));
        let json = serde_json::to_string(&message).unwrap();
        assert_eq!(json, r#"{"message":"done","event":"snapshot_created","snapshot_id":7}"#);
    }

    #[test]
    fn the_recording_observer_keeps_order_and_tells_levels_apart() {
        let observer = RecordingObserver::default();
        observer.started("reading a.csv", Some(10));
        observer.message(Level::Warning, &Message::new("careful"));
        observer.message(Level::Info, &Message::new("fine"));
        observer.finished();
        assert_eq!(observer.texts(Level::Warning), ["careful"]);
        assert_eq!(observer.heard().first(), Some(&Heard::Started("reading a.csv".into(), Some(10))));
        assert_eq!(observer.heard().last(), Some(&Heard::Finished));
    }

    #[test]
    fn a_request_to_stop_reaches_every_copy() {
        let cancel = Cancel::new();
        let copy = cancel.clone();
        assert!(copy.check().is_ok());
        cancel.request();
        assert_eq!(copy.check().map_err(|error| error.kind()), Err(ErrorKind::Interrupted));
    }
}
