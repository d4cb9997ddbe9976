//! Snapshots: what one holds, how one is built.

pub mod kind;
