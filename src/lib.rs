//! acctsnap remembers what customer-success platforms forget.

pub mod cli;
pub mod clock;
pub mod error;
pub mod ingest;
pub mod model;

pub use error::{Error, ErrorKind, Result};
