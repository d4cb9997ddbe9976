//! The store: every word of SQL, the ledger, and nothing of the domain's rules.
//!
//! A handful of operations, each a whole transaction or a whole answer, always for many accounts at once. Every
//! write happens inside an explicit immediate transaction that ends in `commit`; nothing is written through
//! `query_row`, which can say Ok for a row that was lost. Only this module names rusqlite.

mod append;
mod as_of;
mod confirmations;
mod copy;
mod counters;
mod customers;
mod definitions;
mod erasure;
mod events;
mod failure;
mod heads;
mod health_scores;
mod identity;
mod identity_changes;
mod identity_known;
mod kpis;
mod ledger;
mod marks;
mod medium;
mod merges;
mod migrations;
mod names;
mod notes;
mod open;
mod place;
mod playbooks;
mod profiles;
mod purge;
mod read;
mod retention;
mod salt;
mod schedule;
mod scores_back;
mod series;
mod snapshots;
mod transaction;
mod undoings;
mod unwritable;
mod upgrade;
mod uploads;
mod vector_text;
mod verify;

use chrono::NaiveDate;

pub use copy::{CopyProgress, FreshCopy, Holdings, LedgerHead, Watch, is_ours};
pub use definitions::NewDefinition;
pub use erasure::Erased;
pub use events::{EventRow, LaterDecision, PendingAccount, PendingEvent};
pub(crate) use failure::ends_transaction;
pub use heads::AccountHead;
pub use health_scores::{HealthVersion, NewHealth, said_bits};
pub use identity::{Creation, IdentityNote, Refusal, Resolution};
pub use kpis::{KpiDays, KpiVector};
pub use merges::Merge;
pub use names::{NameClaim, NameKind};
pub use notes::NoteVersion;
pub use open::{Store, make_private_folder};
pub use place::{Place, kept_name, look_at, put_in_place};
pub use playbooks::{Left, RunVersion};
pub use purge::PurgeOutcome;
pub use read::*;
pub use retention::NewRetentionRun;
pub use schedule::{NewScheduleRun, NewSlot};
pub use series::ConfigChange;
pub use snapshots::{NewSnapshot, SnapshotReason};
pub use transaction::{Begin, WhichCustomer, WriteTransaction};
pub use undoings::{PlacedSnapshot, SaidOf, SaidRow};
pub use upgrade::Upgraded;
pub use uploads::NewUpload;

/// A stored day.
fn day(text: &str) -> rusqlite::Result<NaiveDate> {
    text.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
    })
}
