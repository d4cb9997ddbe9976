//! Files of notes: rows become a batch, and what cannot be taken becomes rejections.

use super::options::{KindFile, RowOptions};
use super::refusal;
use super::source::Source;
use crate::error::Result;
use crate::model::note::NoteBatch;

/// Reads a file of notes.
///
/// # Errors
/// The file as a whole cannot be read.
pub fn read_notes(source: &Source, _options: RowOptions<'_>) -> Result<KindFile<NoteBatch>> {
    Err(refusal::file(source.name(), "cannot be read yet", "wait"))
}

/// Stand-in.
pub fn find_duplicate_notes(_: &mut NoteBatch, _: &mut crate::model::rejection::Rejections) {}
