//! The word that empties a cell.

use crate::ingest::rows::cell::Cell;

/// What empties a cell, where the caller gave it.
pub(super) struct Words<'a> {
    clear: Option<&'a str>,
}

impl<'a> Words<'a> {
    /// The token of `--clear-token`; an empty one would empty every blank cell, and is none.
    pub(super) fn new(clear_token: Option<&'a str>) -> Self {
        Self { clear: clear_token.map(str::trim).filter(|token| !token.is_empty()) }
    }

    /// Whether the cell is to be emptied.
    pub(super) fn clears(&self, cell: &Cell<'_>) -> bool {
        self.clear.is_some_and(|token| !cell.is_blank() && cell.text().trim() == token)
    }
}
