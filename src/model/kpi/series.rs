//! Series: a KPI and product of a customer, under an id of ours that survives renaming.
//!
//! What a series is called, and its unit and category, may be stated anew; what was stated before can be had back,
//! so that a snapshot is shown, and hashed, in the words of its own moment.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Category, Unit};
use crate::model::ids::{ChangeId, SeriesId};
use crate::model::names::{loose_key, name_key};

/// A KPI and product of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Our id.
    pub id: SeriesId,
    /// The KPI's name, as shown.
    pub kpi: String,
    /// The product; None for the whole account.
    pub product: Option<String>,
    /// The unit; None where it was never said.
    pub unit: Option<Unit>,
    /// The category; None where it was never said.
    pub category: Option<Category>,
}

/// The key by which KPIs are compared; a name of nothing but punctuation keeps it.
#[must_use]
pub fn kpi_key(name: &str) -> String {
    let key = loose_key(name);
    if key.is_empty() { name_key(name) } else { key }
}

/// All series of a customer.
#[derive(Debug, Clone, Default)]
pub struct SeriesSet {
    series: Vec<Series>,
    by_key: HashMap<(String, Option<String>), SeriesId>,
    by_id: HashMap<SeriesId, usize>,
    /// Every statement in order: a series as it was made, then as it was stated anew by a change.
    stated: Vec<(Option<ChangeId>, Series)>,
}

impl SeriesSet {
    /// Adds a series.
    pub fn insert(&mut self, series: Series) {
        self.take(None, series);
    }

    /// States a series anew: its words from `change` on. Its earlier names go on leading to it.
    pub fn restate(&mut self, change: ChangeId, series: Series) {
        self.take(Some(change), series);
    }

    fn take(&mut self, change: Option<ChangeId>, series: Series) {
        let key = (kpi_key(&series.kpi), series.product.as_deref().map(name_key));
        self.by_key.insert(key, series.id);
        match self.by_id.get(&series.id).and_then(|place| self.series.get_mut(*place)) {
            Some(known) => known.clone_from(&series),
            None => {
                self.by_id.insert(series.id, self.series.len());
                self.series.push(series.clone());
            }
        }
        self.stated.push((change, series));
    }

    /// The series in the words that held after a change: those of a snapshot, by the change that wrote it.
    #[must_use]
    pub fn as_of(&self, change: ChangeId) -> Cow<'_, Self> {
        let held = |stated: &Option<ChangeId>| stated.is_none_or(|stated| stated <= change);
        if self.stated.iter().all(|(stated, _)| held(stated)) {
            return Cow::Borrowed(self);
        }
        let mut then = Self::default();
        for (stated, series) in self.stated.iter().filter(|(stated, _)| held(stated)) {
            then.take(*stated, series.clone());
        }
        Cow::Owned(then)
    }

    /// The newest change that stated a series anew.
    #[must_use]
    pub fn last_restated(&self) -> Option<ChangeId> {
        self.stated.iter().filter_map(|(change, _)| *change).max()
    }

    /// The series of a KPI's name, of today or earlier, and product.
    #[must_use]
    pub fn find(&self, kpi: &str, product: Option<&str>) -> Option<SeriesId> {
        self.by_key.get(&(kpi_key(kpi), product.map(name_key))).copied()
    }

    /// A series by its id.
    #[must_use]
    pub fn get(&self, id: SeriesId) -> Option<&Series> {
        self.by_id.get(&id).and_then(|place| self.series.get(*place))
    }

    /// Every series, in the order in which it was added.
    #[must_use]
    pub fn all(&self) -> &[Series] {
        &self.series
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(id: i64, kpi: &str) -> Series {
        Series { id: SeriesId::new(id), kpi: kpi.into(), product: None, unit: None, category: None }
    }

    #[test]
    fn a_series_is_called_as_it_was_at_each_moment() {
        let mut set = SeriesSet::default();
        set.insert(series(1, "Old"));
        set.insert(series(2, "Other"));
        set.restate(ChangeId::new(5), series(1, "New"));
        set.restate(ChangeId::new(9), series(1, "Newest"));
        let name_at = |change| {
            let then = set.as_of(ChangeId::new(change));
            then.get(SeriesId::new(1)).map(|series| series.kpi.clone())
        };
        for (change, name) in [(4, "Old"), (5, "New"), (8, "New"), (9, "Newest"), (99, "Newest")] {
            assert_eq!(name_at(change).as_deref(), Some(name), "{change}");
        }
        assert!(matches!(set.as_of(ChangeId::new(9)), Cow::Borrowed(_)));
        for name in ["old", "NEW", "Newest"] {
            assert_eq!(set.find(name, None), Some(SeriesId::new(1)), "{name}");
        }
        assert_eq!(set.all().len(), 2);
    }
}
