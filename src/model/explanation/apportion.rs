//! Rounding terms so that what is shown still adds up: largest remainder, in hundredths.

use crate::model::score::Score;

/// Rounds terms to hundredths so that they sum up to `total`, which their exact sum lies near.
///
/// A term of exactly 0 stays 0 and no term changes its sign, as far as the total leaves room: what remains after
/// rounding towards zero goes, a hundredth at a time, to the terms that lost most by it.
#[must_use]
pub fn apportion(terms: &[f64], total: Score) -> Vec<Score> {
    let mut shown: Vec<i64> = terms.iter().map(|term| toward_zero(*term)).collect();
    let mut left = i64::from(total.hundredths()).saturating_sub(shown.iter().sum());
    let mut order: Vec<usize> = (0..terms.len()).collect();
    while left != 0 && !order.is_empty() {
        let sign = left.signum();
        // Most is owed to those whose exact term lies farthest beyond what is shown, in the direction of what is left.
        let owed = |place: &usize| {
            let exact = terms.get(*place).copied().unwrap_or(0.0) * 100.0;
            (exact - shown.get(*place).copied().unwrap_or(0) as f64) * sign as f64
        };
        let moves = |place: &usize| terms.get(*place).is_some_and(|term| *term != 0.0);
        order.sort_by(|a, b| moves(b).cmp(&moves(a)).then(owed(b).total_cmp(&owed(a))).then(a.cmp(b)));
        let round = order.iter().filter(|place| moves(place)).count().max(1);
        let places: Vec<usize> = order.iter().copied().take(round).collect();
        for place in places {
            if left == 0 {
                break;
            }
            if let Some(shown) = shown.get_mut(place) {
                *shown += sign;
                left -= sign;
            }
        }
    }
    shown.into_iter().map(|hundredths| Score::from_hundredths(to_i32(hundredths))).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast from a float holds at the ends; scores are far from them"
)]
fn toward_zero(points: f64) -> i64 {
    // What lies within the noise of the arithmetic below a whole hundredth is that hundredth.
    let hundredfold = points * 100.0;
    let nearest = hundredfold.round();
    if (hundredfold - nearest).abs() < 1e-9 { nearest as i64 } else { hundredfold.trunc() as i64 }
}

fn to_i32(hundredths: i64) -> i32 {
    i32::try_from(hundredths).unwrap_or(if hundredths < 0 { i32::MIN } else { i32::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(terms: &[f64], total: i32) -> Vec<i32> {
        apportion(terms, Score::from_hundredths(total)).into_iter().map(Score::hundredths).collect()
    }

    #[test]
    fn thirds_share_what_remains() {
        assert_eq!(shown(&[1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0], 100), [34, 33, 33]);
        assert_eq!(shown(&[2.0 / 3.0, -1.0 / 3.0, 0.0], 33), [66, -33, 0]);
        assert_eq!(shown(&[0.506, 0.0, -0.004], 51), [51, 0, 0]);
        assert_eq!(shown(&[], 5), [0; 0]);
    }

    #[test]
    fn rounding_at_both_ends_falls_to_the_largest_loss() {
        // 10.004 -> 10.00 and 10.506 -> 10.51: the shown change is a hundredth more than the term.
        assert_eq!(shown(&[0.502], 51), [51]);
        assert_eq!(shown(&[0.502], 49), [49]);
        assert_eq!(shown(&[0.0, 0.004], 1), [0, 1]);
    }

    #[test]
    fn a_hundredth_goes_to_the_term_that_lost_most() {
        assert_eq!(shown(&[0.004, 1.006], 101), [0, 101]);
        assert_eq!(shown(&[0.006, 1.004], 101), [1, 100]);
        assert_eq!(shown(&[1.004, 2.006], 301), [100, 201]);
        assert_eq!(shown(&[-0.004, -1.006], -101), [0, -101]);
    }

    #[test]
    fn what_the_arithmetic_left_below_a_hundredth_is_that_hundredth() {
        // 0.29 * 100.0 is 28.999999999999996.
        for (points, hundredths) in [(0.29, 29), (0.296, 29), (-0.29, -29), (-0.296, -29), (0.0, 0)] {
            assert_eq!(toward_zero(points), hundredths, "{points}");
        }
        assert_eq!((to_i32(i64::MIN), to_i32(-7), to_i32(i64::MAX)), (i32::MIN, -7, i32::MAX));
    }

    proptest! {
        #[test]
        fn what_is_shown_adds_up_and_keeps_its_sign(
            terms in prop::collection::vec(prop_oneof![Just(0.0), -30.0_f64..30.0], 1..40),
            noise in -1_i32..=1,
        ) {
            let exact: f64 = terms.iter().sum();
            let total = Score::round(exact).hundredths() + noise;
            let shown = shown(&terms, total);
            prop_assert_eq!(shown.iter().sum::<i32>(), total);
            let moving = terms.iter().filter(|term| **term != 0.0).count();
            for (term, shown) in terms.iter().zip(&shown) {
                prop_assert!((f64::from(*shown) / 100.0 - term).abs() < 0.0201 || moving == 0, "{term} {shown}");
                prop_assert!(*term != 0.0 || *shown == 0 || moving == 0);
            }
        }
    }
}
