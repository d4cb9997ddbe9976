use super::*;
use crate::model::health::config::ScoringConfig;
use crate::model::ids::UploadId;
use crate::model::kpi::dictionary::KpiDictionary;
use crate::model::kpi::series::{Series, SeriesSet};
use crate::model::kpi::state::Ranked;
use crate::model::kpi::{Impact, Scale};
use chrono::NaiveDate;
use proptest::prelude::*;

const SERIES: usize = 14;

/// Ten KPIs of the catalogue, two of them at a product too, and two that nothing defines.
fn series() -> SeriesSet {
    let mut set = SeriesSet::default();
    let definitions = ScoringConfig::default().definitions;
    for (place, id) in (0..SERIES).zip(1_i64..) {
        let (kpi, product) = match place {
            0..10 => (definitions[place * 5].kpi_name.clone(), None),
            10 | 11 => (definitions[(place - 10) * 5].kpi_name.clone(), Some("Mobile".to_owned())),
            _ => (format!("Unknown {place}"), None),
        };
        set.insert(Series { id: SeriesId::new(id), kpi, product, unit: None, category: None });
    }
    set
}

fn entry(series: i64, value: Option<f64>, weight: Option<f64>, impact: Option<Impact>) -> KpiEntry {
    let day = NaiveDate::from_ymd_opt(2026, 5, 1).unwrap();
    KpiEntry {
        series: SeriesId::new(series),
        value,
        observed_on: day,
        effective_on: day,
        upload: UploadId::new(1),
        weight: weight.map(|value| Ranked { value, effective_on: day }),
        impact: impact.map(|value| Ranked { value, effective_on: day }),
    }
}

/// How far along its scale a value lies (0.5 where there is none), so that all bands are met.
fn on_scale(config: &ScoringConfig, id: i64, along: f64) -> f64 {
    let scale = series().get(SeriesId::new(id)).and_then(|series| {
        let definition = config.definitions.iter().find(|definition| definition.kpi_name == series.kpi)?;
        definition.scoring().map(|(_, scale): (_, &Scale)| scale.points())
    });
    let [worst, .., best] = scale.unwrap_or([0.0, 30.0, 60.0, 100.0]);
    worst + (best - worst) * along
}

fn any_state() -> impl Strategy<Value = KpiState> {
    let weight = prop::option::weighted(0.6, prop_oneof![Just(0.0), 0.1..5.0]);
    let impact = prop::option::of((1_i64..=3).prop_map(|code| Impact::from_code(code).unwrap()));
    let value = prop::option::weighted(0.8, -0.1..1.1_f64);
    let one = prop::option::weighted(0.8, (value, weight, impact));
    prop::collection::vec(one, SERIES).prop_map(|entries| {
        let config = ScoringConfig::default();
        let known = (1..).zip(entries).filter_map(|(id, said)| {
            let (along, weight, impact) = said?;
            Some(entry(id, along.map(|along| on_scale(&config, id, along)), weight, impact))
        });
        KpiState::new(known.collect())
    })
}

fn any_config() -> impl Strategy<Value = ScoringConfig> {
    let weights = prop::array::uniform5(prop_oneof![4 => 0.01..1.0, 1 => Just(0.0)]);
    let moved = prop::collection::vec((0_usize..10, 0.2_f64..0.8), 0..4);
    let retired = prop::collection::vec(0_usize..10, 0..2);
    (weights, moved, retired, any::<bool>()).prop_map(|(weights, moved, retired, is_default)| {
        let mut config = ScoringConfig::default();
        if is_default {
            return config;
        }
        config.weights = weights;
        for (place, along) in moved {
            let definition = &mut config.definitions[place * 5];
            if let Some(scale) = &mut definition.scale {
                let [worst, _, healthy, best] = scale.points();
                let edge = worst + (healthy - worst) * along;
                *scale = Scale::new(scale.direction, [worst, edge, healthy, best]).unwrap();
            }
        }
        let mut keys: Vec<String> = retired
            .iter()
            .map(|place| crate::model::kpi::series::kpi_key(&config.definitions[place * 5].kpi_name))
            .collect();
        keys.sort();
        keys.dedup();
        config.retired = keys;
        config
    })
}

