//! A snapshot as an answer: every field of `acctsnap.snapshot/1`, its text for people, single fields.
//!
//! Nothing is worked out here: the view is filled by whoever has the facts, null where a thing is unknown.

#[cfg(test)]
mod compared_tests;
pub mod fields;
#[cfg(test)]
pub(super) mod fixtures;
pub mod money;
mod state;
pub mod text;
pub mod view;

pub use fields::fields;
pub use money::MoneyNumber;
pub use text::render_snapshot_text;
pub use view::{LastPlaybook, Retracted, SnapshotView, Source, Sources, TopKpi};

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.snapshot/1";
