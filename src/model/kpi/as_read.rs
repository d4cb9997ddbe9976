//! By what the values of a KPI were read: what a file has to be read by again to say the same.
//!
//! A KPI that is renamed, or gets another name, is the same KPI; one that gets another unit is read otherwise. It must
//! never depend on KPIs that the file does not name.

use serde::{Deserialize, Serialize};

use super::Unit;
use super::dictionary::KpiDictionary;
use super::series::kpi_key;

/// A KPI as a file names it, and by what its values were read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KpiAsRead {
    /// The best value, which a fraction's denominator has to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<f64>,
    /// The name under which it was kept; None where that is the file's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kpi: Option<String>,
    /// The key of the file's name, as [`kpi_key`] makes it.
    pub name: String,
    /// The unit that the file gave, where the definition left it open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Unit>,
    /// The unit of its definition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
}

impl KpiAsRead {
    /// How a KPI that a file calls `name`, and that was kept as `kept`, is read by these definitions; `unit` is the one
    /// that its values were taken in.
    #[must_use]
    pub fn new(name: &str, kept: &str, unit: Option<Unit>, dictionary: &KpiDictionary) -> Self {
        let key = kpi_key(name);
        let definition = dictionary.find(kept).map(|found| found.definition);
        let defined = definition.and_then(|definition| definition.unit);
        Self {
            best: definition.and_then(|definition| definition.scale).map(|scale| scale.best),
            kpi: (kpi_key(kept) != key).then(|| kept.to_owned()),
            said: unit.filter(|_| defined.is_none()),
            unit: defined,
            name: key,
        }
    }

    /// Whether the same values would be read by these definitions: of the same KPI, in the same unit.
    #[must_use]
    pub fn reads_the_same(&self, dictionary: &KpiDictionary) -> bool {
        let now = dictionary.find(&self.name);
        let kept = self.kpi.as_deref().map_or(now, |kept| dictionary.find(kept));
        match (now, kept) {
            (Some(now), Some(kept)) if now.index == kept.index => {
                let best = now.definition.scale.map(|scale| scale.best);
                // A denominator is looked at only where there is a best value; one that was given since reads more.
                let is_scaled_alike = self.best.is_none() || self.best == best;
                is_scaled_alike && now.definition.unit.or(self.said) == self.unit.or(self.said)
            }
            (None, None) => self.kpi.is_none() && self.unit.is_none() && self.best.is_none(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kpi::KpiDefinition;

    fn of(unit: Option<Unit>, name: &str) -> KpiDefinition {
        KpiDefinition { unit, ..KpiDefinition::named(name) }
    }

    fn dictionary(definitions: Vec<KpiDefinition>, aliases: &[(&str, &str)]) -> KpiDictionary {
        let aliases: Vec<_> =
            aliases.iter().map(|(alias, kpi)| ((*alias).to_owned(), (*kpi).to_owned())).collect();
        KpiDictionary::new(definitions, &aliases)
    }

    #[test]
    fn other_names_are_the_same_reading() {
        let then = dictionary(vec![of(Some(Unit::Days), "Wait (WT)")], &[]);
        let read = [KpiAsRead::new("wt", "Wait (WT)", Some(Unit::Days), &then)];
        let stored = serde_json::to_string(&read).unwrap();
        assert_eq!(stored, r#"[{"kpi":"Wait (WT)","name":"wt","unit":"days"}]"#);
        let [read] = serde_json::from_str::<[KpiAsRead; 1]>(&stored).unwrap();
        let renamed = dictionary(
            vec![of(Some(Unit::Days), "Queue"), of(Some(Unit::Count), "Other")],
            &[("Wait (WT)", "Queue"), ("WT", "Queue")],
        );
        assert!(read.reads_the_same(&then) && read.reads_the_same(&renamed));
    }

    #[test]
    fn another_unit_or_another_kpi_is_another_reading() {
        let then = dictionary(vec![of(Some(Unit::Days), "Wait")], &[("w", "Wait")]);
        let read = KpiAsRead::new("W", "Wait", Some(Unit::Days), &then);
        let in_hours = dictionary(vec![of(Some(Unit::Hours), "Wait")], &[("w", "Wait")]);
        let moved = vec![of(Some(Unit::Days), "Wait"), of(Some(Unit::Days), "Wall")];
        assert!(!read.reads_the_same(&in_hours));
        assert!(!read.reads_the_same(&dictionary(moved, &[("w", "Wall")])));
        assert!(!read.reads_the_same(&dictionary(Vec::new(), &[])));
    }

    #[test]
    fn what_nobody_had_defined_is_read_the_same_until_it_gets_another_unit() {
        let none = dictionary(Vec::new(), &[]);
        let bare = KpiAsRead::new("Seats", "Seats", None, &none);
        let in_days = KpiAsRead::new("Seats", "Seats", Some(Unit::Days), &none);
        let seats = |unit| dictionary(vec![of(unit, "Seats")], &[]);
        assert!(bare.reads_the_same(&none) && bare.reads_the_same(&seats(None)));
        assert!(!bare.reads_the_same(&seats(Some(Unit::Count))));
        assert!(in_days.reads_the_same(&seats(Some(Unit::Days))) && in_days.reads_the_same(&none));
        assert!(!in_days.reads_the_same(&seats(Some(Unit::Hours))));
    }
}
