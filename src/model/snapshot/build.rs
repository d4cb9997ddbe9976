//! A snapshot's header: how the account moved against what was recorded before.

use crate::model::health::config::ScoringConfig;
use crate::model::health::movement::{self, Trend};
use crate::model::ids::{ChangeId, ContentId, ScoringConfigId, SnapshotId};
use crate::model::score::Score;
use crate::model::snapshot::SnapshotContent;
use crate::model::time::Timestamp;

/// The account's last snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Previous {
    /// Its id.
    pub id: SnapshotId,
    /// The change that took it.
    pub change: ChangeId,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// The rules of its scores.
    pub config: ScoringConfigId,
    /// Its number among the account's snapshots.
    pub sequence: i64,
    /// The content it points at.
    pub content_id: ContentId,
    /// That content.
    pub content: SnapshotContent,
    /// Its hash, which knows the words as well: a KPI that was renamed makes another one.
    pub content_hash: [u8; 32],
    /// The snapshot in which this content first appeared in its unbroken run.
    pub run_start: SnapshotId,
    /// That snapshot, where it is kept still.
    pub run: Option<RunStart>,
    /// Where it is retracted, what the account's movement is measured against instead: the one before that is not.
    pub measured_against: Measured,
}

/// Where a content first appeared in its unbroken run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunStart {
    /// When that snapshot was taken.
    pub taken_at: Timestamp,
    /// Whether it is the account's first.
    pub is_first: bool,
}

/// What an account's movement is measured against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measured {
    /// The last snapshot.
    Last,
    /// An earlier one, with when it was taken.
    Earlier(Timestamp, Box<SnapshotContent>),
    /// There is none.
    Nothing,
}

impl Previous {
    /// The content in force at an instant, where the last run of one content reaches back to it, or to the account's
    /// first snapshot.
    #[must_use]
    pub fn content_at(&self, at: Timestamp) -> Option<&SnapshotContent> {
        let reaches = |run: RunStart| run.is_first || run.taken_at <= at;
        let is_told = self.taken_at <= at || self.sequence == 1 || self.run.is_some_and(reaches);
        is_told.then_some(&self.content)
    }

    /// What the account's movement is measured against.
    #[must_use]
    pub fn measured(&self) -> Option<(Timestamp, &SnapshotContent)> {
        match &self.measured_against {
            Measured::Last => Some((self.taken_at, &self.content)),
            Measured::Earlier(taken_at, content) => Some((*taken_at, content)),
            Measured::Nothing => None,
        }
    }
}

/// How an account moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    /// Whole 24 hours since the last snapshot.
    pub days_since_last: Option<i64>,
    /// The score's change since the last snapshot.
    pub score_change: Option<Score>,
    /// The score's change within the trend's window.
    pub score_change_window: Option<Score>,
    /// The revenue's change since the last snapshot, in minor units.
    pub revenue_change: Option<i64>,
    /// Where the score is heading; None where there is no score.
    pub trend: Option<Trend>,
    /// Whether score or revenue moved by more than the limits.
    pub is_significant: bool,
}

const DAY_MILLIS: i64 = 86_400_000;

/// How an account moved, from its last snapshot (when it was taken, and its content) and the score in force where the
/// trend's window begins.
#[must_use]
pub fn movement(
    now: Timestamp,
    content: &SnapshotContent,
    previous: Option<(Timestamp, &SnapshotContent)>,
    window_score: Option<Score>,
    config: &ScoringConfig,
) -> Movement {
    let before = previous.map(|(_, content)| content);
    let score_change = difference(content.overall, before.and_then(|before| before.overall));
    // Amounts of two currencies cannot be compared: no rate is known.
    let revenue_before =
        before.filter(|before| before.currency == content.currency).and_then(|before| before.revenue_minor);
    let revenue_change =
        content.revenue_minor.zip(revenue_before).map(|(now, then)| now.saturating_sub(then));
    let revenue_percent = movement::change_percent(content.revenue_minor, revenue_before);
    Movement {
        days_since_last: previous.map(|(taken_at, _)| now.millis_since(taken_at).div_euclid(DAY_MILLIS)),
        score_change,
        score_change_window: difference(content.overall, window_score),
        revenue_change,
        trend: content.overall.map(|score| movement::trend(score, window_score, &config.trend)),
        is_significant: movement::is_significant(score_change, revenue_percent, &config.significance),
    }
}

fn difference(now: Option<Score>, then: Option<Score>) -> Option<Score> {
    now.zip(then).map(|(now, then)| now.minus(then))
}
