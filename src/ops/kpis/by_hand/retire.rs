//! `kpis retire`: a KPI that counts in nothing any more; what is known of it stays.

use super::known::Known;
use super::{HELD, Plan, change_known};
use crate::error::Result;
use crate::model::kpi::record::KpiRecord;
use crate::ops::Context;
use crate::report::kpis::KpiChangeView;

/// Whether a KPI goes or comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retirement {
    /// From now on it counts in no score, no total and no list of the newest state.
    Retire,
    /// It counts again.
    Undo,
}

/// Retires a KPI, or brings it back. Its history and the snapshots that were taken stay as they are, and values of it
/// that come later are kept.
///
/// # Errors
/// `UnknownKpi`, and anything that the database says.
pub fn retire_kpi(context: &Context<'_>, kpi: &str, retirement: Retirement) -> Result<KpiChangeView> {
    change_known(context, "kpis retire", |known| plan(known, kpi, retirement))
}

fn plan(known: &Known<'_>, kpi: &str, retirement: Retirement) -> Result<Plan> {
    let subject = known.load_kpi(kpi)?;
    let retired = retirement == Retirement::Retire;
    let record = KpiRecord { retired, ..subject.record_or_bare() };
    Ok(Plan { before: subject.record.cloned(), record, held: HELD, notes: subject.notes })
}
