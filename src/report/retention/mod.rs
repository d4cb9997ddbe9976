//! Answers about retention: what would stay and what would go, and what a run did.

pub mod apply;
pub mod plan;
pub mod purge;
pub mod undo;
