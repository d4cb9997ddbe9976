//! Whether a file was read before as it would be read today: the flags, the settings that change values, and by what
//! the KPIs that it names were read.
//!
//! It must never make a file new because something changed that the file does not speak of, or because a KPI that it
//! does speak of has another name now: its earlier values would come back in silence.

use rustc_hash::FxHashSet;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::Result;
use crate::model::canonical::to_canonical_json;
use crate::model::kpi::as_read::KpiAsRead;
use crate::model::upload::UploadKind;
use crate::ops::rules::Rules;

/// Of a file with more names of KPIs than this only the hash of all definitions is kept.
const NAMES_KEPT: usize = 5_000;

/// The members of a reading that are not flags.
const KPIS: &str = "kpis";
const RULES: &str = "rules";

/// How a file would be read today.
pub(super) struct ReadingOfToday<'r, 'c> {
    kind: UploadKind,
    rules: &'r Rules<'c>,
    flags: Map<String, Value>,
}

impl<'r, 'c> ReadingOfToday<'r, 'c> {
    /// By these flags, of which those that were not given are left out, and these rules.
    pub(super) fn new(kind: UploadKind, rules: &'r Rules<'c>, flags: &impl Serialize) -> Self {
        let flags = match serde_json::to_value(flags) {
            Ok(Value::Object(flags)) => flags,
            _ => Map::new(),
        };
        Self { kind, rules, flags }
    }

    /// As it is kept with the upload: canonical JSON. `kpis` are those that the file names.
    pub(super) fn to_store(&self, kpis: &[KpiAsRead]) -> String {
        let mut members = self.flags.clone();
        let is_told_by_name = self.kind == UploadKind::Kpis && kpis.len() <= NAMES_KEPT;
        let rules = match self.kind {
            UploadKind::Kpis if !is_told_by_name => self.rules.reading_hash_of_all_kpis(),
            kind => self.rules.reading_hash(kind),
        };
        members.insert(RULES.to_owned(), rules.into());
        if is_told_by_name {
            members.insert(KPIS.to_owned(), serde_json::to_value(kpis).unwrap_or_default());
        }
        // Numbers and plain text always have a JSON.
        to_canonical_json(&members).unwrap_or_default()
    }

    /// Whether a reading that was kept is this one. `records_then` is what the customer said of its KPIs when it was
    /// kept; only readings of earlier programs are asked for it.
    ///
    /// # Errors
    /// What `records_then` says; `Damaged` where a record cannot be read.
    pub(super) fn is(&self, stored: &str, records_then: &dyn Fn() -> Result<Vec<String>>) -> Result<bool> {
        let Ok(Value::Object(mut members)) = serde_json::from_str(stored) else { return Ok(false) };
        let (kpis, rules) = (members.remove(KPIS), members.remove(RULES));
        if members != self.flags {
            return Ok(false);
        }
        let rules = rules.as_ref().and_then(Value::as_str).unwrap_or_default();
        match kpis {
            Some(kpis) => Ok(rules == self.rules.reading_hash(self.kind) && self.reads_the_same(kpis)),
            None if self.kind == UploadKind::Kpis => self.is_of_all_kpis(rules, records_then),
            None => Ok(rules == self.rules.reading_hash(self.kind)),
        }
    }

    fn reads_the_same(&self, kpis: Value) -> bool {
        let kpis: Vec<KpiAsRead> = match serde_json::from_value(kpis) {
            Ok(kpis) => kpis,
            Err(_) => return false,
        };
        kpis.iter().all(|kpi| kpi.reads_the_same(&self.rules.dictionary))
    }

    /// Of a reading that tells of all KPIs by one hash: whether each of them is read today as it was then.
    fn is_of_all_kpis(&self, hash: &str, records_then: &dyn Fn() -> Result<Vec<String>>) -> Result<bool> {
        if hash == self.rules.reading_hash_of_all_kpis() {
            return Ok(true);
        }
        let then = Rules::new(self.rules.settings, &records_then()?)?;
        if hash != then.reading_hash_of_all_kpis() {
            return Ok(false);
        }
        let today = &self.rules.dictionary;
        let names = then.dictionary.definitions().iter().map(|definition| &definition.kpi_name);
        let mut led_to = FxHashSet::default();
        for name in names.chain(then.aliases.iter().map(|(alias, _)| alias)) {
            let Some(found) = then.dictionary.find(name) else { continue };
            let definition = found.definition;
            let read = KpiAsRead::new(name, &definition.kpi_name, definition.unit, &then.dictionary);
            if !read.reads_the_same(today) {
                return Ok(false);
            }
            led_to.extend(today.find(name).map(|found| found.index));
        }
        // The file may name a KPI that was defined since, and that changes its values only by a unit or a scale.
        let mut added = today.definitions().iter().enumerate().filter(|(place, _)| !led_to.contains(place));
        Ok(added.all(|(_, definition)| definition.unit.is_none() && definition.scale.is_none()))
    }
}
