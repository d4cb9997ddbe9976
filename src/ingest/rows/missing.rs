//! Texts that stand for "no value", and how many cells held one.

use std::cell::Cell;

use crate::ingest::note::Notes;

/// What platforms write where they do not know; it never means a value.
const UNKNOWN: &str = "unknown";

/// The texts that stand for "no value", case aside.
#[derive(Debug)]
pub(in crate::ingest) struct Missing {
    tokens: Vec<String>,
    found: Cell<u64>,
}

impl Missing {
    /// The tokens of the settings, and UNKNOWN.
    pub(super) fn new(tokens: &[String]) -> Self {
        let tokens = tokens.iter().map(String::as_str).chain([UNKNOWN]);
        let tokens = tokens.map(|token| token.trim().to_lowercase()).filter(|token| !token.is_empty());
        Self { tokens: tokens.collect(), found: Cell::new(0) }
    }

    /// Whether the text stands for "no value".
    pub(in crate::ingest) fn is_token(&self, text: &str) -> bool {
        let text = text.trim().to_lowercase();
        self.tokens.contains(&text)
    }

    /// Counts a cell that says nothing for it.
    pub(in crate::ingest) fn count(&self) {
        self.found.set(self.found.get() + 1);
    }

    /// Tells how many cells say nothing for it.
    pub(super) fn note(&self, notes: &mut Notes) {
        let found = self.found.get();
        if found > 0 {
            let what = "a word for no value, such as N/A or UNKNOWN, and";
            notes.add("missing_values", || match found {
                1 => format!("1 cell holds {what} was read as blank"),
                _ => format!("{found} cells hold {what} were read as blank"),
            });
        }
    }
}
