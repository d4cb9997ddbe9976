//! The layers of KPI definitions, each over the one before: the catalogue, the customer's records, the settings.
//!
//! A layer knows a KPI by any full name that it ever had, so that one which was renamed is defined once, whichever
//! of its names a lower or a higher layer gives it.

use std::collections::{BTreeMap, HashMap};

use super::record::KpiRecord;
use super::series::kpi_key;
use super::{DefinitionOrigin, KpiDefinition, catalogue};

/// What the settings say of a KPI.
#[derive(Debug, Clone, Copy)]
pub struct ConfiguredKpi<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is; None where only names are added.
    pub definition: Option<&'a KpiDefinition>,
    /// Further names that lead to it.
    pub aliases: &'a [String],
}

/// The definitions that hold, and what leads to them.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    /// One of each KPI, in no particular order.
    pub definitions: Vec<KpiDefinition>,
    /// Further names: alias, and the KPI to which it is to lead; of several meanings the last holds.
    pub aliases: Vec<(String, String)>,
    /// The keys of the retired KPIs, sorted.
    pub retired: Vec<String>,
    /// Where each definition comes from, by the key of its KPI.
    pub origins: HashMap<String, DefinitionOrigin>,
}

impl Layers {
    /// Lays the records over the catalogue, and the settings over both.
    #[must_use]
    pub fn new<'a>(records: &[KpiRecord], settings: impl Iterator<Item = ConfiguredKpi<'a>>) -> Self {
        let mut builder = Builder::of_catalogue();
        records.iter().for_each(|record| builder.take_record(record));
        settings.for_each(|configured| builder.take_configured(configured));
        builder.finish()
    }
}

struct Entry {
    definition: KpiDefinition,
    origin: DefinitionOrigin,
    retired: bool,
}

/// A name that is to lead somewhere: to an entry, or, where there is none of that name, to a name.
struct Alias {
    name: String,
    entry: Option<usize>,
    target: String,
}

#[derive(Default)]
struct Builder {
    entries: Vec<Entry>,
    /// Every full name, of today or earlier, by its key.
    by_name: BTreeMap<String, usize>,
    aliases: Vec<Alias>,
}

impl Builder {
    fn of_catalogue() -> Self {
        let mut builder = Self::default();
        for definition in catalogue::builtin() {
            builder.add(definition.clone(), DefinitionOrigin::Catalogue);
        }
        builder
    }

    fn add(&mut self, definition: KpiDefinition, origin: DefinitionOrigin) -> usize {
        let place = self.entries.len();
        self.by_name.insert(kpi_key(&definition.kpi_name), place);
        self.entries.push(Entry { definition, origin, retired: false });
        place
    }

    fn take_record(&mut self, record: &KpiRecord) {
        let origin = match record.by_hand || record.definition.is_bare() {
            true => DefinitionOrigin::ByHand,
            false => DefinitionOrigin::Imported,
        };
        let place = match self.by_name.get(&kpi_key(record.identity())).copied() {
            Some(place) => place,
            None => self.add(record.definition.clone(), origin),
        };
        if let Some(entry) = self.entries.get_mut(place) {
            entry.retired = record.retired;
            if record.definition.is_bare() {
                entry.definition.kpi_name.clone_from(&record.definition.kpi_name);
            } else {
                (entry.definition, entry.origin) = (record.definition.clone(), origin);
            }
        }
        let target = &record.definition.kpi_name;
        self.by_name.extend(record.all_names().map(|name| (kpi_key(name), place)));
        let former = record.former_names.iter().filter(|name| kpi_key(name) != kpi_key(target));
        for name in record.aliases.iter().chain(former) {
            self.lead(name, Some(place), target);
        }
    }

    fn take_configured(&mut self, configured: ConfiguredKpi<'_>) {
        let ConfiguredKpi { name, definition, aliases } = configured;
        let mut place = self.by_name.get(&kpi_key(name)).copied();
        if let Some(definition) = definition {
            match place.and_then(|place| self.entries.get_mut(place)) {
                Some(entry) => {
                    entry.origin = DefinitionOrigin::Config;
                    let before = std::mem::replace(&mut entry.definition, definition.clone()).kpi_name;
                    if kpi_key(&before) != kpi_key(name) {
                        self.lead(&before, place, name);
                    }
                }
                None => place = Some(self.add(definition.clone(), DefinitionOrigin::Config)),
            }
        }
        for alias in aliases {
            self.lead(alias, place, name);
        }
    }

