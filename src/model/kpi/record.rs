//! What a customer's own records say of a KPI: a definition, further names, earlier names, whether it is retired.
//!
//! Each record is one version; the newest of a KPI holds. A record that says nothing but names leaves the definition
//! below it (the catalogue's) in force, so that a KPI is renamed or retired without pinning what it is.

use serde::{Deserialize, Serialize};

use super::KpiDefinition;
use super::series::kpi_key;

/// One version of what a customer says of a KPI, as the database keeps it in JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KpiRecord {
    /// The definition, under the KPI's name of today; bare where only names were given.
    pub definition: KpiDefinition,
    /// Further names that lead to it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The names that it bore before, the very first one first; they go on leading to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_names: Vec<String>,
    /// Whether the definition was made by `kpis set`, not by an import.
    #[serde(default, skip_serializing_if = "is_false")]
    pub by_hand: bool,
    /// Whether it counts in nothing any more.
    #[serde(default, skip_serializing_if = "is_false")]
    pub retired: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl KpiRecord {
    /// A record that says no more than that there is a KPI of this name.
    #[must_use]
    pub fn bare(kpi_name: impl Into<String>) -> Self {
        Self::imported(KpiDefinition::named(kpi_name), Vec::new())
    }

    /// A definition of a file, with its aliases.
    #[must_use]
    pub const fn imported(definition: KpiDefinition, aliases: Vec<String>) -> Self {
        Self { definition, aliases, former_names: Vec::new(), by_hand: false, retired: false }
    }

    /// The name under which the KPI was first known: it stays the same through all renaming.
    #[must_use]
    pub fn identity(&self) -> &str {
        self.former_names.first().unwrap_or(&self.definition.kpi_name)
    }

    /// Whether the KPI bears this name in full, or bore it.
    #[must_use]
    pub fn is_of(&self, name: &str) -> bool {
        let key = kpi_key(name);
        self.all_names().any(|own| kpi_key(own) == key)
    }

    /// The name of today and all earlier ones.
    pub fn all_names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.definition.kpi_name).chain(&self.former_names).map(String::as_str)
    }

    /// The same KPI under another name; what it was called, and the short forms that led to it, go on leading to it.
    #[must_use]
    pub fn renamed(&self, name: &str, short_forms: &[String]) -> Self {
        let mut renamed = self.clone();
        let old = std::mem::replace(&mut renamed.definition.kpi_name, name.to_owned());
        if kpi_key(&old) != kpi_key(name) && !has(&renamed.former_names, &old) {
            renamed.former_names.push(old);
        }
        renamed.aliases.retain(|alias| kpi_key(alias) != kpi_key(name));
        renamed.add_aliases(short_forms);
        renamed
    }

    /// Adds names that it does not have yet, case, spaces and punctuation aside; all of them are sorted then.
    pub fn add_aliases(&mut self, names: &[String]) {
        for name in names {
            if !has(&self.aliases, name) && !self.is_of(name) {
                self.aliases.push(name.clone());
            }
        }
        self.aliases.sort_unstable();
    }
}

fn has(names: &[String], name: &str) -> bool {
    let key = kpi_key(name);
    names.iter().any(|known| kpi_key(known) == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::canonical::to_canonical_json;

    #[test]
    fn a_record_of_an_import_is_written_as_it_always_was() {
        let json = r#"{"aliases":["a"],"definition":{"best":4,"category":"Support","critical_edge":2,"direction":"higher","healthy_edge":3,"kpi_name":"A","unit":"%","worst":1}}"#;
        let read: KpiRecord = serde_json::from_str(json).unwrap();
        assert_eq!((read.by_hand, read.retired, read.identity()), (false, false, "A"));
        assert_eq!(to_canonical_json(&read).unwrap(), json);
    }

    #[test]
    fn names_come_and_go_and_the_identity_stays() {
        let first = KpiRecord::bare("Alpha (AB)");
        let second = first.renamed("Beta", &["AB".to_owned(), "Alpha".to_owned()]);
        assert_eq!((second.identity(), second.definition.kpi_name.as_str()), ("Alpha (AB)", "Beta"));
        assert_eq!(second.aliases, ["AB", "Alpha"]);
        assert!(second.is_of("alpha ab") && second.is_of("BETA") && !second.is_of("AB"));
        let back = second.renamed("Alpha (AB)", &[]).renamed("Beta", &[]);
        assert_eq!(back.former_names, ["Alpha (AB)", "Beta"]);
        assert_eq!(back.identity(), "Alpha (AB)");
    }

    #[test]
    fn another_spelling_of_the_name_is_no_former_name() {
        let respelled = KpiRecord::bare("seats used").renamed("Seats Used", &[]);
        assert_eq!((respelled.definition.kpi_name.as_str(), respelled.former_names.len()), ("Seats Used", 0));
    }
}
