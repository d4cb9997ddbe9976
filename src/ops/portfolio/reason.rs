//! Why accounts moved: the largest term of each one's change, from the same terms as `compare` of one account.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::ends::End;
use super::pair::Pair;
use crate::error::Result;
use crate::model::explanation::{Cause, Moment, ScoreChange, explain_change};
use crate::model::health::config::ScoringConfig;
use crate::model::health::scorer::Scorer;
use crate::model::ids::{AccountId, ChangeId, KpiChangeId, ScoringConfigId, SeriesId};
use crate::model::kpi::dictionary::KpiDictionary;
use crate::model::kpi::series::SeriesSet;
use crate::model::kpi::state::KpiState;
use crate::model::kpi::{Category, Unit};
use crate::model::score::Score;
use crate::ops::rules::Rules;
use crate::report::json;
use crate::report::text::grouped;
use crate::store::{Reader, Standing};

/// The main reason of a movement.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reason {
    pub(super) phrase: String,
    pub(super) cause: Cause,
    pub(super) kpi: Option<String>,
    pub(super) product: Option<String>,
    pub(super) points: Score,
}

/// The rules and words of a standing: which scorer is its. Words that were never changed are the same for all.
type Key = (ScoringConfigId, Option<ChangeId>);

/// The main reasons of those pairs that moved, by account.
pub(super) fn reasons(
    reader: &Reader<'_>,
    rules: &Rules<'_>,
    series: &SeriesSet,
    pairs: &[Pair<'_>],
    to: &End,
) -> Result<FxHashMap<AccountId, Reason>> {
    let moved: Vec<(&Standing, &Standing)> = pairs
        .iter()
        .filter(|pair| pair.score_change().is_some_and(|change| change.hundredths() != 0))
        .filter_map(|pair| pair.old.zip(pair.new))
        .collect();
    let states = States::load(reader, &moved, to)?;
    let configs = configs(reader, rules, &moved)?;
    let key = |standing: &Standing| -> Key {
        let is_restated = matches!(series.as_of(standing.change), Cow::Owned(_));
        (standing.config, is_restated.then_some(standing.change))
    };
    let keys: FxHashSet<Key> = moved.iter().flat_map(|(old, new)| [key(old), key(new)]).collect();
    let words: FxHashMap<Key, Cow<'_, SeriesSet>> =
        keys.into_iter().map(|key| (key, series.as_of(key.1.unwrap_or(ChangeId::new(i64::MAX))))).collect();
    let scorers: FxHashMap<Key, Scorer<'_>> = words
        .iter()
        .filter_map(|(key, words)| {
            let (config, dictionary) = configs.get(&key.0)?;
            Some((*key, Scorer::new(config, dictionary, words)))
        })
        .collect();
    let reason = |(old, new): &(&Standing, &Standing)| {
        let (then, now) = (scorers.get(&key(old))?, scorers.get(&key(new))?);
        let (old_state, new_state) = (states.of(old), states.of(new));
        let change = explain_change(
            &Moment { state: old_state, scorer: then, shown: old.score },
            &Moment { state: new_state, scorer: now, shown: new.score },
        )?;
        let told = Told { words: words.get(&key(new))?, scorer: now, old: old_state, new: new_state };
        Some((new.account, told.main(&change)?))
    };
    Ok(moved.iter().filter_map(reason).collect())
}

/// The configurations of the standings; that of the live state is the one in force.
fn configs(
    reader: &Reader<'_>,
    rules: &Rules<'_>,
    moved: &[(&Standing, &Standing)],
) -> Result<FxHashMap<ScoringConfigId, (ScoringConfig, KpiDictionary)>> {
    let mut configs = FxHashMap::default();
    for standing in moved.iter().flat_map(|(old, new)| [old, new]) {
        if configs.contains_key(&standing.config) {
            continue;
        }
        let config = match standing.snapshot {
            Some(_) => reader.scoring_config_by_id(standing.config)?.0,
            None => rules.scoring.clone(),
        };
        let dictionary = KpiDictionary::of_config(config.definitions.clone(), &config.aliases)
            .with_retired(&config.retired);
        configs.insert(standing.config, (config, dictionary));
    }
    Ok(configs)
}

/// The KPIs of which the scores were made.
struct States {
    stored: FxHashMap<KpiChangeId, KpiState>,
    live: FxHashMap<AccountId, KpiState>,
    none: KpiState,
}

impl States {
    fn load(reader: &Reader<'_>, moved: &[(&Standing, &Standing)], to: &End) -> Result<Self> {
        let live: Vec<AccountId> =
            if to.is_live { moved.iter().map(|(_, new)| new.account).collect() } else { Vec::new() };
        let later = |(old, new): &(&Standing, &Standing)| old.kpi_row.max(new.kpi_row);
        let newest: Vec<KpiChangeId> = moved.iter().filter_map(later).collect();
        let wanted = moved.iter().flat_map(|(old, new)| [old.kpi_row, new.kpi_row]).flatten().collect();
        Ok(Self {
            stored: reader.kpi_states_of_many(&newest, &wanted)?,
            live: if live.is_empty() { FxHashMap::default() } else { reader.kpi_states(&live)? },
            none: KpiState::default(),
        })
    }

    fn of(&self, standing: &Standing) -> &KpiState {
        let state = match standing.snapshot {
            Some(_) => standing.kpi_row.and_then(|row| self.stored.get(&row)),
            None => self.live.get(&standing.account),
        };
        state.unwrap_or(&self.none)
    }
}

/// What a phrase is made of.
struct Told<'a> {
    words: &'a SeriesSet,
    scorer: &'a Scorer<'a>,
    old: &'a KpiState,
    new: &'a KpiState,
}

