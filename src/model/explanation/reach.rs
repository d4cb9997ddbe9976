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
    use crate::model::health::score_kpi;
    use proptest::prelude::*;

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
