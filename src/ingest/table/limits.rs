//! How large a record may be, and the errors of those that are larger. Every error names the line to look at.

use crate::error::{Error, Result};
use crate::ingest::refusal;

/// Bytes of a cell.
const MAX_CELL: usize = 1 << 20;
/// Bytes of a record, and so of a physical line.
pub(super) const MAX_RECORD: usize = 16 << 20;
/// Cells of a record; a sheet of Excel has no more columns.
pub(super) const MAX_FIELDS: usize = 1 << 14;
/// Line ends inside a record.
const MAX_LINE_BREAKS: u64 = 10_000;

const LOOK_FOR_QUOTE: &str = "look for a quote that is missing or too many on that line";

/// Refuses a record, read up to `line`, that has taken `read` bytes and `written` bytes of text up to now.
/// `ends` are the ends of its finished cells within that text.
pub(super) fn check(
    name: &str,
    record_line: u64,
    line: u64,
    read: usize,
    written: usize,
    ends: &[usize],
) -> Result<()> {
    if read > MAX_RECORD {
        return Err(too_large(name, record_line, "the record is larger than 16 MiB"));
    }
    if line.saturating_sub(record_line) > MAX_LINE_BREAKS {
        return Err(too_large(name, record_line, "the record runs over more than 10,000 lines"));
    }
    // No cell can be too large while the whole text is not.
    if written > MAX_CELL {
        let starts = std::iter::once(&0).chain(ends);
        let lengths =
            ends.iter().chain(std::iter::once(&written)).zip(starts).map(|(end, start)| end - start);
        if lengths.into_iter().any(|length| length > MAX_CELL) {
            return Err(too_large(name, record_line, "a cell of the record is larger than 1 MiB"));
        }
    }
    check_fields(name, record_line, ends.len())
}

/// Refuses a record of too many cells.
pub(super) fn check_fields(name: &str, line: u64, fields: usize) -> Result<()> {
    if fields > MAX_FIELDS {
        return Err(too_large(name, line, "the record has more than 16,384 cells"));
    }
    Ok(())
}

/// The file ends inside a quoted cell.
pub(super) fn open_quote(name: &str, line: u64) -> Error {
    let what = "a quoted cell begins here and is never closed";
    refusal::line(name, line, "unclosed_quote", what, LOOK_FOR_QUOTE)
}

/// A quoted cell runs over lines, and something other than a delimiter stands behind the quote that closes it.
pub(super) fn swallowed(name: &str, line: u64) -> Error {
    let what = "a quoted cell begins here and runs on to a quote inside of a later line";
    refusal::line(name, line, "unclosed_quote", what, LOOK_FOR_QUOTE)
}

/// A record that is no text, though its block was.
pub(super) fn not_text(name: &str, line: u64) -> Error {
    refusal::line(
        name,
        line,
        "invalid_utf8",
        "the record is not UTF-8",
        crate::ingest::encoding::SAVE_AS_UTF8,
    )
}

fn too_large(name: &str, line: u64, what: &str) -> Error {
    refusal::line(name, line, "record_too_large", what, LOOK_FOR_QUOTE)
}
