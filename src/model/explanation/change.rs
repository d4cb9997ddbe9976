//! The path from one moment's score to another's: behaviour, coverage, configuration, source.

use serde::Serialize;

use super::apportion::apportion;
use super::breakdown::Breakdown;
use super::shift::{NOISE, RawTerm, share_shift};
use crate::model::health::scorer::Scorer;
use crate::model::ids::SeriesId;
use crate::model::kpi::Category;
use crate::model::kpi::state::{KpiEntry, KpiState};
use crate::model::score::Score;

/// Why a score moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// What the KPIs did, at the old weights and coverage.
    Behaviour,
    /// Values that appeared or went missing.
    Coverage,
    /// Definitions, weights and impacts.
    Configuration,
    /// The score was taken from elsewhere: from an ingested health row, or no longer from one.
    Source,
}

impl Cause {
    /// All of them, in the order of the path.
    pub const ALL: [Self; 4] = [Self::Behaviour, Self::Coverage, Self::Configuration, Self::Source];

    /// As JSON has it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Behaviour => "behaviour",
            Self::Coverage => "coverage",
            Self::Configuration => "configuration",
            Self::Source => "source",
        }
    }
}

/// An account at one of the two moments.
pub struct Moment<'a> {
    /// Its KPIs as they were known.
    pub state: &'a KpiState,
    /// The rules of the moment.
    pub scorer: &'a Scorer<'a>,
    /// The score that was shown, wherever it came from.
    pub shown: Option<Score>,
}

/// One term of a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChangeTerm {
    /// Its cause.
    pub cause: Cause,
    /// The category; None for the source.
    pub category: Option<Category>,
    /// The KPI; None for a category's own weight, and for the source.
    pub series: Option<SeriesId>,
    /// Points of the overall score, as they are shown: with the other terms they add up to the shown change.
    pub points: Score,
}

/// A change, split.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreChange {
    /// The shown change.
    pub total: Score,
    /// Its terms, by cause, then category, then as sums run. Terms of 0 points are left out.
    pub terms: Vec<ChangeTerm>,
}

impl ScoreChange {
    /// What a cause did in all; the four add up to the total.
    #[must_use]
    pub fn by_cause(&self, cause: Cause) -> Score {
        self.sum(|term| term.cause == cause)
    }

    /// What a category did in all, its KPIs and its own weight together.
    #[must_use]
    pub fn by_category(&self, category: Category) -> Score {
        self.sum(|term| term.category == Some(category))
    }

    /// What a KPI did in all.
    #[must_use]
    pub fn by_series(&self, series: SeriesId) -> Score {
        self.sum(|term| term.series == Some(series))
    }

    fn sum(&self, which: impl Fn(&ChangeTerm) -> bool) -> Score {
        let terms = self.terms.iter().filter(|term| which(term));
        Score::from_hundredths(terms.map(|term| term.points.hundredths()).fold(0, i32::saturating_add))
    }
}

/// Splits the change from one moment's shown score to another's; None where either has none.
#[must_use]
pub fn explain_change(from: &Moment<'_>, to: &Moment<'_>) -> Option<ScoreChange> {
    let total = to.shown?.minus(from.shown?);
    let moved = merge(from.state, to.state, Values::OfBoth);
    let covered = merge(from.state, to.state, Values::OfTheLater);
    let first = from.scorer.breakdown(from.state);
    let last = to.scorer.breakdown(to.state);
    let mut raw: Vec<(Cause, RawTerm)> = Vec::new();
    if !first.is_empty() && !last.is_empty() {
        let path = [first, from.scorer.breakdown(&moved), from.scorer.breakdown(&covered), last];
        raw = path_terms(&path);
    }
    let exact: f64 = raw.iter().map(|(_, term)| term.points).sum();
    // What the KPIs do not account for beyond rounding came from elsewhere.
    let is_of_kpis = from.shown == from.scorer.overall(from.state) && to.shown == to.scorer.overall(to.state);
    let of_kpis = if is_of_kpis { total } else { Score::round(exact) };
    let exact: Vec<f64> = raw.iter().map(|(_, term)| term.points).collect();
    let shown = apportion(&exact, of_kpis);
    let mut terms: Vec<ChangeTerm> = raw
        .iter()
        .zip(shown)
        .map(|((cause, term), points)| ChangeTerm {
            cause: *cause,
            category: Some(term.category),
            series: term.series,
            points,
        })
        .collect();
    let summed = terms.iter().map(|term| term.points.hundredths()).fold(0, i32::saturating_add);
    let rest = total.minus(Score::from_hundredths(summed));
    terms.push(ChangeTerm { cause: Cause::Source, category: None, series: None, points: rest });
    terms.retain(|term| term.points != Score::from_hundredths(0));
    Some(ScoreChange { total, terms })
}

