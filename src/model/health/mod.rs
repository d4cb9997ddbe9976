//! Scores: of a KPI, of a category, of an account, and how they move (HEALTH.md).
//!
//! Pure functions of values, definitions and configuration; which values are current is decided elsewhere.

pub mod account_score;
pub mod config;
pub mod kpi_score;
pub mod month;
pub mod movement;
pub mod scorer;
pub mod source;

pub use account_score::{HealthScores, WeighedKpi, score_account};
pub use kpi_score::{KpiScore, score_kpi};
pub use movement::{Trend, change_percent, is_significant, trend};
pub use scorer::ScoredEntry;

#[cfg(test)]
mod golden_tests;
