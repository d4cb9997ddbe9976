//! The main job once more, as simply as it can be told: in memory, without batches, caches or SQL. It must know
//! nothing of how the program does it; it is written from what is promised.

pub mod account;
pub mod book;
pub mod health;
pub mod kpis;
pub mod notes;
pub mod playbooks;
pub mod profile;
pub mod rows;
pub mod shown;

/// How long the cooldown of event-driven snapshots is, in milliseconds.
pub const COOLDOWN: i64 = 300_000;
/// A day in milliseconds; days are counted from the first midnight of a story.
pub const DAY: i64 = 86_400_000;
