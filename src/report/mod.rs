//! Answers as plain views, and their rendering as text, JSON and CSV bytes.
//!
//! Pure: nothing here prints, looks at a terminal, reads a clock or the database. Widths, time zones and
//! instants are arguments. Text that came from outside is escaped here, before it meets a terminal.

pub mod account;
pub mod account_change;
pub mod account_merge;
pub mod accounts;
pub mod backup;
mod band_crossing;
pub mod briefing;
pub mod compare;
pub mod config;
pub mod csv;
pub mod customer_change;
pub mod customers;
pub mod erase;
pub mod error;
pub mod events;
pub mod explain;
pub mod export;
pub mod flush;
pub mod health_calculation;
pub mod history;
pub mod ingest;
pub mod inspect;
pub mod json;
pub mod kpis;
pub mod list;
pub mod man;
pub mod notes;
pub mod portfolio;
pub mod portfolio_compare;
pub mod restatements;
pub mod restore;
pub mod retention;
pub mod scheduled;
pub mod schema;
pub mod snapshot;
pub mod snapshot_create;
pub mod snapshots;
pub mod status;
pub mod style;
pub mod table;
pub mod tags;
pub mod text;
pub mod upload;
pub mod upload_undo;
pub mod uploads;
pub mod verification;
