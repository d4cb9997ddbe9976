//! The settings of one customer that are lists or tables: what of a customer's adds to everyone's, what replaces it.
//!
//! Lists in an order (schedule, recommendations) and policies (retention, a preset) are replaced as a whole;
//! names that lead somewhere (aliases, KPI definitions) add up.

use std::collections::BTreeMap;

use super::kpi::KpiEntry;
use super::layer::Layer;
use super::origin::{Placed, Resolved};
use super::preset::Preset;
use super::settings::CustomerSettings;
use crate::model::names::loose_key;
use crate::model::recommendation::RecommendRule;
use crate::model::retention::RetentionPolicy;
use crate::model::schedule::ScheduleRule;
use crate::model::snapshot::kind::SnapshotType;
use crate::model::upload::UploadKind;

impl<'c> CustomerSettings<'c> {
    /// The schedule: the first rule whose condition holds decides. Where the file has none: weekly.
    #[must_use]
    pub fn schedule(&self) -> Vec<Resolved<ScheduleRule>> {
        let rules = self.list(|layer| layer.schedule.as_ref());
        if rules.is_empty() { vec![Resolved::default_of(ScheduleRule::weekly())] } else { rules }
    }

    /// Which playbooks which states call for, in the order of the file.
    #[must_use]
    pub fn recommendations(&self) -> Vec<Resolved<RecommendRule>> {
        self.list(|layer| layer.recommendations.as_ref())
    }

    /// How long snapshots of a type are kept; None keeps everything.
    ///
    /// The first of these that is there holds as a whole: the customer's table for the type, the customer's
    /// default, everyone's table for the type, everyone's default.
    #[must_use]
    pub fn retention(&self, kind: SnapshotType) -> Option<Resolved<RetentionPolicy>> {
        let policy = self.layers().find_map(|layer| layer.retention.of(kind))?;
        Some(self.config.resolved(policy))
    }

    /// More headers for the fields of a kind of file, by field and header.
    #[must_use]
    pub fn column_aliases(&self, kind: UploadKind) -> BTreeMap<String, Vec<Resolved<String>>> {
        let mut by_field: BTreeMap<String, Vec<Resolved<String>>> = BTreeMap::new();
        for (field, headers) in self.layers().filter_map(|layer| layer.aliases.get(&kind)).flatten() {
            let origin = self.config.origin_of(headers);
            let more =
                headers.value.iter().map(|value| Resolved { value: value.clone(), origin: origin.clone() });
            by_field.entry(field.clone()).or_default().extend(more);
        }
        by_field
    }

    /// The presets, by name.
    #[must_use]
    pub fn presets(&self) -> BTreeMap<String, Resolved<Preset>> {
        let mut presets = BTreeMap::new();
        for (name, preset) in self.layers().flat_map(|layer| &layer.presets) {
            presets.entry(name.clone()).or_insert_with(|| self.config.resolved(preset));
        }
        presets
    }

    /// What the file says of KPIs, by name: the most specific definition, and every alias.
    #[must_use]
    pub fn kpis(&self) -> Vec<Resolved<KpiEntry>> {
        let mut by_name: BTreeMap<String, Resolved<KpiEntry>> = BTreeMap::new();
        for entry in self.layers().flat_map(|layer| &layer.kpis) {
            let known = by_name.entry(loose_key(&entry.value.name));
            known
                .and_modify(|known| add_to(&mut known.value, &entry.value))
                .or_insert_with(|| self.config.resolved(entry));
        }
        by_name.into_values().collect()
    }

    fn list<T: Clone + 'c>(
        &self,
        choose: impl Fn(&'c Layer) -> Option<&'c Placed<Vec<Placed<T>>>>,
    ) -> Vec<Resolved<T>> {
        let chosen = self.layers().find_map(choose).map_or(&[][..], |list| &list.value);
        chosen.iter().map(|item| self.config.resolved(item)).collect()
    }
}

fn add_to(known: &mut KpiEntry, more: &KpiEntry) {
    if known.definition.is_none() {
        known.definition.clone_from(&more.definition);
    }
    let new = more.aliases.iter().filter(|alias| !known.aliases.contains(alias)).cloned().collect::<Vec<_>>();
    known.aliases.extend(new);
}
