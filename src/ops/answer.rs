//! A stored snapshot as an answer: what was written, put beside how old and how complete it is now.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono_tz::Tz;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::answer_parts::Parts;
use crate::error::Result;
use crate::model::health::config::ScoringConfig;
use crate::model::health::scorer::{KpiSummary, Scorer};
use crate::model::ids::{AccountId, CustomerId, KpiChangeId, ScoringConfigId, SnapshotId};
use crate::model::kpi::Band;
use crate::model::kpi::dictionary::KpiDictionary;
use crate::model::kpi::series::SeriesSet;
use crate::model::kpi::state::KpiState;
use crate::model::recommendation::RECOMMENDED_FIELD;
use crate::model::time::Timestamp;
use crate::report::snapshot::{SnapshotView, TopKpi};
use crate::store::{Reader, SnapshotRecord};

/// Answers about the snapshots of one customer, as of one instant.
pub struct Answerer<'r> {
    reader: &'r Reader<'r>,
    customer: CustomerId,
    words: Arc<Words>,
    rules: Rules,
}

/// What all answers about a customer share.
struct Words {
    customer_name: String,
    series: SeriesSet,
    as_of: Timestamp,
    zone: Tz,
}

/// The rules that snapshots were made with.
type Rules = FxHashMap<ScoringConfigId, Arc<(ScoringConfig, KpiDictionary)>>;

/// Scorers by those rules, for the KPIs as they are called now.
type Scorers<'a> = FxHashMap<ScoringConfigId, Scorer<'a>>;

impl<'r> Answerer<'r> {
    /// Prepares to answer about a customer, whose days are those of a time zone.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn new(reader: &'r Reader<'r>, customer: CustomerId, as_of: Timestamp, zone: Tz) -> Result<Self> {
        let (customer_name, series) = (reader.customer_name(customer)?, reader.series(customer)?);
        let words = Arc::new(Words { customer_name, series, as_of, zone });
        Ok(Self { reader, customer, words, rules: Rules::default() })
    }

    /// These snapshots as answers, by id.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn answer(&mut self, snapshots: &[SnapshotId]) -> Result<Vec<SnapshotView>> {
        Ok(self.load(snapshots)?.views())
    }

    /// All that the answers about these snapshots say, by id.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn load(&mut self, snapshots: &[SnapshotId]) -> Result<Loaded> {
        let records = self.reader.load_snapshots(self.customer, snapshots)?;
        self.load_records(records)
    }

    /// These snapshots as answers, by id, without the worst KPIs and the day of the KPIs: for conditions, which ask for
    /// neither. No account's KPIs are read.
    pub(super) fn answer_without_kpis(&mut self, snapshots: &[SnapshotId]) -> Result<Vec<SnapshotView>> {
        let records = self.reader.load_snapshots(self.customer, snapshots)?;
        let accounts: Vec<AccountId> = records.iter().map(|record| record.account.id).collect();
        let dirty = self.reader.dirty_since(&accounts)?;
        let named = self.reader.kpis_named_at(&accounts)?;
        let parts = Parts::load(self.reader, &records)?;
        let views = records.iter().map(|record| {
            let account = record.account.id;
            let ages = Ages { dirty: dirty.get(&account).copied(), named: named.get(&account).copied() };
            let mut view = self.words.view(record, Vec::new(), ages);
            parts.fill(&mut view, record, None, self.words.zone);
            view
        });
        Ok(views.collect())
    }

    /// Takes in rules under which records that were not stored are scored.
    pub(super) fn with_rules(mut self, id: ScoringConfigId, config: ScoringConfig) -> Self {
        self.rules.insert(id, with_dictionary(config));
        self
    }

    /// Records as answers, in their order.
    pub(super) fn answer_records(&mut self, records: Vec<SnapshotRecord>) -> Result<Vec<SnapshotView>> {
        Ok(self.load_records(records)?.views())
    }

    fn load_records(&mut self, records: Vec<SnapshotRecord>) -> Result<Loaded> {
        let accounts: Vec<AccountId> = records.iter().map(|record| record.account.id).collect();
        let newest: Vec<AccountId> = records
            .iter()
            .filter(|record| record.holds_newest_kpis())
            .map(|record| record.account.id)
            .collect();
        self.load_rules(&records)?;
        Ok(Loaded {
            states: self.reader.kpi_states(&newest)?,
            earlier: self.earlier_states(&records)?,
            dirty: self.reader.dirty_since(&accounts)?,
            named: self.reader.kpis_named_at(&accounts)?,
            parts: Parts::load(self.reader, &records)?,
            rules: self.rules.clone(),
            words: Arc::clone(&self.words),
            records,
        })
    }

    /// The states of snapshots whose KPIs are no longer the newest; each account's history is read once.
    fn earlier_states(&self, records: &[SnapshotRecord]) -> Result<FxHashMap<KpiChangeId, KpiState>> {
        let mut rows: BTreeMap<AccountId, Vec<KpiChangeId>> = BTreeMap::new();
        for record in records.iter().filter(|record| !record.holds_newest_kpis()) {
            rows.entry(record.account.id).or_default().extend(record.kpi_row());
        }
        let mut states = FxHashMap::default();
        for rows in rows.values() {
            states.extend(self.reader.kpi_states_at(rows)?);
        }
        Ok(states)
    }

    /// Loads the rules that these snapshots were made with.
    fn load_rules(&mut self, records: &[SnapshotRecord]) -> Result<()> {
        for record in records.iter().filter(|record| !record.content.top_critical.is_empty()) {
            if !self.rules.contains_key(&record.config) {
                let (config, _) = self.reader.scoring_config_by_id(record.config)?;
                self.rules.insert(record.config, with_dictionary(config));
            }
        }
        Ok(())
    }
}

