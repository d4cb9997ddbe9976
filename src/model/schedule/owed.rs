//! Whether a slot is still owed to an account, and which slots before it were missed.

use chrono_tz::Tz;

use super::period::Period;
use super::rule::ScheduleRule;
use super::slot::{Slot, slots_before};
use crate::model::time::Timestamp;

/// Slots that became due and that no run filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Gap {
    /// The oldest of them.
    pub from: Period,
    /// The newest of them.
    pub to: Period,
    /// How many.
    pub count: u32,
}

/// Whether the newest due slot of a rule is owed to an account: it became due after the account's first fact, and
/// after the slot of this cadence that was filled last.
///
/// A filled slot of the very next period holds too: the clock went back a little, the weekday was moved or the zone
/// changed. One still further in the future was filled by a clock that was wrong, and stands in nobody's way (as with
/// a cooldown's stamp); the label itself is never filled twice, which is the store's to refuse.
#[must_use]
pub fn is_owed(newest: &Slot, first_fact: Timestamp, last_filled: Option<Period>) -> bool {
    newest.due_at > first_fact
        && last_filled.is_none_or(|filled| filled < newest.period || is_far_ahead(filled, newest.period))
}

/// The slots of a rule's cadence that nobody filled before the one that is filled now: due after `since`, and after
/// the slot of this cadence that was filled last. None where there are none.
///
/// `since`: the account's first fact or, if later, the last run that was done with the account.
#[must_use]
pub fn gap_before(
    rule: &ScheduleRule,
    newest: &Slot,
    since: Timestamp,
    last_filled: Option<Period>,
    zone: Tz,
) -> Option<Gap> {
    let filled = last_filled.filter(|filled| *filled < newest.period);
    let mut missed = slots_before(rule, newest.period, zone)
        .take_while(|slot| slot.due_at > since && filled.is_none_or(|filled| slot.period > filled))
        .map(|slot| slot.period);
    let to = missed.next()?;
    let (from, more) = missed.fold((to, 0_u32), |(_, count), period| (period, count.saturating_add(1)));
    Some(Gap { from, to, count: more.saturating_add(1) })
}

fn is_far_ahead(filled: Period, newest: Period) -> bool {
    newest.next().is_some_and(|next| filled > next)
}
