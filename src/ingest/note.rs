//! What a reader did that people should know of, though it is no error. It must never grow with the file.

use std::collections::BTreeMap;

/// How many notes of one code are kept; of the rest only the number is told.
const KEPT_PER_CODE: u64 = 20;

/// Something to be said about how a file was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Stable code, e.g. `unknown_column`.
    pub code: &'static str,
    /// What is to be said: a lower-case fragment without a final period.
    pub message: String,
}

/// Collects notes; past [`KEPT_PER_CODE`] of a kind it only counts.
#[derive(Debug, Default)]
pub(super) struct Notes {
    notes: Vec<Note>,
    counts: BTreeMap<&'static str, u64>,
}

impl Notes {
    /// Adds a note; `message` is called only where the note is kept.
    pub(super) fn add(&mut self, code: &'static str, message: impl FnOnce() -> String) {
        let count = self.counts.entry(code).or_default();
        *count += 1;
        if *count <= KEPT_PER_CODE {
            self.notes.push(Note { code, message: message() });
        }
    }

    /// Adds all notes of a part of the file; of a sheet, each names it.
    pub(super) fn append(&mut self, other: Self, sheet: Option<&str>) {
        for note in other.notes {
            self.add(note.code, || match sheet {
                Some(sheet) => format!("sheet {sheet}: {}", note.message),
                None => note.message,
            });
        }
        for (code, count) in other.counts {
            *self.counts.entry(code).or_default() += count.saturating_sub(KEPT_PER_CODE);
        }
    }

    /// The notes, in the order in which they were made, then what was only counted.
    pub(super) fn finish(mut self) -> Vec<Note> {
        for (code, count) in self.counts {
            if let Some(more) = count.checked_sub(KEPT_PER_CODE).filter(|more| *more > 0) {
                self.notes.push(Note { code, message: format!("and {more} more of this kind") });
            }
        }
        self.notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_of_one_kind_are_bounded_and_the_rest_is_counted() {
        let mut notes = Notes::default();
        for number in 0..25 {
            notes.add("unknown_column", || format!("column {number}"));
        }
        notes.add("other", || "once".to_owned());
        let notes = notes.finish();
        assert_eq!(notes.len(), 22);
        assert_eq!(notes[20].message, "once");
        assert_eq!(notes[21], Note { code: "unknown_column", message: "and 5 more of this kind".to_owned() });
    }
}
