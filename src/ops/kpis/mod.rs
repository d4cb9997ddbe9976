//! A customer's KPIs: which are defined, which are used, what is known of one, and new definitions.
//!
//! Reading makes nothing, and answers by the rules that hold now: the catalogue, under what the customer imported or
//! set by hand, under snapshots.toml.

mod by_hand;
mod import;
mod list;
mod names;
mod show;
mod suggest;
mod twice;
mod units;
mod unknown;

pub use by_hand::{Retirement, SetKpiOptions, alias_kpi, rename_kpi, retire_kpi, set_kpi};
pub use import::import_kpis;
pub use list::list_kpis;
pub use show::show_kpi;
pub use suggest::suggest_kpis;
pub use unknown::unknown_kpis;

use rustc_hash::FxHashMap;

use super::Context;
use super::observer::{Level, Message};
use super::rules::Rules;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::{AccountId, CustomerId, SeriesId};
use crate::model::kpi::series::{Series, SeriesSet, kpi_key};
use crate::model::kpi::{KpiDefinition, Unit};
use crate::model::names::{loose_key, name_key};
use crate::report::kpis::KpiItem;
use crate::store::{Reader, SeriesUse, WriteTransaction};

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
            None => {
                undefined.entry(kpi_key(&series.kpi)).or_insert(Kpi { definition: None, series: Vec::new() })
            }
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

    fn named(&self, series: Option<&Series>) -> NamedKpi {
        let defined = self.definition.and_then(|definition| definition.unit);
        NamedKpi {
            kpi: self.name().to_owned(),
            product: series.and_then(|series| series.product.clone()),
            unit: defined.or(series.and_then(|series| series.unit)),
            series: series.map(|series| series.id),
        }
    }

    fn ids(&self) -> Vec<SeriesId> {
        self.series.iter().map(|series| series.id).collect()
    }

    fn item(&self, rules: &Rules<'_>, used: SeriesUse) -> KpiItem {
        let definition = self.definition;
        let scale = definition.and_then(|definition| definition.scale);
        let given_unit = self.series.iter().find_map(|series| series.unit);
        let given_category = self.series.iter().find_map(|series| series.category);
        let mut products: Vec<String> =
            self.series.iter().filter_map(|series| series.product.clone()).collect();
        products.sort_unstable();
        products.dedup();
        KpiItem {
            kpi_name: self.name().to_owned(),
            category: definition.and_then(|definition| definition.category).or(given_category),
            unit: match scale {
                Some(_) => definition.and_then(|definition| definition.unit),
                None => definition.and_then(|definition| definition.unit).or(given_unit),
            },
            direction: scale.map(|scale| scale.direction),
            worst: scale.map(|scale| scale.worst),
            critical_edge: scale.map(|scale| scale.critical_edge),
            healthy_edge: scale.map(|scale| scale.healthy_edge),
            best: scale.map(|scale| scale.best),
            aliases: definition.map_or_else(Vec::new, |definition| aliases(rules, definition)),
            origin: definition.map(|definition| rules.origin_of(definition)),
            products,
            accounts: used.accounts,
            accounts_with_value: used.with_value,
            retired: definition.is_some_and(|definition| rules.dictionary.is_retired(definition)),
        }
    }
}

/// What the customer says of its KPIs, as the database keeps it.
fn stored_records(transaction: &WriteTransaction<'_>) -> Result<Vec<String>> {
    transaction.reader().kpi_definitions(transaction.customer())
}

/// The rules as they stand within a transaction.
fn load_rules<'c>(context: &Context<'c>, transaction: &WriteTransaction<'_>) -> Result<Rules<'c>> {
    Rules::load(context.config, &transaction.reader(), transaction.customer())
}

/// A KPI by its name, an alias, or the abbreviation in its brackets; also one that is stored and not defined.
fn find<'k, 'r>(rules: &Rules<'_>, kpis: &'k [Kpi<'r>], name: &str) -> Option<&'k Kpi<'r>> {
    if let Some(found) = rules.dictionary.find(name) {
        return kpis.get(found.index);
    }
    let key = kpi_key(name);
    kpis.iter().find(|kpi| kpi.definition.is_none() && kpi_key(kpi.name()) == key)
}

/// A KPI that an answer tells of: a series, or one that is defined and that nothing was ever said of.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NamedKpi {
    /// The KPI's name.
    pub kpi: String,
    /// The product; None for the whole account.
    pub product: Option<String>,
    /// The unit of its values.
    pub unit: Option<Unit>,
    /// Where it is kept.
    pub series: Option<SeriesId>,
}

/// What a name leads to: a KPI by name, alias or abbreviation, at the account and at each product; a KPI at one
/// product, as answers write it (`Ticket Volume (Mobile)`); or every KPI of a product.
///
/// # Errors
/// `UnknownKpi` with the nearest name.
pub(super) fn named_kpis(
    reader: &Reader<'_>,
    customer: CustomerId,
    rules: &Rules<'_>,
    series: &SeriesSet,
    name: &str,
) -> Result<Vec<NamedKpi>> {
    let kpis = kpis(rules, series);
    let label = |kpi: &Kpi<'_>, series: &Series| {
        series.product.as_ref().map(|product| kpi_key(&format!("{} ({product})", kpi.name())))
    };
    let is_at = |series: &Series| series.product.as_deref().is_some_and(|at| name_key(at) == name_key(name));
    let every = || kpis.iter().flat_map(|kpi| kpi.series.iter().map(move |series| (kpi, *series)));
    let wanted = kpi_key(name);
    let mut found: Vec<(&Kpi<'_>, &Series)> = match find(rules, &kpis, name) {
        Some(kpi) if kpi.series.is_empty() => return Ok(vec![kpi.named(None)]),
        Some(kpi) => kpi.series.iter().map(|series| (kpi, *series)).collect(),
        None => {
            every().filter(|(kpi, series)| label(kpi, series).is_some_and(|label| label == wanted)).collect()
        }
    };
    if found.is_empty() {
        found = every().filter(|(_, series)| is_at(series)).collect();
    }
    if found.is_empty() {
        return Err(unknown_kpi(&reader.customer_name(customer)?, rules, &kpis, name));
    }
    found.sort_by(|(a, at), (b, bt)| (a.name(), &at.product).cmp(&(b.name(), &bt.product)));
    Ok(found.into_iter().map(|(kpi, series)| kpi.named(Some(series))).collect())
}

/// How alike a name must be to one that is stored, from 0 to 1, to be suggested.
const LIKENESS: f64 = 0.75;

/// The refusal of a name that leads nowhere, with the nearest one.
fn unknown_kpi(customer_name: &str, rules: &Rules<'_>, kpis: &[Kpi<'_>], name: &str) -> Error {
    let wanted = loose_key(name);
    let stored = kpis.iter().filter(|kpi| kpi.definition.is_none()).map(Kpi::name);
    let alike = stored
        .map(|stored| (strsim::normalized_damerau_levenshtein(&wanted, &loose_key(stored)), stored))
        .filter(|(likeness, _)| *likeness >= LIKENESS)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)));
    let hint = match rules.dictionary.suggest(name).or(alike.map(|(_, stored)| stored)) {
        Some(near) => format!("did you mean '{near}'?"),
        None => "`acctsnap kpis list` shows the KPIs that there are".to_owned(),
    };
    Error::new(ErrorKind::UnknownKpi, format!("customer '{customer_name}' has no KPI '{name}'"))
        .with_hint(hint)
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
