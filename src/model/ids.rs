//! Our own ids: integers from 1, one counter per kind over the whole database.
//!
//! They are newtypes so that an upload can never stand where an account is meant. The default,
//! 0, is the id of no row: views begin with it.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// Wraps a number that came from the database or its counter.
            #[must_use]
            pub const fn new(number: i64) -> Self {
                Self(number)
            }

            /// The number itself.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A customer: a tenant, whose portfolio this is.
    CustomerId,
    /// An account: a company in a customer's portfolio.
    AccountId,
    /// A KPI and product of a customer.
    SeriesId,
    /// One write transaction of one customer.
    ChangeId,
    /// One ingested file.
    UploadId,
    /// What one upload said of one account's KPIs at one date.
    KpiChangeId,
    /// A set of weights and impacts.
    WeightingId,
    /// A scoring configuration.
    ScoringConfigId,
    /// An event.
    EventId,
    /// A later decision about an event.
    DecisionId,
    /// One run of the schedule for a customer.
    ScheduleRunId,
    /// One version of an account's profile.
    ProfileId,
    /// One version of an account's health scores of a month.
    HealthRowId,
    /// One version of a playbook execution.
    PlaybookRunId,
    /// One version of a note.
    NoteRowId,
    /// A snapshot.
    SnapshotId,
    /// One run of retention for a customer: an apply, an undo or a purge.
    RetentionRunId,
    /// The content that one or more snapshots point at.
    ContentId,
}
