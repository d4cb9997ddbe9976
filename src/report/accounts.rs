//! Views of accounts.
