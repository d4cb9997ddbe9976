//! Money: exact amounts in a currency's minor units, never through a float.

use iso_currency::Currency;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

/// How many decimals a currency has (USD 2, JPY 0, KWD 3); 2 where the code is not known.
#[must_use]
pub fn decimals(currency: &str) -> u8 {
    let exponent = Currency::from_code(currency).and_then(Currency::exponent);
    exponent.and_then(|decimals| u8::try_from(decimals).ok()).unwrap_or(2)
}

/// Whether this is an ISO 4217 code, in capitals.
#[must_use]
pub fn is_currency(code: &str) -> bool {
    Currency::from_code(code).is_some()
}

/// An amount in the minor units of a currency; None where it has more decimals than the currency, or is too large.
#[must_use]
pub fn minor_units(amount: Decimal, currency: &str) -> Option<i64> {
    let minor = amount.checked_mul(Decimal::from(scale(currency)))?;
    minor.fract().is_zero().then(|| minor.to_i64()).flatten()
}

/// How many minor units make one of a currency.
#[must_use]
pub fn scale(currency: &str) -> i64 {
    10_i64.checked_pow(u32::from(decimals(currency))).unwrap_or(100)
}

/// An amount in the currency itself, for JSON: the number nearest to the exact decimal.
#[must_use]
pub fn major_units(minor_units: i64, currency: &str) -> f64 {
    let exact = Decimal::new(minor_units, u32::from(decimals(currency)));
    // A decimal's text always is a number.
    exact.to_string().parse().unwrap_or_default()
}

/// Where a revenue was read.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RevenueBasis {
    /// A column of what is paid a year: ARR, ACV, contract value.
    Arr,
    /// A column of what is paid a month, times 12.
    MrrX12,
    /// A column called revenue.
    Revenue,
}

impl RevenueBasis {
    /// As JSON has it: `arr`, `mrr_x12`, `revenue`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Arr => "arr",
            Self::MrrX12 => "mrr_x12",
            Self::Revenue => "revenue",
        }
    }
}

/// What an account pays a year.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Revenue {
    /// In minor units of the currency.
    pub minor_units: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// Where it was read.
    pub basis: RevenueBasis,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_or_refused() {
        let amount = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(minor_units(amount("1452.84"), "USD"), Some(145_284));
        assert_eq!(minor_units(amount("-0.10"), "EUR"), Some(-10));
        assert_eq!(minor_units(amount("1000"), "JPY"), Some(1000));
        assert_eq!(minor_units(amount("1000.5"), "JPY"), None);
        assert_eq!(minor_units(amount("0.001"), "KWD"), Some(1));
        assert_eq!(minor_units(amount("0.005"), "USD"), None);
        assert_eq!(minor_units(amount("99999999999999999999"), "USD"), None);
        assert!(is_currency("EUR") && !is_currency("ABC") && !is_currency("eur"));
    }
}
