//! The score and band of one KPI's value, by the four points of its definition.

use crate::model::kpi::{Band, Direction, Scale};

/// What a value scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KpiScore {
    /// 0 to 100, unrounded.
    pub points: f64,
    /// The band in which the value itself lies; never taken from rounded points.
    pub band: Band,
}

/// A third of the scale: where the critical and the healthy edge lie in points.
const ONE_THIRD: f64 = 100.0 / 3.0;
const TWO_THIRDS: f64 = 200.0 / 3.0;

/// Scores a finite value: linear between the four points, flat outside (HEALTH.md, "A KPI's score").
#[must_use]
pub fn score_kpi(scale: &Scale, value: f64) -> KpiScore {
    let mut points = scale.points();
    let mut position = value;
    let band = band_of(scale, value);
    if scale.direction == Direction::Lower {
        // mirrored at zero, which is exact, a lower-is-better scale is a higher-is-better one
        points = points.map(|point| -point);
        position = -value;
    }
    KpiScore { points: points_on(points, position), band }
}

/// An edge belongs to the side that the direction gives it: where lower is better, to the better one.
fn band_of(scale: &Scale, value: f64) -> Band {
    let (reaches_healthy, reaches_at_risk) = match scale.direction {
        Direction::Higher => (value > scale.healthy_edge, value > scale.critical_edge),
        Direction::Lower => (value <= scale.healthy_edge, value <= scale.critical_edge),
    };
    match (reaches_healthy, reaches_at_risk) {
        (true, _) => Band::Healthy,
        (false, true) => Band::AtRisk,
        (false, false) => Band::Critical,
    }
}

fn points_on([worst, critical_edge, healthy_edge, best]: [f64; 4], value: f64) -> f64 {
    if value <= worst {
        0.0
    } else if value <= critical_edge {
        between((worst, 0.0), (critical_edge, ONE_THIRD), value)
    } else if value <= healthy_edge {
        between((critical_edge, ONE_THIRD), (healthy_edge, TWO_THIRDS), value)
    } else if value < best {
        between((healthy_edge, TWO_THIRDS), (best, 100.0), value)
    } else {
        100.0
    }
}

/// Linear between two points, with `from.0 < value <= to.0`; exact at both ends and never falling between.
fn between(from: (f64, f64), to: (f64, f64), value: f64) -> f64 {
    let span = to.0 - from.0;
    let share = if span.is_finite() {
        (value - from.0) / span
    } else {
        // halves, so that a span wider than the largest number does not overflow
        (value / 2.0 - from.0 / 2.0) / (to.0 / 2.0 - from.0 / 2.0)
    };
    from.1 + (to.1 - from.1) * share
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kpi::catalogue;
    use proptest::prelude::*;

    fn named(name: &str) -> Scale {
        catalogue::builtin().iter().find(|d| d.kpi_name == name).and_then(|d| d.scale).unwrap()
    }

    fn assert_scores(name: &str, cases: &[(f64, f64, Band)]) {
        for (value, points, band) in cases {
            let score = score_kpi(&named(name), *value);
            assert!((score.points - points).abs() < 1e-9, "{name} {value}: {}", score.points);
            assert_eq!(score.band, *band, "{name} {value}");
        }
    }

    #[test]
    fn higher_is_better() {
        use Band::{AtRisk, Critical, Healthy};
        assert_scores(
            "Net Promoter Score (NPS)",
            &[
                (-150.0, 0.0, Critical),
                (-100.0, 0.0, Critical),
                (-50.0, 100.0 / 6.0, Critical),
                (0.0, 100.0 / 3.0, Critical),
                (0.001, 33.334, AtRisk),
                (50.0, 200.0 / 3.0, AtRisk),
                (75.0, 500.0 / 6.0, Healthy),
                (100.0, 100.0, Healthy),
                (1e300, 100.0, Healthy),
            ],
        );
    }

    #[test]
    fn lower_is_better() {
        use Band::{AtRisk, Critical, Healthy};
        assert_scores(
            "Time to First Value (TTFV)",
            &[
                (100.0, 0.0, Critical),
                (76.0, 0.0, Critical),
                (53.0, 100.0 / 6.0, Critical),
                (30.0, 100.0 / 3.0, AtRisk),
                (18.5, 50.0, AtRisk),
                (7.0, 200.0 / 3.0, Healthy),
                (0.0, 100.0, Healthy),
                (-5.0, 100.0, Healthy),
            ],
        );
    }

    #[test]
    fn the_edges_score_thirds_exactly() {
        for definition in catalogue::builtin() {
            let scale = definition.scale.unwrap();
            let points = scale.points().map(|point| score_kpi(&scale, point).points);
            assert_eq!(points, [0.0, 100.0 / 3.0, 200.0 / 3.0, 100.0], "{}", definition.kpi_name);
        }
    }

    /// Four different points in the scale's direction, of any size a number can have.
    fn scale() -> impl Strategy<Value = Scale> {
        let point = prop_oneof![-1e3..1e3, -1e-300..1e-300, -1e308..1e308];
        (prop::array::uniform4(point), any::<bool>())
            .prop_filter("the four points differ", |(points, _)| {
                let mut sorted = *points;
                sorted.sort_by(f64::total_cmp);
                sorted.windows(2).all(|pair| pair[0] < pair[1])
            })
            .prop_map(|(mut points, higher)| {
                points.sort_by(f64::total_cmp);
                if !higher {
                    points.reverse();
                }
                let direction = if higher { Direction::Higher } else { Direction::Lower };
                Scale::new(direction, points).unwrap()
            })
    }

    proptest! {
        #[test]
        fn a_better_value_never_scores_less(
            scale in scale(),
            a in prop_oneof![-2e3..2e3, any::<f64>()].prop_filter("finite", |value: &f64| value.is_finite()),
            nudge in 0_u64..1000,
        ) {
            let b = if a >= 0.0 { f64::from_bits(a.to_bits() + nudge) } else { a.next_up() };
            prop_assume!(b.is_finite());
            let (worse, better) = match scale.direction {
                Direction::Higher => (a, b),
                Direction::Lower => (b, a),
            };
            let (worse, better) = (score_kpi(&scale, worse), score_kpi(&scale, better));
            prop_assert!(worse.points <= better.points, "{worse:?} {better:?}");
            prop_assert!(worse.band <= better.band);
            prop_assert!((0.0..=100.0).contains(&worse.points) && better.points <= 100.0);
        }

        #[test]
        fn any_two_values_are_scored_in_their_order(scale in scale(), a in -2e3..2e3, b in -2e3..2e3) {
            let (low, high) = (score_kpi(&scale, f64::min(a, b)), score_kpi(&scale, f64::max(a, b)));
            match scale.direction {
                Direction::Higher => prop_assert!(low.points <= high.points && low.band <= high.band),
                Direction::Lower => prop_assert!(low.points >= high.points && low.band >= high.band),
            }
        }
    }
}
