//! What `config init` writes: every key, commented, with what it does and its default.
//!
//! It is the file at the top of the source tree, so that the two never differ.

/// The text of a new `snapshots.toml`.
pub const TEMPLATE: &str = include_str!("../../snapshots.toml");
