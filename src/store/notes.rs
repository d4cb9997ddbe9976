//! Notes: a row a version, written only where it differs; and the newest of each note.
//!
//! An account can have thousands of them: nothing here reads them all.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use rustc_hash::FxHashMap;

use super::append::value::{int, maybe, maybe_text, text};
use super::ledger::Table;
use super::transaction::WriteTransaction;
use super::undoings::Refolded;
use crate::error::Result;
use crate::model::ids::{AccountId, NoteRowId, UploadId};
use crate::model::note::Note;
use crate::model::time::Timestamp;

/// The newest version of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteVersion {
    /// Its row.
    pub id: NoteRowId,
    /// The upload that said it.
    pub upload: UploadId,
    /// The note.
    pub note: Note,
    /// When this version was recorded.
    pub recorded_at: Timestamp,
}

/// The columns of a version, as [`version_from`] reads them; `n` is notes, `g` its change. ?2: when the running
/// transaction will be recorded, which stands in no table yet.
pub(super) const NOTE_COLUMNS: &str = "n.id, coalesce(g.recorded_at, ?2), n.upload_id, n.written_at, n.note_id, n.note_type, n.title, n.author, n.content";

/// Reads a version whose columns begin at `first`.
pub(super) fn version_from(row: &Row<'_>, first: usize) -> rusqlite::Result<NoteVersion> {
    Ok(NoteVersion {
        id: NoteRowId::new(row.get(first)?),
        recorded_at: Timestamp::from_millis(row.get(first + 1)?),
        upload: UploadId::new(row.get(first + 2)?),
        note: Note {
            written_at: row.get::<_, Option<i64>>(first + 3)?.map(Timestamp::from_millis),
            note_id: row.get(first + 4)?,
            note_type: row.get(first + 5)?,
            title: row.get(first + 6)?,
            author: row.get(first + 7)?,
            content: row.get(first + 8)?,
        },
    })
}

/// For accounts as a JSON array, the newest notes, at most `limit` each, without their content, newest first. `now`: when
/// the running write transaction will be recorded, where there is one.
pub(super) fn recent_notes(
    sql: &Connection,
    accounts: &str,
    limit: usize,
    now: Option<Timestamp>,
) -> Result<FxHashMap<AccountId, Vec<NoteVersion>>> {
    let mut statement = sql.prepare_cached(include_str!("sql/recent_notes.sql"))?;
    let mut rows = statement.query((accounts, limit, now.map(Timestamp::millis)))?;
    let mut notes: FxHashMap<AccountId, Vec<NoteVersion>> = FxHashMap::default();
    while let Some(row) = rows.next()? {
        let of_account = notes.entry(AccountId::new(row.get(0)?)).or_default();
        if of_account.len() < limit {
            of_account.push(version_from(row, 1)?);
        }
    }
    Ok(notes)
}

impl WriteTransaction<'_> {
    /// The newest versions of notes by account and the note's own id, of accounts whose heads are loaded; a note that
    /// is not known is absent.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn load_notes_by_id(
        &self,
        notes: &[(AccountId, String)],
    ) -> Result<FxHashMap<(AccountId, String), NoteVersion>> {
        let has_notes =
            |account: &AccountId| self.heads.get(account).is_some_and(|head| head.note_row.is_some());
        let wanted: Vec<_> = notes.iter().filter(|(account, _)| has_notes(account)).collect();
        let wanted: serde_json::Value =
            wanted.iter().map(|(account, note)| serde_json::json!([account.get(), note])).collect();
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT n.account_id, {NOTE_COLUMNS} FROM json_each(?1) j \
             CROSS JOIN notes n ON n.account_id = json_extract(j.value, '$[0]') \
             AND n.note_id = json_extract(j.value, '$[1]') LEFT JOIN changes g ON g.id = n.change_id \
             WHERE NOT EXISTS (SELECT 1 FROM notes o WHERE o.account_id = n.account_id AND o.note_id = n.note_id \
             AND o.id > n.id) AND n.refolded IS NOT 2"
        ))?;
        let versions = statement
            .query_map((wanted.to_string(), self.recorded_at().millis()), |row| {
                Ok((AccountId::new(row.get(0)?), version_from(row, 1)?))
            })?
            .map(|row| row.map(|(account, version)| ((account, version.note.note_id.clone()), version)))
            .collect::<Result<_, _>>()?;
        Ok(versions)
    }

    /// For accounts whose heads are loaded, the newest notes, at most `limit` each, without their content: by when
    /// they were written (recorded, where that is not known), newest first. An account without any is absent.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn load_recent_notes(
        &self,
        accounts: &[AccountId],
        limit: usize,
    ) -> Result<FxHashMap<AccountId, Vec<NoteVersion>>> {
        let with_notes = self.list_of_heads(accounts, |head| head.note_row.map(|_| head.id.get()));
        recent_notes(&self.sql, &with_notes, limit, Some(self.recorded_at()))
    }

    /// Appends a version of a note. `said_fields`: the names of the fields that the upload named, separated by commas.
    ///
    /// # Errors
    /// `UnknownAccount` where the account's head is not loaded; anything that the database says.
    pub fn append_note(
        &mut self,
        account: AccountId,
        upload: UploadId,
        note: &Note,
        said_fields: &str,
        replaces: Option<NoteRowId>,
    ) -> Result<NoteRowId> {
        let id = NoteRowId::new(self.next_fact_id("note")?);
        self.append_note_row(account, id, upload, note, (said_fields, replaces), None)?;
        if let Some(head) = self.head_mut(account) {
            head.notes_upload = Some(upload);
        }
        Ok(id)
    }

    /// Appends a note as the uploads that count said it, in the name of the last one that changed it; `is_left` is
    /// false where none of them speaks of it.
    ///
    /// # Errors
    /// As [`Self::append_note`].
    pub fn append_refolded_note(
        &mut self,
        account: AccountId,
        upload: UploadId,
        note: &Note,
        replaces: Option<NoteRowId>,
        is_left: bool,
    ) -> Result<()> {
        let id = NoteRowId::new(self.next_id("note")?);
        self.append_note_row(account, id, upload, note, ("", replaces), Some(Refolded::of(is_left)))
    }

    fn append_note_row(
        &mut self,
        account: AccountId,
        id: NoteRowId,
        upload: UploadId,
        note: &Note,
        (said_fields, replaces): (&str, Option<NoteRowId>),
        refolded: Option<Refolded>,
    ) -> Result<()> {
        let previous = self.loaded_head(account)?.note_row;
        let (salt, change) = (self.salts.next()?, self.change().get());
        let written = note.written_at.map(|at| at.to_string());
        let row = [
            int(id.get()),
            int(account.get()),
            int(upload.get()),
            int(change),
            maybe(previous.map(NoteRowId::get)),
            maybe(replaces.map(NoteRowId::get)),
            text(&note.note_id),
            maybe(note.written_at.map(Timestamp::millis)),
            text(said_fields),
            ValueRef::Blob(&salt),
            maybe_text(note.note_type.as_deref()),
            maybe_text(note.title.as_deref()),
            maybe_text(note.content.as_deref()),
            maybe_text(note.author.as_deref()),
            maybe_text(written.as_deref()),
            maybe(refolded.map(Refolded::number)),
        ];
        self.appender(Table::Notes)?.append(None, &row)?;
        if let Some(head) = self.head_mut(account) {
            head.note_row = Some(id);
        }
        Ok(())
    }
}
