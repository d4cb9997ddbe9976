//! Folding the history of an account's KPIs again, from what uploads said, in upload order.
//!
//! The same rules as [`super::fold`]: the highest rank is current, among equals the newest upload.

use chrono::NaiveDate;

use super::fold::WeightChange;
use super::state::{KpiEntry, KpiState, Ranked};
use crate::model::ids::{SeriesId, UploadId};

/// What an upload said of an account at one day, as it was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The day of the values.
    pub observed_on: NaiveDate,
    /// Whether the file gave the day.
    pub dated: bool,
    /// The day of the ingest.
    pub ingested_on: NaiveDate,
    /// The upload.
    pub upload: UploadId,
    /// The values that changed.
    pub changed: Vec<(SeriesId, Option<f64>)>,
    /// The weights and impacts that it gave.
    pub weights: Vec<WeightChange>,
}

impl Said {
    /// The day from which it holds: its own, but what was said of a period that still ran holds from when it was said.
    #[must_use]
    pub fn effective_on(&self) -> NaiveDate {
        self.observed_on.min(self.ingested_on)
    }
}

/// The state after all of `said`, which stands in upload order.
#[must_use]
pub fn replay(said: &[Said]) -> KpiState {
    let mut state = KpiState::default();
    said.iter().for_each(|said| follow(&mut state, said));
    state
}

/// The state after one more saying, the next in upload order.
pub fn follow(state: &mut KpiState, said: &Said) {
    let effective_on = said.effective_on();
    for (series, value) in &said.changed {
        let fresh = KpiEntry {
            series: *series,
            value: *value,
            observed_on: said.observed_on,
            effective_on,
            upload: said.upload,
            weight: None,
            impact: None,
        };
        match state.find_mut(*series) {
            None => state.insert(fresh),
            // Said again without a day, or of its day, a value keeps the day and the upload that brought it.
            Some(entry)
                if entry.value == *value && (!said.dated || entry.observed_on == said.observed_on) => {}
            Some(entry) if effective_on >= entry.effective_on => {
                *entry = KpiEntry { weight: entry.weight, impact: entry.impact, ..fresh };
            }
            Some(_) => {}
        }
    }
    for change in &said.weights {
        let Some(entry) = state.find_mut(change.series) else { continue };
        raise(&mut entry.weight, change.weight, effective_on, said.dated);
        raise(&mut entry.impact, change.impact, effective_on, said.dated);
    }
}

/// Said again without a day, a weight keeps its day.
fn raise<T: Copy + PartialEq>(
    known: &mut Option<Ranked<T>>,
    said: Option<T>,
    effective_on: NaiveDate,
    dated: bool,
) {
    if let Some(value) = said
        && known.is_none_or(|ranked| effective_on >= ranked.effective_on && (dated || ranked.value != value))
    {
        *known = Some(Ranked { value, effective_on });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::kpi::Impact;
    use crate::model::kpi::fold::{History, Saying, Statement, apply};

    fn statement() -> impl Strategy<Value = Statement> {
        let value = prop::option::of((0..4_i32).prop_map(f64::from));
        let weight = prop::option::of((1..3_i32).prop_map(f64::from));
        let impact = prop::option::of(prop::sample::select(vec![Impact::Low, Impact::High]));
        (1..5_i64, value, prop::option::of(0..60_u64), weight, impact).prop_map(
            |(series, value, days, weight, impact)| {
                let begin: NaiveDate = "2026-09-15".parse().unwrap();
                let observed_on = days.map(|days| begin + chrono::Days::new(days));
                Statement { series: SeriesId::new(series), value, observed_on, weight, impact }
            },
        )
    }

    proptest! {
        #[test]
        fn replaying_what_was_kept_gives_the_state_that_was_folded(
            uploads in prop::collection::vec(prop::collection::vec(statement(), 0..8), 0..6),
        ) {
            let (mut state, mut history, mut kept) = (KpiState::default(), History::new(), Vec::new());
            for (number, statements) in uploads.into_iter().enumerate() {
                let mut seen = std::collections::HashSet::new();
                let mut statements: Vec<Statement> =
                    statements.into_iter().filter(|s| seen.insert((s.series, s.observed_on))).collect();
                let today: NaiveDate = "2026-11-15".parse().unwrap();
                let today = today + chrono::Days::new(number as u64);
                let upload = UploadId::new(i64::try_from(number).unwrap() + 1);
                let folded = apply(&mut state, &history, &mut statements, Saying { upload, today });
                for day in folded.days {
                    history.extend(day.changed.iter().map(|(series, value)| ((*series, day.observed_on), *value)));
                    kept.push(Said {
                        observed_on: day.observed_on,
                        dated: day.dated,
                        ingested_on: today,
                        upload,
                        changed: day.changed,
                        weights: day.weights,
                    });
                }
            }
            prop_assert_eq!(replay(&kept), state);
        }
    }
}
