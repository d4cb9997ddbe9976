//! acctsnap remembers what customer-success platforms forget: immutable snapshots of accounts, taken when what
//! is known of them changes, with the score, where it came from and how it moved.
//!
//! The rooms, and what each is for, in reading order. `main -> cli -> ops -> {ingest, events, store, report, config}
//! -> model` is the order; nothing looks the other way, and siblings do not look at each other (but events at
//! store).
//!
//! ```text
//! src/main.rs      arguments in, exit code out
//! src/lib.rs       this map
//! src/error.rs     the one typed error
//! src/clock.rs     the only caller of now()
//! src/model/       pure types and pure rules; no I/O, no clock
//! src/config/      file and environment, given as text -> settings, each with its origin
//! src/ingest/      bytes -> typed rows: hash, encoding, table, columns, kinds
//! src/store/       every word of SQL, the ledger, one immediate transaction a write
//! src/events/      the dispatcher and its subscribers: ownership, cooldown, snapshot
//! src/report/      views as plain structs -> text, JSON, CSV; prints nothing
//! src/ops/         the use cases, one file each, callable without a terminal
//! src/cli/         arguments, environment, terminal, exit codes
//! ```
//!
//! What always holds: a fact, its event, the decision about it and the snapshot stand in one transaction; nothing
//! that was written is ever changed; every word to people comes after the commit.

pub mod cli;
pub mod clock;
pub mod config;
pub mod error;
pub mod events;
pub mod ingest;
pub mod model;
pub mod ops;
pub mod report;
pub mod store;

pub use error::{Error, ErrorKind, Result};