fn with_scorer<T>(config: &ScoringConfig, work: impl FnOnce(&Scorer<'_>) -> T) -> T {
    let dictionary =
        KpiDictionary::of_config(config.definitions.clone(), &config.aliases).with_retired(&config.retired);
    work(&Scorer::new(config, &dictionary, &series()))
}

/// The split of a change whose scores both come from the KPIs.
fn split(
    from: (&KpiState, &ScoringConfig),
    to: (&KpiState, &ScoringConfig),
) -> (Option<Score>, Option<Score>, Option<ScoreChange>) {
    with_scorer(from.1, |then| {
        with_scorer(to.1, |now| {
            let (first, last) = (then.overall(from.0), now.overall(to.0));
            let change = explain_change(
                &Moment { state: from.0, scorer: then, shown: first },
                &Moment { state: to.0, scorer: now, shown: last },
            );
            (first, last, change)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_terms_add_up_to_the_last_digit(
        before in any_state(), after in any_state(), old in any_config(), new in any_config(),
    ) {
        let (first, last, change) = split((&before, &old), (&after, &new));
        let Some((first, last)) = first.zip(last) else {
            prop_assert!(change.is_none());
            return Ok(());
        };
        let change = change.unwrap();
        prop_assert_eq!(change.total, last.minus(first));
        let sum: i32 = change.terms.iter().map(|term| term.points.hundredths()).sum();
        prop_assert_eq!(sum, change.total.hundredths());
        let causes: i32 = Cause::ALL.iter().map(|cause| change.by_cause(*cause).hundredths()).sum();
        prop_assert_eq!(causes, change.total.hundredths());
        prop_assert_eq!(change.by_cause(Cause::Source), Score::from_hundredths(0), "both are of the KPIs");
    }

    #[test]
    fn an_ingested_score_leaves_the_rest_to_the_source(
        before in any_state(), after in any_state(), config in any_config(), ingested in 0_i32..=10_000,
    ) {
        with_scorer(&config, |scorer| {
            let Some(first) = scorer.overall(&before) else { return Ok(()) };
            let shown = Score::from_hundredths(ingested);
            let change = explain_change(
                &Moment { state: &before, scorer, shown: Some(first) },
                &Moment { state: &after, scorer, shown: Some(shown) },
            ).unwrap();
            let sum: i32 = change.terms.iter().map(|term| term.points.hundredths()).sum();
            prop_assert_eq!(sum, ingested - first.hundredths());
            Ok(())
        })?;
    }

    /// Same KPIs, same rules: all is behaviour, and each term goes where its KPI's own score went.
    #[test]
    fn behaviour_has_the_sign_of_the_kpis_own_score(before in any_state(), along in prop::collection::vec(-0.1..1.1_f64, SERIES)) {
        let config = ScoringConfig::default();
        let moved = before.entries().iter().zip(&along).map(|(entry, along)| {
            KpiEntry { value: entry.value.map(|_| on_scale(&config, entry.series.get(), *along)), ..*entry }
        });
        let after = KpiState::new(moved.collect());
        let (_, _, change) = split((&before, &config), (&after, &config));
        let Some(change) = change else { return Ok(()) };
        with_scorer(&config, |scorer| {
            let (then, now) = (scorer.breakdown(&before), scorer.breakdown(&after));
            for term in &change.terms {
                prop_assert_eq!(term.cause, Cause::Behaviour);
                let series = term.series.unwrap();
                let own = now.find(series, term.category.unwrap()).unwrap().points
                    - then.find(series, term.category.unwrap()).unwrap().points;
                // A hundredth may fall to a small term by rounding, never against it by more.
                prop_assert!(own.signum() * f64::from(term.points.hundredths()) >= -1.0);
            }
            Ok(())
        })?;
    }

    /// Whatever else moved: a value that got better by its KPI's own direction is no term against the score.
    #[test]
    fn a_better_value_is_never_a_worse_term(
        before in any_state(), after in any_state(), old in any_config(), new in any_config(),
    ) {
        let (_, _, change) = split((&before, &old), (&after, &new));
        let Some(change) = change else { return Ok(()) };
        for term in change.terms.iter().filter(|term| term.cause == Cause::Behaviour) {
            let series = term.series.unwrap();
            let value = |state: &KpiState| state.find(series).unwrap().value.unwrap();
            let upwards = on_scale(&old, series.get(), 1.0) - on_scale(&old, series.get(), 0.0);
            let better = (value(&after) - value(&before)) * upwards;
            prop_assert!(better != 0.0, "what did not move has no term: {:?}", term);
            // A hundredth may fall to a small term by rounding, never against it by more.
            prop_assert!(better.signum() * f64::from(term.points.hundredths()) >= -1.0, "{:?}", term);
        }
    }

    /// One KPI that appears lifts the score where it scores better than the mean that it joins: that of its category,
    /// or of the account where its category had none; and one that goes missing does the opposite.
    #[test]
    fn what_appears_lifts_the_score_where_it_is_better_than_what_it_joins(
        before in any_state(), place in 1_i64..=10, along in 0.0_f64..=1.0,
    ) {
        let config = ScoringConfig::default();
        let others: Vec<KpiEntry> = before
            .entries()
            .iter()
            .filter(|entry| entry.series.get() <= 10 && entry.series.get() != place)
            .map(|entry| KpiEntry { weight: None, ..*entry })
            .collect();
        let appeared = entry(place, Some(on_scale(&config, place, along)), None, None);
        let after = KpiState::new(others.iter().copied().chain([appeared]).collect());
        let before = KpiState::new(others);
        let joined = with_scorer(&config, |scorer| {
            let (then, now) = (scorer.breakdown(&before), scorer.breakdown(&after));
            let part = now.parts.iter().find(|part| part.series == appeared.series)?;
            let mean = then.category(part.category).or((!then.is_empty()).then(|| then.overall()))?;
            Some(part.points - mean)
        });
        let Some(joined) = joined.filter(|joined| joined.abs() > 1e-6) else { return Ok(()) };
        for (from, to, sign) in [(&before, &after, 1.0), (&after, &before, -1.0)] {
            let (_, _, change) = split((from, &config), (to, &config));
            let change = change.unwrap();
            prop_assert_eq!(change.by_cause(Cause::Coverage), change.total);
            prop_assert!(sign * joined * f64::from(change.total.hundredths()) >= 0.0, "{} {:?}", joined, change);
        }
    }

    /// A category that weighs more lifts the score where it scores better than the whole, and is called configuration.
    #[test]
    fn a_heavier_category_pulls_the_score_towards_itself(
        state in any_state(), place in 0_usize..5, factor in 1.5_f64..4.0,
    ) {
        let old = ScoringConfig::default();
        let mut new = old.clone();
        new.weights[place] *= factor;
        let pull = with_scorer(&old, |scorer| {
            let breakdown = scorer.breakdown(&state);
            breakdown.category(Category::ALL[place]).map(|score| score - breakdown.overall())
        });
        let (_, _, change) = split((&state, &old), (&state, &new));
        let Some(change) = change else { return Ok(()) };
        prop_assert_eq!(change.by_cause(Cause::Configuration), change.total);
        let pull = pull.filter(|pull| pull.abs() > 1e-6).unwrap_or(0.0);
        prop_assert!(pull * f64::from(change.total.hundredths()) >= 0.0, "{} {:?}", pull, change);
    }

    /// Values that appear, all else equal: a KPI that scores better than the mean it joins lifts the score.
    #[test]
    fn only_what_appeared_has_terms_of_coverage(before in any_state(), extra in any_state()) {
        let config = ScoringConfig::default();
        // By impact alone, so that a new KPI without a weight does not switch what the others weigh by.
        let plain = |entry: &KpiEntry| KpiEntry { weight: None, ..*entry };
        let is_new = |entry: &&KpiEntry| before.find(entry.series).is_none();
        let account_level = |entry: &&KpiEntry| entry.series.get() <= 10;
        let known: Vec<KpiEntry> = before.entries().iter().filter(account_level).map(plain).collect();
        let added = extra.entries().iter().filter(account_level).filter(is_new).map(plain);
        let after = KpiState::new(known.iter().copied().chain(added).collect());
        let before = KpiState::new(known);
        let (_, _, change) = split((&before, &config), (&after, &config));
        let Some(change) = change else { return Ok(()) };
        for term in &change.terms {
            prop_assert_eq!(term.cause, Cause::Coverage);
            prop_assert!(before.find(term.series.unwrap()).is_none(), "{:?}", term);
        }
    }
}

#[test]
fn each_cause_is_told_for_what_it_did() {
    let config = ScoringConfig::default();
    let at = |id, along| entry(id, Some(on_scale(&config, id, along)), None, None);
    let before = KpiState::new(vec![at(1, 0.9), at(3, 0.5), at(6, 0.5)]);
    let (_, _, none) = split((&before, &config), (&before, &config));
    assert_eq!(none.unwrap().terms, []);

    let after = KpiState::new(vec![at(1, 0.6), at(3, 0.5), at(6, 0.5), at(9, 0.1)]);
    let mut other = config.clone();
    other.weights[0] *= 2.0;
    let (_, _, change) = split((&before, &config), (&after, &other));
    let change = change.unwrap();
    let sign = |cause| change.by_cause(cause).hundredths().signum();
    assert_eq!(sign(Cause::Behaviour), -1, "{change:?}");
    assert_eq!(sign(Cause::Coverage), -1, "{change:?}");
    assert_ne!(sign(Cause::Configuration), 0, "{change:?}");
    let weights: Vec<_> = change.terms.iter().filter(|term| term.cause == Cause::Configuration).collect();
    assert!(weights.iter().all(|term| term.series.is_none()), "a category's weight is no KPI's: {weights:?}");
}

/// One moment without KPIs of its own, one with: what they score is no KPI's doing.
#[test]
fn a_score_that_came_with_the_first_kpis_is_of_its_source() {
    let config = ScoringConfig::default();
    let known = KpiState::new(vec![entry(1, Some(on_scale(&config, 1, 0.9)), None, None)]);
    let nothing = KpiState::default();
    with_scorer(&config, |scorer| {
        let own = scorer.overall(&known).unwrap();
        let ingested = Score::from_hundredths(5000);
        for (from, to) in [((&nothing, ingested), (&known, own)), ((&known, own), (&nothing, ingested))] {
            let moment = |(state, shown)| Moment { state, scorer, shown: Some(shown) };
            let change = explain_change(&moment(from), &moment(to)).unwrap();
            assert_eq!(change.terms.len(), 1, "{change:?}");
            assert_eq!(change.by_cause(Cause::Source), to.1.minus(from.1));
        }
    });
}

/// The KPIs stand still, and the score that is shown does not.
#[test]
fn a_score_that_the_kpis_did_not_make_is_of_its_source() {
    let config = ScoringConfig::default();
    let state = KpiState::new(vec![entry(1, Some(on_scale(&config, 1, 0.9)), None, None)]);
    with_scorer(&config, |scorer| {
        let own = scorer.overall(&state).unwrap();
        let ingested = Score::from_hundredths(5000);
        for (from, to) in [(own, ingested), (ingested, own), (ingested, Score::from_hundredths(4000))] {
            let moment = |shown| Moment { state: &state, scorer, shown: Some(shown) };
            let change = explain_change(&moment(from), &moment(to)).unwrap();
            assert_eq!(change.by_cause(Cause::Source), to.minus(from), "{change:?}");
            assert_eq!(change.terms.len(), 1, "{change:?}");
        }
    });
}

/// Three KPIs of one category; the one without a weight is retired, so the others weigh by their weights again; and
/// one of these is measured by another scale besides.
#[test]
fn what_the_rules_did_to_a_kpi_is_one_term() {
    let old = ScoringConfig::default();
    let at = |id, along, weight| entry(id, Some(on_scale(&old, id, along)), weight, None);
    let state =
        KpiState::new(vec![at(1, 0.9, Some(1.0)), at(2, 0.5, None), at(3, 0.2, Some(4.0)), at(6, 0.4, None)]);
    let mut new = old.clone();
    new.retired = vec![crate::model::kpi::series::kpi_key(&new.definitions[5].kpi_name)];
    let scale = new.definitions[0].scale.as_mut().unwrap();
    let [worst, edge, _, best] = scale.points();
    *scale = Scale::new(scale.direction, [worst, edge, edge + (best - edge) * 0.9, best]).unwrap();
    let (_, _, change) = split((&state, &old), (&state, &new));
    let change = change.unwrap();
    assert_eq!(change.by_cause(Cause::Configuration), change.total);
    let mut series: Vec<i64> = change.terms.iter().map(|term| term.series.unwrap().get()).collect();
    series.sort_unstable();
    assert_eq!(series, [1, 2, 3], "{change:?}");
    let sum: i32 = (1..=3).map(|id| change.by_series(SeriesId::new(id)).hundredths()).sum();
    assert_eq!(sum, change.total.hundredths());
    assert_eq!(change.by_category(Category::ProductUsage), change.total);
    assert_eq!(change.by_category(Category::Support), Score::from_hundredths(0));
}
