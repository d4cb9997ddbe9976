//! `explain`: the score as it stands, term by term; what would lift it; what became of the latest events.

use std::cmp::Reverse;

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::Context;
use super::events::event_line;
use super::live::live_views;
use super::rules::Rules;
use crate::error::{Error, ErrorKind, Result};
use crate::model::explanation::apportion::apportion;
use crate::model::explanation::reach::{aim_at, points_needed, value_at};
use crate::model::explanation::{Breakdown, Part};
use crate::model::health::scorer::Scorer;
use crate::model::ids::{AccountId, CustomerId, SnapshotId, UploadId};
use crate::model::kpi::series::SeriesSet;
use crate::model::kpi::state::{KpiEntry, KpiState};
use crate::model::kpi::{Band, Category, Scale};
use crate::model::score::Score;
use crate::report::explain::{
    CategoryTerm, ExplainView, ExplainedEvent, KpiTerm, NextBand, SCHEMA, Unscored, Way,
};
use crate::store::{EventFilter, Reader, SnapshotFilter, UploadSource};

/// How many events are told.
const EVENTS: u32 = 10;
/// How many ways to the next band are told.
const WAYS: usize = 5;

/// Explains the score of an account as it stands.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, and anything that the database says.
pub fn explain(context: &Context<'_>, account: &str) -> Result<ExplainView> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let account = reader.find_account(customer, account)?;
    let rules = Rules::load(context.config, &reader, customer)?;
    let now = context.clock.now();
    let gone = || Error::new(ErrorKind::Damaged, format!("account {account} has no head"));
    let view = live_views(&reader, customer, &rules, &[account], now)?.pop().ok_or_else(gone)?;
    let state = reader.kpi_states(&[account])?.remove(&account).unwrap_or_default();
    let series = reader.series(customer)?;
    let scorer = Scorer::new(&rules.scoring, &rules.dictionary, &series);
    let told = Told {
        breakdown: scorer.breakdown(&state),
        files: files(&reader, &state)?,
        today: now.date_in(rules.zone),
        state: &state,
        series: &series,
        scorer: &scorer,
    };
    let calculated = scorer.overall(&state);
    let (snapshot_id, snapshot_score) = newest(&reader, customer, account)?;
    let is_ingested = view.health_score_source.as_deref() == Some("ingested");
    let difference = view.overall_health_score.zip(calculated).map(|(shown, own)| shown.minus(own));
    Ok(ExplainView {
        schema: SCHEMA,
        account_id: account,
        account_name: view.account_name,
        as_of: now,
        overall_health_score: view.overall_health_score,
        overall_health_status: view.overall_health_status,
        health_score_source: view.health_score_source,
        calculated_score: calculated,
        source_difference: difference.filter(|_| is_ingested),
        snapshot_id,
        snapshot_score,
        dirty_since: reader.dirty_since(&[account])?.get(&account).copied(),
        categories: told.categories(calculated),
        kpis: told.kpis(calculated),
        // What KPIs would have to reach says nothing of a score that others computed.
        next_band: if is_ingested { None } else { told.next_band(view.overall_health_status) },
        unscored: told.unscored(),
        events: events(&reader, customer, account, &view.customer)?,
        customer: view.customer,
    })
}

fn newest(
    reader: &Reader<'_>,
    customer: CustomerId,
    account: AccountId,
) -> Result<(Option<SnapshotId>, Option<Score>)> {
    let filter =
        SnapshotFilter { account: Some(account), limit: 1, standing: true, ..SnapshotFilter::default() };
    let newest = reader.list_snapshots(customer, filter)?.pop();
    Ok((newest.as_ref().map(|newest| newest.id), newest.and_then(|newest| newest.score)))
}

fn files(reader: &Reader<'_>, state: &KpiState) -> Result<FxHashMap<UploadId, UploadSource>> {
    let mut uploads: Vec<UploadId> = state.entries().iter().map(|entry| entry.upload).collect();
    uploads.sort_unstable();
    uploads.dedup();
    reader.upload_sources(&uploads)
}

fn events(
    reader: &Reader<'_>,
    customer: CustomerId,
    account: AccountId,
    name: &str,
) -> Result<Vec<ExplainedEvent>> {
    let filter = EventFilter { account: Some(account), outcomes: &[], limit: Some(EVENTS) };
    let events = reader.list_events(customer, filter)?.into_iter();
    Ok(events
        .map(|event| ExplainedEvent { pending: event.outcome.is_pending(), event: event_line(event, name) })
        .collect())
}

struct Told<'a> {
    breakdown: Breakdown,
    files: FxHashMap<UploadId, UploadSource>,
    today: NaiveDate,
    state: &'a KpiState,
    series: &'a SeriesSet,
    scorer: &'a Scorer<'a>,
}

