//! What of a definition file is new, and what the names in it will lead to.

use std::collections::BTreeMap;

use crate::error::{Context as _, ErrorKind, Result};
use crate::model::canonical::to_canonical_json;
use crate::model::kpi::KpiDefinition;
use crate::model::kpi::catalogue;
use crate::model::kpi::definition_file::DefinitionFile;
use crate::model::kpi::dictionary::{FoundBy, KpiDictionary};
use crate::model::kpi::series::kpi_key;
use crate::model::names::loose_key;
use crate::ops::rules::{ImportedKpi, Rules, leads_to, parse_imported};
use crate::report::kpis::NameChange;

/// A definition of the file.
pub(super) struct Planned {
    pub(super) kpi: ImportedKpi,
    /// The same as canonical JSON.
    pub(super) content: String,
    /// How it differs from what is known; None where it does not.
    pub(super) change: Option<NameChange>,
}

/// Compares a file with the customer's newest imports and, for a KPI that was never imported, with the catalogue.
///
/// A file without a column of aliases leaves the imported ones as they are.
pub(super) fn plan(before: &Rules<'_>, stored: &[String], file: &DefinitionFile) -> Result<Vec<Planned>> {
    let mut imported: BTreeMap<String, ImportedKpi> = BTreeMap::new();
    for text in stored {
        let kpi = parse_imported(text)?;
        imported.insert(kpi_key(&kpi.definition.kpi_name), kpi);
    }
    let planned = file.definitions.iter().map(|definition| {
        let known = imported.get(&kpi_key(&definition.kpi_name));
        let aliases = match known {
            Some(known) if !file.has_aliases => known.aliases.clone(),
            _ => aliases(file, &definition.kpi_name),
        };
        let kpi = ImportedKpi { definition: definition.clone(), aliases };
        let is_known = match known {
            Some(known) => *known == kpi,
            None => kpi.aliases.is_empty() && catalogue::builtin().contains(definition),
        };
        let had_one = before.dictionary.find(&definition.kpi_name).is_some_and(|f| f.by == FoundBy::Name);
        let change = if had_one { NameChange::Changed } else { NameChange::Added };
        let content = to_canonical_json(&kpi)
            .context(ErrorKind::Failed, || "cannot write a definition as JSON".to_owned())?;
        Ok(Planned { kpi, content, change: (!is_known).then_some(change) })
    });
    planned.collect()
}

/// The file's aliases of a KPI, sorted, so that their order makes no difference.
fn aliases(file: &DefinitionFile, kpi_name: &str) -> Vec<String> {
    let own = file.aliases.iter().filter(|(_, kpi)| kpi == kpi_name);
    let mut aliases: Vec<String> = own.map(|(alias, _)| alias.clone()).collect();
    aliases.sort_unstable();
    aliases.dedup_by_key(|alias| loose_key(alias));
    aliases
}

/// Whether this definition holds, and no other of the same KPI.
pub(super) fn is_in_force(rules: &Rules<'_>, definition: &KpiDefinition) -> bool {
    rules.dictionary.definitions().contains(definition)
}

/// What of the plan is not as it looks: definitions that do not hold, names that lead elsewhere, or led elsewhere.
pub(super) fn notes(before: &Rules<'_>, after: &Rules<'_>, planned: &[Planned]) -> Vec<String> {
    let mut notes = Vec::new();
    for Planned { kpi, .. } in planned.iter().filter(|planned| planned.change.is_some()) {
        let name = &kpi.definition.kpi_name;
        if !is_in_force(after, &kpi.definition) {
            notes.push(format!("snapshots.toml defines '{name}' itself, and that holds"));
        }
        for name_or_alias in std::iter::once(name).chain(&kpi.aliases) {
            let led = target(&before.dictionary, name_or_alias);
            if !leads_to(&after.dictionary, name_or_alias, name) {
                let other = target(&after.dictionary, name_or_alias).unwrap_or("nothing");
                notes.push(format!("'{name_or_alias}' leads to '{other}', not to '{name}'"));
            } else if let Some(other) = led.filter(|other| loose_key(other) != loose_key(name)) {
                notes.push(format!("'{name_or_alias}' led to '{other}' so far; from now on to '{name}'"));
            }
        }
    }
    notes
}

fn target<'d>(dictionary: &'d KpiDictionary, name: &str) -> Option<&'d str> {
    dictionary.find(name).map(|found| found.definition.kpi_name.as_str())
}
