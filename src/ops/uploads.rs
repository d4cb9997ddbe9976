//! Answers about uploads.