fn with_dictionary(config: ScoringConfig) -> Arc<(ScoringConfig, KpiDictionary)> {
    let dictionary = KpiDictionary::of_config(config.definitions.clone(), &config.aliases);
    Arc::new((config, dictionary))
}

/// From so many answers on they are put together on all cores.
const MANY: usize = 100;

/// All that some answers say, read and not yet put together: that needs no database, and may be done on any thread.
pub struct Loaded {
    records: Vec<SnapshotRecord>,
    states: FxHashMap<AccountId, KpiState>,
    earlier: FxHashMap<KpiChangeId, KpiState>,
    dirty: FxHashMap<AccountId, Timestamp>,
    named: FxHashMap<AccountId, Timestamp>,
    parts: Parts,
    rules: Rules,
    words: Arc<Words>,
}

impl Loaded {
    /// The answers, in the order of the snapshots.
    #[must_use]
    pub fn views(&self) -> Vec<SnapshotView> {
        // Most KPIs are called now as they were then, and one scorer serves all these.
        let scorers: Scorers<'_> = self
            .rules
            .iter()
            .map(|(id, rules)| (*id, Scorer::new(&rules.0, &rules.1, &self.words.series)))
            .collect();
        let view = |record| self.view(record, &scorers);
        match self.records.len() {
            0..MANY => self.records.iter().map(view).collect(),
            _ => self.records.par_iter().map(view).collect(),
        }
    }

    fn view(&self, record: &SnapshotRecord, scorers: &Scorers<'_>) -> SnapshotView {
        let account = record.account.id;
        let state = match record.holds_newest_kpis() {
            true => self.states.get(&account),
            false => record.kpi_row().and_then(|row| self.earlier.get(&row)),
        };
        let top = state.map_or_else(Vec::new, |state| self.top_critical(record, state, scorers));
        let observed_at = state.and_then(|state| state.entries().iter().map(|entry| entry.observed_on).max());
        let ages =
            Ages { dirty: self.dirty.get(&account).copied(), named: self.named.get(&account).copied() };
        let mut view = self.words.view(record, top, ages);
        self.parts.fill(&mut view, record, observed_at, self.words.zone);
        view
    }

