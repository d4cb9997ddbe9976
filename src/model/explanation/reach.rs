//! What it would take: the value at which a KPI alone would bring the overall score to a limit.

use super::breakdown::{Breakdown, Part};
use crate::model::kpi::{Direction, Scale};

/// The score that a KPI needs, all others unchanged, for the overall score to reach `limit`; None where even its best
/// is not enough, where the limit is reached already, or where it weighs nothing.
#[must_use]
pub fn points_needed(breakdown: &Breakdown, part: &Part, limit: f64) -> Option<f64> {
    let missing = limit - breakdown.overall();
    let share = breakdown.category_share(part.category) * part.share;
    let needed = part.points + missing / share;
    (missing > 0.0 && share > 0.0 && needed <= 100.0).then_some(needed)
}

/// The value that scores so many points, 0 to 100: the scale read backwards.
#[must_use]
pub fn value_at(scale: &Scale, points: f64) -> f64 {
    let [worst, critical_edge, healthy_edge, best] = scale.points();
    let third = 100.0 / 3.0;
    let (from, to, start) = if points <= third {
        (worst, critical_edge, 0.0)
    } else if points <= 2.0 * third {
        (critical_edge, healthy_edge, third)
    } else {
        (healthy_edge, best, 2.0 * third)
    };
    let along = ((points - start) / third).clamp(0.0, 1.0);
    from + (to - from) * along
}

/// A value rounded to few digits on the side that reaches at least what was needed: for people to aim at.
#[must_use]
pub fn aim_at(scale: &Scale, value: f64) -> f64 {
    let [worst, .., best] = scale.points();
    let span = (best - worst).abs();
    // Two digits below the scale's own magnitude: 0.1 on a scale of 0 to 100.
    let step = 10_f64.powf((span.log10() - 3.0).ceil());
    if !(step > 0.0 && step.is_finite()) {
        return value;
    }
    let steps = value / step;
    let whole = match scale.direction {
        Direction::Higher => (steps - 1e-9).ceil(),
        Direction::Lower => (steps + 1e-9).floor(),
    };
    // Dividing by the inverse keeps short decimals short: 3 / 10 is 0.3, 3 * 0.1 is not.
    if step < 1.0 { whole / (1.0 / step).round() } else { whole * step }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::health::{WeighedKpi, score_kpi};
    use crate::model::ids::SeriesId;
    use crate::model::kpi::Category;
    use proptest::prelude::*;

    #[test]
    fn what_is_missing_is_asked_of_a_kpis_share() {
        let kpi = |id, points, weight| {
            let category = Category::Support;
            (SeriesId::new(id), WeighedKpi { category, points, weight: Some(weight), impact: None })
        };
        let breakdown = Breakdown::new(&[kpi(1, 40.0, 1.0), kpi(2, 80.0, 1.0), kpi(3, 0.0, 0.0)], &[1.0; 5]);
        let needed = |place: usize, limit| points_needed(&breakdown, &breakdown.parts[place], limit);
        // The overall score is 60; half of what a KPI gains reaches it.
        assert_eq!(needed(0, 70.0), Some(60.0));
        assert_eq!(needed(1, 70.0), Some(100.0), "its best is just enough");
        assert_eq!(needed(1, 71.0), None, "not even its best is");
        assert_eq!(needed(0, 60.0), None, "reached already");
        assert_eq!(needed(0, 50.0), None, "and passed");
        assert_eq!(needed(2, 60.5), None, "it weighs nothing");
    }

    #[test]
    fn an_aim_has_few_digits_and_reaches_what_was_needed() {
        let higher = |points| Scale::new(Direction::Higher, points).unwrap();
        let lower = |points| Scale::new(Direction::Lower, points).unwrap();
        for (scale, value, aim) in [
            (higher([20.0, 40.0, 70.0, 100.0]), 50.03, 50.1),
            (higher([20.0, 40.0, 70.0, 100.0]), 40.1, 40.1),
            (lower([48.0, 24.0, 4.0, 0.0]), 40.17, 40.1),
            (lower([48.0, 24.0, 4.0, 0.0]), 40.1, 40.1),
            (higher([0.0, 40.0, 70.0, 100.0]), 0.25, 0.3),
            (higher([0.0, 1.0, 2.0, 1000.0]), 40.2, 41.0),
            (higher([0.0, 1.0, 2.0, 100_000.0]), 40_001.0, 40_100.0),
        ] {
            assert_eq!(aim_at(&scale, value).to_bits(), f64::to_bits(aim), "{value}");
        }
    }

    #[test]
    fn a_scale_beyond_all_steps_keeps_its_value() {
        let tiny = Scale::new(Direction::Higher, [0.0, 5e-324, 1e-323, 1.5e-323]).unwrap();
        assert_eq!(aim_at(&tiny, 1e-323).to_bits(), 1e-323_f64.to_bits());
        let wide = Scale::new(Direction::Higher, [-1.7e308, 0.0, 1e308, 1.7e308]).unwrap();
        assert_eq!(aim_at(&wide, 7.0).to_bits(), 7.0_f64.to_bits());
    }

    proptest! {
        #[test]
        fn the_value_scores_what_was_asked_for(points in 0.0_f64..=100.0, lower in any::<bool>()) {
            let scale = match lower {
                false => Scale::new(Direction::Higher, [0.0, 40.0, 70.0, 100.0]).unwrap(),
                true => Scale::new(Direction::Lower, [48.0, 24.0, 4.0, 0.0]).unwrap(),
            };
            let value = value_at(&scale, points);
            prop_assert!((score_kpi(&scale, value).points - points).abs() < 1e-9);
            let aim = aim_at(&scale, value);
            prop_assert!(score_kpi(&scale, aim).points >= points - 1e-6);
            prop_assert!((aim - value).abs() <= 0.1 + 1e-9);
        }
    }
}
