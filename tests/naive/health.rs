//! An account's health rows: scores of months that others computed, and whether they or the KPIs count (HEALTH.md).

use std::collections::{BTreeMap, BTreeSet};

use super::rows::{Fate, HealthRow};

/// Which source of a score is preferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefer {
    /// The one that came in last.
    Newest,
    /// The health rows.
    Ingested,
    /// The KPIs.
    Calculated,
}

/// Overall and Support, in points.
type Scores = (Option<i64>, Option<i64>);

/// What is known of a month.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Month {
    scores: Scores,
    day: Option<i64>,
    /// The upload that last changed it.
    came_in: i64,
}

/// One account's health rows.
#[derive(Debug, Default, Clone)]
pub struct Health {
    months: BTreeMap<i64, Month>,
    /// What was said of days when a later day of the month was known.
    late: BTreeSet<(i64, Option<i64>, Scores)>,
}

/// A row's fate, and whether what is known now is another than before.
pub struct Taken {
    /// What became of it.
    pub fate: Fate,
    /// False for what went to history.
    pub is_current: bool,
}

impl Health {
    /// Takes a row in.
    pub fn take(&mut self, row: &HealthRow, upload: i64) -> Taken {
        let scores = (row.overall, row.support);
        let unchanged = Taken { fate: Fate::Unchanged, is_current: false };
        if scores == (None, None) {
            return unchanged;
        }
        let known = self.months.get(&row.month).copied();
        if let Some((known, said)) = known.and_then(|known| known.day).zip(row.day)
            && said < known
        {
            let is_new = self.late.insert((row.month, row.day, scores));
            return if is_new { Taken { fate: Fate::Inserted, is_current: false } } else { unchanged };
        }
        let before = known.map(|known| known.scores);
        let (overall, support) = before.unwrap_or_default();
        let after = (row.overall.or(overall), row.support.or(support));
        let fate = Fate::of(before.as_ref(), &after);
        if fate.is_news() {
            self.months.insert(row.month, Month { scores: after, day: row.day, came_in: upload });
        }
        Taken { fate, is_current: fate.is_news() }
    }

    /// The scores of the newest month, where they count beside what the KPIs gave, which `changed_by` changed last.
    pub fn counting(&self, prefer: Prefer, has_calculated: bool, changed_by: Option<i64>) -> Option<Scores> {
        let (_, newest) = self.months.last_key_value()?;
        let is_preferred = match prefer {
            Prefer::Ingested => true,
            Prefer::Calculated => false,
            Prefer::Newest => changed_by.is_none_or(|changed_by| newest.came_in >= changed_by),
        };
        (is_preferred || !has_calculated).then_some(newest.scores)
    }
}