/// What terms are of: a KPI, a category's weight, or neither.
type Origin = (Option<SeriesId>, Option<Category>);

impl Told<'_> {
    /// Of all that moved the score in the direction in which it went, what moved it most; of equals the first.
    fn main(&self, change: &ScoreChange) -> Option<Reason> {
        let sign = change.total.hundredths().signum();
        let mut origins: Vec<(Origin, i32, Cause, i32)> = Vec::new();
        for term in &change.terms {
            let origin = (term.series, if term.series.is_some() { None } else { term.category });
            let points = term.points.hundredths();
            match origins.iter_mut().find(|known| known.0 == origin) {
                Some(known) => {
                    known.1 = known.1.saturating_add(points);
                    if points.abs() > known.3.abs() {
                        (known.2, known.3) = (term.cause, points);
                    }
                }
                None => origins.push((origin, points, term.cause, points)),
            }
        }
        let mut best: Option<(Origin, i32, Cause)> = None;
        for (origin, points, cause, _) in origins {
            if points.signum() == sign && best.is_none_or(|best| points.abs() > best.1.abs()) {
                best = Some((origin, points, cause));
            }
        }
        let ((series, category), points, cause) = best?;
        let points = Score::from_hundredths(points);
        let kpi = series.and_then(|series| self.words.get(series));
        let what = match (series, category) {
            (Some(series), _) => self.of_kpi(series, cause),
            (None, Some(category)) => format!("the weight of {}", category.name()),
            (None, None) => "a score that the KPIs do not account for".to_owned(),
        };
        let sign = if points.hundredths() > 0 { "+" } else { "" };
        Some(Reason {
            phrase: format!("{what} ({sign}{points})"),
            cause,
            kpi: kpi.map(|kpi| kpi.kpi.clone()),
            product: kpi.and_then(|kpi| kpi.product.clone()),
            points,
        })
    }

    fn of_kpi(&self, series: SeriesId, cause: Cause) -> String {
        let named = self.words.get(series).map(|named| match &named.product {
            Some(product) => format!("{} ({product})", named.kpi),
            None => named.kpi.clone(),
        });
        let name = named.unwrap_or_default();
        let unit = self.scorer.definition(series).and_then(|definition| definition.unit);
        let unit = unit
            .filter(|unit| matches!(unit, Unit::Percent | Unit::Days | Unit::Hours))
            .map(|unit| format!(" {unit}"))
            .unwrap_or_default();
        let value = |state: &KpiState| state.find(series).and_then(|entry| entry.value);
        let shown = |value: f64| grouped(&json::number(value));
        match (value(self.old), value(self.new)) {
            _ if cause == Cause::Configuration => format!("{name}: another definition or weight"),
            (Some(old), Some(new)) if old != new => format!("{name} {} -> {}{unit}", shown(old), shown(new)),
            (None, Some(new)) => format!("{name} appeared, {}{unit}", shown(new)),
            (Some(old), None) => format!("{name} went missing, was {}{unit}", shown(old)),
            _ => format!("{name} counts for more or less than before"),
        }
    }
}
