//! What uploads said of the KPIs of an account that was merged into another, as it is taken in there.
//!
//! What was known of the other account before the merge wins; of a KPI of which nothing was known, all is taken in that
//! uploads which count said. When an upload is taken back, another KPI may be such a one, and this is asked again.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::fold::{DayChange, WeightChange};
use super::retell::{ToldRow, in_upload_order};
use crate::model::ids::{SeriesId, UploadId};

/// What uploads said of an account, and what they said of those that were merged into it, in the order of writing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told {
    /// What they said of itself.
    pub own: Vec<ToldRow>,
    /// What was taken in, complete in its words, at most one row of an upload and day.
    pub taken_in: Vec<ToldRow>,
}

impl Told {
    /// What counts of all.
    fn counting(&self) -> impl Iterator<Item = &ToldRow> {
        self.own.iter().chain(&self.taken_in).filter(|row| row.counts)
    }
}

/// What an account takes in of others that were merged into it; `merged`: each with the newest upload of before, oldest
/// merge first. The rows are in upload order, one of an upload and day.
#[must_use]
pub fn wanted<'t>(
    own: &[ToldRow],
    merged: impl IntoIterator<Item = (&'t Told, Option<UploadId>)>,
) -> Vec<ToldRow> {
    let mut rows: Vec<ToldRow> = Vec::new();
    for (other, last_upload) in merged {
        let earlier = own.iter().filter(|row| row.counts).chain(&rows);
        let earlier = earlier.filter(|row| Some(row.said.upload) <= last_upload);
        let known: BTreeSet<SeriesId> = earlier.flat_map(series).collect();
        rows.extend(other.counting().filter_map(|row| without(row, &known)));
    }
    let mut rows = in_upload_order(rows);
    rows.iter_mut().for_each(|row| row.said.weights = one_each(&row.said.weights));
    rows
}

/// Every series of which a row speaks.
fn series(row: &ToldRow) -> Vec<SeriesId> {
    let changed = row.said.changed.iter().map(|(series, _)| *series);
    let weights = row.said.weights.iter().map(|change| change.series);
    changed.chain(weights).chain(row.named.iter().copied()).collect()
}

/// What of a row speaks of other series; None where nothing does.
fn without(row: &ToldRow, known: &BTreeSet<SeriesId>) -> Option<ToldRow> {
    let mut row = row.clone();
    row.named.retain(|series| !known.contains(series));
    row.said.changed.retain(|(series, _)| !known.contains(series));
    row.said.weights.retain(|change| !known.contains(&change.series));
    // The words are kept elsewhere: nothing of them is to be retold here.
    row.confirmed = Vec::new();
    (row.counted, row.counts) = (false, true);
    (!series(&row).is_empty()).then_some(row)
}

/// One weighting of each series, by series: of several, the last.
fn one_each(weights: &[WeightChange]) -> Vec<WeightChange> {
    let mut of_series: BTreeMap<SeriesId, WeightChange> = BTreeMap::new();
    for change in weights {
        let known = of_series.entry(change.series).or_insert(*change);
        known.weight = change.weight.or(known.weight);
        known.impact = change.impact.or(known.impact);
    }
    of_series.into_values().collect()
}

/// What was taken in so far and what is to be from now on, with how each counted and counts; and what has to be written
/// so that it is.
#[must_use]
pub fn settle(present: Vec<ToldRow>, wanted: Vec<ToldRow>) -> (Vec<ToldRow>, Vec<(UploadId, DayChange)>) {
    let place = |row: &ToldRow| (row.said.upload, row.said.dated, row.said.observed_on);
    let mut present: BTreeMap<(UploadId, bool, NaiveDate), ToldRow> =
        present.into_iter().map(|row| (place(&row), row)).collect();
    let (mut rows, mut news) = (Vec::new(), Vec::new());
    for row in wanted {
        match present.remove(&place(&row)) {
            Some(known) if said(&known) == said(&row) => rows.push(known),
            known => {
                news.push((row.said.upload, said(&row)));
                rows.extend(known.map(|known| ToldRow { counts: false, ..known }));
                rows.push(row);
            }
        }
    }
    for mut gone in present.into_values() {
        if gone.counts {
            let (named, changed) = (Vec::new(), Vec::new());
            let (weights, confirmed) = (Vec::new(), Vec::new());
            let (observed_on, dated) = (gone.said.observed_on, gone.said.dated);
            let nothing = DayChange { observed_on, dated, named, changed, weights, confirmed };
            news.push((gone.said.upload, nothing));
            gone.counts = false;
        }
        rows.push(gone);
    }
    (rows, news)
}

/// A row as it is written.
fn said(row: &ToldRow) -> DayChange {
    DayChange {
        observed_on: row.said.observed_on,
        dated: row.said.dated,
        named: row.named.clone(),
        changed: row.said.changed.clone(),
        weights: row.said.weights.clone(),
        confirmed: Vec::new(),
    }
}

#[cfg(test)]
#[path = "taken_in_tests.rs"]
mod tests;
