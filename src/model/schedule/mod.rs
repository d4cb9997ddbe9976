//! The schedule: which snapshots the calendar owes an account, and when each is due.
//!
//! A cadence divides the customer's calendar into periods; a rule gives each period of its cadence one slot, due at a
//! local time of day. Everything is worked out from the calendar and the time zone, never by adding hours; no clock is
//! read here, and no account is looked at.

mod by_period;
mod cadence;
mod owed;
mod period;
mod rule;
mod slot;
#[cfg(test)]
mod tests;

pub use by_period::{MOST_PERIODS, by_period};
pub use cadence::Cadence;
pub use owed::{Gap, gap_before, is_owed};
pub use period::Period;
pub use rule::{ScheduleRule, WEEKDAYS};
pub use slot::{Slot, newest_due, next_due, slot_of, slots_between};
