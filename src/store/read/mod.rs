//! Answers: each method one whole answer, in a total order, from one consistent state of the database.

mod accounts;
mod customers;
mod events;
mod export;
mod health_scores;
mod identity;
mod kpis;
mod live;
mod marks;
mod merges;
mod names;
mod notes;
mod origins;
mod playbooks;
mod portfolio;
mod profiles;
mod replayed;
mod restated;
pub(super) mod retention;
pub(super) mod retracted;
mod schedule;
mod snapshots;
mod status;
mod superseded;
pub(super) mod told;
mod uploads;
mod words;

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use accounts::AccountRecord;
pub use customers::CustomerRecord;
pub use events::{EventFilter, EventRecord, PendingRecord};
pub use export::SaidRecord;
pub use health_scores::HealthRecord;
pub use kpis::{CurrentKpi, SaidValue, SeriesUse};
pub use marks::{Marks, TagRecord};
pub use names::{AccountName, Archiving, NameBearer};
pub use notes::NoteRecord;
pub use playbooks::RunRecord;
pub use portfolio::{InForce, Standing};
pub use restated::{RestatedKpi, RestatedScore};
pub use retention::{Absence, Retainable, RetentionRunRecord};
pub use retracted::Retraction;
pub use schedule::{ScheduleRunRecord, ScheduledAccount};
pub use snapshots::{PartUploads, SnapshotFilter, SnapshotRecord, SnapshotSummary, UploadSource};
pub use status::AccountAge;
pub use uploads::NamedRow;

use super::kpis::WeightingCache;
use super::{Store, WriteTransaction};
use crate::error::Result;
use crate::model::time::Timestamp;

/// A consistent view of the database; nothing can be written through it.
pub struct Reader<'s> {
    sql: Sql<'s>,
    weightings: std::cell::RefCell<WeightingCache>,
    /// The earlier moment of which it answers; the caches of KPI vectors are empty there until they are asked for.
    known_at: Option<Timestamp>,
}

enum Sql<'s> {
    Own(Transaction<'s>),
    Lent(&'s Connection),
}

impl Reader<'_> {
    fn sql(&self) -> &Connection {
        match &self.sql {
            Sql::Own(transaction) => transaction,
            Sql::Lent(connection) => connection,
        }
    }
}

impl Store {
    /// A view of the database as it stands now; later writes of others do not enter it.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn reader(&self) -> Result<Reader<'_>> {
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Deferred)?;
        Ok(Reader {
            sql: Sql::Own(transaction),
            weightings: std::cell::RefCell::default(),
            known_at: self.known_at,
        })
    }
}

impl WriteTransaction<'_> {
    /// The same answers from within a write transaction, with what it has written so far.
    #[must_use]
    pub fn reader(&self) -> Reader<'_> {
        Reader { sql: Sql::Lent(&self.sql), weightings: std::cell::RefCell::default(), known_at: None }
    }
}
