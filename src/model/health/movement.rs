//! Whether a score improves or declines, and whether a change is significant.
//!
//! Both compare what is shown (scores in hundredths), so that a reader can check them by hand.

use serde::{Deserialize, Serialize};

use super::config::{SignificancePolicy, TrendPolicy};
use crate::model::score::Score;

/// Where an account's score is heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    /// Up by more than the policy's points.
    Improving,
    /// Down by more than the policy's points.
    Declining,
    /// Neither, or there is nothing to compare with.
    Stable,
}

impl Trend {
    /// As JSON has it: `improving`, `declining`, `stable`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Improving => "improving",
            Self::Declining => "declining",
            Self::Stable => "stable",
        }
    }

    /// The number under which it is stored: 1, -1 or 0.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Improving => 1,
            Self::Declining => -1,
            Self::Stable => 0,
        }
    }

    /// From the stored number 1, -1 or 0.
    #[must_use]
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::Improving),
            -1 => Some(Self::Declining),
            0 => Some(Self::Stable),
            _ => None,
        }
    }
}

/// The trend of a score against an earlier one; stable where there is no earlier one.
///
/// Which one is the earlier (30 days before, the account's first, so many snapshots ago) the policy's window
/// says, and the caller looks up. An account without a score now has no trend.
#[must_use]
pub fn trend(now: Score, then: Option<Score>, policy: &TrendPolicy) -> Trend {
    let Some(then) = then else { return Trend::Stable };
    let change = now.minus(then).points();
    if change > policy.points {
        Trend::Improving
    } else if change < -policy.points {
        Trend::Declining
    } else {
        Trend::Stable
    }
}

/// Whether the change since the last snapshot is significant: score or revenue moved by more than the limit.
///
/// A change that is not known (the first snapshot, no score, no revenue before) is not significant.
#[must_use]
pub fn is_significant(
    score_change: Option<Score>,
    revenue_change_percent: Option<f64>,
    policy: &SignificancePolicy,
) -> bool {
    score_change.is_some_and(|change| change.points().abs() > policy.points)
        || revenue_change_percent.is_some_and(|percent| percent.abs() > policy.revenue_percent)
}

/// The change from `then` to `now` (minor units of one currency) in percent of `then`: 12.5 is 12.5 %.
///
/// None where either is unknown or `then` is 0; a limit such as exactly 10 % comes out as exactly 10.
#[must_use]
pub fn change_percent(now: Option<i64>, then: Option<i64>) -> Option<f64> {
    let (now, then) = (i128::from(now?), i128::from(then?));
    // a hundred times the difference of two i64 fits into an i128 many times over
    let hundredfold = (now - then) * 100;
    (then != 0).then(|| hundredfold as f64 / then.unsigned_abs() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREND: TrendPolicy =
        TrendPolicy { window: super::super::config::TrendWindow::Snapshots(3), points: 3.0 };
    const SIGNIFICANCE: SignificancePolicy = SignificancePolicy { points: 5.0, revenue_percent: 10.0 };

    fn score(hundredths: i32) -> Score {
        Score::from_hundredths(hundredths)
    }

    #[test]
    fn more_than_three_points_make_a_trend() {
        for (now, then, expected) in [
            (5301, Some(5000), Trend::Improving),
            (5300, Some(5000), Trend::Stable),
            (4700, Some(5000), Trend::Stable),
            (4699, Some(5000), Trend::Declining),
            (5000, None, Trend::Stable),
        ] {
            assert_eq!(trend(score(now), then.map(score), &TREND), expected, "{now} {then:?}");
        }
    }

    #[test]
    fn a_limit_with_decimals_is_not_passed_by_standing_on_it() {
        let policy = TrendPolicy { points: 0.1, ..TREND };
        for base in 0..9990 {
            assert_eq!(trend(score(base + 10), Some(score(base)), &policy), Trend::Stable);
            assert_eq!(trend(score(base + 11), Some(score(base)), &policy), Trend::Improving);
        }
    }

    #[test]
    fn significance_needs_more_than_the_limit() {
        for (change, percent, expected) in [
            (Some(500), Some(10.0), false),
            (Some(501), None, true),
            (Some(-501), Some(0.0), true),
            (None, Some(10.01), true),
            (None, Some(-10.01), true),
            (None, None, false),
        ] {
            assert_eq!(is_significant(change.map(score), percent, &SIGNIFICANCE), expected);
        }
    }

    #[test]
    fn percent_of_what_was_before() {
        assert_eq!(change_percent(Some(1125), Some(1000)), Some(12.5));
        assert_eq!(change_percent(Some(900), Some(1000)), Some(-10.0));
        assert_eq!(change_percent(Some(-500), Some(-1000)), Some(50.0));
        assert_eq!(change_percent(Some(1), Some(0)), None);
        assert_eq!(change_percent(None, Some(1)), None);
        assert_eq!(change_percent(Some(1), None), None);
        assert!(change_percent(Some(i64::MAX), Some(i64::MIN)).is_some_and(f64::is_finite));
    }

    #[test]
    fn codes_are_what_serde_writes_and_numbers_come_back() {
        for trend in [Trend::Improving, Trend::Declining, Trend::Stable] {
            assert_eq!(serde_json::to_value(trend).unwrap(), trend.code());
            assert_eq!(Trend::from_number(trend.number()), Some(trend));
        }
    }
}
