//! Notes of one account and id that differ: all of them are set aside.

use crate::ingest::contradiction::{Statement, merge_contradictions, set_contradictions_aside};
use crate::ingest::duplicates::{Duplicates, Merged};
use crate::ingest::used::keep_used;
use crate::model::note::{NoteBatch, NoteRow};
use crate::model::rejection::Rejections;

/// Moves rows that contradict each other from the batch to the rejections, both of which stay in file order. To be
/// called again where two accounts of the batch have become one.
pub fn find_duplicate_notes(batch: &mut NoteBatch, rejections: &mut Rejections, policy: Duplicates) {
    set_contradictions_aside(&mut batch.rows, rejections, policy);
    let numbers = keep_used(&mut batch.accounts, batch.rows.iter().map(|row| row.account));
    batch.rows.iter_mut().for_each(|row| numbers.apply(&mut row.account));
}

/// Makes rows that contradict each other say the same, by the policy. To be called once, when every name led to its
/// account.
pub fn merge_duplicate_notes(batch: &mut NoteBatch, policy: Duplicates) -> Merged {
    merge_contradictions(&mut batch.rows, policy)
}

impl Statement for NoteRow {
    type Matter<'r> = (u32, &'r str);

    const MATTER: &'static str = "account and note id";

    const FIELDS: &'static [&'static str] = &["type", "title", "content", "author", "date"];

    fn matter(&self) -> Self::Matter<'_> {
        (self.account, &self.note.note_id)
    }

    fn line(&self) -> u32 {
        self.line
    }

    fn said(&self, field: usize) -> Option<String> {
        let note = &self.note;
        let texts = [&note.note_type, &note.title, &note.content, &note.author];
        match texts.get(field) {
            Some(text) => (*text).clone(),
            None => note.written_at.map(|at| at.to_string()),
        }
    }
    fn say_after(&mut self, other: &Self) {
        self.note = self.note.after(&other.note);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kpi::batch::AccountMention;
    use crate::model::note::Note;

    fn row(line: u32, account: u32, note_id: &str, title: &str, content: &str) -> NoteRow {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let note = Note {
            note_id: note_id.to_owned(),
            title: text(title),
            content: text(content),
            ..Note::default()
        };
        NoteRow { account, line, note, blanks: 0 }
    }

    #[test]
    fn one_id_has_one_text() {
        let account = |name: &str| AccountMention { name: Some(name.to_owned()), external_id: None };
        let mut batch = NoteBatch {
            accounts: ["a", "b"].map(account).to_vec(),
            rows: vec![
                row(2, 0, "n1", "Call", "a"),
                row(3, 0, "n2", "Call", "b"),
                row(4, 1, "n1", "Call", "c"),
                row(5, 0, "n1", "Call", "d"),
                row(6, 0, "n2", "Call", ""),
            ],
        };
        let mut rejections = Rejections::default();
        find_duplicate_notes(&mut batch, &mut rejections, Duplicates::Refuse);
        assert_eq!(batch.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [3, 4, 6]);
        assert_eq!(rejections.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 5]);
        assert_eq!(rejections.examples[0].value.as_deref(), Some("a (line 2) and d (line 5)"));
    }
}
