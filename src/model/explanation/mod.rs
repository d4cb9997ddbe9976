//! What a score is made of, and what moved it (HEALTH.md, "What moved the score").
//!
//! An overall score is a sum of contributions, one a KPI. The change between two moments is a sum of terms, each of one
//! cause, along a fixed path: behaviour at the old weights and coverage, then coverage, then configuration, then
//! source. Shown terms add up to the shown change, to the last digit. Pure functions; what was known at the two moments
//! is loaded elsewhere.

pub mod apportion;
pub mod breakdown;
pub mod change;
pub mod reach;
mod shift;

pub use breakdown::{Breakdown, Part};
pub use change::{Cause, ChangeTerm, Moment, ScoreChange, explain_change};
