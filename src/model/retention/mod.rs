//! Retention: which snapshots are kept, which may go, and every reason for it.
//!
//! Pure: a policy for each type, the snapshots of an account, an instant and a time zone in; verdicts out. Nothing is
//! hidden or removed here. Each type is judged by its own policy among its own snapshots, so what a rule keeps of one
//! type never depends on another. Whatever the rules say, the account's first and newest snapshots, those that are
//! pinned or tagged, and those that bear an instant that has not come yet stay.

mod period;
mod plan;
mod policy;
mod reason;
mod run;

#[cfg(test)]
mod tests;

pub use period::{KeptPeriod, PeriodKind};
pub use plan::{Candidate, Judgement, Policies, judge};
pub use policy::{Keep, RetentionPolicy};
pub use reason::Reason;
pub use run::RunKind;
