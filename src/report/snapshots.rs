//! Views of snapshots.
