//! What an overall score is made of: each KPI's share of its category, each category's share of the whole.

use crate::model::health::WeighedKpi;
use crate::model::ids::SeriesId;
use crate::model::kpi::{Category, Impact};

/// One KPI that takes part in the overall score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// The KPI.
    pub series: SeriesId,
    /// Its category.
    pub category: Category,
    /// Its score, 0 to 100, unrounded.
    pub points: f64,
    /// Its share of the category's score, 0 to 1; the shares of a category sum up to 1.
    pub share: f64,
}

/// The parts of an overall score. Their contributions sum up to it, to the precision of the arithmetic.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Breakdown {
    /// The KPIs that take part, in the order in which sums run.
    pub parts: Vec<Part>,
    /// Each category's share of the overall score, 0 to 1, in the order of [`Category::ALL`]; 0 where the category has
    /// no score.
    pub category_shares: [f64; 5],
}

impl Breakdown {
    /// Splits the score of weighed KPIs, by the same rules as [`crate::model::health::score_account`].
    #[must_use]
    pub fn new(kpis: &[(SeriesId, WeighedKpi)], weights: &[f64; 5]) -> Self {
        let mut totals = [Totals::default(); 5];
        for (_, kpi) in kpis {
            if let Some(totals) = totals.get_mut(kpi.category.index()) {
                totals.add(kpi);
            }
        }
        let mut category_shares = [0.0; 5];
        for ((share, totals), weight) in category_shares.iter_mut().zip(&totals).zip(weights) {
            *share = if totals.counts() { *weight } else { 0.0 };
        }
        let sum: f64 = category_shares.iter().sum();
        if !(sum > 0.0 && sum.is_finite()) {
            return Self::default();
        }
        category_shares = category_shares.map(|share| share / sum);
        let part = |(series, kpi): &(SeriesId, WeighedKpi)| {
            let totals = totals.get(kpi.category.index()).filter(|totals| totals.counts())?;
            let share = totals.weight_of(kpi) / totals.sum();
            Some(Part { series: *series, category: kpi.category, points: kpi.points, share })
        };
        Self { parts: kpis.iter().filter_map(part).collect(), category_shares }
    }

    /// Whether there is no score to split.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// A category's share of the overall score.
    #[must_use]
    pub fn category_share(&self, category: Category) -> f64 {
        self.category_shares.get(category.index()).copied().unwrap_or(0.0)
    }

    /// Points that a part adds to the overall score.
    #[must_use]
    pub fn contribution(&self, part: &Part) -> f64 {
        self.category_share(part.category) * part.share * part.points
    }

    /// The overall score, unrounded; 0 where there is none.
    #[must_use]
    pub fn overall(&self) -> f64 {
        self.parts.iter().map(|part| self.contribution(part)).sum()
    }

    /// A category's score, unrounded; None where it has none.
    #[must_use]
    pub fn category(&self, category: Category) -> Option<f64> {
        let mut parts = self.of_category(category).peekable();
        parts.peek()?;
        Some(parts.map(|part| part.share * part.points).sum())
    }

    /// The parts of a category.
    pub fn of_category(&self, category: Category) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| part.category == category)
    }

    /// A KPI's part.
    #[must_use]
    pub fn find(&self, series: SeriesId, category: Category) -> Option<&Part> {
        self.of_category(category).find(|part| part.series == series)
    }
}

/// The weights of a category's KPIs, by weight and by impact.
#[derive(Debug, Clone, Copy, Default)]
struct Totals {
    by_weight: f64,
    by_impact: f64,
    lacks_weight: bool,
    is_there: bool,
}

impl Totals {
    fn add(&mut self, kpi: &WeighedKpi) {
        self.is_there = true;
        match kpi.weight {
            Some(weight) => self.by_weight += weight,
            None => self.lacks_weight = true,
        }
        self.by_impact += impact_weight(kpi);
    }

    fn sum(&self) -> f64 {
        if self.lacks_weight { self.by_impact } else { self.by_weight }
    }

    fn counts(&self) -> bool {
        self.is_there && self.sum() > 0.0 && self.sum().is_finite()
    }

    fn weight_of(&self, kpi: &WeighedKpi) -> f64 {
        match kpi.weight {
            Some(weight) if !self.lacks_weight => weight,
            _ => impact_weight(kpi),
        }
    }
}

fn impact_weight(kpi: &WeighedKpi) -> f64 {
    kpi.impact.unwrap_or(Impact::Medium).weight()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::health::config::Bands;
    use crate::model::health::score_account;
    use proptest::prelude::*;

    fn any_kpi() -> impl Strategy<Value = WeighedKpi> {
        let weight = prop::option::weighted(0.8, prop_oneof![Just(0.0), 0.0..10.0]);
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
        fn the_parts_are_the_score(
            kpis in prop::collection::vec(any_kpi(), 0..30),
            weights in prop::array::uniform5(prop_oneof![Just(0.0), 0.01..5.0]),
        ) {
            let scores = score_account(kpis.iter().copied(), &weights, Bands::default());
            let named: Vec<_> = (1..).map(SeriesId::new).zip(kpis).collect();
            let breakdown = Breakdown::new(&named, &weights);
            prop_assert_eq!(breakdown.is_empty(), scores.overall_points.is_none());
            if let Some(points) = scores.overall_points {
                prop_assert!((breakdown.overall() - points).abs() < 1e-9);
            }
            for category in Category::ALL.into_iter().filter(|category| breakdown.category_share(*category) > 0.0) {
                let mean = breakdown.category(category).unwrap();
                prop_assert!((mean - scores.category_points[category.index()].unwrap()).abs() < 1e-9);
            }
        }
    }
}
