//! The words of a KPI's series after a change: its name, its unit and its category.

use std::collections::HashMap;

use super::known::Known;
use crate::model::ids::SeriesId;
use crate::model::kpi::record::KpiRecord;
use crate::model::kpi::series::{Series, kpi_key};
use crate::model::names::name_key;

/// The series of the KPI whose words are others now; `name_before` is what the KPI was called.
///
/// Where it is called otherwise now, one series of each product takes the new name; others, which were stored under
/// aliases before they led here, keep the names by which they are told apart.
pub(super) fn restated(after: &Known<'_>, record: &KpiRecord, name_before: &str) -> Vec<Series> {
    let Some(found) = after.rules.dictionary.find(&record.definition.kpi_name) else { return Vec::new() };
    let definition = found.definition;
    let leads_here = |series: &&Series| {
        after.rules.dictionary.find(&series.kpi).is_some_and(|other| other.index == found.index)
    };
    let own: Vec<&Series> = after.series.all().iter().filter(leads_here).collect();
    let renamed = match record.definition.kpi_name == name_before {
        true => Vec::new(),
        false => bearers(&own, name_before),
    };
    let stated = own.into_iter().filter_map(|series| {
        let mut stated = series.clone();
        if renamed.contains(&series.id) {
            stated.kpi.clone_from(&record.definition.kpi_name);
        }
        stated.unit = definition.unit.or(series.unit.filter(|_| definition.scale.is_none()));
        stated.category = definition.category.or(series.category);
        (stated != *series).then_some(stated)
    });
    stated.collect()
}

/// Of each product the series that bears the KPI's name, else the oldest.
fn bearers(own: &[&Series], name: &str) -> Vec<SeriesId> {
    let bears = |series: &Series| kpi_key(&series.kpi) == kpi_key(name);
    let mut bearers: HashMap<Option<String>, &Series> = HashMap::new();
    for series in own {
        let bearer = bearers.entry(series.product.as_deref().map(name_key)).or_insert(series);
        if bears(series) && !bears(bearer) {
            *bearer = series;
        }
    }
    bearers.into_values().map(|series| series.id).collect()
}
