//! Durations as settings write them: `300s`, `5m`, `1h30m`, `30d`, `12mo`.
//!
//! Months and years stay months: how long they are depends on where they begin.

use std::fmt;

/// The fixed units, longest first, in milliseconds.
const FIXED_UNITS: [(&str, i64); 5] =
    [("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];

/// A duration of calendar months and of fixed time; not both need be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    months: u32,
    millis: i64,
}

impl Length {
    /// Reads whole numbers with units `s m h d w mo y`; None where the text is no duration or too long a one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.trim();
        let mut length = Self { months: 0, millis: 0 };
        if rest.is_empty() {
            return None;
        }
        while !rest.is_empty() {
            let (digits, after) = split_where(rest, |c| !c.is_ascii_digit());
            let (unit, next) = split_where(after, |c| c.is_ascii_digit());
            length = length.plus(digits.parse().ok()?, unit)?;
            rest = next;
        }
        Some(length)
    }

    fn plus(self, count: u32, unit: &str) -> Option<Self> {
        let in_months = match unit {
            "mo" => Some(1),
            "y" => Some(12),
            _ => None,
        };
        if let Some(size) = in_months {
            return Some(Self { months: self.months.checked_add(count.checked_mul(size)?)?, ..self });
        }
        let (_, size) = FIXED_UNITS.iter().find(|(name, _)| *name == unit)?;
        Some(Self { millis: self.millis.checked_add(i64::from(count).checked_mul(*size)?)?, ..self })
    }

    /// The calendar months in it.
    #[must_use]
    pub const fn months(self) -> u32 {
        self.months
    }

    /// The fixed time in it, beside the months, in milliseconds.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.millis
    }

    /// The whole of it in milliseconds; None where it has calendar months.
    #[must_use]
    pub fn fixed_millis(self) -> Option<i64> {
        (self.months == 0).then_some(self.millis)
    }

    /// Whether it is no time at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.months == 0 && self.millis == 0
    }
}

/// The longest start of a text without a character of that kind, and the rest.
fn split_where(text: &str, ends: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at_checked(text.find(ends).unwrap_or(text.len())).unwrap_or((text, ""))
}

/// A fixed duration as it would be written, in days at most.
pub(super) fn show_millis(millis: i64) -> String {
    Length { months: 0, millis }.to_string()
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() {
            return f.write_str("0s");
        }
        for (count, unit) in [(self.months / 12, "y"), (self.months % 12, "mo")] {
            if count > 0 {
                write!(f, "{count}{unit}")?;
            }
        }
        let mut rest = self.millis;
        for (unit, size) in FIXED_UNITS.into_iter().filter(|(unit, _)| *unit != "w") {
            if rest / size > 0 {
                write!(f, "{}{unit}", rest / size)?;
            }
            rest %= size;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_shown() {
        for (text, months, millis, shown) in [
            ("300s", 0, 300_000, "5m"),
            (" 5m ", 0, 300_000, "5m"),
            ("1h30m", 0, 5_400_000, "1h30m"),
            ("30d", 0, 2_592_000_000, "30d"),
            ("2w", 0, 1_209_600_000, "14d"),
            ("18mo", 18, 0, "1y6mo"),
            ("1y1d", 12, 86_400_000, "1y1d"),
            ("0s", 0, 0, "0s"),
        ] {
            let length = Length::parse(text).unwrap();
            assert_eq!((length.months(), length.millis()), (months, millis), "{text}");
            assert_eq!(length.to_string(), shown, "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in
            ["", " ", "5", "m", "five", "5 m", "-5m", "1.5h", "5M", "5min", "4294967296s", "400000000y", "٥m"]
        {
            assert_eq!(Length::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn calendar_units_have_no_fixed_length() {
        assert_eq!(Length::parse("1mo").and_then(Length::fixed_millis), None);
        assert_eq!(Length::parse("1m").and_then(Length::fixed_millis), Some(60_000));
    }
}
