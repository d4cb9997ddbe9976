//! `kpis suggest`: what KPIs without a definition could be defined as, from what the portfolio shows. Nothing is
//! written.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Kpi, kpis};
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId, SeriesId};
use crate::model::kpi::suggestion::{Correlation, Spread};
use crate::ops::Context;
use crate::ops::live::live_views;
use crate::ops::rules::Rules;
use crate::report::kpis::{KpiSuggestion, SuggestionFacts};
use crate::store::Reader;

/// How many accounts' states are put together at a time.
const CHUNK: usize = 2_000;

/// A suggestion for each KPI that is stored and has no points to score by, by name; retired ones are not missed.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, and anything that the database says.
pub fn suggest_kpis(context: &Context<'_>) -> Result<Vec<KpiSuggestion>> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let rules = Rules::load(context.config, &reader, customer)?;
    let series = reader.series(customer)?;
    let mut undefined = kpis(&rules, &series);
    undefined.retain(|kpi| !kpi.series.is_empty() && needs_definition(&rules, kpi));
    undefined.sort_by(|a, b| a.name().cmp(b.name()));
    let values = values(&reader, customer, &undefined)?;
    let accounts: FxHashSet<AccountId> = values.iter().flatten().map(|(account, _)| *account).collect();
    let scores = scores(context, &reader, customer, &rules, accounts)?;
    let suggestions = undefined.iter().zip(values).map(|(kpi, values)| {
        let pairs: Vec<(f64, f64)> = values
            .iter()
            .filter_map(|(account, value)| Some((*value, *scores.get(&account.get())?)))
            .collect();
        let numbers: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
        let item = kpi.item(&rules, crate::store::SeriesUse::default());
        KpiSuggestion::new(SuggestionFacts {
            kpi_name: item.kpi_name,
            category: item.category,
            unit: item.unit,
            spread: Spread::of(&numbers),
            correlation: Correlation::of(&pairs),
            customer: rules.settings.customer_of_flag(),
        })
    });
    Ok(suggestions.collect())
}

fn needs_definition(rules: &Rules<'_>, kpi: &Kpi<'_>) -> bool {
    kpi.definition
        .is_none_or(|definition| definition.scale.is_none() && !rules.dictionary.is_retired(definition))
}

/// The values of each KPI that would be scored: the account's own where it has one, else those of its products.
fn values(reader: &Reader<'_>, customer: CustomerId, kpis: &[Kpi<'_>]) -> Result<Vec<Vec<(AccountId, f64)>>> {
    let places: FxHashMap<SeriesId, (usize, bool)> = kpis
        .iter()
        .enumerate()
        .flat_map(|(place, kpi)| kpi.series.iter().map(move |one| (one.id, (place, one.product.is_none()))))
        .collect();
    let ids: Vec<SeriesId> = kpis.iter().flat_map(Kpi::ids).collect();
    let mut found: Vec<Vec<(AccountId, f64, bool)>> = vec![Vec::new(); kpis.len()];
    reader.for_each_current_kpi(customer, &ids, |current| {
        let Some((place, is_own)) = places.get(&current.series) else { return };
        if let (Some(values), Some(value)) = (found.get_mut(*place), current.value) {
            values.push((current.account, value, *is_own));
        }
    })?;
    let scored = found.into_iter().map(|values| {
        let with_own: FxHashSet<AccountId> =
            values.iter().filter(|(_, _, is_own)| *is_own).map(|(account, ..)| *account).collect();
        let counts = values.into_iter().filter(|(account, _, is_own)| *is_own || !with_own.contains(account));
        counts.map(|(account, value, _)| (account, value)).collect()
    });
    Ok(scored.collect())
}

/// The overall scores of accounts as they stand, by account; a KPI without points has no part in any.
fn scores(
    context: &Context<'_>,
    reader: &Reader<'_>,
    customer: CustomerId,
    rules: &Rules<'_>,
    accounts: FxHashSet<AccountId>,
) -> Result<FxHashMap<i64, f64>> {
    let mut accounts: Vec<AccountId> = accounts.into_iter().collect();
    accounts.sort_unstable();
    let mut scores = FxHashMap::default();
    for chunk in accounts.chunks(CHUNK) {
        let views = live_views(reader, customer, rules, chunk, context.clock.now())?;
        scores.extend(
            views
                .into_iter()
                .filter_map(|view| Some((view.account_id.get(), view.overall_health_score?.points()))),
        );
    }
    Ok(scores)
}
