//! Answers about snapshots.
