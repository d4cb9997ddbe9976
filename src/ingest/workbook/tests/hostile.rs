//! Files that wish the reader ill.
