//! Files of playbooks: rows become a batch, and what cannot be taken becomes rejections.

use super::options::{KindFile, RowOptions};
use super::refusal;
use super::source::Source;
use crate::error::Result;
use crate::model::playbook::PlaybookBatch;

/// Reads a file of playbooks.
///
/// # Errors
/// The file as a whole cannot be read.
pub fn read_playbooks(source: &Source, _options: RowOptions<'_>) -> Result<KindFile<PlaybookBatch>> {
    Err(refusal::file(source.name(), "cannot be read yet", "wait"))
}
