//! `notes list`: what people wrote about an account.

use super::Context;
use crate::error::Result;
use crate::model::note::Note;
use crate::model::time::Timestamp;
use crate::report::notes::NoteLine;
use crate::store::{AccountHead, NoteRecord};

/// Which notes.
#[derive(Debug, Clone, Copy)]
pub struct ListNotesOptions<'a> {
    /// About this account, as a person names it.
    pub account: &'a str,
    /// Written at this instant or later; where it is not known when, ingested.
    pub since: Option<Timestamp>,
    /// At most so many; None: all.
    pub limit: Option<u32>,
}

/// The notes about an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountNotes {
    /// The account's name.
    pub account_name: String,
    /// The notes, newest first.
    pub notes: Vec<NoteLine>,
}

/// The notes about one of the customer's accounts as they stand, newest first.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, `AmbiguousAccount`, and anything that the database says.
pub fn list_notes(context: &Context<'_>, options: &ListNotesOptions<'_>) -> Result<AccountNotes> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let customer_name = reader.customer_name(customer)?;
    let account = reader.find_account(customer, options.account)?;
    let Some(record) = reader.load_accounts(customer, &[account])?.into_iter().next() else {
        return Ok(AccountNotes { account_name: String::new(), notes: Vec::new() });
    };
    let limit = options.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let notes = reader.list_notes(customer, account)?.into_iter();
    let recent = notes.filter(|note| options.since.is_none_or(|since| since <= dated(note)));
    let lines = recent.take(limit).map(|note| line(note, &record.head, &customer_name)).collect();
    Ok(AccountNotes { account_name: record.head.name, notes: lines })
}

/// When a note was written, else when it was ingested: the order of the list.
fn dated(note: &NoteRecord) -> Timestamp {
    note.version.note.written_at.unwrap_or(note.upload.ingested_at)
}

fn line(record: NoteRecord, account: &AccountHead, customer: &str) -> NoteLine {
    let NoteRecord { version, upload } = record;
    let Note { note_id, note_type, title, content, author, written_at } = version.note;
    NoteLine {
        note_id,
        note_type,
        title,
        content,
        author,
        written_at,
        upload_id: upload.upload,
        file: upload.file_name,
        ingested_at: upload.ingested_at,
        account_id: account.id,
        account_name: account.name.clone(),
        external_account_id: account.external_id.clone(),
        customer: customer.to_owned(),
    }
}
