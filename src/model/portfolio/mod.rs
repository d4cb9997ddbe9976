//! A portfolio between two moments: who came, who went, and what that did to the revenue.
//!
//! Pure, and exact: amounts are whole minor units of one currency; two currencies are never added up.

mod flow;

pub use flow::{Amount, Currencies, Flow, LeftOut, RevenueFlow};

use super::names::loose_key;

/// What became of an account between the moments.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It is there at both.
    Kept,
    /// It is there at the first alone.
    Lost,
    /// It is there at the second alone.
    New,
}

impl Fate {
    /// From whether it is there at the first and at the second; None where it is at neither.
    #[must_use]
    pub const fn of(at_start: bool, at_end: bool) -> Option<Self> {
        match (at_start, at_end) {
            (true, true) => Some(Self::Kept),
            (true, false) => Some(Self::Lost),
            (false, true) => Some(Self::New),
            (false, false) => None,
        }
    }

    /// As JSON has it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Lost => "lost",
            Self::New => "new",
        }
    }
}

/// The statuses of an account that has left, in the words of [`loose_key`].
pub const GONE: [&str; 5] = ["churned", "cancelled", "canceled", "terminated", "lost"];

/// Whether an account of this status has left; case, spaces and dashes aside.
#[must_use]
pub fn has_left(status: Option<&str>) -> bool {
    status.is_some_and(|status| {
        let key = loose_key(status);
        GONE.contains(&key.as_str())
    })
}

/// `part` of `whole` in percent, to two decimals; None where the whole is not above zero.
#[must_use]
pub fn percent(part: i128, whole: i128) -> Option<f64> {
    if whole <= 0 {
        return None;
    }
    let tenthousandfold = part.checked_mul(10_000)?;
    let half = whole / 2;
    let rounded = tenthousandfold.checked_add(if part < 0 { -half } else { half })? / whole;
    Some(rounded as f64 / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_that_means_gone_is_known_in_any_spelling() {
        for status in ["Churned", "CANCELLED", " canceled ", "Terminated", "lost"] {
            assert!(has_left(Some(status)), "{status}");
        }
        for status in [None, Some("active"), Some("at-risk"), Some("churn risk"), Some("")] {
            assert!(!has_left(status), "{status:?}");
        }
    }

    #[test]
    fn percents_are_rounded_half_away_from_zero() {
        for (part, whole, expected) in [
            (1, 3, Some(33.33)),
            (2, 3, Some(66.67)),
            (1, 8, Some(12.5)),
            (-1, 3, Some(-33.33)),
            (1, 0, None),
            (1, -1, None),
            (1, 20_000, Some(0.01)),
        ] {
            assert_eq!(percent(part, whole), expected, "{part} of {whole}");
        }
    }
}
