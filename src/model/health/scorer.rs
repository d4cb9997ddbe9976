//! Scoring an account's KPIs as they are kept: which definition holds for which series, in which order sums run,
//! and which value counts where a KPI has one for the account and others for products.

use rustc_hash::FxHashMap;

use super::config::ScoringConfig;
use super::{HealthScores, WeighedKpi, score_kpi};
use crate::model::explanation::Breakdown;
use crate::model::ids::SeriesId;
use crate::model::kpi::dictionary::KpiDictionary;
use crate::model::kpi::series::{Series, SeriesSet, kpi_key};
use crate::model::kpi::state::{KpiEntry, KpiState};
use crate::model::kpi::{Band, Category, Impact, KpiDefinition, Scale, Unit};
use crate::model::score::Score;

/// What a KPI's value scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EntryScore {
    /// 0 to 100, unrounded.
    pub points: f64,
    /// The same with two decimals.
    pub rounded: Score,
    /// The band in which the value lies.
    pub band: Band,
}

/// One KPI of an account, scored.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ScoredEntry {
    /// None where it has no value or no scale, and where it is retired.
    pub score: Option<EntryScore>,
    /// Whether it takes part in the category's score: not where the account's own value counts instead.
    pub takes_part: bool,
}

/// How many KPIs an account has, by level and band; retired ones are none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KpiCounts {
    /// KPIs of the whole account.
    pub account_level: u32,
    /// KPIs of a product.
    pub product_level: u32,
    /// In the critical band.
    pub critical: u32,
    /// Between the edges.
    pub at_risk: u32,
    /// In the healthy band.
    pub healthy: u32,
}

impl KpiCounts {
    /// All of them.
    #[must_use]
    pub const fn total(self) -> u32 {
        self.account_level.saturating_add(self.product_level)
    }

    /// Those without a value or a definition.
    #[must_use]
    pub const fn unscored(self) -> u32 {
        // Counts that were damaged in a file may be greater than their total.
        self.total().saturating_sub(self.critical).saturating_sub(self.at_risk).saturating_sub(self.healthy)
    }
}

/// One of an account's worst KPIs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CriticalKpi {
    /// Which KPI and product.
    pub series: SeriesId,
    /// The category in which it counts, by its definition.
    pub category: Category,
    /// The unit of its value, by its definition.
    pub unit: Option<Unit>,
    /// Its value.
    pub value: f64,
    /// Its score.
    pub score: Score,
    /// Its impact, where one was given.
    pub impact: Option<Impact>,
}

/// How many of the worst KPIs a snapshot names.
pub const TOP_CRITICAL: usize = 5;

/// An account's KPIs in short: all that a snapshot takes of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KpiSummary {
    /// The scores of the categories and of the account.
    pub health: HealthScores,
    /// How many KPIs, by level and band.
    pub counts: KpiCounts,
    /// The critical ones, worst first, at most [`TOP_CRITICAL`].
    pub top_critical: Vec<CriticalKpi>,
}

struct Rule {
    /// It counts in nothing any more.
    retired: bool,
    /// Index of the definition in the configuration; None where there is none.
    definition: Option<usize>,
    is_product: bool,
    /// Its place in catalogue order, then by name, then by product: in this order sums run and ties are broken.
    rank: usize,
}

/// Scores accounts of one customer by one configuration.
pub struct Scorer<'a> {
    config: &'a ScoringConfig,
    rules: FxHashMap<SeriesId, Rule>,
    has_products: bool,
}

