//! Answers about events.
