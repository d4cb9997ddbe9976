//! Where the names of a record lead, and where they led before.

use crate::model::kpi::dictionary::KpiDictionary;
use crate::model::kpi::record::KpiRecord;
use crate::model::names::loose_key;
use crate::ops::rules::{Rules, leads_to};

/// Whether what the record says holds, and nothing else of the same KPI; one of names alone defines nothing.
pub(super) fn is_in_force(rules: &Rules<'_>, record: &KpiRecord) -> bool {
    record.definition.is_bare() || rules.dictionary.definitions().contains(&record.definition)
}

/// What of a record is not as it looks: a definition that does not hold, names that lead elsewhere, or led elsewhere.
pub(super) fn notes(before: &Rules<'_>, after: &Rules<'_>, record: &KpiRecord) -> Vec<String> {
    let mut notes = Vec::new();
    let name = &record.definition.kpi_name;
    if !is_in_force(after, record) {
        notes.push(format!("snapshots.toml defines '{name}' itself, and that holds"));
    }
    for name_or_alias in std::iter::once(name).chain(&record.aliases) {
        let led = target(&before.dictionary, name_or_alias);
        if !leads_to(&after.dictionary, name_or_alias, name) {
            let other = target(&after.dictionary, name_or_alias).unwrap_or("nothing");
            notes.push(format!("'{name_or_alias}' leads to '{other}', not to '{name}'"));
        } else if let Some(other) =
            led.filter(|other| !record.is_of(other) && loose_key(other) != loose_key(name))
        {
            notes.push(format!("'{name_or_alias}' led to '{other}' so far; from now on to '{name}'"));
        }
    }
    notes
}

fn target<'d>(dictionary: &'d KpiDictionary, name: &str) -> Option<&'d str> {
    dictionary.find(name).map(|found| found.definition.kpi_name.as_str())
}
