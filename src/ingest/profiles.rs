//! Files of profiles: rows become a batch, and what cannot be taken becomes rejections.

use super::options::{KindFile, RowOptions};
use super::refusal;
use super::source::Source;
use crate::error::Result;
use crate::model::profile::batch::ProfileBatch;

/// Reads a file of profiles.
///
/// # Errors
/// The file as a whole cannot be read.
pub fn read_profiles(source: &Source, _options: RowOptions<'_>) -> Result<KindFile<ProfileBatch>> {
    Err(refusal::file(source.name(), "cannot be read yet", "wait"))
}

/// Stand-in.
pub fn find_duplicate_profiles(_: &mut ProfileBatch, _: &mut crate::model::rejection::Rejections) {}
