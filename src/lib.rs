//! acctsnap remembers what customer-success platforms forget.

pub mod cli;
pub mod clock;
pub mod error;
pub mod model;
pub mod ops;
pub mod report;

pub use error::{Error, ErrorKind, Result};