    fn lead(&mut self, name: &str, entry: Option<usize>, target: &str) {
        self.aliases.push(Alias { name: name.to_owned(), entry, target: target.to_owned() });
    }

    fn finish(self) -> Layers {
        let entries = &self.entries;
        let alias = |alias: Alias| {
            let definition = alias.entry.and_then(|place| entries.get(place)).map(|entry| &entry.definition);
            // The name in force may be another than the one that the alias was given with.
            let other = definition.filter(|kpi| kpi_key(&kpi.kpi_name) != kpi_key(&alias.target));
            (alias.name, other.map_or(alias.target, |kpi| kpi.kpi_name.clone()))
        };
        let aliases = self.aliases.into_iter().map(alias).collect();
        let key = |entry: &Entry| kpi_key(&entry.definition.kpi_name);
        let mut retired: Vec<String> = entries.iter().filter(|entry| entry.retired).map(key).collect();
        retired.sort_unstable();
        let origins = entries.iter().map(|entry| (key(entry), entry.origin)).collect();
        let definitions = self.entries.into_iter().map(|entry| entry.definition).collect();
        Layers { definitions, aliases, retired, origins }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kpi::Unit;
    use crate::model::kpi::dictionary::KpiDictionary;

    fn dictionary(layers: &Layers) -> KpiDictionary {
        KpiDictionary::new(layers.definitions.clone(), &layers.aliases)
    }

    fn name_of(layers: &Layers, name: &str) -> Option<String> {
        dictionary(layers).find(name).map(|found| found.definition.kpi_name.clone())
    }

    fn in_percent(name: &str) -> KpiDefinition {
        KpiDefinition { unit: Some(Unit::Percent), ..KpiDefinition::named(name) }
    }

    #[test]
    fn a_record_of_names_alone_leaves_the_catalogues_definition_in_force() {
        let record = KpiRecord::bare("Ticket Volume").renamed("Tickets", &[]);
        let layers = Layers::new(&[record], std::iter::empty());
        assert_eq!(layers.definitions.len(), catalogue::builtin().len());
        for name in ["tickets", "TICKET VOLUME"] {
            assert_eq!(name_of(&layers, name).as_deref(), Some("Tickets"), "{name}");
        }
        let found = dictionary(&layers);
        assert!(found.find("Tickets").is_some_and(|found| found.definition.scale.is_some()));
        assert_eq!(layers.origins.get("tickets"), Some(&DefinitionOrigin::Catalogue));
    }

    #[test]
    fn the_settings_hold_over_a_record_under_whichever_name_they_know_the_kpi() {
        let record = KpiRecord { by_hand: true, ..KpiRecord::imported(in_percent("A"), vec!["x".into()]) };
        let record = record.renamed("B", &[]);
        let configured = in_percent("A");
        let aliases = ["y".to_owned()];
        let own = ConfiguredKpi { name: "A", definition: Some(&configured), aliases: &aliases };
        let layers = Layers::new(std::slice::from_ref(&record), [own].into_iter());
        for name in ["a", "b", "x", "y"] {
            assert_eq!(name_of(&layers, name).as_deref(), Some("A"), "{name}");
        }
        assert_eq!(layers.origins.get("a"), Some(&DefinitionOrigin::Config));
        let names_only = ConfiguredKpi { definition: None, ..own };
        let layers = Layers::new(&[record], [names_only].into_iter());
        assert_eq!(name_of(&layers, "y").as_deref(), Some("B"));
        assert_eq!(layers.origins.get("b"), Some(&DefinitionOrigin::ByHand));
    }

    #[test]
    fn retired_kpis_are_told_by_the_key_of_their_name() {
        let retired = |name: &str| KpiRecord { retired: true, ..KpiRecord::bare(name) };
        let layers = Layers::new(&[retired("Zeta"), retired("Ticket Volume")], std::iter::empty());
        assert_eq!(layers.retired, ["ticketvolume", "zeta"]);
        assert_eq!(layers.origins.get("zeta"), Some(&DefinitionOrigin::ByHand));
    }
}
