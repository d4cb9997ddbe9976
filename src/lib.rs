//! acctsnap remembers what customer-success platforms forget.
//!
//! The rooms, and what each is for; `main -> cli -> model` is the order, and nothing looks the other way:
//!
//! ```text
//! src/main.rs      arguments in, exit code out
//! src/lib.rs       this map
//! src/model/       pure types and pure rules; no I/O, no clock
//! src/cli/         arguments, environment, terminal, exit codes
//! src/clock.rs     the only caller of now()
//! src/error.rs     the one typed error
//! ```

pub mod cli;
pub mod clock;
pub mod config;
pub mod error;
pub mod model;

pub use error::{Error, ErrorKind, Result};
