//! The use cases, one file each, callable from Rust without a terminal.
//!
//! Nothing here prints, reads the environment or knows of a terminal: whoever calls hands in an
//! [`observer::Observer`] and is told what happens.

pub mod answer;
pub mod context;
pub mod flush;
pub mod ingest;
pub mod latest;
pub mod observer;
pub mod output_file;
pub mod rules;
pub mod snapshot_create;
pub mod told;

pub use context::Context;
