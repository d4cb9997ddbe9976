//! Answers about accounts.
