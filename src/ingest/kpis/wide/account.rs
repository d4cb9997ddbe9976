//! Files that do not say which account, or which KPI, their rows are of. Neither is ever made out of other columns:
//! it is asked for, and the likeliest column is named.

use super::identifier::is_code;
use super::look::{Look, all_differ};
use crate::error::{Error, Result};
use crate::ingest::columns::Columns;
use crate::ingest::kpis::fields::KpiField;
use crate::ingest::kpis::plan::Seen;

/// Checks that rows name their account, or that the caller has.
///
/// # Errors
/// Neither does.
pub(super) fn require(seen: &Seen<'_>, columns: &Columns<KpiField>) -> Result<()> {
    let fields = [KpiField::Account, KpiField::ExternalId];
    if seen.rules.given_account.is_some() || fields.iter().any(|field| columns.index(*field).is_some()) {
        return Ok(());
    }
    let column = distinct_text(seen, columns).unwrap_or("COLUMN");
    let hint = format!(
        "name the account of all rows with --account, or the column that names it with --map '{column}=account'"
    );
    Err(columns.missing("the account", &hint))
}

/// The error of a file whose columns are periods, and whose rows do not say of which KPI.
pub(super) fn ask_for_kpi(seen: &Seen<'_>, columns: &Columns<KpiField>) -> Error {
    let column = distinct_text(seen, columns).unwrap_or("COLUMN");
    let hint = format!(
        "its columns are periods: name the column of the KPIs with --map '{column}=kpi', or add one with the KPI's name"
    );
    columns.missing("the KPI", &hint)
}

/// The column of texts that are all different: one that is no id before any that is.
fn distinct_text<'h>(seen: &Seen<'_>, columns: &'h Columns<KpiField>) -> Option<&'h str> {
    let is_distinct = |column: usize| {
        let cells = seen.sample.column(column);
        Look::of_cells(cells.clone(), seen.rules.values) == Look::Texts
            && cells.clone().all(|cell| !cell.trim().is_empty())
            && all_differ(cells)
    };
    let found = columns.others().filter(|(column, _)| is_distinct(*column)).map(|(_, header)| header);
    found.min_by_key(|header| is_code(header))
}
