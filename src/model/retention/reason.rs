//! Why a snapshot is kept, or may go.

use std::fmt;

use super::period::KeptPeriod;
use super::policy::Keep;
use crate::model::duration::Span;
use crate::model::ids::SnapshotId;

/// One reason for a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It is the account's first; always kept.
    First,
    /// It is the account's newest; always kept.
    Newest,
    /// It is the newest that is not retracted, as `latest` answers; always kept.
    NewestStanding,
    /// It is pinned; always kept.
    Pinned,
    /// It bears a tag; always kept.
    Tagged(String),
    /// It bears an instant that has not come yet; always kept, and counted nowhere.
    FutureDated,
    /// It is younger than the time for which everything is kept.
    Within(Span),
    /// It is among so many of the newest of its type.
    AmongNewest(u32),
    /// It is the last of a period that the policy keeps.
    LastOf(KeptPeriod, Keep),
    /// It is older than the time for which everything is kept.
    OlderThan(Span),
    /// It was made from an upload that was taken back: it is neither among the newest nor the last of a period.
    Retracted,
    /// It is not among so many of the newest of its type.
    NotAmongNewest(u32),
    /// Another one is the last of its period.
    NotLastOf(KeptPeriod, SnapshotId),
    /// It is the last of a period that lies further back than the policy reaches.
    Beyond(KeptPeriod, Keep),
}

impl Reason {
    /// Whether it keeps the snapshot.
    #[must_use]
    pub const fn keeps(&self) -> bool {
        !matches!(
            self,
            Self::OlderThan(_)
                | Self::Retracted
                | Self::NotAmongNewest(_)
                | Self::NotLastOf(..)
                | Self::Beyond(..)
        )
    }

    /// As JSON has it; may never change its meaning.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Newest => "newest",
            Self::NewestStanding => "newest_standing",
            Self::Pinned => "pinned",
            Self::Tagged(_) => "tagged",
            Self::FutureDated => "future_dated",
            Self::Within(_) => "within_keep_all",
            Self::AmongNewest(_) => "among_newest",
            Self::LastOf(..) => "last_of_period",
            Self::OlderThan(_) => "older_than_keep_all",
            Self::Retracted => "retracted",
            Self::NotAmongNewest(_) => "not_among_newest",
            Self::NotLastOf(..) => "not_last_of_period",
            Self::Beyond(..) => "beyond_period",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::First => f.write_str("the account's first"),
            Self::Newest => f.write_str("the account's newest"),
            Self::NewestStanding => f.write_str("the account's newest that is not retracted"),
            Self::Pinned => f.write_str("pinned"),
            Self::Tagged(name) => write!(f, "tagged {name}"),
            Self::FutureDated => f.write_str("dated after now"),
            Self::Within(length) => write!(f, "within keep_all {length}"),
            Self::AmongNewest(count) => write!(f, "min {count}"),
            Self::LastOf(period, keep) => write!(f, "last of {period} ({} {keep})", period.kind()),
            Self::OlderThan(length) => write!(f, "older than keep_all {length}"),
            Self::Retracted => f.write_str("retracted"),
            Self::NotAmongNewest(count) => write!(f, "beyond min {count}"),
            Self::NotLastOf(period, last) => write!(f, "{last} is the last of {period}"),
            Self::Beyond(period, keep) => write!(f, "{period} is beyond {} {keep}", period.kind()),
        }
    }
}
