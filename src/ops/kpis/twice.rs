//! KPIs that were kept under two names and become one: an account that has both counts both.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::model::ids::{AccountId, SeriesId};
use crate::model::kpi::series::{Series, SeriesSet};
use crate::model::names::name_key;
use crate::ops::rules::Rules;
use crate::report::text::count;
use crate::store::WriteTransaction;

/// A note for each set of names that the change makes one KPI, where accounts have values under several of them.
pub(super) fn notes(
    transaction: &WriteTransaction<'_>,
    before: &Rules<'_>,
    after: &Rules<'_>,
) -> Result<Vec<String>> {
    let series = transaction.load_series()?;
    let mut notes = Vec::new();
    for together in newly_together(&series, before, after) {
        let ids: Vec<SeriesId> = together.iter().map(|series| series.id).collect();
        let mut values: FxHashMap<AccountId, u64> = FxHashMap::default();
        transaction.reader().for_each_current_kpi(transaction.customer(), &ids, |current| {
            *values.entry(current.account).or_default() += u64::from(current.value.is_some());
        })?;
        let accounts = values.values().filter(|values| **values > 1).count() as u64;
        if accounts > 0 {
            let names: Vec<String> = together.iter().map(|series| format!("'{}'", series.kpi)).collect();
            let names = names.join(" and ");
            let accounts = count(accounts, "account");
            notes.push(format!(
                "{names} are one KPI from now on; where an account has both ({accounts}), both count"
            ));
        }
    }
    Ok(notes)
}

/// A definition's name, and the key of a product.
type KpiAndProduct = (String, Option<String>);

/// Series of one definition and product, of which the change brought at least one to the others.
fn newly_together<'s>(
    series: &'s SeriesSet,
    before: &Rules<'_>,
    after: &Rules<'_>,
) -> impl Iterator<Item = Vec<&'s Series>> {
    let mut groups: BTreeMap<KpiAndProduct, (bool, Vec<&Series>)> = BTreeMap::new();
    for series in series.all() {
        let Some(found) = after.dictionary.find(&series.kpi) else { continue };
        let name = &found.definition.kpi_name;
        let was = before.dictionary.find(&series.kpi).map(|found| &found.definition.kpi_name);
        let key = (name.clone(), series.product.as_deref().map(name_key));
        let (is_new, group) = groups.entry(key).or_default();
        *is_new |= was != Some(name);
        group.push(series);
    }
    groups.into_values().filter(|(is_new, group)| *is_new && group.len() > 1).map(|(_, group)| group)
}
