//! What is known of an account's KPIs when an upload is taken back, or counts again: the remaining ones, folded anew.
//!
//! What an upload said and everybody knew is kept as "named", without the value. Where the value came from the upload
//! that is taken back, it has to be said in words: it is *retold* in the name of the upload that had only named it.
//! After that, following the uploads that count, in upload order, is again all that is known.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::fold::{DayChange, WeightChange};
use super::replay::{Said, follow};
use super::state::{KpiState, Ranked};
use crate::model::ids::{SeriesId, UploadId};

/// A row of what uploads said, and whether its upload counts.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldRow {
    /// What it said that was news.
    pub said: Said,
    /// All series that it named.
    pub named: Vec<SeriesId>,
    /// The weights and impacts that it named, and that were known.
    pub confirmed: Vec<WeightChange>,
    /// Whether its upload counted so far.
    pub counted: bool,
    /// Whether it counts from now on.
    pub counts: bool,
}

impl ToldRow {
    /// Whether a weight or impact of the row would have been noted beside a known one.
    fn outranks<T: PartialEq + Copy>(&self, known: Option<Ranked<T>>, said: T) -> bool {
        let effective_on = self.said.effective_on();
        known.is_none_or(|ranked| {
            let differs = ranked.value != said && effective_on >= ranked.effective_on;
            differs || (self.said.dated && effective_on != ranked.effective_on)
        })
    }
}

/// The fold of the uploads that count from now on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Retold {
    /// What is known now.
    pub state: KpiState,
    /// What has to be said in words, in the name of the upload that had only named it, in upload order.
    pub retold: Vec<(UploadId, DayChange)>,
    /// The uploads after which what was known differs from what is now known to have been true, in upload order.
    pub differing: Vec<UploadId>,
    /// The last upload that counts and that changed a value.
    pub values_changed: Option<UploadId>,
    /// Whether anything is known otherwise than so far, be it of a day that is over.
    pub is_other: bool,
}

/// One way in which the rows are followed.
#[derive(Default, Clone, PartialEq)]
struct Track {
    state: KpiState,
    history: HashMap<(SeriesId, NaiveDate), Option<f64>>,
    values_changed: Option<UploadId>,
}

impl Track {
    fn follow(&mut self, said: &Said) {
        if said.changed.iter().any(|(series, value)| self.is_news(said, *series, *value)) {
            self.values_changed = Some(said.upload);
        }
        follow(&mut self.state, said);
        self.history.extend(said.changed.iter().map(|(series, value)| ((*series, said.observed_on), *value)));
    }

    /// What a row says of a series that it named without a change.
    fn known(&self, said: &Said, series: SeriesId) -> Option<Option<f64>> {
        match said.dated {
            true => self.history.get(&(series, said.observed_on)).copied(),
            false => self.state.find(series).map(|entry| entry.value),
        }
    }

    /// Whether it would have been news here.
    fn is_news(&self, said: &Said, series: SeriesId, value: Option<f64>) -> bool {
        let outranks = || {
            let entry = self.state.find(series);
            entry.is_none_or(|entry| said.effective_on() >= entry.effective_on && entry.value != value)
        };
        self.known(said, series) != Some(value) || (said.dated && outranks())
    }
}

/// Puts rows in upload order, those of one upload and day made one: what was retold of it stands in its place.
#[must_use]
pub fn in_upload_order(mut rows: Vec<ToldRow>) -> Vec<ToldRow> {
    rows.sort_by_key(|row| (row.said.upload, !row.said.dated, row.said.observed_on));
    rows.dedup_by(|later, row| {
        let is_one = (later.said.upload, later.said.dated, later.said.observed_on)
            == (row.said.upload, row.said.dated, row.said.observed_on);
        if is_one {
            row.named.append(&mut later.named);
            row.confirmed.append(&mut later.confirmed);
            row.said.weights.append(&mut later.said.weights);
            row.said
                .changed
                .retain(|(series, _)| later.said.changed.iter().all(|(other, _)| other != series));
            row.said.changed.append(&mut later.said.changed);
        }
        is_one
    });
    for row in &mut rows {
        row.named.sort_unstable();
        row.named.dedup();
        row.said.changed.sort_by_key(|(series, _)| *series);
    }
    rows
}

