//! The database in the hands of other people's tools: what is written into it, and the tools that read it.
//!
//! It is written through the library, so that what is read is what is written; it is read through the `sqlite3` shell
//! and DuckDB alone, never through the library.

pub mod kinds;
pub mod portfolio;
pub mod story;
pub mod tools;
