//! Note files: what people wrote about accounts. No event tells of a note: it stands in the next snapshot.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::facts::Facts;
use super::kind::{Kind, Reading, Storing, by_account};
use super::read_rows;
use crate::error::Result;
use crate::ingest::{KindFile, read_notes};
use crate::model::ids::AccountId;
use crate::model::note::{NoteBatch, NoteRow};
use crate::model::upload::UploadKind;
use crate::store::{NoteVersion, WriteTransaction};

/// How many accounts are loaded and stored at once.
const CHUNK: usize = 500;

/// Note files.
pub(super) struct Notes;

impl Kind for Notes {
    const KIND: UploadKind = UploadKind::Notes;
    const COMMAND: &'static str = "ingest notes";
    const MAKES_ACCOUNTS: bool = false;
    const JUDGES_ROWS: bool = false;
    type Batch = NoteBatch;
    type Plan = ();

    fn read(reading: Reading<'_, '_>) -> Result<KindFile<NoteBatch>> {
        read_rows(Self::KIND, reading, read_notes)
    }

    fn store(
        transaction: &mut WriteTransaction<'_>,
        storing: &Storing<'_, '_, NoteBatch>,
        (): (),
    ) -> Result<Facts> {
        let mut facts = Facts::default();
        let grouped = by_account(storing, &storing.batch().rows, |row| row.account);
        for chunk in grouped.chunks(CHUNK) {
            let wanted: Vec<(AccountId, String)> = chunk
                .iter()
                .flat_map(|(account, rows)| rows.iter().map(|row| (*account, row.note.note_id.clone())))
                .collect();
            let mut known = transaction.load_notes_by_id(&wanted)?;
            for (account, rows) in chunk {
                facts.touched.push(*account);
                store_account(transaction, storing, *account, rows, &mut known, &mut facts)?;
            }
        }
        Ok(facts)
    }
}

fn store_account(
    transaction: &mut WriteTransaction<'_>,
    storing: &Storing<'_, '_, NoteBatch>,
    account: AccountId,
    rows: &[&NoteRow],
    known: &mut FxHashMap<(AccountId, String), NoteVersion>,
    facts: &mut Facts,
) -> Result<()> {
    let mut confirmed = BTreeMap::new();
    for row in rows {
        facts.blanks += u64::from(row.blanks);
        let key = (account, row.note.note_id.clone());
        let before = known.get(&key);
        let note = before.map_or_else(|| row.note.clone(), |before| before.note.after(&row.note));
        if let Some(before) = before.filter(|before| before.note == note) {
            confirmed.insert(before.id.get(), row.note.names().join(","));
            facts.counts.unchanged += 1;
            continue;
        }
        let replaces = before.map(|before| before.id);
        let said = row.note.names().join(",");
        let id = transaction.append_note(account, storing.upload, &note, &said, replaces)?;
        match replaces {
            Some(_) => facts.counts.updated += 1,
            None => facts.counts.inserted += 1,
        }
        known.insert(
            key,
            NoteVersion { id, note, recorded_at: transaction.recorded_at(), upload: storing.upload },
        );
    }
    transaction.confirm_versions(account, storing.upload, UploadKind::Notes, &confirmed)
}
