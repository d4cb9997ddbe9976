//! Answers about history.
