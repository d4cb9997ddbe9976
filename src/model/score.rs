//! A score from 0 to 100, kept with two decimals.

use std::fmt;

use serde::{Serialize, Serializer};

/// A score in hundredths of a point: `Score::from_hundredths(3469)` is 34.69.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Score(i32);

impl Score {
    /// From hundredths of a point.
    #[must_use]
    pub const fn from_hundredths(hundredths: i32) -> Self {
        Self(hundredths)
    }

    /// In hundredths of a point.
    #[must_use]
    pub const fn hundredths(self) -> i32 {
        self.0
    }

    /// Rounds points to two decimals: the shortest decimal text of the number, half away from zero.
    ///
    /// So 34.925 is 34.93, although the binary number lies below it (HEALTH.md, "Category, overall, band").
    /// `points` are finite; what lies beyond all scores is held at the outermost one, and NaN is 0.
    #[must_use]
    pub fn round(points: f64) -> Self {
        let hundredfold = points.abs() * 100.0;
        let from_tie = (hundredfold.fract() - 0.5).abs();
        if hundredfold < QUICK_BELOW && from_tie > TIE_WIDTH {
            return Self(to_i32(hundredfold.round().copysign(points)));
        }
        Self(to_i32(hundredths_by_text(points)))
    }

    /// In points.
    #[must_use]
    pub fn points(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// The difference to another score, as a score that may be negative.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// Below this many hundredths, `points * 100.0` is off by less than [`TIE_WIDTH`].
const QUICK_BELOW: f64 = 1e8;

/// How near to a tie only the text can settle it.
const TIE_WIDTH: f64 = 1e-6;

/// Hundredths, whole, by the decimal text: its third decimal decides, whatever follows.
fn hundredths_by_text(points: f64) -> f64 {
    let text = points.abs().to_string();
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let digit =
        |place: usize| decimals.as_bytes().get(place).map_or(0.0, |byte| f64::from(byte.wrapping_sub(b'0')));
    let carry = if digit(2) >= 5.0 { 1.0 } else { 0.0 };
    let size = whole.parse::<f64>().unwrap_or(0.0) * 100.0 + digit(0) * 10.0 + digit(1) + carry;
    size.copysign(points)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast from a float holds at the ends, which is what is meant"
)]
fn to_i32(whole: f64) -> i32 {
    whole as i32
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", size / 100, size % 100))
    }
}

impl Serialize for Score {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.points())
    }
}

impl schemars::JsonSchema for Score {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Score".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "number"})
    }

    fn inline_schema() -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ties_go_away_from_zero_by_their_decimal_text() {
        for (points, hundredths) in [
            (34.925, 3493),
            (1.005, 101),
            (2.675, 268),
            (0.005, 1),
            (-0.005, -1),
            (-34.925, -3493),
            (34.924_999_999_999, 3492),
            (34.925_f64.next_down(), 3492),
            (99.995, 10_000),
            (100.0, 10_000),
            (200.0 / 3.0, 6667),
            (0.0, 0),
            (-0.0, 0),
            (1e-300, 0),
            (20_000_000.005, 2_000_000_001),
            (1e300, i32::MAX),
            (f64::NEG_INFINITY, i32::MIN),
            (f64::NAN, 0),
        ] {
            assert_eq!(Score::round(points).hundredths(), hundredths, "{points}");
        }
    }

    #[test]
    fn two_decimals_are_always_shown() {
        assert_eq!(Score::from_hundredths(-5).to_string(), "-0.05");
        assert_eq!(Score::from_hundredths(8500).to_string(), "85.00");
    }

    /// The rule again, with integers only: every digit of the text, then half up.
    fn by_digits(points: f64) -> i32 {
        let text = format!("{:?}", points.abs());
        let (whole, decimals) = text.split_once('.').unwrap();
        let thousandths: i32 =
            format!("{whole}{decimals:0<3}").get(..whole.len() + 3).unwrap().parse().unwrap();
        let size = (thousandths + 5) / 10;
        if points < 0.0 { -size } else { size }
    }

    proptest! {
        #[test]
        fn the_quick_path_and_the_text_agree(points in prop_oneof![0.001..100.0, -100.0..-0.001, 99.0..1e5]) {
            prop_assert_eq!(f64::from(Score::round(points).hundredths()), hundredths_by_text(points));
            prop_assert_eq!(Score::round(points).hundredths(), by_digits(points));
        }

        #[test]
        fn they_agree_around_every_tie(thousandths in 1_u32..200_000, steps in -3_i64..=3, half in any::<bool>()) {
            let tie = f64::from(thousandths) / if half { 200.0 } else { 1000.0 };
            let points = f64::from_bits(tie.to_bits().wrapping_add_signed(steps));
            prop_assert_eq!(Score::round(points).hundredths(), by_digits(points), "{}", points);
        }
    }
}