impl<'a> Scorer<'a> {
    /// A scorer for the customer's series; `dictionary` finds each series' definition in `config`.
    #[must_use]
    pub fn new(config: &'a ScoringConfig, dictionary: &KpiDictionary, series: &SeriesSet) -> Self {
        let found = |kpi: &str| dictionary.find(kpi).map(|found| found.index);
        let mut ranked: Vec<(Option<usize>, &Series)> =
            series.all().iter().map(|s| (found(&s.kpi), s)).collect();
        ranked.sort_by_key(|(definition, series)| {
            (definition.is_none(), *definition, series.kpi.as_str(), series.product.as_deref())
        });
        let is_retired = |definition: Option<usize>, series: &Series| {
            let definition = definition.and_then(|place| config.definitions.get(place));
            let name = definition.map_or(&series.kpi, |definition| &definition.kpi_name);
            !config.retired.is_empty() && config.retired.contains(&kpi_key(name))
        };
        let rule = |(rank, (definition, series)): (usize, (Option<usize>, &Series))| {
            let retired = is_retired(definition, series);
            (series.id, Rule { retired, definition, is_product: series.product.is_some(), rank })
        };
        let rules: FxHashMap<SeriesId, Rule> = ranked.into_iter().enumerate().map(rule).collect();
        let has_products = rules.values().any(|rule| rule.is_product);
        Self { config, rules, has_products }
    }

