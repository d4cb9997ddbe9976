//! `[[schedule]]` and `[[recommend]]`: which snapshots the calendar owes, which playbooks a state calls for.
//!
//! Conditions are read here, so that a wrong one is told with its place; for whom they hold, and when a slot is
//! due, is not decided in this room.

use std::fmt;

use chrono::{NaiveTime, Weekday};
use toml::de::DeValue;

use super::reader::TableReader;
use super::scalar::{Mismatch, condition, one_of, text};
use crate::model::condition::Condition;
use crate::model::recommendation::{RECOMMENDED_FIELD, RecommendRule};

/// How often a slot is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cadence {
    /// Every day.
    Daily,
    /// Every week, on one day.
    Weekly,
    /// Every month, on its first day.
    Monthly,
    /// Every quarter, on its first day.
    Quarterly,
}

impl Cadence {
    /// As the configuration has it, e.g. `daily`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
        }
    }
}

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

const CADENCES: [(&str, Cadence); 4] = [
    ("daily", Cadence::Daily),
    ("weekly", Cadence::Weekly),
    ("monthly", Cadence::Monthly),
    ("quarterly", Cadence::Quarterly),
];

const WEEKDAYS: [(&str, Weekday); 7] = [
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

/// Reads one `[[schedule]]`.
pub(super) fn read_rule(reader: &mut TableReader<'_, '_>) -> Option<ScheduleRule> {
    let name = reader.require("name", text);
    let when = reader.get("when", condition);
    let every = reader.require("every", one_of(&CADENCES));
    let on = reader.get("on", one_of(&WEEKDAYS));
    let at = reader.get("at", time_of_day);
    let (name, every) = (name?.value, every?.value);
    if let Some(on) = on.as_ref().filter(|_| every != Cadence::Weekly) {
        reader.wrong(
            on,
            format!("expected no weekday in a {} rule; only weekly ones have a day", every.code()),
        );
    }
    Some(ScheduleRule {
        name,
        when: when.map(|when| when.value),
        every,
        on: on.map_or(Weekday::Mon, |on| on.value),
        at: at.map_or(NaiveTime::MIN, |at| at.value),
    })
}

/// `"02:00"`, or TOML's own local time.
fn time_of_day(value: &DeValue<'_>) -> Result<NaiveTime, Mismatch> {
    let written = match value {
        DeValue::String(text) => Some(text.trim().to_owned()),
        DeValue::Datetime(at) if at.date.is_none() => Some(at.to_string()),
        _ => None,
    };
    let parse = |text: &str| {
        NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S")).ok()
    };
    written.as_deref().and_then(parse).ok_or_else(|| Mismatch::expected("a time of day such as \"02:00\""))
}

/// Reads one `[[recommend]]`.
pub(super) fn read_recommendation(reader: &mut TableReader<'_, '_>) -> Option<RecommendRule> {
    let playbook = reader.require("playbook", text);
    let when = reader.require("when", condition);
    if let Some(when) = when.as_ref().filter(|when| when.value.fields().any(|name| name == RECOMMENDED_FIELD))
    {
        reader.wrong(when, format!("expected no {RECOMMENDED_FIELD} here: it is what these rules say"));
    }
    Some(RecommendRule { playbook: playbook?.value, when: when?.value })
}
