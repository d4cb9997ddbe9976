//! `[[schedule]]` and `[[recommend]]`: which snapshots the calendar owes, which playbooks a state calls for.
//!
//! Conditions are read here, so that a wrong one is told with its place; for whom they hold, and when a slot is
//! due, is not decided in this room.

use chrono::{NaiveTime, Weekday};
use toml::de::DeValue;

use super::reader::TableReader;
use super::scalar::{Mismatch, condition, one_of, text};
use crate::model::recommendation::{RECOMMENDED_FIELD, RecommendRule};
use crate::model::schedule::{Cadence, ScheduleRule, WEEKDAYS};

const CADENCES: [(&str, Cadence); 4] = [
    ("daily", Cadence::Daily),
    ("weekly", Cadence::Weekly),
    ("monthly", Cadence::Monthly),
    ("quarterly", Cadence::Quarterly),
];

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
