//! KPIs that differ: value, score, band, and what each did to the overall score.

use std::cmp::Reverse;

use super::fields::clean_difference;
use crate::model::explanation::ScoreChange;
use crate::model::health::scorer::{EntryScore, Scorer};
use crate::model::ids::SeriesId;
use crate::model::kpi::series::SeriesSet;
use crate::model::kpi::state::KpiState;
use crate::model::kpi::{Direction, KpiDefinition};
use crate::model::score::Score;
use crate::report::compare::{Effect, KpiDifference, KpiFate};

/// An account's KPIs at one of the moments, with the rules of it.
pub(super) struct At<'a> {
    pub(super) state: &'a KpiState,
    pub(super) scorer: &'a Scorer<'a>,
}

impl At<'_> {
    fn value(&self, series: SeriesId) -> Option<f64> {
        self.state.find(series)?.value
    }

    fn score(&self, series: SeriesId) -> Option<EntryScore> {
        self.state.find(series).and_then(|entry| self.scorer.entry(entry))
    }
}

/// The KPIs that differ, those that moved the score most first, and how many differ in nothing.
pub(super) fn differences(
    earlier: &At<'_>,
    later: &At<'_>,
    words: &SeriesSet,
    change: Option<&ScoreChange>,
    tolerance: f64,
) -> (Vec<KpiDifference>, u32) {
    let gone = earlier.state.entries().iter().filter(|entry| later.state.find(entry.series).is_none());
    let all = later.state.entries().iter().chain(gone).map(|entry| entry.series);
    let mut unchanged = 0;
    let mut differences = Vec::new();
    for series in all {
        let points = change.map_or(Score::from_hundredths(0), |change| change.by_series(series));
        match difference(earlier, later, words, series, points, tolerance) {
            Some(difference) => differences.push(difference),
            None if later.value(series).is_some() => unchanged += 1,
            None => {}
        }
    }
    differences.sort_by_key(|kpi| (Reverse(kpi.points.hundredths().unsigned_abs()), !kpi.crossed_band));
    (differences, unchanged)
}

fn difference(
    earlier: &At<'_>,
    later: &At<'_>,
    words: &SeriesSet,
    series: SeriesId,
    points: Score,
    tolerance: f64,
) -> Option<KpiDifference> {
    let (old_value, new_value) = (earlier.value(series), later.value(series));
    let (old, new) = (earlier.score(series), later.score(series));
    let fate = match (old_value, new_value) {
        (Some(_), Some(_)) => KpiFate::Changed,
        (None, Some(_)) => KpiFate::Appeared,
        (Some(_), None) => KpiFate::WentMissing,
        (None, None) => return None,
    };
    let change = old_value.zip(new_value).map(|(old, new)| clean_difference(old, new));
    let is_same_value = change.is_some_and(|change| change.abs() <= tolerance);
    let is_same_score = old.map(|old| old.rounded) == new.map(|new| new.rounded);
    if is_same_value && is_same_score && points == Score::from_hundredths(0) {
        return None;
    }
    let name = words.get(series)?;
    let definition = later.scorer.definition(series).or_else(|| earlier.scorer.definition(series));
    Some(KpiDifference {
        kpi_name: name.kpi.clone(),
        product: name.product.clone(),
        category: definition.and_then(|definition| definition.category).or(name.category),
        unit: definition.and_then(|definition| definition.unit).or(name.unit),
        fate,
        old_value,
        new_value,
        change,
        observed_at: later.state.find(series).map(|entry| entry.observed_on),
        old_score: old.map(|old| old.rounded),
        new_score: new.map(|new| new.rounded),
        old_status: old.map(|old| old.band),
        new_status: new.map(|new| new.band),
        crossed_band: old.zip(new).is_some_and(|(old, new)| old.band != new.band),
        effect: effect(definition, change),
        points,
    })
}

/// A falling response time is better.
fn effect(definition: Option<&KpiDefinition>, change: Option<f64>) -> Option<Effect> {
    let direction = definition?.scale.as_ref()?.direction;
    let change = change.filter(|change| *change != 0.0)?;
    let is_better = match direction {
        Direction::Higher => change > 0.0,
        Direction::Lower => change < 0.0,
    };
    Some(if is_better { Effect::Better } else { Effect::Worse })
}
