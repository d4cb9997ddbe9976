//! What of a definition file is new.

use std::collections::BTreeMap;

use crate::error::{Context as _, Error, ErrorKind, Result};
use crate::model::canonical::to_canonical_json;
use crate::model::kpi::definition_file::DefinitionFile;
use crate::model::kpi::dictionary::FoundBy;
use crate::model::kpi::record::KpiRecord;
use crate::model::kpi::series::kpi_key;
use crate::model::kpi::{KpiDefinition, catalogue};
use crate::model::names::loose_key;
use crate::ops::rules::{Rules, parse_records};
use crate::report::kpis::NameChange;

/// A definition of the file.
pub(super) struct Planned {
    pub(super) kpi: KpiRecord,
    /// The same as canonical JSON.
    pub(super) content: String,
    /// How it differs from what is known; None where it does not.
    pub(super) change: Option<NameChange>,
}

/// Compares a file with the customer's newest records and, for a KPI that has none, with the catalogue.
///
/// A file without a column of aliases leaves the known ones as they are; names given by hand and the mark of a retired
/// KPI stay in any case. A KPI that was renamed is known by its earlier names too, and keeps its name.
pub(super) fn plan(before: &Rules<'_>, stored: &[String], file: &DefinitionFile) -> Result<Vec<Planned>> {
    let records = parse_records(stored)?;
    let mut known: BTreeMap<String, &KpiRecord> = BTreeMap::new();
    for record in &records {
        known.extend(record.all_names().map(|name| (kpi_key(name), record)));
    }
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let planned = file.definitions.iter().map(|definition| {
        let known = known.get(&kpi_key(&definition.kpi_name)).copied();
        let kpi = record(file, definition, known);
        if let Some(other) = seen.insert(kpi_key(kpi.identity()), &definition.kpi_name) {
            return Err(named_twice(other, &definition.kpi_name));
        }
        let had_one = before.dictionary.find(&definition.kpi_name).is_some_and(|f| f.by == FoundBy::Name);
        let change = if had_one || known.is_some() { NameChange::Changed } else { NameChange::Added };
        let content = to_canonical_json(&kpi)
            .context(ErrorKind::Failed, || "cannot write a definition as JSON".to_owned())?;
        Ok(Planned { change: (!is_known(&kpi, known)).then_some(change), kpi, content })
    });
    planned.collect()
}

/// What the file says of a KPI, with what stays of what was known.
fn record(file: &DefinitionFile, definition: &KpiDefinition, known: Option<&KpiRecord>) -> KpiRecord {
    let Some(known) = known else {
        return KpiRecord::imported(definition.clone(), aliases(file, &definition.kpi_name));
    };
    let mut aliases = match file.has_aliases {
        true => aliases(file, &definition.kpi_name),
        false => known.aliases.clone(),
    };
    let mut definition = definition.clone();
    if !known.former_names.is_empty() {
        // The list that `kpis list` writes has the earlier names among the aliases.
        aliases.retain(|alias| !known.is_of(alias));
        definition.kpi_name.clone_from(&known.definition.kpi_name);
    }
    let former_names = known.former_names.clone();
    KpiRecord { former_names, retired: known.retired, ..KpiRecord::imported(definition, aliases) }
}

/// Whether the file says nothing new of a KPI.
fn is_known(kpi: &KpiRecord, known: Option<&KpiRecord>) -> bool {
    let Some(known) = known else {
        return kpi.aliases.is_empty() && catalogue::builtin().contains(&kpi.definition);
    };
    if !known.definition.is_bare() {
        return known.definition == kpi.definition && known.aliases == kpi.aliases;
    }
    let key = kpi_key(known.identity());
    let own = catalogue::builtin().iter().find(|definition| kpi_key(&definition.kpi_name) == key);
    let as_named = own.map(|own| KpiDefinition { kpi_name: kpi.definition.kpi_name.clone(), ..own.clone() });
    as_named.as_ref() == Some(&kpi.definition) && known.aliases == kpi.aliases
}

fn named_twice(one: &str, other: &str) -> Error {
    let message =
        format!("the KPI definitions were refused: '{one}' and '{other}' are one KPI, which was renamed");
    Error::new(ErrorKind::InputRefused, message).with_hint("leave one of the two rows out")
}

/// The file's aliases of a KPI, sorted, so that their order makes no difference.
fn aliases(file: &DefinitionFile, kpi_name: &str) -> Vec<String> {
    let own = file.aliases.iter().filter(|(_, kpi)| kpi == kpi_name);
    let mut aliases: Vec<String> = own.map(|(alias, _)| alias.clone()).collect();
    aliases.sort_unstable();
    aliases.dedup_by_key(|alias| loose_key(alias));
    aliases
}
