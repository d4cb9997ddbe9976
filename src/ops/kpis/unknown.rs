//! `kpis unknown`: what is stored and has no definition by which it would score.

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::model::ids::SeriesId;
use crate::model::kpi::series::Series;
use crate::ops::Context;
use crate::ops::rules::Rules;
use crate::report::kpis::UnknownKpi;

/// The KPIs (and products) that are stored and have no definition, or one without points, by name, then by product;
/// retired ones are not missed.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, and anything that the database says.
pub fn unknown_kpis(context: &Context<'_>) -> Result<Vec<UnknownKpi>> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let rules = Rules::load(context.config, &reader, customer)?;
    let series = reader.series(customer)?;
    let is_undefined = |series: &&Series| match rules.dictionary.find(&series.kpi) {
        Some(found) => found.definition.scale.is_none() && !rules.dictionary.is_retired(found.definition),
        None => true,
    };
    let mut undefined: Vec<&Series> = series.all().iter().filter(is_undefined).collect();
    undefined.sort_by(|a, b| (&a.kpi, &a.product, a.id).cmp(&(&b.kpi, &b.product, b.id)));
    let ids: Vec<SeriesId> = undefined.iter().map(|series| series.id).collect();
    let mut seen: FxHashMap<SeriesId, Seen> = FxHashMap::default();
    reader.for_each_current_kpi(customer, &ids, |current| {
        seen.entry(current.series).or_default().add(current.value);
    })?;
    let items = undefined.into_iter().map(|series| {
        let seen = seen.get(&series.id).copied().unwrap_or_default();
        UnknownKpi {
            kpi_name: series.kpi.clone(),
            product: series.product.clone(),
            unit: series.unit,
            category: series.category,
            accounts: seen.accounts,
            accounts_with_value: seen.with_value,
            lowest: seen.range.map(|(lowest, _)| lowest),
            highest: seen.range.map(|(_, highest)| highest),
            similar_to: match rules.dictionary.find(&series.kpi) {
                Some(_) => None,
                None => rules.dictionary.suggest(&series.kpi).map(ToOwned::to_owned),
            },
        }
    });
    Ok(items.collect())
}

/// What the accounts have of a series.
#[derive(Clone, Copy, Default)]
struct Seen {
    accounts: u64,
    with_value: u64,
    range: Option<(f64, f64)>,
}

impl Seen {
    fn add(&mut self, value: Option<f64>) {
        self.accounts += 1;
        let Some(value) = value else { return };
        self.with_value += 1;
        let (lowest, highest) = self.range.unwrap_or((value, value));
        self.range = Some((lowest.min(value), highest.max(value)));
    }
}
