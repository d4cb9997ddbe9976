//! Values of past days that an upload corrected, and while which rows were the newest each old value was in force.

use std::ops::Range;

use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};

use super::replay::Said;
use crate::model::ids::{KpiChangeId, SeriesId, UploadId};

/// A KPI of which another value was known at the very day of which an upload speaks.
#[derive(Debug, Clone, PartialEq)]
pub struct Restated {
    /// Which KPI and product.
    pub series: SeriesId,
    /// The day of the value.
    pub day: NaiveDate,
    /// What was known; None where it was withdrawn.
    pub old: Option<f64>,
    /// What the upload says; None where it withdraws it.
    pub new: Option<f64>,
    /// The old value was current while the newest of the account's rows was one of these.
    pub held: Vec<Range<KpiChangeId>>,
}

impl Restated {
    /// Whether an account's state after this row, the newest then, holds the old value as the current one.
    #[must_use]
    pub fn was_in(&self, row: KpiChangeId) -> bool {
        self.held.iter().any(|held| held.contains(&row))
    }
}

/// What an upload corrected of one account. `rows`: what was said of it up to that upload, in upload order.
#[must_use]
pub fn restated(rows: &[(KpiChangeId, Said)], upload: UploadId) -> Vec<Restated> {
    let corrections = || rows.iter().filter(|(_, said)| said.upload == upload && speaks_of_the_past(said));
    let series: FxHashSet<SeriesId> =
        corrections().flat_map(|(_, said)| &said.changed).map(|(series, _)| *series).collect();
    let mut known = Known::default();
    for (row, said) in rows.iter().filter(|(_, said)| said.upload != upload) {
        for (series, value) in said.changed.iter().filter(|(named, _)| series.contains(named)) {
            known.take(*row, said, *series, *value);
        }
    }
    let mut restated = Vec::new();
    for (row, said) in corrections() {
        for (series, new) in &said.changed {
            let Some(before) = known.days.get(&(*series, said.observed_on)) else { continue };
            if before.value == *new {
                continue;
            }
            let held = before.held.iter().map(|(from, until)| *from..until.unwrap_or(*row)).collect();
            restated.push(Restated {
                series: *series,
                day: said.observed_on,
                old: before.value,
                new: *new,
                held,
            });
        }
    }
    restated
}

/// Whether a file gave a day that was over when it was ingested.
fn speaks_of_the_past(said: &Said) -> bool {
    said.dated && said.observed_on < said.ingested_on
}

/// What is known of days, and which day is current.
#[derive(Default)]
struct Known {
    days: FxHashMap<(SeriesId, NaiveDate), OfDay>,
    /// For each series, the rank and the day of its current value.
    current: FxHashMap<SeriesId, (NaiveDate, NaiveDate)>,
}

struct OfDay {
    value: Option<f64>,
    /// From which row on, and until which, the value was current; None where it still is.
    held: Vec<(KpiChangeId, Option<KpiChangeId>)>,
}

impl Known {
    /// The same rule as in [`super::replay`]: the highest rank is current, among equals the newest upload.
    fn take(&mut self, row: KpiChangeId, said: &Said, series: SeriesId, value: Option<f64>) {
        let rank = said.effective_on();
        let outranks = self.current.get(&series).is_none_or(|(current, _)| rank >= *current);
        if outranks
            && let Some((_, day)) = self.current.insert(series, (rank, said.observed_on))
            && let Some((_, until)) =
                self.days.get_mut(&(series, day)).and_then(|of_day| of_day.held.last_mut())
        {
            *until = Some(row);
        }
        let of_day =
            self.days.entry((series, said.observed_on)).or_insert_with(|| OfDay { value, held: Vec::new() });
        if of_day.value != value {
            *of_day = OfDay { value, held: Vec::new() };
        }
        if outranks {
            of_day.held.push((row, None));
        }
    }
}

#[cfg(test)]
#[path = "restated_tests.rs"]
mod tests;