/// Follows the rows, in the order in which they were written, as they counted and as they count. `taken_in`: what was
/// said of accounts that were merged into this one, each row complete in its words.
#[must_use]
pub fn retell(own: Vec<ToldRow>, taken_in: Vec<ToldRow>) -> Retold {
    let mut rows = in_upload_order(own);
    // What was known where such a row only named a series is in words too, in a row before it: nothing is to be retold.
    rows.extend(taken_in.into_iter().map(|row| ToldRow { named: Vec::new(), ..row }));
    rows.sort_by_key(|row| row.said.upload);
    let (mut before, mut now) = (Track::default(), Track::default());
    let mut result = Retold::default();
    let fate = |row: &ToldRow| (row.said.upload, row.counted, row.counts);
    for of_upload in rows.chunk_by(|a, b| fate(a) == fate(b)) {
        let Some(ToldRow { said: Said { upload, .. }, counted, counts, .. }) = of_upload.first() else {
            continue;
        };
        // What an upload meant that does not count is kept in words too: it may count again one day.
        let (was, is) = (before.clone(), now.clone());
        for row in of_upload {
            let (again, weights) = (unsaid(row, &before, &now), unsaid_weights(row, &now));
            before.follow(&row.said);
            let mut said = row.said.clone();
            said.changed.extend(&again);
            said.weights.extend(&weights);
            now.follow(&said);
            if !again.is_empty() || !weights.is_empty() {
                result.retold.push((*upload, in_words(row, again, weights)));
            }
        }
        if !counted {
            before = was;
        }
        if !counts {
            now = is;
        }
        // Only what is known after all that an upload said is looked at.
        result.differing.pop_if(|last| last == upload);
        if !is_same(&before.state, &now.state) {
            result.differing.push(*upload);
        }
    }
    result.is_other = before != now;
    (result.state, result.values_changed) = (now.state, now.values_changed);
    result
}

impl ToldRow {
    /// A row of an upload that counts, as it is kept; its words are enough.
    #[must_use]
    pub fn counting(said: Said) -> Self {
        Self { said, named: Vec::new(), confirmed: Vec::new(), counted: true, counts: true }
    }
}

/// What is known from rows in which everything is said in words, and the last upload that counts and changed a value.
#[must_use]
pub fn retold_state(rows: Vec<ToldRow>) -> (KpiState, Option<UploadId>) {
    let mut track = Track::default();
    let rows = in_upload_order(rows);
    rows.iter().filter(|row| row.counts).for_each(|row| track.follow(&row.said));
    (track.state, track.values_changed)
}

fn in_words(row: &ToldRow, changed: Vec<(SeriesId, Option<f64>)>, weights: Vec<WeightChange>) -> DayChange {
    let mut named: Vec<SeriesId> = changed.iter().map(|(series, _)| *series).collect();
    named.extend(weights.iter().map(|change| change.series));
    named.sort_unstable();
    named.dedup();
    let Said { observed_on, dated, .. } = row.said;
    DayChange { observed_on, dated, named, changed, weights, confirmed: Vec::new() }
}

/// The weights and impacts that a row confirmed, and that are not what is now known.
fn unsaid_weights(row: &ToldRow, now: &Track) -> Vec<WeightChange> {
    let unsaid = row.confirmed.iter().filter_map(|confirmed| {
        let entry = now.state.find(confirmed.series);
        let (known_weight, known_impact) = (entry.and_then(|e| e.weight), entry.and_then(|e| e.impact));
        let weight = confirmed.weight.filter(|weight| row.outranks(known_weight, *weight));
        let impact = confirmed.impact.filter(|impact| row.outranks(known_impact, *impact));
        let unsaid = WeightChange { series: confirmed.series, weight, impact };
        (weight.is_some() || impact.is_some()).then_some(unsaid)
    });
    unsaid.collect()
}

/// The values that a row only named, and that are not what is now known at its place.
fn unsaid(row: &ToldRow, before: &Track, now: &Track) -> Vec<(SeriesId, Option<f64>)> {
    let in_words = |series: &SeriesId| row.said.changed.iter().any(|(changed, _)| changed == series);
    let named = row.named.iter().filter(|series| !in_words(series));
    let meant = named.filter_map(|series| Some((*series, before.known(&row.said, *series)?)));
    meant.filter(|(series, value)| now.is_news(&row.said, *series, *value)).collect()
}

/// Whether two states show the same values, weights and impacts, whoever said them and when.
fn is_same(a: &KpiState, b: &KpiState) -> bool {
    let shown = |state: &KpiState| {
        let entries = state.entries().iter();
        let shown = entries.map(|entry| {
            (entry.series, entry.value, entry.weight.map(|w| w.value), entry.impact.map(|i| i.value))
        });
        shown.collect::<Vec<_>>()
    };
    shown(a) == shown(b)
}

#[cfg(test)]
#[path = "retell_tests.rs"]
mod tests;