fn path_terms([first, moved, covered, last]: &[Breakdown; 4]) -> Vec<(Cause, RawTerm)> {
    let behaviour = own_scores(first, moved).into_iter().map(|term| (Cause::Behaviour, term));
    let mut terms: Vec<(Cause, RawTerm)> = behaviour.collect();
    if covered.is_empty() {
        // Nothing that is known now counts by the old rules: the old values went, and others count by the new ones.
        let terms_of_both = share_shift(moved, last).into_iter();
        terms.extend(terms_of_both.map(|term| (Cause::Configuration, term)));
        return terms;
    }
    terms.extend(share_shift(moved, covered).into_iter().map(|term| (Cause::Coverage, term)));
    let mut configuration = own_scores(covered, last);
    for term in share_shift(&with_points_of(covered, last), last) {
        match configuration
            .iter_mut()
            .find(|known| known.series == term.series && known.category == term.category)
        {
            Some(known) => known.points += term.points,
            None => configuration.push(term),
        }
    }
    configuration.sort_by_key(|term| term.category.index());
    terms.extend(configuration.into_iter().map(|term| (Cause::Configuration, term)));
    terms
}

/// What the KPIs' own scores did at the earlier shares; KPIs that are in one of the two alone did nothing.
fn own_scores(before: &Breakdown, after: &Breakdown) -> Vec<RawTerm> {
    let term = |then: &super::Part| {
        let now = after.find(then.series, then.category)?;
        let points = before.category_share(then.category) * then.share * (now.points - then.points);
        let term = RawTerm { category: then.category, series: Some(then.series), points };
        (points.abs() > NOISE).then_some(term)
    };
    before.parts.iter().filter_map(term).collect()
}

/// The earlier shares with the later scores, as far as there are any.
fn with_points_of(before: &Breakdown, after: &Breakdown) -> Breakdown {
    let mut between = before.clone();
    for part in &mut between.parts {
        if let Some(now) = after.find(part.series, part.category) {
            part.points = now.points;
        }
    }
    between
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    /// Of KPIs that have one at both moments the later, else the earlier: what there was goes on counting.
    OfBoth,
    /// The later ones.
    OfTheLater,
}

/// A state between the two moments, with the earlier weights wherever a KPI was known.
fn merge(from: &KpiState, to: &KpiState, values: Values) -> KpiState {
    let mut entries: Vec<KpiEntry> = Vec::with_capacity(from.entries().len());
    for then in from.entries() {
        let now = to.find(then.series).and_then(|entry| entry.value);
        let value = match values {
            Values::OfBoth => then.value.and(now).or(then.value),
            Values::OfTheLater => now,
        };
        entries.push(KpiEntry { value, ..*then });
    }
    if values == Values::OfTheLater {
        entries.extend(to.entries().iter().filter(|now| from.find(now.series).is_none()));
    }
    KpiState::new(entries)
}

#[cfg(test)]
#[path = "change_tests.rs"]
mod tests;
