//! Files of notes: what people wrote about an account, a note a row.
//!
//! Rows become a batch, and what cannot be taken becomes rejections: read = rows + rejections. Rows that
//! contradict each other are found afterwards; whether an account exists, and whether a note is new, is not decided here.

mod duplicates;
mod fields;
mod id;
mod row;
mod text;

pub use duplicates::{find_duplicate_notes, merge_duplicate_notes};

use super::columns::{Columns, Shapes};
use super::convention::{Conventions, settled};
use super::fault;
use super::note::Notes;
use super::options::{KindFile, RowOptions};
use super::rows::read_rows;
use super::source::Source;
use crate::error::Result;
use crate::model::note::NoteBatch;
use fields::NoteField;
use row::RowReader;

/// Why a row of a note file was set aside.
type Fault = fault::Fault<NoteField>;

/// Reads a file of notes.
///
/// # Errors
/// The file as a whole cannot be read: it has no column for the account, or neither for a title nor for a text, or
/// is no CSV or JSON.
pub fn read_notes(source: &Source, mut options: RowOptions<'_>) -> Result<KindFile<NoteBatch>> {
    settled(source, |conventions| read_once(source, &mut options, conventions))
}

fn read_once(
    source: &Source,
    options: &mut RowOptions<'_>,
    conventions: &Conventions,
) -> Result<KindFile<NoteBatch>> {
    let mut notes = Notes::default();
    let mut reader = RowReader::new(options);
    let account_is_given = options.given_account.is_some();
    let fit = |columns: &mut Columns<NoteField>, notes: &mut Notes| {
        require(columns, account_is_given)?;
        columns.note_unread(&Shapes::default(), notes);
        Ok(())
    };
    let end = read_rows(source, options, conventions, &mut notes, fit, |row, ()| reader.take(row))?;
    let batch = reader.finish(&mut notes);
    Ok(end.into_file(batch, notes))
}

/// Checks that what a row needs is there: an account, and a title or a text.
fn require(columns: &Columns<NoteField>, account_is_given: bool) -> Result<()> {
    columns.require_account(account_is_given)?;
    if [NoteField::Title, NoteField::Content].iter().any(|field| columns.index(*field).is_some()) {
        return Ok(());
    }
    let hint = "name one of them content or title, or say which it is: --map 'COLUMN=content'";
    Err(columns.missing("the text of a note", hint))
}

#[cfg(test)]
mod tests;
