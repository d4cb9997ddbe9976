//! Instants: milliseconds since 1970 in UTC, shown as RFC 3339 ending in Z.
//!
//! Nothing here reads a clock.

use std::fmt;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant, to the millisecond, in UTC; by default 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// From RFC 3339 text with an offset or Z; finer digits than milliseconds are cut.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        DateTime::parse_from_rfc3339(text.trim()).map(|at| Self(at.timestamp_millis())).map_err(|error| {
            format!("expected an instant such as 2026-11-22T10:00:00Z, got '{text}' ({error})")
        })
    }

    /// This instant moved by so many milliseconds, held within what can be shown.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this instant; negative where it is later.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Whole seconds from `earlier` to this instant, rounded down.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.millis_since(earlier).div_euclid(1000)
    }

    /// As a chrono instant; the ends of the calendar where it lies beyond them.
    #[must_use]
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or(if self.0 < 0 {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        })
    }

    /// The calendar day in a time zone.
    #[must_use]
    pub fn date_in(self, zone: Tz) -> NaiveDate {
        super::zone::local_time(self, zone).date()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_utc().to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "date-time"})
    }

    fn inline_schema() -> bool {
        true
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_millis())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips_with_fixed_width() {
        let at = Timestamp::parse("2026-11-22T12:00:00.25+02:00").unwrap();
        assert_eq!(at.to_string(), "2026-11-22T10:00:00.250Z");
        assert_eq!(Timestamp::parse(&at.to_string()), Ok(at));
    }

    #[test]
    fn seconds_round_down_also_before_the_epoch() {
        assert_eq!(Timestamp::from_millis(-1).seconds_since(Timestamp::from_millis(0)), -1);
    }

    #[test]
    fn far_instants_do_not_panic() {
        assert!(Timestamp::from_millis(i64::MAX).to_string().ends_with('Z'));
        assert_eq!(Timestamp::from_millis(i64::MAX).to_utc(), DateTime::<Utc>::MAX_UTC);
        assert_eq!(Timestamp::from_millis(i64::MIN).to_utc(), DateTime::<Utc>::MIN_UTC);
        assert_eq!(Timestamp::from_millis(i64::MAX).plus_millis(1).millis(), i64::MAX);
    }
}
