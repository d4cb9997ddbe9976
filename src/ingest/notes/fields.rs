//! The fields of a note, and the headers by which CRMs and customer-success platforms call them.

use crate::ingest::columns::Field;
use crate::ingest::columns::account::{ACCOUNT, EXTERNAL_ID};

/// A field of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::ingest) enum NoteField {
    /// The account's name.
    Account,
    /// The account's id in the system that wrote the file.
    ExternalId,
    /// The note's id there.
    NoteId,
    /// What kind of note.
    NoteType,
    /// Its title.
    Title,
    /// Its text.
    Content,
    /// Who wrote it.
    Author,
    /// When it was written.
    WrittenAt,
}

impl Field for NoteField {
    const KIND: &'static str = "notes";

    const ALL: &'static [Self] = &[
        Self::Account,
        Self::ExternalId,
        Self::NoteId,
        Self::NoteType,
        Self::Title,
        Self::Content,
        Self::Author,
        Self::WrittenAt,
    ];

    const ACCOUNT: Self = Self::Account;

    const EXTERNAL_ID: Self = Self::ExternalId;

    fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::ExternalId => "external_id",
            Self::NoteId => "note_id",
            Self::NoteType => "type",
            Self::Title => "title",
            Self::Content => "content",
            Self::Author => "author",
            Self::WrittenAt => "date",
        }
    }

    fn headers(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Account => ACCOUNT,
            Self::ExternalId => EXTERNAL_ID,
            Self::NoteId => NOTE_ID,
            Self::NoteType => NOTE_TYPE,
            Self::Title => TITLE,
            Self::Content => CONTENT,
            Self::Author => AUTHOR,
            Self::WrittenAt => WRITTEN_AT,
        }
    }
}

/// A lone `id` is the note's here, even beside an account's name.
const NOTE_ID: &[&[&str]] = &[
    &["note id", "activity id", "external note id", "timeline id", "interaction id", "engagement id"],
    &["id", "record id"],
];

const NOTE_TYPE: &[&[&str]] = &[
    &["note type", "activity type", "interaction type", "engagement type"],
    &["type"],
    &["category"],
    &["kind"],
    &["channel"],
];

const TITLE: &[&[&str]] = &[&["title", "note title"], &["subject"], &["headline"], &["topic"]];

/// One after the other: the text itself before what describes it or sums it up.
const CONTENT: &[&[&str]] = &[
    &["content", "note content", "note body", "note text"],
    &["note"],
    &["notes"],
    &["body"],
    &["text"],
    &["description"],
    &["comments"],
    &["comment"],
    &["summary"],
];

/// Who wrote it before who owns it.
const AUTHOR: &[&[&str]] = &[
    &["author", "author name", "note author"],
    &["written by"],
    &["created by"],
    &["logged by"],
    &["csm"],
    &["csm name"],
    &["owner"],
    &["note owner", "activity owner"],
];

/// When it was written before when it came into the system.
const WRITTEN_AT: &[&[&str]] = &[
    &["written at", "note date", "activity date"],
    &["date"],
    &["created at"],
    &["created date", "create date", "created on", "date created"],
    &["logged at", "logged on"],
    &["timestamp"],
];
