//! Views of events.
