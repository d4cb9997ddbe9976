//! The rejects file: the rows that were set aside, as they stood, with the reasons beside them.
//!
//! It is written by a second pass over the source, so that rejected rows are never held. Mended, it is ingested as
//! it is: the reasons stand under names that every reader knows and passes over. Nothing of a row is ever left out.

mod csv;
mod json;
mod workbook;

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

use super::convention::READING;
use super::refusal;
use super::rows::is_json;
use super::source::Source;
use crate::error::{Error, Result};
use crate::model::rejection::{Rejection, Rejections};

/// The columns, or keys, that are added, in order.
const ADDED: [&str; 6] = [
    "acctsnap_line",
    "acctsnap_column",
    "acctsnap_value",
    "acctsnap_code",
    "acctsnap_message",
    "acctsnap_hint",
];

/// Writes the rows of `source` that were set aside in the source's own form, with the reasons; returns how many.
/// A row that several problems befell is written once, with the first.
///
/// # Errors
/// The source cannot be read, or was changed since it was read; the output cannot be written.
pub fn write_rejects(source: &Source, rejections: &Rejections, out: &mut impl Write) -> Result<u64> {
    if source.workbook()?.is_some() {
        return workbook::write(source, rejections, out);
    }
    if is_json(source)? { json::write(source, rejections, out) } else { csv::write(source, rejections, out) }
}

/// The columns that are added to rows of tables: before all others how the rows are written, where that was found
/// out from more rows than are set aside.
fn added(source: &Source) -> (Option<String>, Vec<&'static str>) {
    let reading = source.reading();
    let first = reading.is_some().then_some(READING);
    (reading, first.into_iter().chain(ADDED).collect())
}

/// The rejections by line; copied (8 bytes each) only where they are not so already.
fn in_line_order(rows: &[Rejection]) -> Cow<'_, [Rejection]> {
    if rows.is_sorted_by_key(|rejection| rejection.line) {
        return Cow::Borrowed(rows);
    }
    let mut sorted = rows.to_vec();
    sorted.sort_by_key(|rejection| rejection.line);
    Cow::Owned(sorted)
}

fn unwritable(error: impl Into<std::io::Error>) -> Error {
    Error::io(Path::new("the rejects file"), "write", error.into())
}

fn changed(source: &Source) -> Error {
    refusal::file(source.name(), "was changed after it was read", "run it again when nothing writes it")
}
