//! Files that do not say which account, or which KPI, their rows are of. Neither is ever made out of other columns:
//! it is asked for, and the likeliest column is named.

use super::identifier::is_code;
use super::look::{Look, all_differ};
use crate::error::{Error, Result};
use crate::ingest::columns::Columns;
use crate::ingest::kpis::fields::KpiField;
use crate::ingest::kpis::plan::Seen;
use crate::model::kpi::advice::shell_word;

/// Whether rows name their account, or the caller does.
pub(super) fn is_said(seen: &Seen<'_>, columns: &Columns<KpiField>) -> bool {
    let fields = [KpiField::Account, KpiField::ExternalId];
    seen.rules.given_account.is_some() || fields.iter().any(|field| columns.index(*field).is_some())
}

/// Checks that rows name their account, or that the caller has.
///
/// # Errors
/// Neither does.
pub(super) fn require(seen: &Seen<'_>, columns: &Columns<KpiField>) -> Result<()> {
    if is_said(seen, columns) {
        return Ok(());
    }
    let column = distinct_text(seen, columns).map(|column| columns.map_name(column));
    let hint = columns.account_hint(column.as_deref());
    Err(columns.missing("the account", &hint))
}

/// The error of a file whose columns are periods, and whose rows do not say of which KPI.
pub(super) fn ask_for_kpi(seen: &Seen<'_>, columns: &Columns<KpiField>) -> Error {
    let column = distinct_text(seen, columns).map_or_else(|| "COLUMN".to_owned(), |column| columns.map_name(column));
    let map = shell_word(&format!("{column}=kpi")).into_owned();
    let hint = format!(
        "its columns are periods: name the column of the KPIs with --map {map}, or add one with the KPI's name"
    );
    columns.missing("the KPI", &hint)
}

/// The column of texts that are all different: one that is no id before any that is.
fn distinct_text(seen: &Seen<'_>, columns: &Columns<KpiField>) -> Option<usize> {
    let is_distinct = |column: usize| {
        let cells = seen.sample.column(column);
        Look::of_cells(cells.clone(), seen.rules.values) == Look::Texts
            && cells.clone().all(|cell| !cell.trim().is_empty())
            && all_differ(cells)
    };
    let found = columns.others().filter(|(column, _)| is_distinct(*column));
    found.min_by_key(|(_, header)| is_code(header)).map(|(column, _)| column)
}
