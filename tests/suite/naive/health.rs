//! An account's health rows: scores of months that others computed, and whether they or the KPIs count (HEALTH.md).

use std::collections::BTreeMap;

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
    /// The upload that last changed it.
    came_in: i64,
}

/// One account's health rows.
#[derive(Debug, Default, Clone)]
pub struct Health {
    months: BTreeMap<i64, Month>,
}

impl Health {
    /// Takes a row in.
    pub fn take(&mut self, row: &HealthRow, upload: i64) -> Fate {
        if (row.overall, row.support) == (None, None) {
            return Fate::Unchanged;
        }
        let before = self.months.get(&row.month).map(|month| month.scores);
        let (overall, support) = before.unwrap_or_default();
        let scores = (row.overall.or(overall), row.support.or(support));
        let fate = Fate::of(before.as_ref(), &scores);
        if fate.is_news() {
            self.months.insert(row.month, Month { scores, came_in: upload });
        }
        fate
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
