//! Notes that people wrote about accounts.

use super::kpi::batch::AccountMention;
use super::time::Timestamp;

/// How many of an account's notes a snapshot names.
pub const RECENT_NOTES: usize = 5;

/// One note.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Note {
    /// Its id in the system that it comes from; where that gives none, one made from the note's own text.
    pub note_id: String,
    /// What kind of note: call, meeting, ...
    pub note_type: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its text.
    pub content: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was written; the day's first instant where the source gives a day alone.
    pub written_at: Option<Timestamp>,
}

impl Note {
    /// The fields that it gives.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        let given = [
            ("note_type", self.note_type.is_some()),
            ("title", self.title.is_some()),
            ("content", self.content.is_some()),
            ("author", self.author.is_some()),
            ("written_at", self.written_at.is_some()),
        ];
        given.into_iter().filter(|(_, is_given)| *is_given).map(|(name, _)| name).collect()
    }

    /// This note after `said`: what that does not say stands.
    #[must_use]
    pub fn after(&self, said: &Self) -> Self {
        let text = |said: &Option<String>, known: &Option<String>| said.clone().or_else(|| known.clone());
        Self {
            note_id: self.note_id.clone(),
            note_type: text(&said.note_type, &self.note_type),
            title: text(&said.title, &self.title),
            content: text(&said.content, &self.content),
            author: text(&said.author, &self.author),
            written_at: said.written_at.or(self.written_at),
        }
    }
}

/// One row: a note about an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRow {
    /// Index into [`NoteBatch::accounts`].
    pub account: u32,
    /// Physical line on which the record begins, from 1.
    pub line: u32,
    /// What it says.
    pub note: Note,
    /// How many of its cells are blank.
    pub blanks: u32,
}

/// Every good row of a file; several rows of one note of an account agree.
#[derive(Debug, Default)]
pub struct NoteBatch {
    /// The accounts named, each once, in order of first mention.
    pub accounts: Vec<AccountMention>,
    /// The rows, in file order.
    pub rows: Vec<NoteRow>,
}
