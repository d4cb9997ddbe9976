//! What other shares do to a score while every KPI's own score stays: coverage and weights.
//!
//! A share that grows lifts the score where the KPI scores better than the mean it is part of, and lowers it where it
//! scores worse. KPIs whose shares only shrink because there are more of them have no term: their shares are compared
//! after the same factor for all that stayed.

use super::breakdown::{Breakdown, Part};
use crate::model::ids::SeriesId;
use crate::model::kpi::Category;

/// A term before it is shown: of a KPI, or of its category's weight where there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct RawTerm {
    pub(super) category: Category,
    pub(super) series: Option<SeriesId>,
    pub(super) points: f64,
}

/// Splits `after.overall() - before.overall()`; KPIs that are in both have the same points in both. Exact but for the
/// arithmetic.
pub(super) fn share_shift(before: &Breakdown, after: &Breakdown) -> Vec<RawTerm> {
    let mean = before.overall();
    let kept = kept_categories(before, after);
    let scale = factor(
        kept.iter().map(|category| (before.category_share(*category), after.category_share(*category))),
    );
    let mut terms = Vec::new();
    for category in Category::ALL {
        let (then, now) = (before.category_share(category), after.category_share(category));
        if kept.contains(&category) {
            terms.extend(within(before, after, category).into_iter().map(|(series, points)| RawTerm {
                category,
                series: Some(series),
                points: points * now,
            }));
            let own = before.category(category).unwrap_or(mean);
            let points = (now - scale * then) * (own - mean);
            terms.push(RawTerm { category, series: None, points });
        } else {
            // A category that came or went: its KPIs against the overall score.
            let came = after.of_category(category).map(|part| (part, now));
            let went = before.of_category(category).map(|part| (part, -scale * then));
            terms.extend(came.chain(went).map(|(part, share)| RawTerm {
                category,
                series: Some(part.series),
                points: share * part.share * (part.points - mean),
            }));
        }
    }
    terms.retain(|term| term.points.abs() > NOISE);
    terms
}

/// Below this the arithmetic cannot tell a term from none; a hundred thousand of them are less than is shown.
pub(super) const NOISE: f64 = 1e-10;

fn kept_categories(before: &Breakdown, after: &Breakdown) -> Vec<Category> {
    let is_kept = |category: &Category| {
        let has = |breakdown: &Breakdown| {
            breakdown.category_share(*category) > 0.0 && breakdown.of_category(*category).next().is_some()
        };
        has(before) && has(after)
    };
    Category::ALL.into_iter().filter(is_kept).collect()
}

/// By how much the shares of what stayed changed in all; 0 where nothing did.
fn factor(shares: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (before, after) = shares.fold((0.0, 0.0), |(then, now), (t, n)| (then + t, now + n));
    if before > 0.0 { after / before } else { 0.0 }
}

/// The change of a category's own score by its KPIs' shares of it.
fn within(before: &Breakdown, after: &Breakdown, category: Category) -> Vec<(SeriesId, f64)> {
    let mean = before.category(category).unwrap_or(0.0);
    let kept: Vec<(&Part, &Part)> = before
        .of_category(category)
        .filter_map(|then| Some((then, after.find(then.series, category)?)))
        .collect();
    let scale = factor(kept.iter().map(|(then, now)| (then.share, now.share)));
    let stayed =
        kept.iter().map(|(then, now)| (now.series, (now.share - scale * then.share) * (now.points - mean)));
    let came = after
        .of_category(category)
        .filter(|now| before.find(now.series, category).is_none())
        .map(|now| (now.series, now.share * (now.points - mean)));
    let went = before
        .of_category(category)
        .filter(|then| after.find(then.series, category).is_none())
        .map(|then| (then.series, -scale * then.share * (then.points - mean)));
    stayed.chain(came).chain(went).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::health::WeighedKpi;

    fn kpi(id: i64, category: Category, points: f64, weight: f64) -> (SeriesId, WeighedKpi) {
        (SeriesId::new(id), WeighedKpi { category, points, weight: Some(weight), impact: None })
    }

    fn breakdown(kpis: &[(SeriesId, WeighedKpi)]) -> Breakdown {
        Breakdown::new(kpis, &[0.2, 0.2, 0.2, 0.25, 0.15])
    }

    #[test]
    fn a_kpi_that_came_is_the_only_term_and_a_better_one_lifts() {
        use Category::{ProductUsage, Support};
        let old = [kpi(1, Support, 40.0, 1.0), kpi(2, Support, 60.0, 3.0), kpi(3, ProductUsage, 80.0, 1.0)];
        let before = breakdown(&old);
        for (points, sign) in [(90.0, 1.0), (10.0, -1.0)] {
            let mut new = old.to_vec();
            new.push(kpi(4, Support, points, 2.0));
            let after = breakdown(&new);
            let terms = share_shift(&before, &after);
            assert_eq!(terms.len(), 1, "{terms:?}");
            assert_eq!(terms[0].series, Some(SeriesId::new(4)));
            assert!((terms[0].points - (after.overall() - before.overall())).abs() < 1e-12);
            assert!(terms[0].points * sign > 0.0);
            let back = share_shift(&after, &before);
            assert_eq!(back.len(), 1);
            assert!(back[0].points * sign < 0.0, "what goes does the opposite");
        }
    }

    #[test]
    fn a_category_that_came_is_told_by_its_kpis() {
        use Category::{BusinessOutcomes, Support};
        let old = [kpi(1, Support, 40.0, 1.0)];
        let new = [old[0], kpi(2, BusinessOutcomes, 80.0, 1.0), kpi(3, BusinessOutcomes, 20.0, 1.0)];
        let terms = share_shift(&breakdown(&old), &breakdown(&new));
        assert_eq!(terms.iter().map(|term| term.series.unwrap().get()).collect::<Vec<_>>(), [2, 3]);
        assert!(terms[0].points > 0.0 && terms[1].points < 0.0);
    }

    #[test]
    fn a_heavier_category_is_told_by_its_own_weight() {
        use Category::{ProductUsage, Support};
        let kpis = [kpi(1, Support, 40.0, 1.0), kpi(2, ProductUsage, 80.0, 1.0)];
        let mut weights = [1.0; 5];
        let before = Breakdown::new(&kpis, &weights);
        weights[ProductUsage.index()] = 3.0;
        let terms = share_shift(&before, &Breakdown::new(&kpis, &weights));
        // Shares 1/2 and 1/2 become 1/4 and 3/4; the mean is 60, and both lie 20 from it.
        assert_eq!(terms.len(), 2, "{terms:?}");
        for term in terms {
            assert_eq!(term.series, None);
            assert!((term.points - 5.0).abs() < 1e-12, "{term:?}");
        }
    }

    #[test]
    fn a_category_that_weighed_nothing_is_told_by_its_kpis() {
        use Category::{ProductUsage, Support};
        let kpis = [kpi(1, Support, 40.0, 1.0), kpi(2, ProductUsage, 80.0, 1.0)];
        let mut weights = [1.0; 5];
        let after = Breakdown::new(&kpis, &weights);
        weights[ProductUsage.index()] = 0.0;
        let terms = share_shift(&Breakdown::new(&kpis, &weights), &after);
        let [term] = terms.as_slice() else { panic!("{terms:?}") };
        assert_eq!((term.category, term.series), (ProductUsage, Some(SeriesId::new(2))));
        assert!((term.points - 20.0).abs() < 1e-12, "{term:?}");
    }
}
