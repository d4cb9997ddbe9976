//! One record to one note, or to the reason why it is none. Of several faults of a row the first is told.

use std::borrow::Cow;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::Fault;
use super::fields::NoteField;
use super::id::made_id;
use super::text::clean_text;
use crate::ingest::accounts::Accounts;
use crate::ingest::note::Notes;
use crate::ingest::options::RowOptions;
use crate::ingest::rows::row::Row;
use crate::ingest::used::keep_used;
use crate::model::note::{Note, NoteBatch, NoteRow};
use crate::model::time::Timestamp;

/// Reads the rows of one file.
pub(super) struct RowReader<'a> {
    accounts: Accounts<'a, NoteField>,
    zone: Tz,
    today: NaiveDate,
    rows: Vec<NoteRow>,
    made_ids: u64,
}

impl<'a> RowReader<'a> {
    pub(super) fn new(options: &RowOptions<'a>) -> Self {
        Self {
            accounts: Accounts::new(options.given_account).without_missing(options.values),
            zone: options.zone,
            today: options.today,
            rows: Vec::new(),
            made_ids: 0,
        }
    }

    /// Takes a row, or says why not.
    pub(super) fn take(&mut self, row: &Row<'_, NoteField>) -> Result<(), Fault> {
        let (name, id) = row.account();
        let account = self.accounts.find(&name, &id)?;
        let (title, content) = (text(row, NoteField::Title)?, text(row, NoteField::Content)?);
        if title.is_none() && content.is_none() {
            return Err(Fault::of_row("empty_note", "expected a title or a text, found neither"));
        }
        let mut note = Note {
            note_id: row.text(NoteField::NoteId)?.unwrap_or_default(),
            note_type: row.text(NoteField::NoteType)?,
            title,
            content,
            author: row.text(NoteField::Author)?,
            written_at: self.written_at(row)?,
        };
        let blanks = blanks(&note, row);
        if note.note_id.is_empty() {
            note.note_id = id_of(&note, row);
            self.made_ids += 1;
        }
        self.rows.push(NoteRow { account, line: row.line, note, blanks });
        Ok(())
    }

    fn written_at(&self, row: &Row<'_, NoteField>) -> Result<Option<Timestamp>, Fault> {
        let at = row.instant(NoteField::WrittenAt, self.zone)?;
        match at.filter(|at| at.date_in(self.zone) > self.today) {
            None => Ok(at),
            Some(_) => Err(Fault::of(
                NoteField::WrittenAt,
                "future_date",
                "expected a day up to today, found a later one",
            )),
        }
    }

    /// The batch of all rows, in file order.
    pub(super) fn finish(self, notes: &mut Notes) -> NoteBatch {
        if self.made_ids > 0 {
            let notes_have = match self.made_ids {
                1 => "1 note has".to_owned(),
                count => format!("{count} notes have"),
            };
            notes.add("made_note_ids", || {
                format!("{notes_have} no id: each gets one from its author, date, title and text")
            });
        }
        let mut batch = NoteBatch { accounts: self.accounts.into_mentions(), rows: self.rows };
        let numbers = keep_used(&mut batch.accounts, batch.rows.iter().map(|row| row.account));
        batch.rows.iter_mut().for_each(|row| numbers.apply(&mut row.account));
        batch
    }
}

/// A title or a text, as it stands.
fn text(row: &Row<'_, NoteField>, field: NoteField) -> Result<Option<String>, Fault> {
    let Some(cell) = row.said(field) else { return Ok(None) };
    let text = cell.text();
    let text = clean_text(&text).map_err(|fault| Fault::of(field, fault.code(), fault.message()))?;
    Ok(text.map(str::to_owned))
}

/// How many of the note's cells say nothing.
fn blanks(note: &Note, row: &Row<'_, NoteField>) -> u32 {
    let says_nothing = [
        (NoteField::NoteId, note.note_id.is_empty()),
        (NoteField::NoteType, note.note_type.is_none()),
        (NoteField::Title, note.title.is_none()),
        (NoteField::Content, note.content.is_none()),
        (NoteField::Author, note.author.is_none()),
        (NoteField::WrittenAt, note.written_at.is_none()),
    ];
    let has_cell = |field| row.columns.index(field).is_some();
    says_nothing.into_iter().map(|(field, is_blank)| u32::from(is_blank && has_cell(field))).sum()
}

/// The id of a note that has none; of the date as it is written, so that no setting changes it.
fn id_of(note: &Note, row: &Row<'_, NoteField>) -> String {
    let date = row.cell(NoteField::WrittenAt);
    let date = if note.written_at.is_some() { date.text() } else { Cow::Borrowed("") };
    let [author, title, content] =
        [&note.author, &note.title, &note.content].map(|text| text.as_deref().unwrap_or_default());
    made_id(author, date.trim(), title, content)
}
