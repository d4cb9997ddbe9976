//! Whether an account's scores are those of an ingested health row or come from its KPIs (HEALTH.md).

use super::HealthScores;
use super::config::{Bands, Prefer};
use super::month::MonthScores;
use crate::model::ids::{ChangeId, HealthRowId};
use crate::model::kpi::Band;
use crate::model::score::Score;
use crate::model::snapshot::content::ScoreSource;

/// The ingested health row that counts: of the newest month, then of the newest upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IngestedHealth {
    /// The row.
    pub row: HealthRowId,
    /// Its scores.
    pub scores: MonthScores,
    /// The change in which it came in.
    pub came_in: ChangeId,
}

/// The scores of an account as they hold now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LiveHealth {
    /// The overall score.
    pub overall: Option<Score>,
    /// Its band.
    pub band: Option<Band>,
    /// The category scores, in the order of [`crate::model::kpi::Category::ALL`].
    pub categories: [Option<Score>; 5],
    /// Where they came from; None where there is no score.
    pub source: Option<ScoreSource>,
    /// The row that they were taken from.
    pub row: Option<HealthRowId>,
}

/// Chooses between what the KPIs give and an ingested row, which is taken whole.
///
/// `values_changed` is the change that last changed one of the account's KPI values: a row that came in before it
/// is older than the KPIs. Where the preferred source gives no score, the other one stands in.
#[must_use]
pub fn live_health(
    calculated: &HealthScores,
    ingested: Option<&IngestedHealth>,
    values_changed: Option<ChangeId>,
    prefer: Prefer,
    bands: Bands,
) -> LiveHealth {
    let of_kpis = LiveHealth {
        overall: calculated.overall,
        band: calculated.band,
        categories: calculated.categories,
        source: calculated.overall.map(|_| ScoreSource::Calculated),
        row: None,
    };
    let Some(ingested) = ingested else { return of_kpis };
    let is_preferred = match prefer {
        Prefer::Newest => values_changed.is_none_or(|changed| ingested.came_in >= changed),
        Prefer::Ingested => true,
        Prefer::Calculated => false,
    };
    if !is_preferred && calculated.overall.is_some() {
        return of_kpis;
    }
    let MonthScores { overall, categories } = ingested.scores;
    LiveHealth {
        overall,
        band: overall.map(|score| bands.band(score.points())),
        categories,
        source: Some(ScoreSource::Ingested),
        row: Some(ingested.row),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(points: i32) -> Option<Score> {
        Some(Score::from_hundredths(points * 100))
    }

    fn row(came_in: i64) -> IngestedHealth {
        IngestedHealth {
            row: HealthRowId::new(7),
            scores: MonthScores { overall: score(80), categories: [score(90), None, None, None, None] },
            came_in: ChangeId::new(came_in),
        }
    }

    fn choose(prefer: Prefer, ingested: Option<i64>, kpis: Option<i64>) -> LiveHealth {
        let mut calculated = HealthScores::default();
        if kpis.is_some() {
            calculated.overall = score(40);
            calculated.categories = [score(10), score(20), None, None, None];
        }
        let row = ingested.map(row);
        live_health(&calculated, row.as_ref(), kpis.map(ChangeId::new), prefer, Bands::default())
    }

    #[test]
    fn the_newest_counts_and_an_ingested_row_is_taken_whole() {
        let ingested = choose(Prefer::Newest, Some(5), Some(5));
        assert_eq!((ingested.overall, ingested.source), (score(80), Some(ScoreSource::Ingested)));
        assert_eq!(ingested.categories, [score(90), None, None, None, None]);
        assert_eq!((ingested.band, ingested.row), (Some(Band::Healthy), Some(HealthRowId::new(7))));
        let calculated = choose(Prefer::Newest, Some(4), Some(5));
        assert_eq!((calculated.overall, calculated.row), (score(40), None));
        assert_eq!(calculated.source, Some(ScoreSource::Calculated));
    }

    #[test]
    fn a_setting_prefers_one_and_the_other_stands_in_for_it() {
        assert_eq!(choose(Prefer::Ingested, Some(1), Some(9)).overall, score(80));
        assert_eq!(choose(Prefer::Calculated, Some(9), Some(1)).overall, score(40));
        assert_eq!(choose(Prefer::Ingested, None, Some(1)).overall, score(40));
        assert_eq!(choose(Prefer::Calculated, Some(1), None).overall, score(80));
        assert_eq!(choose(Prefer::Newest, None, None), LiveHealth::default());
    }
}
