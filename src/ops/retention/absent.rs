//! Snapshots that were asked for by number and are hidden or gone: why, and what brings them back.

use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::{CustomerId, SnapshotId};
use crate::store::{Absence, Reader};

/// Refuses a snapshot that retention hid or removed, or an erasure, and says so.
///
/// # Errors
/// `NoSnapshot`; anything that the database says.
pub(in crate::ops) fn refuse_absent(reader: &Reader<'_>, customer: CustomerId, id: SnapshotId) -> Result<()> {
    match reader.absence(customer, id)? {
        None => Ok(()),
        Some(Absence::Hidden(run)) => {
            Err(Error::new(ErrorKind::NoSnapshot, format!("snapshot {id} is hidden by retention run {run}"))
                .with_hint(format!("`acctsnap retention undo {run}` brings back what that run hid")))
        }
        Some(Absence::Removed(at)) => Err(Error::new(
            ErrorKind::NoSnapshot,
            format!("snapshot {id} was removed for good by retention ({at})"),
        )
        .with_hint("a backup of before then still has it")),
        Some(Absence::Erased(at)) => Err(Error::new(
            ErrorKind::NoSnapshot,
            format!("snapshot {id} was erased with its account ({at})"),
        )
        .with_hint("nothing brings it back; `acctsnap snapshot list` shows those that are there")),
    }
}
