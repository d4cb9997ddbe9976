//! An upload: one ingested file.

use chrono::NaiveDate;
use serde::Serialize;

use super::ids::{ChangeId, UploadId};
use super::time::Timestamp;

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UploadKind {
    /// KPI values.
    Kpis = 1,
    /// Account profiles.
    Profiles = 2,
    /// Playbook executions.
    Playbooks = 3,
    /// Health scores.
    Health = 4,
    /// Notes.
    Notes = 5,
}

impl UploadKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Kpis, Self::Profiles, Self::Playbooks, Self::Health, Self::Notes];

    /// The number under which it is stored.
    #[must_use]
    pub const fn number(self) -> i64 {
        self as i64
    }

    /// From the stored number.
    #[must_use]
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::Kpis),
            2 => Some(Self::Profiles),
            3 => Some(Self::Playbooks),
            4 => Some(Self::Health),
            5 => Some(Self::Notes),
            _ => None,
        }
    }

    /// As it is written on the command line: `kpis`, `profiles`, ...
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kpis => "kpis",
            Self::Profiles => "profiles",
            Self::Playbooks => "playbooks",
            Self::Health => "health",
            Self::Notes => "notes",
        }
    }
}

/// How the rows of a file fared: read = inserted + updated + unchanged + rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UploadCounts {
    /// Rows read.
    pub read: u64,
    /// Rows of which nothing was known.
    pub inserted: u64,
    /// Rows that changed something known.
    pub updated: u64,
    /// Rows that said what was known, or nothing.
    pub unchanged: u64,
    /// Rows set aside.
    pub rejected: u64,
    /// Accounts that the good rows named.
    pub accounts_touched: u64,
    /// Accounts that were made.
    pub accounts_created: u64,
}

/// One ingested file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Our id.
    pub id: UploadId,
    /// What kind of file.
    pub kind: UploadKind,
    /// Its name, without folders.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// Its size in bytes.
    pub bytes: u64,
    /// How its rows fared.
    pub counts: UploadCounts,
    /// When it was ingested.
    pub ingested_at: Timestamp,
    /// The day of the ingest in the customer's time zone.
    pub ingested_on: NaiveDate,
    /// Who ingested it.
    pub actor: String,
    /// The first and the last of the rows that it wrote into its kind's table of facts.
    pub rows: Option<(i64, i64)>,
    /// The change that recorded it.
    pub change: ChangeId,
    /// When it was taken back; None where it counts.
    pub undone_at: Option<Timestamp>,
}
