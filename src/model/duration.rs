//! Durations as people write them: `300s`, `5m`, `1h30m`, `30d`, `2w`, `3mo`, `1y`.
//!
//! Days and weeks are 24 hours and 7 times that; months and years are the calendar's, and have no length of
//! their own.

use std::fmt;

use chrono::{Months, NaiveDateTime};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::time::Timestamp;
use super::zone;

/// A duration: so many calendar months, and so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    months: u32,
    seconds: i64,
}

/// What a unit stands for.
#[derive(Debug, Clone, Copy)]
enum Worth {
    Months(u32),
    Seconds(i64),
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The units, largest first, as they must stand in a duration.
const UNITS: [(&str, Worth); 7] = [
    ("y", Worth::Months(12)),
    ("mo", Worth::Months(1)),
    ("w", Worth::Seconds(7 * DAY)),
    ("d", Worth::Seconds(DAY)),
    ("h", Worth::Seconds(HOUR)),
    ("m", Worth::Seconds(MINUTE)),
    ("s", Worth::Seconds(1)),
];

/// Spans are held below this many seconds and months: ten thousand years.
const LONGEST_SECONDS: i64 = 10_000 * 366 * DAY;
const LONGEST_MONTHS: u32 = 10_000 * 12;

impl Span {
    /// So many whole seconds; negative ones are none.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self { months: 0, seconds: if seconds < 0 { 0 } else { seconds } }
    }

    /// So many calendar months; no more than ten thousand years of them.
    #[must_use]
    pub const fn from_months(months: u32) -> Self {
        Self { months: if months > LONGEST_MONTHS { LONGEST_MONTHS } else { months }, seconds: 0 }
    }

    /// Reads a duration: whole numbers with their units, largest first, each unit once; `0` needs none.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let trimmed = text.trim();
        if trimmed == "0" {
            return Ok(Self::default());
        }
        Self::parse_parts(trimmed).ok_or_else(|| {
            format!(
                "expected a duration such as 300s, 5m, 1h30m, 30d, 2w, 3mo or 1y (units s m h d w mo y, largest \
                 first), got '{text}'"
            )
        })
    }

    fn parse_parts(text: &str) -> Option<Self> {
        let mut span = Self::default();
        let mut units = UNITS.into_iter();
        let mut rest = text;
        loop {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, tail) = rest.split_at_checked(digits)?;
            let letters = tail.bytes().take_while(u8::is_ascii_alphabetic).count();
            let (name, tail) = tail.split_at_checked(letters)?;
            // the iterator goes on where it stopped: units come in order, each at most once
            let (_, worth) = units.find(|(unit, _)| *unit == name)?;
            span = span.plus(number.parse().ok()?, worth)?;
            if tail.is_empty() {
                return Some(span);
            }
            rest = tail;
        }
    }

    /// None where the span would become longer than ten thousand years.
    fn plus(self, count: u32, worth: Worth) -> Option<Self> {
        let longer = match worth {
            Worth::Months(months) => {
                Self { months: months.checked_mul(count)?.checked_add(self.months)?, ..self }
            }
            Worth::Seconds(seconds) => {
                Self { seconds: seconds.checked_mul(i64::from(count))?.checked_add(self.seconds)?, ..self }
            }
        };
        (longer.months <= LONGEST_MONTHS && longer.seconds <= LONGEST_SECONDS).then_some(longer)
    }

    /// Its length in milliseconds; None where months or years are in it.
    #[must_use]
    pub const fn millis(self) -> Option<i64> {
        if self.months == 0 { Some(self.seconds.saturating_mul(1000)) } else { None }
    }

    /// The instant this long before another: months by the zone's calendar, then seconds by the clock.
    ///
    /// A day that the month lacks becomes its last (one month before March 31 is the last of February). The time
    /// of day is kept; one that does not exist there moves to the gap's end.
    #[must_use]
    pub fn before(self, at: Timestamp, zone: Tz) -> Timestamp {
        let start = if self.months == 0 {
            at
        } else {
            let local = zone::local_time(at, zone);
            let earlier = local.checked_sub_months(Months::new(self.months)).unwrap_or(NaiveDateTime::MIN);
            zone::instant_of(earlier, zone)
        };
        start.plus_millis(self.seconds.saturating_mul(-1000))
    }

    /// The instant this long after another, counted in the same way.
    #[must_use]
    pub fn after(self, at: Timestamp, zone: Tz) -> Timestamp {
        let start = if self.months == 0 {
            at
        } else {
            let local = zone::local_time(at, zone);
            let later = local.checked_add_months(Months::new(self.months)).unwrap_or(NaiveDateTime::MAX);
            zone::instant_of(later, zone)
        };
        start.plus_millis(self.seconds.saturating_mul(1000))
    }
}

