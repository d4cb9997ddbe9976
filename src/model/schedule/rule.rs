//! One rule of the schedule: for which accounts it is, how often, and at what local time.

use std::fmt;

use chrono::{NaiveTime, Weekday};

use super::cadence::Cadence;
use crate::model::condition::Condition;

/// One rule of the schedule; the first whose condition holds decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleRule {
    /// Its name, which the snapshots carry as their trigger action.
    pub name: String,
    /// The condition; None always holds.
    pub when: Option<Condition>,
    /// How often.
    pub every: Cadence,
    /// The weekday of a weekly slot; without meaning for the others.
    pub on: Weekday,
    /// The local time at which a slot is due.
    pub at: NaiveTime,
}

impl ScheduleRule {
    /// The rule that holds where the file has none: weekly, on Monday at 00:00.
    #[must_use]
    pub fn weekly() -> Self {
        Self {
            name: "weekly".to_owned(),
            when: None,
            every: Cadence::Weekly,
            on: Weekday::Mon,
            at: NaiveTime::MIN,
        }
    }
}

impl fmt::Display for ScheduleRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.every.code())?;
        if self.every == Cadence::Weekly {
            write!(f, " on {}", weekday_name(self.on))?;
        }
        write!(f, " at {}", self.at.format("%H:%M"))?;
        self.when.as_ref().map_or(Ok(()), |when| write!(f, " when {}", when.written()))
    }
}

/// The weekdays, by the names that settings give them.
pub const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

fn weekday_name(day: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(_, weekday)| *weekday == day).map_or("monday", |(name, _)| *name)
}
