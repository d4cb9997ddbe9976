//! Answers as plain views, and their rendering as text, JSON and CSV bytes.
//!
//! Pure: nothing here prints, looks at a terminal, reads a clock or the database. Widths, time zones and
//! instants are arguments. Text that came from outside is escaped here, before it meets a terminal.

pub mod csv;
pub mod error;
pub mod flush;
pub mod ingest;
pub mod json;
pub mod list;
pub mod portfolio;
pub mod schema;
pub mod snapshot;
pub mod snapshot_create;
pub mod style;
pub mod table;
pub mod text;
