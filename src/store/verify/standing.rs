//! An account's snapshots as far as they stand: what its movement and its trend are measured against.

use super::retracted::Retracted;
use crate::model::health::config::TrendWindow;
use crate::model::score::Score;
use crate::model::snapshot::SnapshotContent;
use crate::model::time::Timestamp;

/// The snapshot is not there any more.
#[derive(Clone, Copy)]
pub(super) struct Gone;

/// What a trend is measured against.
#[derive(Clone, Copy)]
struct Taken {
    id: i64,
    at: Timestamp,
    sequence: i64,
    score: Option<Score>,
}

/// The snapshots of an account that are there, oldest first.
#[derive(Default)]
pub(super) struct Line {
    scores: Vec<Taken>,
    /// Of an account of which snapshots are ever retracted, their contents.
    contents: Vec<SnapshotContent>,
}

impl Line {
    /// Takes a snapshot in: id, sequence, when it was taken, and its content, which is kept where that is wanted.
    pub(super) fn push(
        &mut self,
        (id, sequence): (i64, i64),
        at: Timestamp,
        content: &SnapshotContent,
        is_kept: bool,
    ) {
        self.scores.push(Taken { id, at, sequence, score: content.overall });
        if is_kept {
            self.contents.push(content.clone());
        }
    }

    /// The last snapshot that is not retracted: when it was taken, and its content. `Err` where one of those after it is
    /// gone, so that it cannot be told.
    pub(super) fn last(&self, retracted: &Retracted) -> Result<Option<(Timestamp, &SnapshotContent)>, Gone> {
        let mut expected = self.scores.last().map_or(0, |taken| taken.sequence);
        for (taken, content) in self.scores.iter().zip(&self.contents).rev() {
            if taken.sequence != expected {
                return Err(Gone);
            }
            if !retracted.holds(taken.id) {
                return Ok(Some((taken.at, content)));
            }
            expected = taken.sequence.saturating_sub(1);
        }
        Ok(None)
    }

    /// The score against which a trend was measured; `Err` where the snapshot that had it is gone.
    pub(super) fn window_score(
        &self,
        window: TrendWindow,
        now: Timestamp,
        retracted: &Retracted,
    ) -> Result<Option<Score>, Gone> {
        match self.scores.iter().any(|taken| retracted.holds(taken.id)) {
            true => self.standing_score(window, now, retracted),
            false => self.score_of_all(window, now),
        }
    }

    fn score_of_all(&self, window: TrendWindow, now: Timestamp) -> Result<Option<Score>, Gone> {
        let Some((first, last)) = self.scores.first().zip(self.scores.last()) else { return Ok(None) };
        let sequence = match window {
            TrendWindow::Millis(millis) => {
                let at = now.plus_millis(millis.saturating_neg());
                let later = self.scores.partition_point(|taken| taken.at <= at);
                // The last one by then is the one before the first one after it.
                self.scores.get(later).map_or(last.sequence, |after| after.sequence.saturating_sub(1))
            }
            TrendWindow::Snapshots(count) => last.sequence.saturating_sub(i64::from(count)).saturating_add(1),
        };
        let sequence = sequence.max(first.sequence);
        let then = self.scores.binary_search_by_key(&sequence, |taken| taken.sequence);
        then.ok().and_then(|place| self.scores.get(place)).map(|taken| taken.score).ok_or(Gone)
    }

    fn standing_score(
        &self,
        window: TrendWindow,
        now: Timestamp,
        retracted: &Retracted,
    ) -> Result<Option<Score>, Gone> {
        let is_whole = self.scores.windows(2).all(
            |pair| matches!(pair, [before, after] if after.sequence == before.sequence.saturating_add(1)),
        );
        if !is_whole {
            return Err(Gone);
        }
        let standing: Vec<&Taken> = self.scores.iter().filter(|taken| !retracted.holds(taken.id)).collect();
        let place = match window {
            TrendWindow::Millis(millis) => {
                let at = now.plus_millis(millis.saturating_neg());
                standing.partition_point(|taken| taken.at <= at).saturating_sub(1)
            }
            TrendWindow::Snapshots(count) => {
                standing.len().saturating_sub(usize::try_from(count).unwrap_or(usize::MAX))
            }
        };
        Ok(standing.get(place).and_then(|taken| taken.score))
    }
}
