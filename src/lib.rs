//! acctsnap remembers what customer-success platforms forget.

pub mod cli;
pub mod clock;
pub mod config;
pub mod error;
pub mod model;

pub use error::{Error, ErrorKind, Result};
