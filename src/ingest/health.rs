//! Files of health: rows become a batch, and what cannot be taken becomes rejections.

use super::options::{KindFile, RowOptions};
use super::refusal;
use super::source::Source;
use crate::error::Result;
use crate::model::health::month::HealthBatch;

/// Reads a file of health.
///
/// # Errors
/// The file as a whole cannot be read.
pub fn read_health(source: &Source, _options: RowOptions<'_>) -> Result<KindFile<HealthBatch>> {
    Err(refusal::file(source.name(), "cannot be read yet", "wait"))
}

/// Stand-in.
pub fn find_duplicate_scores(_: &mut HealthBatch, _: &mut crate::model::rejection::Rejections) {}
