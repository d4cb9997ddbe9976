//! The use cases, one file each, callable from Rust without a terminal.
//!
//! Nothing here prints, reads the environment or knows of a terminal: whoever calls hands in an
//! [`observer::Observer`] and is told what happens.

pub mod accounts;
pub mod answer;
mod answer_parts;
pub mod backup;
pub mod briefing;
pub mod compare;
pub mod completion;
pub mod config;
pub mod context;
pub mod customers;
pub mod events;
pub mod explain;
pub mod export;
pub mod flush;
pub mod health_calculation;
pub mod history;
pub mod ingest;
pub mod kpis;
pub mod latest;
pub mod live;
pub mod names;
pub mod notes;
pub mod observer;
pub mod output_file;
pub mod portfolio;
pub mod rescore;
mod restatements;
pub mod restore;
pub mod retention;
pub mod rules;
pub mod scheduled;
pub mod selection;
mod settle;
pub mod snapshot_create;
pub mod snapshots;
pub mod status;
pub mod tags;
pub mod told;
pub mod undo;
pub mod uploads;
pub mod verify;

pub use context::Context;
