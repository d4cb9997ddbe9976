use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn saying(upload: i64, today: &str) -> Saying {
    Saying { upload: UploadId::new(upload), today: day(today) }
}

fn says(series: i64, value: impl Into<Option<f64>>, on: Option<&str>) -> Statement {
    Statement {
        series: SeriesId::new(series),
        value: value.into(),
        observed_on: on.map(day),
        weight: None,
        impact: None,
    }
}

/// What a store remembers of several uploads, the newest statement of a day winning.
fn remember(history: &mut History, folded: &Folded) {
    for change in &folded.days {
        for (series, value) in &change.changed {
            history.insert((*series, change.observed_on), *value);
        }
    }
}

#[test]
fn an_undated_row_is_inserted_updated_or_unchanged() {
    let mut state = KpiState::default();
    let none = History::new();
    let first =
        apply(&mut state, &none, &mut [says(1, 5.0, None), says(2, 6.0, None)], saying(1, "2026-11-01"));
    assert_eq!(first.counts, RowCounts { inserted: 2, updated: 0, unchanged: 0 });
    let second =
        apply(&mut state, &none, &mut [says(1, 5.0, None), says(2, 7.0, None)], saying(2, "2026-11-05"));
    assert_eq!(second.counts, RowCounts { inserted: 0, updated: 1, unchanged: 1 });
    assert_eq!(second.days[0].named.len(), 2);
    assert_eq!(second.days[0].changed, [(SeriesId::new(2), Some(7.0))]);
    let kept = state.find(SeriesId::new(1)).unwrap();
    assert_eq!((kept.observed_on, kept.upload), (day("2026-11-01"), UploadId::new(1)));
}

#[test]
fn a_withdrawn_value_is_an_update_and_stays_known() {
    let mut state = KpiState::default();
    apply(&mut state, &History::new(), &mut [says(1, 5.0, None)], saying(1, "2026-11-01"));
    let folded = apply(&mut state, &History::new(), &mut [says(1, None, None)], saying(2, "2026-11-02"));
    assert_eq!(folded.counts.updated, 1);
    assert_eq!(state.entries().len(), 1);
    assert_eq!(state.find(SeriesId::new(1)).unwrap().value, None);
    let again = apply(&mut state, &History::new(), &mut [says(1, None, None)], saying(3, "2026-11-03"));
    assert_eq!(again.counts.unchanged, 1);
}

#[test]
fn an_older_dated_row_goes_to_history_and_a_newer_one_is_current() {
    let mut state = KpiState::default();
    let mut history = History::new();
    let first = apply(&mut state, &history, &mut [says(1, 5.0, Some("2026-09-30"))], saying(1, "2026-11-01"));
    remember(&mut history, &first);
    let older = apply(&mut state, &history, &mut [says(1, 4.0, Some("2026-08-31"))], saying(2, "2026-11-02"));
    remember(&mut history, &older);
    assert_eq!((older.counts.inserted, older.to_history, older.current_changed), (1, 1, false));
    assert_eq!(state.find(SeriesId::new(1)).unwrap().value, Some(5.0));
    let restated =
        apply(&mut state, &history, &mut [says(1, 4.5, Some("2026-08-31"))], saying(3, "2026-11-03"));
    assert_eq!((restated.counts.updated, restated.current_changed), (1, false));
}

#[test]
fn a_period_that_still_runs_gives_way_to_what_is_said_later_in_it() {
    let mut state = KpiState::default();
    let mut history = History::new();
    let running =
        apply(&mut state, &history, &mut [says(1, 5.0, Some("2026-11-30"))], saying(1, "2026-11-22"));
    remember(&mut history, &running);
    apply(&mut state, &history, &mut [says(1, 6.0, None)], saying(2, "2026-11-25"));
    assert_eq!(state.find(SeriesId::new(1)).unwrap().value, Some(6.0));
    let closed =
        apply(&mut state, &history, &mut [says(1, 7.0, Some("2026-11-30"))], saying(3, "2026-12-02"));
    assert_eq!(closed.counts.updated, 1);
    assert_eq!(state.find(SeriesId::new(1)).unwrap().value, Some(7.0));
}

