//! What is known of a customer's KPIs when a command begins, and the KPI that a person's word leads to.

use crate::error::{Error, ErrorKind, Result};
use crate::model::kpi::dictionary::FoundBy;
use crate::model::kpi::record::KpiRecord;
use crate::model::kpi::series::{Series, SeriesSet, kpi_key};
use crate::model::kpi::{DefinitionOrigin, KpiDefinition, catalogue};
use crate::model::names::loose_key;
use crate::ops::Context;
use crate::ops::kpis::{kpis, load_rules, stored_records, unknown_kpi};
use crate::ops::names::checked_name;
use crate::ops::rules::{Rules, parse_records};
use crate::store::WriteTransaction;

/// Rules, records and series of the customer.
pub(super) struct Known<'a> {
    pub(super) rules: Rules<'a>,
    pub(super) records: Vec<KpiRecord>,
    pub(super) series: SeriesSet,
    customer_name: String,
}

/// A KPI that is there: defined, named by hand, or only stored.
pub(super) struct Subject<'k> {
    /// Its name in force.
    pub(super) name: &'k str,
    /// Its definition in force; None where it is only stored.
    pub(super) definition: Option<&'k KpiDefinition>,
    /// What the customer says of it.
    pub(super) record: Option<&'k KpiRecord>,
    /// What is to be told of how it was found.
    pub(super) notes: Vec<String>,
}

impl<'a> Known<'a> {
    /// Reads what is known within a transaction.
    pub(super) fn load(context: &Context<'a>, transaction: &WriteTransaction<'_>) -> Result<Self> {
        let stored = stored_records(transaction)?;
        Ok(Self {
            rules: load_rules(context, transaction)?,
            records: parse_records(&stored)?,
            series: transaction.load_series()?,
            customer_name: transaction.customer_name().to_owned(),
        })
    }

    /// The KPI that a name leads to, as `kpis show` finds it.
    pub(super) fn find(&self, name: &str) -> Option<Subject<'_>> {
        if let Some(found) = self.rules.dictionary.find(name) {
            let own = found.definition.kpi_name.as_str();
            let record = self.records.iter().find(|record| record.is_of(own));
            let shared = (found.by == FoundBy::SharedAbbreviation)
                .then(|| format!("several KPIs bear '{name}'; this is {own}"));
            let notes = shared.into_iter().collect();
            return Some(Subject { name: own, definition: Some(found.definition), record, notes });
        }
        let stored = self.stored(name)?;
        Some(Subject { name: &stored.kpi, definition: None, record: None, notes: Vec::new() })
    }

    /// As [`Known::find`].
    ///
    /// # Errors
    /// `UnknownKpi` with the nearest name.
    pub(super) fn load_kpi(&self, name: &str) -> Result<Subject<'_>> {
        self.find(name).ok_or_else(|| {
            let kpis = kpis(&self.rules, &self.series);
            unknown_kpi(&self.customer_name, &self.rules, &kpis, name)
        })
    }

    /// A series that is stored under a name without a definition.
    fn stored(&self, name: &str) -> Option<&Series> {
        let key = kpi_key(name);
        self.series
            .all()
            .iter()
            .find(|series| kpi_key(&series.kpi) == key && self.rules.dictionary.find(&series.kpi).is_none())
    }

    /// Refuses a name that leads to another KPI than this one.
    ///
    /// # Errors
    /// `InputRefused`, with that KPI.
    pub(super) fn check_is_free(
        &self,
        name: &str,
        subject: Option<&Subject<'_>>,
        stored: Stored,
    ) -> Result<()> {
        let Some(other) = self.find(name) else { return Ok(()) };
        let is_own = subject.is_some_and(|subject| loose_key(subject.name) == loose_key(other.name));
        if is_own || (stored == Stored::MayJoin && other.definition.is_none()) {
            return Ok(());
        }
        let message = match loose_key(other.name) == loose_key(name) {
            true => format!("'{name}' is another KPI"),
            false => format!("'{name}' leads to '{}' already", other.name),
        };
        Err(Error::new(ErrorKind::InputRefused, message).with_hint(format!(
            "give another name; see: {}",
            self.rules.dictionary.command("show", other.name, "")
        )))
    }

    /// Where the KPI's definition comes from.
    pub(super) fn origin(&self, subject: &Subject<'_>) -> Option<DefinitionOrigin> {
        subject.definition.map(|definition| self.rules.origin_of(definition))
    }

    /// Unit and category of a KPI that is only stored, as files gave them.
    pub(super) fn as_stored(&self, subject: &Subject<'_>) -> KpiDefinition {
        let key = kpi_key(subject.name);
        let own = || self.series.all().iter().filter(|series| kpi_key(&series.kpi) == key);
        KpiDefinition {
            unit: own().find_map(|series| series.unit),
            category: own().find_map(|series| series.category),
            ..KpiDefinition::named(subject.name)
        }
    }
}

/// Whether a name of values that nobody defined may be taken in as another KPI's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    /// They become values of that KPI.
    MayJoin,
    /// They are a KPI of their own.
    IsAnother,
}

impl Subject<'_> {
    /// What is said of it so far, or, where nothing is, a record that says no more than its name.
    pub(super) fn record_or_bare(&self) -> KpiRecord {
        self.record.cloned().unwrap_or_else(|| KpiRecord::bare(self.name))
    }

    /// The definition under that of the settings: the customer's own, else the catalogue's, under the name in force.
    pub(super) fn own_definition(&self) -> Option<KpiDefinition> {
        if let Some(own) = self.record.filter(|record| !record.definition.is_bare()) {
            return Some(own.definition.clone());
        }
        let key = kpi_key(self.record.map_or(self.name, KpiRecord::identity));
        let built_in = catalogue::builtin().iter().find(|definition| kpi_key(&definition.kpi_name) == key)?;
        let kpi_name = self.record.map_or(&built_in.kpi_name, |record| &record.definition.kpi_name).clone();
        Some(KpiDefinition { kpi_name, ..built_in.clone() })
    }
}

/// A name for a KPI, as a file could give it.
///
/// # Errors
/// `InputRefused` where it is no name, or has neither letter nor digit to be compared by.
pub(super) fn checked_kpi_name(name: &str) -> Result<&str> {
    checked_name("the KPI", name)?;
    if loose_key(name).is_empty() {
        return Err(Error::new(
            ErrorKind::InputRefused,
            "the KPI: expected a name with letters or digits, got none",
        ));
    }
    Ok(name.trim())
}
