//! Views of history.
