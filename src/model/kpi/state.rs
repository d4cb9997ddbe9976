//! One account's KPIs as they are known now.
//!
//! A value's rank is the day up to which it speaks: the day of the value, but no later than the day on which it
//! was ingested (a period may still run). The highest rank is current; among equals the newest upload.

use chrono::NaiveDate;

use super::Impact;
use crate::model::ids::{SeriesId, UploadId};

/// One KPI (and product) of an account.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KpiEntry {
    /// Which KPI and product.
    pub series: SeriesId,
    /// The value in the KPI's unit; None where it was withdrawn.
    pub value: Option<f64>,
    /// The day of the value: as the file dated it, else the day of the ingest that changed it.
    pub observed_on: NaiveDate,
    /// The value's rank.
    pub effective_on: NaiveDate,
    /// The upload that said it.
    pub upload: UploadId,
    /// The weight within the category, where one was ever given.
    pub weight: Option<Ranked<f64>>,
    /// The impact, where one was ever given.
    pub impact: Option<Ranked<Impact>>,
}

/// Something said, with the rank of its saying.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked<T> {
    /// What was said.
    pub value: T,
    /// Its rank.
    pub effective_on: NaiveDate,
}

/// An account's KPIs, each once, in the order of their series ids.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KpiState {
    entries: Vec<KpiEntry>,
}

impl KpiState {
    /// From entries in any order; of two with one series the later one stays.
    #[must_use]
    pub fn new(mut entries: Vec<KpiEntry>) -> Self {
        if !entries.is_sorted_by(|a, b| a.series < b.series) {
            entries.reverse();
            entries.sort_by_key(|entry| entry.series);
            entries.dedup_by_key(|entry| entry.series);
        }
        Self { entries }
    }

    /// The entries, by series id.
    #[must_use]
    pub fn entries(&self) -> &[KpiEntry] {
        &self.entries
    }

    /// The entry of a series.
    #[must_use]
    pub fn find(&self, series: SeriesId) -> Option<&KpiEntry> {
        let place = self.place(series).ok()?;
        self.entries.get(place)
    }

    pub(super) fn find_mut(&mut self, series: SeriesId) -> Option<&mut KpiEntry> {
        let place = self.place(series).ok()?;
        self.entries.get_mut(place)
    }

    pub(super) fn insert(&mut self, entry: KpiEntry) {
        match self.place(entry.series) {
            Ok(place) => {
                if let Some(known) = self.entries.get_mut(place) {
                    *known = entry;
                }
            }
            Err(place) => self.entries.insert(place, entry),
        }
    }

    fn place(&self, series: SeriesId) -> Result<usize, usize> {
        // New series come in rising order, so the end is looked at first.
        match self.entries.last() {
            Some(last) if last.series < series => Err(self.entries.len()),
            _ => self.entries.binary_search_by_key(&series, |entry| entry.series),
        }
    }
}