    /// The configuration by which it scores.
    #[must_use]
    pub fn config(&self) -> &'a ScoringConfig {
        self.config
    }

    /// Scores every KPI of an account, in the order of its entries, and sums them up.
    #[must_use]
    pub fn score(&self, state: &KpiState) -> (Vec<ScoredEntry>, KpiSummary) {
        let mut scored: Vec<ScoredEntry> =
            state.entries().iter().map(|entry| self.score_entry(entry)).collect();
        if self.has_products {
            self.prefer_account_level(state, &mut scored);
        }
        let summary = self.summarise(state, &scored);
        (scored, summary)
    }

    /// What the overall score of these KPIs is made of.
    #[must_use]
    pub fn breakdown(&self, state: &KpiState) -> Breakdown {
        let mut scored: Vec<ScoredEntry> =
            state.entries().iter().map(|entry| self.score_entry(entry)).collect();
        if self.has_products {
            self.prefer_account_level(state, &mut scored);
        }
        let mut order: Vec<(usize, usize)> = Vec::with_capacity(scored.len());
        for (place, (entry, scored)) in state.entries().iter().zip(&scored).enumerate() {
            if scored.takes_part {
                order.push((self.rank_of(entry.series), place));
            }
        }
        order.sort_unstable();
        let weighed = order.iter().filter_map(|(_, place)| {
            Some((state.entries().get(*place)?.series, self.weigh(state, &scored, *place)?))
        });
        Breakdown::new(&weighed.collect::<Vec<_>>(), &self.config.weights)
    }

    /// The overall score of these KPIs.
    #[must_use]
    pub fn overall(&self, state: &KpiState) -> Option<Score> {
        self.score(state).1.health.overall
    }

    /// What one KPI scores by itself; None where it has no value or no scale, and where it is retired.
    #[must_use]
    pub fn entry(&self, entry: &KpiEntry) -> Option<EntryScore> {
        self.score_entry(entry).score
    }

    /// Whether a series' KPI is retired.
    #[must_use]
    pub fn is_retired(&self, series: SeriesId) -> bool {
        self.rules.get(&series).is_some_and(|rule| rule.retired)
    }

    /// The definition that holds for a series; None where there is none, and where it is retired.
    #[must_use]
    pub fn definition(&self, series: SeriesId) -> Option<&KpiDefinition> {
        self.definition_of(series)
    }

    fn score_entry(&self, entry: &KpiEntry) -> ScoredEntry {
        let scale = self.scoring_of(entry.series).map(|(_, scale)| scale);
        let score = scale.zip(entry.value).map(|(scale, value)| {
            let score = score_kpi(scale, value);
            EntryScore { points: score.points, rounded: Score::round(score.points), band: score.band }
        });
        ScoredEntry { score, takes_part: score.is_some() }
    }

    fn definition_of(&self, series: SeriesId) -> Option<&KpiDefinition> {
        let rule = self.rules.get(&series).filter(|rule| !rule.retired)?;
        self.config.definitions.get(rule.definition?)
    }

    fn scoring_of(&self, series: SeriesId) -> Option<(Category, &Scale)> {
        self.definition_of(series)?.scoring()
    }

    fn rank_of(&self, series: SeriesId) -> usize {
        self.rules.get(&series).map_or(usize::MAX, |rule| rule.rank)
    }

    /// A KPI that has a value for the account and others for products counts the account's (HEALTH.md).
    fn prefer_account_level(&self, state: &KpiState, scored: &mut [ScoredEntry]) {
        let mut at_account_level = Vec::new();
        for (entry, scored) in state.entries().iter().zip(&*scored) {
            if let Some(rule) = self.rules.get(&entry.series).filter(|rule| !rule.is_product)
                && scored.score.is_some()
            {
                at_account_level.push(rule.definition);
            }
        }
        for (entry, scored) in state.entries().iter().zip(scored) {
            let rule = self.rules.get(&entry.series).filter(|rule| rule.is_product);
            if rule.is_some_and(|rule| at_account_level.contains(&rule.definition)) {
                scored.takes_part = false;
            }
        }
    }

    fn summarise(&self, state: &KpiState, scored: &[ScoredEntry]) -> KpiSummary {
        let mut counts = KpiCounts::default();
        let mut critical: Vec<(CriticalKpi, f64, usize)> = Vec::new();
        let mut order: Vec<(usize, usize)> = Vec::with_capacity(scored.len());
        for (place, (entry, scored)) in state.entries().iter().zip(scored).enumerate() {
            let rule = self.rules.get(&entry.series);
            if rule.is_some_and(|rule| rule.retired) {
                continue;
            }
            let is_product = rule.is_some_and(|rule| rule.is_product);
            *(if is_product { &mut counts.product_level } else { &mut counts.account_level }) += 1;
            let Some(score) = scored.score else { continue };
            match score.band {
                Band::Critical => {
                    counts.critical += 1;
                    critical.extend(self.critical(entry, score));
                }
                Band::AtRisk => counts.at_risk += 1,
                Band::Healthy => counts.healthy += 1,
            }
            if scored.takes_part {
                order.push((self.rank_of(entry.series), place));
            }
        }
        order.sort_unstable();
        let kpis = order.iter().filter_map(|(_, place)| self.weigh(state, scored, *place));
        KpiSummary { health: self.config.score_account(kpis), counts, top_critical: worst(critical) }
    }

    /// A critical KPI with what it is ranked by: its unrounded score and its place.
    fn critical(&self, entry: &KpiEntry, score: EntryScore) -> Option<(CriticalKpi, f64, usize)> {
        let definition = self.definition_of(entry.series)?;
        let kpi = CriticalKpi {
            series: entry.series,
            category: definition.category?,
            unit: definition.unit,
            value: entry.value?,
            score: score.rounded,
            impact: entry.impact.map(|impact| impact.value),
        };
        Some((kpi, score.points, self.rank_of(entry.series)))
    }

    fn weigh(&self, state: &KpiState, scored: &[ScoredEntry], place: usize) -> Option<WeighedKpi> {
        let entry = state.entries().get(place)?;
        Some(WeighedKpi {
            category: self.scoring_of(entry.series)?.0,
            points: scored.get(place)?.score?.points,
            weight: entry.weight.map(|weight| weight.value),
            impact: entry.impact.map(|impact| impact.value),
        })
    }
}

/// The worst first: by score, then by impact, then in catalogue order, so that equal facts give equal lists.
fn worst(mut critical: Vec<(CriticalKpi, f64, usize)>) -> Vec<CriticalKpi> {
    let impact = |kpi: &CriticalKpi| kpi.impact.unwrap_or(Impact::Medium);
    critical.sort_unstable_by(|(a, a_points, a_rank), (b, b_points, b_rank)| {
        a_points.total_cmp(b_points).then(impact(b).cmp(&impact(a))).then(a_rank.cmp(b_rank))
    });
    // Not collected from the vector itself, which would keep all of its room for as long as its account is looked at.
    let mut worst = Vec::with_capacity(critical.len().min(TOP_CRITICAL));
    worst.extend(critical.into_iter().map(|(kpi, ..)| kpi).take(TOP_CRITICAL));
    worst
}