    /// The worst KPIs with their values and scores, by the rules of the snapshot's own moment.
    fn top_critical(&self, record: &SnapshotRecord, state: &KpiState, scorers: &Scorers<'_>) -> Vec<TopKpi> {
        if record.content.top_critical.is_empty() {
            return Vec::new();
        }
        // A KPI is called as it was then: so it is found by the rules of then, and so it was hashed.
        let series = self.words.series.as_of(record.change);
        let summary = match &series {
            Cow::Borrowed(_) => scorers.get(&record.config).map(|scorer| scorer.score(state).1),
            Cow::Owned(then) => {
                let rules = self.rules.get(&record.config);
                rules.map(|rules| Scorer::new(&rules.0, &rules.1, then).score(state).1)
            }
        };
        summary.map_or_else(Vec::new, |summary| words(&summary, &series))
    }
}

impl Words {
    fn view(&self, record: &SnapshotRecord, top_critical_kpis: Vec<TopKpi>, ages: Ages) -> SnapshotView {
        let content = &record.content;
        let counts = content.counts;
        let [usage, support, sentiment, outcomes, relationship] = content.categories;
        let source_code = content.source.map(|source| source.code().to_owned());
        SnapshotView {
            schema: crate::report::snapshot::SCHEMA,
            snapshot_id: record.id,
            account_id: record.account.id,
            account_name: record.account.name.clone(),
            external_account_id: record.account.external_id.clone(),
            customer: self.customer_name.clone(),
            snapshot_timestamp: record.taken_at,
            snapshot_type: record.snapshot_type.code().to_owned(),
            snapshot_reason: record.reason.clone(),
            trigger_event: record.trigger.map(|trigger| trigger.code().to_owned()),
            trigger_action: record.action.clone(),
            created_by: record.created_by.clone().unwrap_or_else(|| "acctsnap".to_owned()),
            snapshot_version: u32::try_from(record.version).unwrap_or_default(),
            snapshot_sequence_number: u64::try_from(record.sequence).unwrap_or_default(),
            days_since_last_snapshot: record.days_since_last,
            is_significant_change: record.is_significant,
            unchanged_since: Some(record.unchanged_since),
            as_of: self.as_of,
            age_seconds: self.as_of.seconds_since(record.taken_at),
            kpis_age_seconds: ages.named.map(|named| self.as_of.seconds_since(named)),
            dirty_since: ages.dirty,
            overall_health_score: content.overall,
            overall_health_status: content.band,
            product_usage_score: usage,
            support_score: support,
            customer_sentiment_score: sentiment,
            business_outcomes_score: outcomes,
            relationship_strength_score: relationship,
            health_score_source: source_code,
            health_score_change_from_last: record.score_change,
            health_score_change_30d: record.score_change_window,
            health_score_trend: record.trend.map(|trend| trend.code().to_owned()),
            total_kpis: Some(counts.total()),
            account_level_kpis: Some(counts.account_level),
            product_level_kpis: Some(counts.product_level),
            critical_kpis_count: Some(counts.critical),
            at_risk_kpis_count: Some(counts.at_risk),
            healthy_kpis_count: Some(counts.healthy),
            unscored_kpis_count: Some(counts.unscored()),
            top_critical_kpis,
            playbook_recommendations_active: record.recommendations.clone(),
            scoring_config_hash: Some(record.config_hash.clone()),
            content_hash: record.content_hash.clone(),
            chain_hash: record.chain_hash.clone(),
            not_recorded: not_recorded(record),
            ..SnapshotView::default()
        }
    }
}

/// The fields that the program that took a snapshot did not know.
fn not_recorded(record: &SnapshotRecord) -> Vec<String> {
    let unasked = record.recommendations.is_none().then_some(RECOMMENDED_FIELD);
    unasked.into_iter().map(ToOwned::to_owned).collect()
}

/// The worst KPIs in the words of their series.
fn words(summary: &KpiSummary, series: &SeriesSet) -> Vec<TopKpi> {
    let worst = summary.top_critical.iter().filter_map(|kpi| {
        let series = series.get(kpi.series)?;
        Some(TopKpi {
            kpi_name: series.kpi.clone(),
            product: series.product.clone(),
            value: Some(kpi.value),
            unit: kpi.unit,
            category: Some(kpi.category),
            impact_level: kpi.impact,
            score: Some(kpi.score),
            health_status: Some(Band::Critical),
        })
    });
    worst.collect()
}

/// How old and how complete the account's facts are.
#[derive(Clone, Copy)]
struct Ages {
    dirty: Option<Timestamp>,
    named: Option<Timestamp>,
}
