//! Where in a record the fields of a KPI row stand. It must never read a cell: that is the layouts' work.

use super::fields::KpiField;
use crate::ingest::columns::{Columns, Field};

/// The place of each field in a record; beyond its end where the file has no such column.
pub(super) struct Places {
    pub(super) account: usize,
    pub(super) external_id: usize,
    pub(super) kpi: usize,
    pub(super) value: usize,
    pub(super) category: usize,
    pub(super) component: usize,
    pub(super) weight: usize,
    pub(super) impact: usize,
    pub(super) unit: usize,
    pub(super) product: usize,
    pub(super) date: usize,
}

impl Places {
    /// The places of the fields of a table.
    pub(super) fn of(columns: &Columns<KpiField>) -> Self {
        let place = |field| columns.index(field).unwrap_or(usize::MAX);
        Self {
            account: place(KpiField::ACCOUNT),
            external_id: place(KpiField::EXTERNAL_ID),
            kpi: place(KpiField::Kpi),
            value: place(KpiField::Value),
            category: place(KpiField::Category),
            component: place(KpiField::HealthScoreComponent),
            weight: place(KpiField::Weight),
            impact: place(KpiField::ImpactLevel),
            unit: place(KpiField::Unit),
            product: place(KpiField::Product),
            date: place(KpiField::Date),
        }
    }
}
