//! Answers about the schedule: what a run did, what will be due, and the lines that run it.

pub mod install;
pub mod plan;
pub mod run;
