//! The rejects file: the rows that were set aside, as they stood, with the reasons beside them.
//!
//! It is written by a second pass over the source, so that rejected rows are never held. Mended, it is ingested as
//! it is, without a flag: each row says how it was read, and the reasons stand under names that every reader knows
//! and passes over. Of a row of a wide table it has the values that were set aside and what names them: the others
//! were taken, and are not said again. Nothing else of a row is ever left out.
//!
//! | room | says |
//! |---|---|
//! | `reading`, `words` | how a row was read, as it stands in a cell |
//! | `read_by` | what a row has to say of that |
//! | `said` | what a file says of that by itself |
//! | `csv`, `workbook`, `json` | the rows, by the form of their source |

mod csv;
mod json;
mod read_by;
mod reading;
mod row;
mod said;
mod words;
mod workbook;

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

use super::refusal;
use super::rows::is_json;
use super::source::Source;
use crate::error::{Error, Result};
use crate::model::rejection::{Rejection, Rejections};
use crate::model::segmented_vec::SegmentedVec;
pub use read_by::ReadBy;
pub(super) use reading::READING;
pub use reading::{RowsFlags, TableSaid};
pub(super) use said::Part;
pub use said::Said;

/// The columns, or keys, that are added, in order.
const ADDED: [&str; 6] = [
    "acctsnap_line",
    "acctsnap_column",
    "acctsnap_value",
    "acctsnap_code",
    "acctsnap_message",
    "acctsnap_hint",
];

/// Writes the rows of `source` that were set aside, with the reasons and by what they were read; returns how many.
/// A row that several problems befell is written once, with the first.
///
/// # Errors
/// The source cannot be read, or was changed since it was read; the output cannot be written.
pub fn write_rejects(
    source: &Source,
    rejections: &Rejections,
    read_by: ReadBy<'_>,
    out: &mut impl Write,
) -> Result<u64> {
    if source.workbook()?.is_some() {
        return workbook::write(source, rejections, read_by, out);
    }
    match is_json(source)? {
        true => json::write(source, rejections, read_by, out),
        false => csv::write(source, rejections, read_by, out),
    }
}

/// The rejections by line; copied (12 bytes each) only where they are not so already.
fn in_line_order(rows: &SegmentedVec<Rejection>) -> Cow<'_, SegmentedVec<Rejection>> {
    if rows.iter().is_sorted_by_key(|rejection| rejection.line) {
        return Cow::Borrowed(rows);
    }
    let mut sorted = rows.clone();
    sorted.sort_by_key(|rejection| rejection.line);
    Cow::Owned(sorted)
}

fn unwritable(error: impl Into<std::io::Error>) -> Error {
    Error::io(Path::new("the rejects file"), "write", error.into())
}

fn changed(source: &Source) -> Error {
    refusal::file(source.name(), "was changed after it was read", "run it again when nothing writes it")
}
