//! `scheduled`: the snapshots that the calendar owes, what it will owe, and the lines that run it every hour.
//!
//! In reading order: `calendar` (a customer's rules and the newest slot of each), `owed` (which accounts are owed
//! which slot), `fill` (their snapshots, and the slots that these fill), `run` (every customer, one transaction each),
//! `plan` (what will be due; it writes nothing).

mod calendar;
mod fill;
mod owed;
mod plan;
mod run;

pub use calendar::Calendar;
pub(super) use owed::decide;
pub use owed::{OwedSlot, owed_slots};
pub use plan::{PlanOptions, plan_schedule};
pub use run::{ScheduleOptions, run_schedule};
