//! An account's notes: the newest five stand in a snapshot.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::DAY;
use super::rows::{Fate, NoteRow};

#[derive(Debug, Clone, Copy, PartialEq)]
struct Note {
    title: usize,
    day: Option<i64>,
}

/// One account's notes.
#[derive(Debug, Default, Clone)]
pub struct Notes {
    notes: BTreeMap<usize, Note>,
    /// When each was last written down, and the how manieth writing that was.
    written: BTreeMap<usize, (i64, usize)>,
    writings: usize,
}

impl Notes {
    /// Takes a row in.
    pub fn take(&mut self, row: &NoteRow, now: i64) -> Fate {
        let Some(title) = row.title else { return Fate::Rejected };
        if row.day.is_some_and(|day| day > now / DAY) {
            return Fate::Rejected;
        }
        let known = self.notes.get(&row.note).copied();
        let after = Note { title, day: row.day.or(known.and_then(|known| known.day)) };
        let fate = Fate::of(known.as_ref(), &after);
        if fate.is_news() {
            self.writings += 1;
            self.notes.insert(row.note, after);
            self.written.insert(row.note, (now, self.writings));
        }
        fate
    }

    /// The newest five, newest first; one that bears no day counts from when it was written down.
    pub fn newest(&self) -> Vec<usize> {
        let mut notes: Vec<usize> = self.notes.keys().copied().collect();
        notes.sort_by_key(|number| {
            let (at, writing) = self.written[number];
            Reverse((self.notes[number].day.map_or(at, |day| day * DAY), writing))
        });
        notes.truncate(5);
        notes
    }
}
