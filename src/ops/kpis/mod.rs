//! A customer's KPIs: which are defined, which are used, what is known of one, and new definitions.
//!
//! Reading makes nothing, and answers by the rules that hold now: catalogue, imports, snapshots.toml.

mod import;
mod list;
mod show;
mod unknown;

pub use import::import_kpis;
pub use list::list_kpis;
pub use show::show_kpi;
pub use unknown::unknown_kpis;

use rustc_hash::FxHashMap;

use super::Context;
use super::observer::{Level, Message};
use super::rules::Rules;
use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId, SeriesId};
use crate::model::kpi::KpiDefinition;
use crate::model::kpi::series::{Series, SeriesSet};
use crate::model::names::loose_key;
use crate::report::kpis::KpiItem;
use crate::store::{Reader, SeriesUse};

/// A KPI with the series in which it is kept.
struct Kpi<'r> {
    definition: Option<&'r KpiDefinition>,
    series: Vec<&'r Series>,
}

/// Every KPI: the defined ones in the dictionary's order, then the others by name.
fn kpis<'r>(rules: &'r Rules<'_>, series: &'r SeriesSet) -> Vec<Kpi<'r>> {
    let definitions = rules.dictionary.definitions().iter();
    let mut defined: Vec<Kpi<'r>> =
        definitions.map(|definition| Kpi { definition: Some(definition), series: Vec::new() }).collect();
    let mut undefined: FxHashMap<String, Kpi<'r>> = FxHashMap::default();
    for series in series.all() {
        let place = rules.dictionary.find(&series.kpi).map(|found| found.index);
        let kpi = match place.and_then(|place| defined.get_mut(place)) {
            Some(kpi) => kpi,
            None => undefined
                .entry(crate::model::kpi::series::kpi_key(&series.kpi))
                .or_insert(Kpi { definition: None, series: Vec::new() }),
        };
        kpi.series.push(series);
    }
    let mut undefined: Vec<Kpi<'r>> = undefined.into_values().collect();
    undefined.sort_by(|a, b| a.name().cmp(b.name()));
    defined.into_iter().chain(undefined).collect()
}

impl Kpi<'_> {
    /// The definition's name, else the one under which it was first stored.
    fn name(&self) -> &str {
        let stored = self.series.first().map_or("", |series| series.kpi.as_str());
        self.definition.map_or(stored, |definition| definition.kpi_name.as_str())
    }

    fn ids(&self) -> Vec<SeriesId> {
        self.series.iter().map(|series| series.id).collect()
    }

    fn item(&self, rules: &Rules<'_>, used: SeriesUse) -> KpiItem {
        let definition = self.definition;
        let given_unit = self.series.iter().find_map(|series| series.unit);
        let given_category = self.series.iter().find_map(|series| series.category);
        let mut products: Vec<String> =
            self.series.iter().filter_map(|series| series.product.clone()).collect();
        products.sort_unstable();
        products.dedup();
        KpiItem {
            kpi_name: self.name().to_owned(),
            category: definition.map_or(given_category, |definition| Some(definition.category)),
            unit: definition.map_or(given_unit, |definition| definition.unit),
            direction: definition.map(|definition| definition.direction),
            worst: definition.map(|definition| definition.worst),
            critical_edge: definition.map(|definition| definition.critical_edge),
            healthy_edge: definition.map(|definition| definition.healthy_edge),
            best: definition.map(|definition| definition.best),
            aliases: definition.map_or_else(Vec::new, |definition| aliases(rules, definition)),
            origin: definition.map(|definition| rules.origin_of(definition)),
            products,
            accounts: used.accounts,
            accounts_with_value: used.with_value,
        }
    }
}

/// The names, given by people, that lead to a definition.
fn aliases(rules: &Rules<'_>, definition: &KpiDefinition) -> Vec<String> {
    let own = loose_key(&definition.kpi_name);
    let led = rules.scoring.aliases.iter().filter(|(_, kpi)| loose_key(kpi) == own);
    let mut aliases: Vec<String> = led.map(|(alias, _)| alias.clone()).collect();
    aliases.dedup_by_key(|alias| loose_key(alias));
    aliases
}

/// How many accounts use each of these KPIs; an account that has one in several series counts once.
fn uses(reader: &Reader<'_>, customer: CustomerId, kpis: &[Kpi<'_>]) -> Result<Vec<SeriesUse>> {
    let by_series = reader.series_use(customer)?;
    let mut several: FxHashMap<SeriesId, usize> = FxHashMap::default();
    for (place, kpi) in kpis.iter().enumerate().filter(|(_, kpi)| kpi.series.len() > 1) {
        several.extend(kpi.series.iter().map(|series| (series.id, place)));
    }
    let mut together: FxHashMap<usize, FxHashMap<AccountId, bool>> = FxHashMap::default();
    if !several.is_empty() {
        let ids: Vec<SeriesId> = several.keys().copied().collect();
        reader.for_each_current_kpi(customer, &ids, |current| {
            let Some(place) = several.get(&current.series) else { return };
            let has_value = together.entry(*place).or_default().entry(current.account).or_default();
            *has_value |= current.value.is_some();
        })?;
    }
    let used = kpis.iter().enumerate().map(|(place, kpi)| match (together.get(&place), kpi.series.first()) {
        (Some(accounts), _) => SeriesUse {
            accounts: accounts.len() as u64,
            with_value: accounts.values().filter(|has_value| **has_value).count() as u64,
        },
        (None, Some(only)) => by_series.get(&only.id).copied().unwrap_or_default(),
        (None, None) => SeriesUse::default(),
    });
    Ok(used.collect())
}

/// Warns where the scores that are kept follow other rules than those that hold now.
fn warn_of_other_rules(
    context: &Context<'_>,
    reader: &Reader<'_>,
    customer: CustomerId,
    rules: &Rules<'_>,
) -> Result<()> {
    if let Some((_, _, hash)) = reader.scoring_config(customer)?
        && hash != rules.scoring.hash()
    {
        let text = "the scores shown follow the rules of the last write, and snapshots.toml has others now; the \
                    next write rescores";
        context.tell(Level::Warning, &Message::new(text).of("scoring_config_differs"));
    }
    Ok(())
}
