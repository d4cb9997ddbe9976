//! Scores: of a KPI, of a category, of an account (HEALTH.md).

pub mod config;
