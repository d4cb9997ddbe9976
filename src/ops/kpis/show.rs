//! `kpis show`: one KPI, and what the accounts have of it.

use rustc_hash::FxHashMap;

use super::{Kpi, find, kpis, unknown_kpi, uses, warn_of_other_rules};
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId, SeriesId};
use crate::model::kpi::dictionary::FoundBy;
use crate::ops::Context;
use crate::ops::observer::{Level, Message};
use crate::ops::rules::Rules;
use crate::report::kpis::{KpiValue, KpiView};
use crate::store::{CurrentKpi, Reader};

/// One KPI: by its name, an alias, or the abbreviation in its brackets; also one that is stored and not defined.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownKpi` with the nearest name.
pub fn show_kpi(context: &Context<'_>, name: &str) -> Result<KpiView> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let rules = Rules::load(context.config, &reader, customer)?;
    let series = reader.series(customer)?;
    let kpis = kpis(&rules, &series);
    let found = rules.dictionary.find(name);
    let Some(kpi) = find(&rules, &kpis, name) else {
        return Err(unknown_kpi(&reader.customer_name(customer)?, &rules, &kpis, name));
    };
    let used = uses(&reader, customer, std::slice::from_ref(kpi))?.first().copied().unwrap_or_default();
    let values = values(&reader, customer, kpi)?;
    if found.is_some_and(|found| found.by == FoundBy::SharedAbbreviation) {
        let text = format!("several KPIs bear '{name}'; this is {}", kpi.name());
        context.tell(Level::Info, &Message::new(text).of("abbreviation_is_shared"));
    }
    if !values.is_empty() {
        warn_of_other_rules(context, &reader, customer, &rules)?;
    }
    Ok(KpiView::new(kpi.item(&rules, used), values))
}

fn values(reader: &Reader<'_>, customer: CustomerId, kpi: &Kpi<'_>) -> Result<Vec<KpiValue>> {
    let mut current: Vec<CurrentKpi> = Vec::new();
    reader.for_each_current_kpi(customer, &kpi.ids(), |found| current.push(found))?;
    let mut accounts: Vec<AccountId> = current.iter().map(|current| current.account).collect();
    accounts.dedup();
    let records = reader.load_accounts(customer, &accounts)?;
    let heads: FxHashMap<AccountId, _> =
        records.into_iter().map(|record| (record.head.id, record.head)).collect();
    let products: FxHashMap<SeriesId, Option<&String>> =
        kpi.series.iter().map(|series| (series.id, series.product.as_ref())).collect();
    let values = current.into_iter().filter_map(|current| {
        let head = heads.get(&current.account)?;
        Some(KpiValue {
            account_id: current.account,
            external_account_id: head.external_id.clone(),
            account_name: head.name.clone(),
            product: products.get(&current.series).copied().flatten().cloned(),
            value: current.value,
            score: current.score,
            health_status: current.band,
            observed_at: current.observed_on,
            upload_id: current.upload,
        })
    });
    Ok(values.collect())
}
