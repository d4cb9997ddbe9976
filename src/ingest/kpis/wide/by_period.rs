//! A row an account's KPI, a column a period: a history, of which the newest period is current.

use super::unread::{Unread, Why};
use super::{ValueColumn, Wide, account, is_period};
use crate::error::Result;
use crate::ingest::kpis::fields::KpiField;
use crate::ingest::kpis::plan::Seen;
use crate::model::reading::Layout;

/// The fields that rows of this layout have beside their values.
const FIELDS: [KpiField; 11] = [
    KpiField::Account,
    KpiField::ExternalId,
    KpiField::Kpi,
    KpiField::Category,
    KpiField::HealthScoreComponent,
    KpiField::Weight,
    KpiField::ImpactLevel,
    KpiField::Unit,
    KpiField::Product,
    KpiField::SourceReview,
    KpiField::MeasurementFrequency,
];

/// A plan for a table with a period a column.
///
/// # Errors
/// Nothing says which account a row is of, or two columns are one period.
pub(in crate::ingest::kpis) fn by_period(seen: &Seen<'_>) -> Result<Option<Wide>> {
    let mut columns = seen.columns(&seen.ranks.only(&FIELDS))?;
    columns.settle_lone_id();
    for field in [KpiField::Date, KpiField::Value] {
        columns.forget(field);
    }
    account::require(seen, &columns)?;
    let mut unread = Unread::default();
    let mut values = Vec::new();
    for (column, header) in columns.others() {
        if is_period(seen, header) {
            let date = header.to_owned();
            values.push(ValueColumn { column, date, ..ValueColumn::default() });
        } else if let Some(better) = columns.outdone_by(column) {
            unread.add(Why::Outdone(better.to_owned()), header);
        } else {
            unread.add(Why::NoPeriod, header);
        }
    }
    Wide::new(seen, Layout::Wide, columns, values, unread)
}
