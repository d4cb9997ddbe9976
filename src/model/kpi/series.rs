//! Series: a KPI and product of a customer, under an id of ours that survives renaming.

use std::collections::HashMap;

use super::{Category, Unit};
use crate::model::ids::SeriesId;
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
}

impl SeriesSet {
    /// Adds a series.
    pub fn insert(&mut self, series: Series) {
        let key = (kpi_key(&series.kpi), series.product.as_deref().map(name_key));
        self.by_key.insert(key, series.id);
        self.by_id.insert(series.id, self.series.len());
        self.series.push(series);
    }

    /// The series of a KPI's name and product.
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
