//! One side of a comparison: a stored snapshot or the live state, with its KPIs and the rules of its moment.

use std::borrow::Cow;

use super::point::{Place, Point};
use crate::error::{Error, ErrorKind, Result};
use crate::model::health::config::ScoringConfig;
use crate::model::health::scorer::Scorer;
use crate::model::ids::{AccountId, ChangeId, CustomerId};
use crate::model::kpi::dictionary::KpiDictionary;
use crate::model::kpi::series::SeriesSet;
use crate::model::kpi::state::KpiState;
use crate::model::time::Timestamp;
use crate::ops::answer::Answerer;
use crate::ops::live::live_views;
use crate::ops::rules::Rules;
use crate::report::compare;
use crate::report::snapshot::SnapshotView;
use crate::store::Reader;

/// One side of a comparison.
pub(super) struct Side {
    asked: String,
    is_live: bool,
    /// The snapshot as it would be answered.
    pub(super) view: SnapshotView,
    /// The KPIs that it was made from.
    pub(super) state: KpiState,
    config: ScoringConfig,
    dictionary: KpiDictionary,
    change: ChangeId,
}

impl Side {
    /// Loads what a point means for an account.
    pub(super) fn load(
        reader: &Reader<'_>,
        customer: CustomerId,
        rules: &Rules<'_>,
        account: AccountId,
        point: &Point,
        now: Timestamp,
    ) -> Result<Self> {
        if point.place == Place::Now {
            return Self::live(reader, customer, rules, account, point, now);
        }
        let id = point.find(reader, customer, account)?.into_iter().collect::<Vec<_>>();
        let view = Answerer::new(reader, customer, now, rules.zone)?.answer(&id)?.pop();
        let record = reader.load_snapshots(customer, &id)?.pop();
        let (Some(view), Some(record)) = (view, record) else { return Err(gone(point)) };
        let (config, _) = reader.scoring_config_by_id(record.config)?;
        let state = match record.kpi_row() {
            Some(row) => reader.kpi_state_at(row)?,
            None => KpiState::default(),
        };
        Ok(Self {
            asked: point.asked.clone(),
            is_live: false,
            view,
            state,
            dictionary: dictionary(&config),
            config,
            change: record.change,
        })
    }

    fn live(
        reader: &Reader<'_>,
        customer: CustomerId,
        rules: &Rules<'_>,
        account: AccountId,
        point: &Point,
        now: Timestamp,
    ) -> Result<Self> {
        let view = live_views(reader, customer, rules, &[account], now)?.pop().ok_or_else(|| gone(point))?;
        let state = reader.kpi_states(&[account])?.remove(&account).unwrap_or_default();
        Ok(Self {
            asked: point.asked.clone(),
            is_live: true,
            view,
            state,
            config: rules.scoring.clone(),
            dictionary: dictionary(&rules.scoring),
            change: ChangeId::new(i64::MAX),
        })
    }

    /// The series in the words of the moment.
    pub(super) fn words<'s>(&self, series: &'s SeriesSet) -> Cow<'s, SeriesSet> {
        series.as_of(self.change)
    }

    /// Scores KPIs by the rules of the moment.
    pub(super) fn scorer<'s>(&'s self, words: &SeriesSet) -> Scorer<'s> {
        Scorer::new(&self.config, &self.dictionary, words)
    }

    /// What is said of it.
    pub(super) fn shown(&self) -> compare::Side {
        compare::Side {
            asked: self.asked.clone(),
            snapshot_id: (!self.is_live).then_some(self.view.snapshot_id),
            taken_at: self.view.snapshot_timestamp,
            overall_health_score: self.view.overall_health_score,
            overall_health_status: self.view.overall_health_status,
            health_score_source: self.view.health_score_source.clone(),
            retracted: self.view.retracted.clone(),
        }
    }
}

fn dictionary(config: &ScoringConfig) -> KpiDictionary {
    KpiDictionary::of_config(config.definitions.clone(), &config.aliases).with_retired(&config.retired)
}

/// A snapshot that was found a moment ago is there: one consistent state of the database is read.
fn gone(point: &Point) -> Error {
    Error::new(ErrorKind::Damaged, format!("the snapshot of {} cannot be read", point.asked))
}
