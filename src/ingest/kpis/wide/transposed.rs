//! A row a KPI, a column an account. It is never found, only said: any table of numbers could be one.

use super::look::Look;
use super::unread::{Unread, Why};
use super::{ValueColumn, Wide};
use crate::error::Result;
use crate::ingest::kpis::fields::KpiField;
use crate::ingest::kpis::plan::Seen;
use crate::model::kpi::batch::Cell;
use crate::model::reading::Layout;
use crate::model::value::{ValueReader, ValueTarget};

/// The fields that rows of this layout have beside their values.
const FIELDS: [KpiField; 10] = [
    KpiField::Kpi,
    KpiField::Category,
    KpiField::HealthScoreComponent,
    KpiField::Weight,
    KpiField::ImpactLevel,
    KpiField::Unit,
    KpiField::Product,
    KpiField::Date,
    KpiField::SourceReview,
    KpiField::MeasurementFrequency,
];

/// A plan for a table with an account a column. The first column names the KPIs where no other is called so.
///
/// # Errors
/// Two columns are one account.
pub(in crate::ingest::kpis) fn transposed(seen: &Seen<'_>) -> Result<Option<Wide>> {
    let mut columns = seen.columns(&seen.ranks.only(&FIELDS))?;
    for field in [KpiField::Account, KpiField::ExternalId, KpiField::Value] {
        columns.forget(field);
    }
    if columns.index(KpiField::Kpi).is_none() {
        columns.take(KpiField::Kpi, 0);
    }
    let mut unread = Unread::default();
    let mut values = Vec::new();
    for (column, header) in columns.others() {
        let cells = seen.sample.column(column);
        // A column with a value among texts is an account with bad cells, which are told; not one that is passed over.
        let has_value = || cells.clone().any(|cell| is_number(cell, seen.rules.values));
        match Look::of_cells(cells.clone(), seen.rules.values) {
            look if seen.is_said || matches!(look, Look::Values | Look::Blank) || has_value() => {
                let account = header.to_owned();
                values.push(ValueColumn { column, account, ..ValueColumn::default() });
            }
            look => unread.add(Why::Looks(look), header),
        }
    }
    Wide::new(seen, Layout::Transposed, columns, values, unread)
}

fn is_number(cell: &str, values: &ValueReader) -> bool {
    values.read(cell, ValueTarget::default()).is_ok_and(|reading| matches!(reading.cell, Cell::Number(_)))
}
