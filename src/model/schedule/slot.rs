//! A slot: the one instant of a period at which a rule wants a snapshot.
//!
//! A due time that clocks skip moves to the end of the gap; one that they show twice is the first. A day that a zone
//! left out altogether (Apia had no 2011-12-30) has no slot.

use std::iter;

use chrono::Days;
use chrono_tz::Tz;

use super::cadence::Cadence;
use super::period::Period;
use super::rule::ScheduleRule;
use crate::model::time::Timestamp;
use crate::model::zone;

/// A period and the instant at which its snapshot is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot {
    /// The period.
    pub period: Period,
    /// When it is due.
    pub due_at: Timestamp,
}

/// The slot that a rule gives a period; None for a day that never was.
#[must_use]
pub fn slot_of(rule: &ScheduleRule, period: Period, zone: Tz) -> Option<Slot> {
    let first = period.first_day();
    let day = match rule.every {
        Cadence::Weekly => {
            first.checked_add_days(Days::new(u64::from(rule.on.num_days_from_monday()))).unwrap_or(first)
        }
        Cadence::Daily | Cadence::Monthly | Cadence::Quarterly => first,
    };
    let is_left_out = || {
        let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
        next > day && zone::start_of_day(day, zone) == zone::start_of_day(next, zone)
    };
    if rule.every == Cadence::Daily && is_left_out() {
        return None;
    }
    Some(Slot { period, due_at: zone::instant_of(day.and_time(rule.at), zone) })
}

/// The newest slot of a rule that is due at an instant.
#[must_use]
pub fn newest_due(rule: &ScheduleRule, now: Timestamp, zone: Tz) -> Option<Slot> {
    back_from(rule, period_at(rule, now, zone), zone).find(|slot| slot.due_at <= now)
}

/// The first slot of a rule that becomes due after an instant.
#[must_use]
pub fn next_due(rule: &ScheduleRule, after: Timestamp, zone: Tz) -> Option<Slot> {
    slots_between(rule, after, Timestamp::from_millis(i64::MAX), zone).next()
}

/// The slots of a rule that become due after one instant and no later than another, in order.
pub fn slots_between(
    rule: &ScheduleRule,
    after: Timestamp,
    until: Timestamp,
    zone: Tz,
) -> impl Iterator<Item = Slot> + use<'_> {
    // A due time that clocks skip can move into the period after its own.
    let start = period_at(rule, after, zone);
    let start = start.previous().unwrap_or(start);
    iter::successors(Some(start), |period| period.next())
        .filter_map(move |period| slot_of(rule, period, zone))
        .skip_while(move |slot| slot.due_at <= after)
        .take_while(move |slot| slot.due_at <= until)
}

/// The slots of a rule before one of its periods, the newest first.
pub(super) fn slots_before(
    rule: &ScheduleRule,
    period: Period,
    zone: Tz,
) -> impl Iterator<Item = Slot> + use<'_> {
    period.previous().into_iter().flat_map(move |period| back_from(rule, period, zone))
}

fn back_from(rule: &ScheduleRule, period: Period, zone: Tz) -> impl Iterator<Item = Slot> + use<'_> {
    iter::successors(Some(period), |period| period.previous())
        .filter_map(move |period| slot_of(rule, period, zone))
}

fn period_at(rule: &ScheduleRule, at: Timestamp, zone: Tz) -> Period {
    Period::containing(at.date_in(zone), rule.every)
}