impl fmt::Display for Span {
    /// In the largest units that leave no remainder, but for weeks, which are told in days; nothing is `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::default() {
            return f.write_str("0s");
        }
        let (mut months, mut seconds) = (self.months, self.seconds);
        for (name, worth) in UNITS.into_iter().filter(|(name, _)| *name != "w") {
            let count = match worth {
                Worth::Months(size) => {
                    let count = months / size;
                    months %= size;
                    i64::from(count)
                }
                Worth::Seconds(size) => {
                    let count = seconds / size;
                    seconds %= size;
                    count
                }
            };
            if count > 0 {
                write!(f, "{count}{name}")?;
            }
        }
        Ok(())
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Europe::Berlin;
    use proptest::prelude::*;

    #[test]
    fn durations_as_people_write_them() {
        for (text, seconds) in [
            ("300s", 300),
            ("5m", 300),
            ("1h30m", 5400),
            (" 30d ", 30 * 86400),
            ("2w", 14 * 86400),
            ("1w1d1h1m1s", 8 * 86400 + 3661),
            ("0", 0),
            ("0s", 0),
            ("90m", 5400),
        ] {
            assert_eq!(Span::parse(text).map(Span::millis), Ok(Some(seconds * 1000)), "{text}");
        }
        for text in ["3mo", "1y", "1y6mo", "1mo15d"] {
            assert_eq!(Span::parse(text).map(Span::millis), Ok(None), "{text}");
        }
        assert_eq!(Span::parse("1y"), Span::parse("12mo"));
    }

    #[test]
    fn anything_else_says_what_was_expected() {
        for text in [
            "",
            " ",
            "5",
            "m",
            "m5",
            "-5m",
            "+5m",
            "1.5h",
            "5 m",
            "5M",
            "5min",
            "30m1h",
            "1h1h",
            "1d1w",
            "5m!",
            "５m",
            "99999999999999999999s",
            "4294967295y",
            "4294967295w",
            "0.0",
        ] {
            let error = Span::parse(text).unwrap_err();
            assert!(
                error.starts_with("expected a duration such as 300s")
                    && error.ends_with(&format!("'{text}'"))
            );
        }
    }

    #[test]
    fn text_is_in_the_largest_units() {
        for (text, shown) in [
            ("300s", "5m"),
            ("90m", "1h30m"),
            ("2w", "14d"),
            ("30d", "30d"),
            ("18mo", "1y6mo"),
            ("0", "0s"),
            ("1mo90s", "1mo1m30s"),
        ] {
            assert_eq!(Span::parse(text).map(|span| span.to_string()), Ok(shown.into()));
        }
    }

    fn before(text: &str, at: &str) -> String {
        Span::parse(text).unwrap().before(Timestamp::parse(at).unwrap(), Berlin).to_string()
    }

    #[test]
    fn months_are_the_calendars_in_the_zone() {
        assert_eq!(before("1mo", "2026-03-31T12:00:00+02:00"), "2026-02-28T11:00:00.000Z");
        assert_eq!(before("1y", "2028-02-29T12:00:00Z"), "2027-02-28T12:00:00.000Z");
        // in Berlin it is already the first of the month
        assert_eq!(before("1mo", "2026-06-30T22:30:00Z"), "2026-05-31T22:30:00.000Z");
        // noon stays noon over the change of clocks, 24 hours do not
        assert_eq!(before("1mo", "2026-04-10T10:00:00Z"), "2026-03-10T11:00:00.000Z");
        assert_eq!(before("31d", "2026-04-10T10:00:00Z"), "2026-03-10T10:00:00.000Z");
        // 02:30 does not exist on that day: the gap's end
        assert_eq!(before("1mo", "2026-04-29T00:30:00Z"), "2026-03-29T01:00:00.000Z");
        assert_eq!(before("1mo1d", "2026-03-31T12:00:00+02:00"), "2026-02-27T11:00:00.000Z");
    }

    #[test]
    fn after_is_before_the_other_way() {
        let after = |text: &str, at: &str| {
            Span::parse(text).unwrap().after(Timestamp::parse(at).unwrap(), Berlin).to_string()
        };
        assert_eq!(after("1mo", "2026-01-31T12:00:00+01:00"), "2026-02-28T11:00:00.000Z");
        assert_eq!(after("1mo", "2026-03-10T11:00:00Z"), "2026-04-10T10:00:00.000Z");
        assert_eq!(after("31d", "2026-03-10T10:00:00Z"), "2026-04-10T10:00:00.000Z");
        assert_eq!(after("1mo1h", "2026-03-10T11:00:00Z"), "2026-04-10T11:00:00.000Z");
    }

    #[test]
    fn no_span_is_negative_or_longer_than_ten_thousand_years() {
        assert_eq!(Span::from_seconds(-5), Span::default());
        assert_eq!(Span::from_months(u32::MAX), Span::from_months(120_000));
        assert_ne!(Span::from_months(119_999), Span::from_months(120_000));
        for text in ["10000y", "120000mo", "3660000d"] {
            assert!(Span::parse(text).is_ok(), "{text}");
        }
        for text in ["10000y1mo", "120001mo", "3660000d1s"] {
            assert!(Span::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn serde_goes_by_the_text() {
        assert_eq!(serde_json::from_str::<Span>("\"1h30m\"").unwrap(), Span::from_seconds(5400));
        assert_eq!(serde_json::to_string(&Span::from_seconds(5400)).unwrap(), "\"1h30m\"");
        let error = serde_json::from_str::<Span>("\"soon\"").unwrap_err().to_string();
        assert!(error.contains("expected a duration") && error.contains("'soon'"), "{error}");
    }

    proptest! {
        #[test]
        fn text_round_trips(months in 0..=LONGEST_MONTHS, seconds in 0..=LONGEST_SECONDS) {
            let span = Span { months, seconds };
            prop_assert_eq!(Span::parse(&span.to_string()), Ok(span));
        }

        #[test]
        fn parsing_and_subtracting_never_panic(text in "[0-9a-z é]{0,12}|[0-9]{1,12}(y|mo|w|d|h|m|s)", at in any::<i64>()) {
            if let Ok(span) = Span::parse(&text) {
                let at = Timestamp::from_millis(at);
                let _ = span.before(at, Berlin);
            }
        }
    }
}