impl Told<'_> {
    /// Each part's contribution as it is shown: together they are the score as it is shown.
    fn contributions(&self, calculated: Option<Score>) -> Vec<Score> {
        let exact: Vec<f64> =
            self.breakdown.parts.iter().map(|part| self.breakdown.contribution(part)).collect();
        calculated.map_or_else(Vec::new, |total| apportion(&exact, total))
    }

    fn categories(&self, calculated: Option<Score>) -> Vec<CategoryTerm> {
        let contributions = self.contributions(calculated);
        let term = |category: Category| {
            let score = self.breakdown.category(category)?;
            let parts = self.breakdown.parts.iter().zip(&contributions);
            let own =
                parts.filter(|(part, _)| part.category == category).map(|(_, points)| points.hundredths());
            Some(CategoryTerm {
                category,
                score: Score::round(score),
                weight_percent: percent(self.breakdown.category_share(category)),
                contribution: Score::from_hundredths(own.fold(0, i32::saturating_add)),
            })
        };
        Category::ALL.into_iter().filter_map(term).collect()
    }

    fn kpis(&self, calculated: Option<Score>) -> Vec<KpiTerm> {
        let contributions = self.contributions(calculated);
        let parts = self.breakdown.parts.iter().zip(contributions);
        let mut terms: Vec<KpiTerm> =
            parts.filter_map(|(part, contribution)| self.kpi(part, contribution)).collect();
        terms.sort_by_key(|term| Reverse(term.contribution));
        terms
    }

    fn kpi(&self, part: &Part, contribution: Score) -> Option<KpiTerm> {
        let entry = self.state.find(part.series)?;
        let series = self.series.get(part.series)?;
        let score = self.scorer.entry(entry)?;
        let scale = self.scorer.definition(part.series).and_then(|definition| definition.scale);
        let next = scale.and_then(|scale| next_of_its_own(&scale, score.band));
        Some(KpiTerm {
            kpi_name: series.kpi.clone(),
            product: series.product.clone(),
            category: part.category,
            value: entry.value?,
            unit: self.scorer.definition(part.series).and_then(|definition| definition.unit),
            health_status: score.band,
            score: score.rounded,
            weight: entry.weight.map(|weight| weight.value),
            impact_level: entry.impact.map(|impact| impact.value),
            weight_percent: percent(self.breakdown.category_share(part.category) * part.share),
            contribution,
            next_health_status: next.map(|(band, _)| band),
            next_health_status_from: next.map(|(_, from)| from),
            direction: scale.map(|scale| scale.direction),
            observed_at: entry.observed_on,
            age_days: self.today.signed_duration_since(entry.observed_on).num_days(),
            upload_id: entry.upload,
            file: self.files.get(&entry.upload).map(|source| source.file_name.clone()),
        })
    }

    fn next_band(&self, band: Option<Band>) -> Option<NextBand> {
        let bands = self.scorer.config().bands;
        let (next, from) = match band? {
            Band::Critical => (Band::AtRisk, bands.at_risk_from),
            Band::AtRisk => (Band::Healthy, bands.healthy_from),
            Band::Healthy => return None,
        };
        let mut ways: Vec<(f64, Way)> =
            self.breakdown.parts.iter().filter_map(|part| self.way(part, from)).collect();
        ways.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let missing = Score::round(from - self.breakdown.overall());
        Some(NextBand {
            band: next,
            from,
            missing: missing.max(Score::from_hundredths(1)),
            ways: ways.into_iter().take(WAYS).map(|(_, way)| way).collect(),
        })
    }

    /// What a KPI alone would have to reach, and by how many of its own points it would have to rise.
    fn way(&self, part: &Part, from: f64) -> Option<(f64, Way)> {
        let needed = points_needed(&self.breakdown, part, from)?;
        let definition = self.scorer.definition(part.series)?;
        let scale = definition.scale.as_ref()?;
        let series = self.series.get(part.series)?;
        let way = Way {
            kpi_name: series.kpi.clone(),
            product: series.product.clone(),
            value: self.state.find(part.series)?.value?,
            needed: aim_at(scale, value_at(scale, needed)),
            unit: definition.unit,
        };
        Some((needed - part.points, way))
    }

    fn unscored(&self) -> Vec<Unscored> {
        let takes_part =
            |entry: &KpiEntry| self.breakdown.parts.iter().any(|part| part.series == entry.series);
        let entries = self.state.entries().iter().filter(|entry| !takes_part(entry));
        entries.filter_map(|entry| self.why(entry)).collect()
    }

    fn why(&self, entry: &KpiEntry) -> Option<Unscored> {
        let series = self.series.get(entry.series)?;
        let is_scored = self.scorer.entry(entry).is_some();
        let why = match (entry.value, self.scorer.definition(entry.series)) {
            _ if self.scorer.is_retired(entry.series) => "retired",
            (None, _) => "no_value",
            (Some(_), Some(_)) if is_scored && series.product.is_some() => "account_level_counts",
            (Some(_), Some(_)) if is_scored => "weighs_nothing",
            (Some(_), _) => "no_definition",
        };
        Some(Unscored {
            kpi_name: series.kpi.clone(),
            product: series.product.clone(),
            value: entry.value,
            why,
        })
    }
}

/// The band above a KPI's own, and the edge at which it begins.
fn next_of_its_own(scale: &Scale, band: Band) -> Option<(Band, f64)> {
    let [_, critical_edge, healthy_edge, _] = scale.points();
    match band {
        Band::Critical => Some((Band::AtRisk, critical_edge)),
        Band::AtRisk => Some((Band::Healthy, healthy_edge)),
        Band::Healthy => None,
    }
}

fn percent(share: f64) -> f64 {
    (share * 1e4).round() / 100.0
}