#[test]
fn a_changed_weight_alone_is_an_update_and_an_empty_one_leaves_the_earlier() {
    let mut state = KpiState::default();
    let weighed = Statement { weight: Some(5.0), impact: Some(Impact::High), ..says(1, 5.0, None) };
    apply(&mut state, &History::new(), &mut [weighed], saying(1, "2026-11-01"));
    let same = apply(&mut state, &History::new(), &mut [says(1, 5.0, None)], saying(2, "2026-11-02"));
    assert_eq!(same.counts.unchanged, 1);
    let heavier = Statement { weight: Some(6.0), ..says(1, 5.0, None) };
    let folded = apply(&mut state, &History::new(), &mut [heavier], saying(3, "2026-11-03"));
    assert_eq!(folded.counts.updated, 1);
    assert!(folded.days[0].changed.is_empty() && folded.days[0].is_news());
    let entry = state.find(SeriesId::new(1)).unwrap();
    assert_eq!(entry.weight.map(|w| w.value), Some(6.0));
    assert_eq!(entry.impact.map(|i| i.value), Some(Impact::High));
}

#[test]
fn the_same_row_twice_counts_once_as_unchanged() {
    let mut state = KpiState::default();
    let folded = apply(
        &mut state,
        &History::new(),
        &mut [says(1, 5.0, Some("2026-09-30")), says(1, 5.0, Some("2026-09-30"))],
        saying(1, "2026-11-01"),
    );
    assert_eq!(folded.counts, RowCounts { inserted: 1, updated: 0, unchanged: 1 });
    assert_eq!(folded.days[0].named.len(), 1);
}

fn statement() -> impl Strategy<Value = Statement> {
    (1..5_i64, prop::option::of(0..4_i32), prop::option::of(0..60_u64), prop::option::of(0..3_u8)).prop_map(
        |(series, value, days, weight)| Statement {
            series: SeriesId::new(series),
            value: value.map(f64::from),
            observed_on: days.map(|days| day("2026-09-15") + chrono::Days::new(days)),
            weight: weight.map(f64::from),
            impact: None,
        },
    )
}

/// One statement per series and day, as the readers guarantee.
fn unique(statements: Vec<Statement>) -> Vec<Statement> {
    let mut seen = std::collections::HashSet::new();
    statements.into_iter().filter(|s| seen.insert((s.series, s.observed_on))).collect()
}

type Seen = Vec<(SeriesId, Option<f64>, NaiveDate, Option<f64>)>;

fn seen(state: &KpiState) -> Seen {
    state.entries().iter().map(|e| (e.series, e.value, e.observed_on, e.weight.map(|w| w.value))).collect()
}

proptest! {
    #[test]
    fn the_order_of_rows_makes_no_difference(
        statements in prop::collection::vec(statement(), 0..20).prop_map(unique),
        shuffle in any::<prop::sample::Index>(),
    ) {
        let mut forward = statements.clone();
        let mut turned = statements;
        if !turned.is_empty() {
            let by = shuffle.index(turned.len());
            turned.rotate_left(by);
            turned.reverse();
        }
        let (mut a, mut b) = (KpiState::default(), KpiState::default());
        let one = apply(&mut a, &History::new(), &mut forward, saying(1, "2026-11-22"));
        let two = apply(&mut b, &History::new(), &mut turned, saying(1, "2026-11-22"));
        prop_assert_eq!(a, b);
        prop_assert_eq!(one, two);
    }

    #[test]
    fn dated_files_give_the_same_current_state_in_any_order(
        statements in prop::collection::vec(statement(), 0..20).prop_map(unique),
    ) {
        let dated: Vec<Statement> = statements.into_iter().filter(|s| s.observed_on.is_some()).collect();
        let run = |order: Vec<Statement>| {
            let (mut state, mut history) = (KpiState::default(), History::new());
            for (number, statement) in order.into_iter().enumerate() {
                let upload = i64::try_from(number).unwrap() + 1;
                let folded = apply(&mut state, &history, &mut [statement], saying(upload, "2026-11-22"));
                remember(&mut history, &folded);
            }
            seen(&state)
        };
        let backward: Vec<Statement> = dated.iter().rev().copied().collect();
        prop_assert_eq!(run(dated), run(backward));
    }

    #[test]
    fn every_statement_is_counted_once(
        statements in prop::collection::vec(statement(), 0..20).prop_map(unique),
    ) {
        let mut state = KpiState::default();
        let total = statements.len() as u64;
        let mut rows = statements;
        let counts = apply(&mut state, &History::new(), &mut rows, saying(1, "2026-11-22")).counts;
        prop_assert_eq!(counts.inserted + counts.updated + counts.unchanged, total);
    }
}
