//! Money as a JSON number: made from integer minor units, never from a float.

use std::fmt;

use serde::{Serialize, Serializer};

/// An amount in minor units and how many decimals the currency has: (123456, 2) is 1234.56.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoneyNumber {
    minor_units: i64,
    decimals: u8,
}

impl MoneyNumber {
    /// An amount in minor units of a currency with so many decimals (USD 2, JPY 0, KWD 3).
    #[must_use]
    pub const fn new(minor_units: i64, decimals: u8) -> Self {
        Self { minor_units, decimals }
    }

    /// Whether the amount is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.minor_units < 0
    }

    /// The amount in units of so many decimals (1234.56 with 4 is `12_345_600`); None where it has more.
    #[must_use]
    pub fn scaled(self, decimals: u8) -> Option<i128> {
        let factor = 10_i128.checked_pow(u32::from(decimals.checked_sub(self.decimals)?))?;
        i128::from(self.minor_units).checked_mul(factor)
    }

    /// As people write it: without decimals where all are zero, else with all of the currency's.
    #[must_use]
    pub fn to_text(self) -> String {
        let exact = self.to_string();
        match exact.split_once('.') {
            Some((whole, fraction)) => {
                format!("{whole}.{fraction:0<width$}", width = usize::from(self.decimals))
            }
            None => exact,
        }
    }

    /// Whether the amount is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor_units == 0
    }
}

/// The exact decimal, without zeros at its end: `1234.5`.
impl fmt::Display for MoneyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minor_units < 0 { "-" } else { "" };
        let decimals = usize::from(self.decimals);
        let digits = format!("{:0>width$}", self.minor_units.unsigned_abs(), width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(decimals));
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            fraction => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}

/// A whole amount is an integer, exact; another is the float nearest to the decimal, whose shortest text is
/// that decimal again up to 15 digits (9,999,999,999,999.99), which is as far as readers of JSON go.
impl Serialize for MoneyNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.to_string();
        match text.parse::<i64>() {
            Ok(whole) => serializer.serialize_i64(whole),
            Err(_) => serializer.serialize_f64(text.parse().map_err(serde::ser::Error::custom)?),
        }
    }
}

impl schemars::JsonSchema for MoneyNumber {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "MoneyNumber".into()
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
    use crate::report::json;

    #[test]
    fn amounts_are_exact_decimals() {
        let cases = [
            (123_456, 2, "1234.56"),
            (120_000_050, 2, "1200000.5"),
            (-5, 2, "-0.05"),
            (0, 2, "0"),
            (1_200, 0, "1200"),
            (1_234_567, 3, "1234.567"),
            (999_999_999_999_999, 2, "9999999999999.99"),
            (i64::MAX, 0, "9223372036854775807"),
            (i64::MIN, 0, "-9223372036854775808"),
        ];
        for (minor_units, decimals, text) in cases {
            let amount = MoneyNumber::new(minor_units, decimals);
            assert_eq!(amount.to_string(), text);
            assert_eq!(json::line(&amount).unwrap().trim_end(), text);
        }
    }

    #[test]
    fn people_see_all_decimals_or_none() {
        assert_eq!(MoneyNumber::new(120_000_050, 2).to_text(), "1200000.50");
        assert_eq!(MoneyNumber::new(-120_000_000, 2).to_text(), "-1200000");
    }

    #[test]
    fn more_decimals_leave_the_amount_and_fewer_are_refused() {
        assert_eq!(MoneyNumber::new(-123_456, 2).scaled(4), Some(-12_345_600));
        assert_eq!(MoneyNumber::new(i64::MAX, 0).scaled(4), Some(i128::from(i64::MAX) * 10_000));
        assert_eq!(MoneyNumber::new(7, 3).scaled(3), Some(7));
        assert_eq!(MoneyNumber::new(7, 3).scaled(2), None);
    }

    #[test]
    fn every_cent_up_to_a_thousand_reads_back() {
        for cents in -100_000..100_000 {
            let amount = MoneyNumber::new(cents, 2);
            assert_eq!(json::line(&amount).unwrap().trim_end(), amount.to_string());
        }
    }
}
