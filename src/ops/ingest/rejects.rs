//! The rows that were set aside, written to a file that can be mended and ingested as it is.

use super::Prepared;
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::{ReadBy, write_rejects};
use crate::ops::output_file::OutputFile;

/// Writes the rejects under a temporary name; they take their own after the commit. None where no file was asked for.
pub(super) fn write<B>(prepared: &Prepared<'_, B>) -> Result<Option<OutputFile>> {
    let Some(path) = prepared.options.rejects else { return Ok(None) };
    let mut out = std::io::BufWriter::new(OutputFile::create(path)?);
    let file = &prepared.file;
    let read_by = ReadBy {
        flags: &prepared.options.rows_flags(),
        layout: prepared.options.layout,
        tables: &file.tables,
        conventions: &file.conventions,
    };
    write_rejects(prepared.source, &file.rejections, read_by, &mut out)?;
    let out = out.into_inner().map_err(|error| {
        Error::new(ErrorKind::IoError, format!("cannot write {}", path.display()))
            .with_cause(error.into_error())
    })?;
    Ok(Some(out))
}
