use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::model::kpi::Impact;
use crate::model::kpi::fold::{History, Saying, Statement, apply};

fn day(number: u64) -> NaiveDate {
    "2026-11-01".parse::<NaiveDate>().unwrap() + chrono::Days::new(number)
}

fn statement() -> impl Strategy<Value = Statement> {
    let value = prop::option::of((0..3_i32).prop_map(f64::from));
    let weight = prop::option::of((1..3_i32).prop_map(f64::from));
    let impact = prop::option::of(prop::sample::select(vec![Impact::Low, Impact::High]));
    let rank = (weight, impact);
    (1..4_i64, value, prop::option::of(0..5_u64), rank).prop_map(|(series, value, days, (weight, impact))| {
        Statement { series: SeriesId::new(series), value, observed_on: days.map(day), weight, impact }
    })
}

/// Takes uploads in one after the other; the rows that would be kept of each.
fn ingest(uploads: &[(usize, Vec<Statement>)]) -> (KpiState, Vec<ToldRow>) {
    let (mut state, mut history, mut rows) = (KpiState::default(), History::new(), Vec::new());
    for (number, statements) in uploads {
        let mut seen = HashSet::new();
        let mut statements = statements.clone();
        statements.retain(|statement| seen.insert((statement.series, statement.observed_on)));
        let saying = Saying {
            upload: UploadId::new(i64::try_from(*number).unwrap() + 1),
            today: day(10 + *number as u64),
        };
        for change in apply(&mut state, &history, &mut statements, saying).days {
            history
                .extend(change.changed.iter().map(|(series, value)| ((*series, change.observed_on), *value)));
            let said = Said {
                observed_on: change.observed_on,
                dated: change.dated,
                ingested_on: saying.today,
                upload: saying.upload,
                changed: change.changed,
                weights: change.weights,
            };
            let (named, confirmed) = (change.named, change.confirmed);
            rows.push(ToldRow { said, named, confirmed, counted: true, counts: true });
        }
    }
    (state, rows)
}

/// Takes an upload back or lets it count again, and keeps what is retold as a store would.
fn change(rows: &mut Vec<ToldRow>, upload: UploadId, counts: bool) -> Retold {
    for row in rows.iter_mut().filter(|row| row.said.upload == upload) {
        row.counts = counts;
    }
    let result = retell(rows.clone(), Vec::new());
    for (upload, change) in &result.retold {
        let ingested_on = rows.iter().find(|row| row.said.upload == *upload).unwrap().said.ingested_on;
        let said = Said {
            observed_on: change.observed_on,
            dated: change.dated,
            ingested_on,
            upload: *upload,
            changed: change.changed.clone(),
            weights: change.weights.clone(),
        };
        let (named, confirmed) = (change.named.clone(), Vec::new());
        rows.push(ToldRow { said, named, confirmed, counted: true, counts: true });
    }
    rows.iter_mut().for_each(|row| row.counted = row.counts);
    result
}

proptest! {
    /// Whatever is taken back and let count again: what is known is what the remaining uploads alone would have given.
    #[test]
    fn the_remaining_uploads_alone_say_what_is_known(
        uploads in prop::collection::vec(prop::collection::vec(statement(), 0..6), 1..6),
        turns in prop::collection::vec(0..6_usize, 1..6),
    ) {
        let uploads: Vec<(usize, Vec<Statement>)> = uploads.into_iter().enumerate().collect();
        let (_, mut rows) = ingest(&uploads);
        let mut undone = HashSet::new();
        for turn in turns {
            let number = turn % uploads.len();
            let counts = !undone.insert(number);
            if counts {
                undone.remove(&number);
            }
            let result = change(&mut rows, UploadId::new(i64::try_from(number).unwrap() + 1), counts);
            let remaining: Vec<_> = uploads.iter().filter(|(number, _)| !undone.contains(number)).cloned().collect();
            let (expected, expected_rows) = ingest(&remaining);
            prop_assert_eq!(&result.state, &expected);
            // The last upload that kept a value is the one that changed one; so do the rows as they are kept say it.
            let changes = |row: &&ToldRow| !row.said.changed.is_empty();
            let changed = expected_rows.iter().rfind(changes).map(|row| row.said.upload);
            prop_assert_eq!(result.values_changed, changed);
            prop_assert_eq!(retold_state(rows.clone()), (result.state, changed));
        }
    }
}

#[test]
fn what_a_later_upload_only_named_stands_in_its_own_name() {
    let said = |value| Statement {
        series: SeriesId::new(1),
        value: Some(value),
        observed_on: None,
        weight: None,
        impact: None,
    };
    let uploads = [(0, vec![said(40.0)]), (1, vec![said(5.0)]), (2, vec![said(5.0)])];
    let (_, mut rows) = ingest(&uploads);
    let result = change(&mut rows, UploadId::new(2), false);
    let [(upload, retold)] = result.retold.as_slice() else { panic!("{result:?}") };
    assert_eq!((upload.get(), retold.changed.as_slice()), (3, &[(SeriesId::new(1), Some(5.0))][..]));
    // After the second upload another value was known than is true; after the third, the same.
    assert_eq!(result.differing, [UploadId::new(2)]);
    let back = change(&mut rows, UploadId::new(2), true);
    assert_eq!((back.state.entries()[0].upload.get(), back.retold.len()), (2, 0));
}
