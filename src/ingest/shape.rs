//! Whether a record of a CSV file fits its header.

use super::columns::Field;
use super::fault::Fault;
use super::refusal;
use super::table::Record;
use crate::error::Result;

/// A record's quotes pair, and it has as many cells as the header: of more or fewer no one can say which is missing or too many, even
/// where the last ones are empty. Empty cells that every row has at its end are no longer there.
pub(super) fn check_shape<F: Field>(record: &Record<'_>, width: usize) -> Result<(), Fault<F>> {
    if record.has_stray_quote {
        let what = "expected a delimiter behind the quote that closes a cell, found text";
        return Err(Fault::of_row("stray_quote", what).with_hint(
            "look for a quote that is missing or too many; a quote inside of a cell is written twice",
        ));
    }
    let found = record.len();
    if found == width {
        return Ok(());
    }
    let hint = if record.line_breaks > 0 {
        "the row runs over several lines: look for a quote that is missing or too many"
    } else {
        "a text that holds a comma needs quotes around it"
    };
    Err(Fault::of_row("ragged_row", format!("expected {width} cells, found {found}")).with_hint(hint))
}

/// A physical line as rows keep it.
///
/// # Errors
/// The file called `name` has more lines than can be counted.
pub(super) fn line_number(name: &str, line: u64) -> Result<u32> {
    u32::try_from(line)
        .map_err(|_| refusal::file(name, "has more than 4,294,967,295 lines", "split the file"))
}
