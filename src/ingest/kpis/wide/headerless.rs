//! Tables whose first row was taken for a header because nothing told it from one: `Acme,85`. It is never lost: the
//! file is refused, and the flag is named that has it read.

use super::is_period;
use super::look::Look;
use crate::error::Result;
use crate::ingest::kpis::plan::Seen;
use crate::ingest::refusal::{self, quoted};
use crate::model::kpi::batch::Cell;
use crate::model::value::ValueTarget;

/// Refuses a table whose header says nothing that is known, and holds a value above a column of values.
///
/// # Errors
/// It does.
pub(in crate::ingest::kpis) fn refuse(seen: &Seen<'_>) -> Result<()> {
    if seen.headers.iter().any(|header| is_name(seen, header)) {
        return Ok(());
    }
    let is_value = |column: usize, header: &str| {
        let read = seen.rules.values.read(header, ValueTarget::default());
        read.is_ok_and(|reading| matches!(reading.cell, Cell::Number(_)))
            && Look::of_cells(seen.sample.column(column), seen.rules.values) == Look::Values
    };
    let found = seen.headers.iter().enumerate().find(|(column, header)| is_value(*column, header));
    let Some((column, value)) = found else { return Ok(()) };
    let what = format!(
        "has no header: in its first row stands {}, above a column of values, and no name that is known",
        quoted(value)
    );
    let hint = format!(
        "name its columns: --header none --map 'column 1=account' --map 'column {}=kpi:NAME'; where its first row is \
         the header all the same: --header with the number of its line",
        column + 1
    );
    Err(refusal::file(seen.name, &what, &hint))
}

/// Whether a header says something that is known.
fn is_name(seen: &Seen<'_>, header: &str) -> bool {
    seen.ranks.find(header).is_some()
        || seen.rules.dictionary.find(header).is_some()
        || is_period(seen, header)
}
