//! Answers about customers.
