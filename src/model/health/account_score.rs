//! The category scores, overall score and band of an account, from its scored KPIs.
//!
//! Nothing here allocates: it runs once per account of an ingest. Nothing is rounded before the end.

use super::config::{Bands, ScoringConfig};
use crate::model::kpi::{Band, Category, Impact};
use crate::model::score::Score;

/// One scored KPI of an account.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeighedKpi {
    /// The category it counts in.
    pub category: Category,
    /// What its value scores, 0 to 100, unrounded.
    pub points: f64,
    /// Its weight within the category, finite and not negative; None where none is given.
    pub weight: Option<f64>,
    /// Its impact; None counts as medium.
    pub impact: Option<Impact>,
}

/// The scores of an account, as shown and unrounded; None where nothing was scored.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct HealthScores {
    /// The overall score.
    pub overall: Option<Score>,
    /// The overall score, unrounded.
    pub overall_points: Option<f64>,
    /// The band of the unrounded overall score.
    pub band: Option<Band>,
    /// The category scores, in the order of [`Category::ALL`].
    pub categories: [Option<Score>; 5],
    /// The category scores, unrounded.
    pub category_points: [Option<f64>; 5],
}

/// Scores an account (HEALTH.md, "Category, overall, band").
///
/// `kpis` come in catalogue order, then by name: sums run in that order, so that equal facts give equal bits.
/// `weights` are those of the categories, in the order of [`Category::ALL`].
#[must_use]
pub fn score_account(
    kpis: impl IntoIterator<Item = WeighedKpi>,
    weights: &[f64; 5],
    bands: Bands,
) -> HealthScores {
    let mut sums = [CategorySums::default(); 5];
    for kpi in kpis {
        if let Some(sums) = sums.get_mut(kpi.category.index()) {
            sums.add(&kpi);
        }
    }
    let category_points = sums.map(CategorySums::mean);
    let mut overall = WeightedSum::default();
    for (points, weight) in category_points.iter().zip(weights) {
        if let Some(points) = points {
            overall.add(*points, *weight);
        }
    }
    let overall_points = overall.mean();
    HealthScores {
        overall: overall_points.map(Score::round),
        overall_points,
        band: overall_points.map(|points| bands.band(points)),
        categories: category_points.map(|points| points.map(Score::round)),
        category_points,
    }
}

impl ScoringConfig {
    /// Scores an account by this configuration; see [`score_account`].
    #[must_use]
    pub fn score_account(&self, kpis: impl IntoIterator<Item = WeighedKpi>) -> HealthScores {
        score_account(kpis, &self.weights, self.bands)
    }
}

/// A category's KPIs weighed both ways: only the last one tells whether all of them have a weight.
#[derive(Debug, Clone, Copy, Default)]
struct CategorySums {
    by_weight: WeightedSum,
    by_impact: WeightedSum,
    lacks_weight: bool,
}

impl CategorySums {
    fn add(&mut self, kpi: &WeighedKpi) {
        match kpi.weight {
            Some(weight) => self.by_weight.add(kpi.points, weight),
            None => self.lacks_weight = true,
        }
        self.by_impact.add(kpi.points, kpi.impact.unwrap_or(Impact::Medium).weight());
    }

    fn mean(self) -> Option<f64> {
        if self.lacks_weight { self.by_impact.mean() } else { self.by_weight.mean() }
    }
}

/// A running weighted mean.
#[derive(Debug, Clone, Copy)]
struct WeightedSum {
    weighted: f64,
    weights: f64,
    lowest: f64,
    highest: f64,
}

impl Default for WeightedSum {
    fn default() -> Self {
        Self { weighted: 0.0, weights: 0.0, lowest: f64::INFINITY, highest: f64::NEG_INFINITY }
    }
}

impl WeightedSum {
    fn add(&mut self, points: f64, weight: f64) {
        self.weighted += points * weight;
        self.weights += weight;
        // what weighs nothing does not bound the mean
        if weight > 0.0 {
            self.lowest = self.lowest.min(points);
            self.highest = self.highest.max(points);
        }
    }

