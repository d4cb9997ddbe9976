//! Snapshots: what one holds and how one is built. Pure: the facts come in, a content and a header come out.
//!
//! *Content* is the account's state itself: equal states on two days are one content. *Header* is what belongs to
//! this one taking: when, why, and how it moved against the one before.

pub mod build;
pub mod content;
mod content_json;
pub mod fields;
pub mod header;
pub mod kind;
pub mod parts;

pub use content::SnapshotContent;
pub use kind::SnapshotType;
pub use parts::{NoteState, PlaybookState};

/// The number of the snapshot's format.
pub const SNAPSHOT_VERSION: i64 = 1;
