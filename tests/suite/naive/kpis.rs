//! An account's KPIs: what was last said of each for each day, and the scores that follow (HEALTH.md).

use std::collections::BTreeMap;

use super::rows::{Cell, Fate, KpiRow};

/// One account's KPIs.
#[derive(Debug, Default, Clone)]
pub struct Kpis {
    /// By KPI and day; None: withdrawn.
    facts: BTreeMap<usize, BTreeMap<i64, Option<i32>>>,
    /// The upload that last changed a value.
    pub changed_by: Option<i64>,
}

/// Worst, critical edge, healthy edge and best of the KPIs that have a definition.
const POINTS: [[f64; 4]; 2] = [[-100.0, 0.0, 50.0, 100.0], [1300.0, 500.0, 100.0, 0.0]];

impl Kpis {
    /// Takes a row in.
    pub fn take(&mut self, row: &KpiRow, today: i64, upload: i64) -> Fate {
        let said = match row.cell {
            Cell::Bad => return Fate::Rejected,
            Cell::Blank => return Fate::Unchanged,
            Cell::Withdrawn => None,
            Cell::Number(number) => Some(number),
        };
        let days = self.facts.entry(row.kpi).or_default();
        let known = match row.day {
            Some(day) => days.get(&day).copied(),
            None => days.last_key_value().map(|(_, value)| *value),
        };
        let fate = Fate::of(known.as_ref(), &said);
        if fate.is_news() {
            days.insert(row.day.unwrap_or(today), said);
            self.changed_by = Some(upload);
        }
        fate
    }

    /// What is known now: the value of the newest day, with that day.
    pub fn current(&self) -> BTreeMap<usize, (i64, Option<i32>)> {
        let newest = self.facts.iter().filter_map(|(kpi, days)| {
            let (day, value) = days.last_key_value()?;
            Some((*kpi, (*day, *value)))
        });
        newest.collect()
    }

    /// The score of each KPI that has one.
    pub fn scores(&self) -> BTreeMap<usize, f64> {
        let current = self.current().into_iter();
        current.filter_map(|(kpi, (_, value))| Some((kpi, score(value?, POINTS.get(kpi)?)))).collect()
    }
}

/// Linear between the four points, flat outside.
fn score(value: i32, points: &[f64; 4]) -> f64 {
    let sign = if points[0] < points[3] { 1.0 } else { -1.0 };
    let value = f64::from(value) * sign;
    let points = points.map(|point| point * sign);
    let third = 100.0 / 3.0;
    if value <= points[0] {
        return 0.0;
    }
    for (place, share) in [(0, 0.0), (1, third), (2, 2.0 * third)] {
        let (low, high) = (points[place], points[place + 1]);
        if value <= high {
            return share + third * (value - low) / (high - low);
        }
    }
    100.0
}