    /// None where the weights sum to 0, or lie beyond all numbers.
    ///
    /// Held between its terms: else the mean of 100/3 alone could come out one bit below the band's limit.
    fn mean(self) -> Option<f64> {
        let has_weight = self.weights > 0.0 && self.weights.is_finite() && self.weighted.is_finite();
        has_weight.then(|| (self.weighted / self.weights).max(self.lowest).min(self.highest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WEIGHTS: [f64; 5] = [0.20, 0.20, 0.20, 0.25, 0.15];

    fn kpi(category: Category, points: f64) -> WeighedKpi {
        WeighedKpi { category, points, weight: None, impact: None }
    }

    fn weighed(category: Category, points: f64, weight: f64) -> WeighedKpi {
        WeighedKpi { weight: Some(weight), ..kpi(category, points) }
    }

    fn score(kpis: &[WeighedKpi]) -> HealthScores {
        score_account(kpis.iter().copied(), &WEIGHTS, Bands::default())
    }

    #[test]
    fn without_scored_kpis_there_is_no_score() {
        assert_eq!(score(&[]), HealthScores::default());
    }

    #[test]
    fn impact_weighs_three_two_one_and_medium_where_none_is_given() {
        let with = |points, impact| WeighedKpi { impact, ..kpi(Category::Support, points) };
        let kpis = [with(90.0, Some(Impact::High)), with(60.0, None), with(0.0, Some(Impact::Low))];
        assert_eq!(score(&kpis).categories[1], Some(Score::from_hundredths(6500)));
    }

    #[test]
    fn weights_hold_only_where_all_of_the_category_have_one() {
        let all = [weighed(Category::Support, 100.0, 0.9), weighed(Category::Support, 0.0, 0.1)];
        assert_eq!(score(&all).categories[1], Some(Score::from_hundredths(9000)));
        let one_lacks = [all[0], kpi(Category::Support, 0.0)];
        assert_eq!(score(&one_lacks).categories[1], Some(Score::from_hundredths(5000)));
        let other_category_lacks = [all[0], all[1], kpi(Category::ProductUsage, 0.0)];
        assert_eq!(score(&other_category_lacks).categories[1], Some(Score::from_hundredths(9000)));
    }

    #[test]
    fn weights_that_sum_to_nothing_give_no_score() {
        let kpis = [weighed(Category::Support, 100.0, 0.0), kpi(Category::ProductUsage, 40.0)];
        let scores = score(&kpis);
        assert_eq!(scores.categories[1], None);
        assert_eq!(scores.overall, Some(Score::from_hundredths(4000)));
        assert_eq!(score(&kpis[..1]).overall, None);
        assert_eq!(score_account(kpis, &[0.0; 5], Bands::default()).band, None);
        let vast = [weighed(Category::Support, 100.0, f64::MAX), weighed(Category::Support, 1.0, f64::MAX)];
        assert_eq!(score(&vast).overall, None);
    }

    #[test]
    fn missing_categories_share_out_their_weight() {
        let scores =
            score(&[kpi(Category::BusinessOutcomes, 80.0), kpi(Category::RelationshipStrength, 40.0)]);
        assert_eq!(scores.overall, Some(Score::from_hundredths(6500)));
        assert_eq!(scores.categories.map(|score| score.is_some()), [false, false, false, true, true]);
    }

    #[test]
    fn the_band_is_that_of_the_unrounded_score() {
        let third: f64 = 100.0 / 3.0;
        for (points, rounded, band) in [
            (third, 3333, Band::AtRisk),
            (third.next_down(), 3333, Band::Critical),
            (2.0 * third, 6667, Band::Healthy),
            ((2.0 * third).next_down(), 6667, Band::AtRisk),
        ] {
            let scores = score(&[kpi(Category::Support, points)]);
            assert_eq!((scores.overall, scores.band), (Some(Score::from_hundredths(rounded)), Some(band)));
        }
    }

    fn any_kpi() -> impl Strategy<Value = WeighedKpi> {
        let weight = prop::option::weighted(0.8, prop_oneof![Just(0.0), 0.0..10.0, 0.0..1e6]);
        let impact = prop::option::of((1_i64..=3).prop_map(|code| Impact::from_code(code).unwrap()));
        (0_usize..5, 0.0..=100.0, weight, impact).prop_map(|(category, points, weight, impact)| WeighedKpi {
            category: Category::ALL[category],
            points,
            weight,
            impact,
        })
    }

    proptest! {
        #[test]
        fn a_score_lies_within_the_range_of_its_kpis(kpis in prop::collection::vec(any_kpi(), 0..40)) {
            let scores = score(&kpis);
            let range = |kpis: &mut dyn Iterator<Item = &WeighedKpi>| {
                kpis.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), kpi| (low.min(kpi.points), high.max(kpi.points)))
            };
            if let Some(points) = scores.overall_points {
                let (low, high) = range(&mut kpis.iter());
                prop_assert!(low <= points && points <= high);
            }
            for category in Category::ALL {
                if let Some(points) = scores.category_points[category.index()] {
                    let (low, high) = range(&mut kpis.iter().filter(|kpi| kpi.category == category));
                    prop_assert!(low <= points && points <= high);
                }
            }
        }

        #[test]
        fn equal_kpis_give_exactly_their_own_score(kpis in prop::collection::vec(any_kpi(), 1..40), points in 0.0..=100.0) {
            let equal = kpis.iter().map(|kpi| WeighedKpi { points, ..*kpi });
            if let Some(overall) = score_account(equal, &WEIGHTS, Bands::default()).overall_points {
                prop_assert_eq!(overall, points);
            }
        }

        #[test]
        fn a_better_kpi_never_lowers_the_account(
            mut kpis in prop::collection::vec(any_kpi(), 1..40),
            which in any::<prop::sample::Index>(),
            gain in 0.01_f64..50.0,
        ) {
            let before = score(&kpis).overall_points;
            let kpi: &mut WeighedKpi = which.get_mut(&mut kpis);
            kpi.points = f64::min(kpi.points + gain, 100.0);
            let after = score(&kpis).overall_points;
            prop_assert_eq!(before.is_some(), after.is_some());
            prop_assert!(before.zip(after).is_none_or(|(before, after)| after >= before - 1e-9));
        }
    }
}
