//! `kpis list`: every KPI that is defined or used.

use super::{kpis, uses};
use crate::error::Result;
use crate::ops::Context;
use crate::ops::rules::Rules;
use crate::report::kpis::KpiItem;

/// Every KPI that is defined for the customer or used by it: catalogue order, then by name, the undefined last.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, and anything that the database says.
pub fn list_kpis(context: &Context<'_>) -> Result<Vec<KpiItem>> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let rules = Rules::load(context.config, &reader, customer)?;
    let series = reader.series(customer)?;
    let kpis = kpis(&rules, &series);
    let used = uses(&reader, customer, &kpis)?;
    Ok(kpis.iter().zip(used).map(|(kpi, used)| kpi.item(&rules, used)).collect())
}
