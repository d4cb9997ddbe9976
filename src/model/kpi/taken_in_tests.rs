use super::super::replay::Said;
use super::*;

fn day(number: u64) -> NaiveDate {
    "2026-11-01".parse::<NaiveDate>().unwrap() + chrono::Days::new(number)
}

/// An undated row of an upload on its day.
fn row(upload: i64, changed: &[(i64, f64)], counts: bool) -> ToldRow {
    let changed: Vec<_> =
        changed.iter().map(|(series, value)| (SeriesId::new(*series), Some(*value))).collect();
    let named = changed.iter().map(|(series, _)| *series).collect();
    let on = day(upload.unsigned_abs());
    let (upload, dated, weights) = (UploadId::new(upload), false, Vec::new());
    let said = Said { observed_on: on, dated, ingested_on: on, upload, changed, weights };
    ToldRow { said, named, confirmed: Vec::new(), counted: counts, counts }
}

fn values(rows: &[ToldRow]) -> Vec<(i64, Vec<(i64, f64)>)> {
    let changed = |row: &ToldRow| {
        let changed = row.said.changed.iter();
        changed.map(|(series, value)| (series.get(), value.unwrap())).collect()
    };
    rows.iter().map(|row| (row.said.upload.get(), changed(row))).collect()
}

fn told(own: Vec<ToldRow>) -> Told {
    Told { own, taken_in: Vec::new() }
}

#[test]
fn what_was_known_before_the_merge_wins_and_what_counts_fills_gaps() {
    let own = [row(1, &[(1, 40.0)], true), row(2, &[(2, 7.0)], false), row(9, &[(3, 1.0)], true)];
    let other = told(vec![
        row(3, &[(1, 5.0), (2, 8.0)], true),
        row(4, &[(3, 9.0)], true),
        row(5, &[(4, 2.0)], false),
    ]);
    // Series 1 is known; 2 is not, since upload 2 does not count; 3 became known after the merge alone.
    let rows = wanted(&own, [(&other, Some(UploadId::new(8)))]);
    assert_eq!(values(&rows), [(3, vec![(2, 8.0)]), (4, vec![(3, 9.0)])]);
    assert!(rows.iter().all(|row| row.counts && !row.counted));
}

#[test]
fn of_two_that_were_merged_the_first_wins() {
    let first = told(vec![row(2, &[(1, 5.0)], true)]);
    let second = told(vec![row(1, &[(1, 6.0), (2, 6.0)], true), row(2, &[(3, 7.0)], true)]);
    let last = Some(UploadId::new(8));
    let rows = wanted(&[], [(&first, last), (&second, last)]);
    assert_eq!(values(&rows), [(1, vec![(2, 6.0)]), (2, vec![(1, 5.0), (3, 7.0)])]);
}

#[test]
fn only_what_is_taken_in_otherwise_is_written() {
    let (present, other) = (row(3, &[(2, 8.0)], true), row(4, &[(3, 9.0)], true));
    let (rows, news) = settle(vec![present.clone(), other.clone()], vec![present.clone()]);
    assert_eq!(rows, [present, ToldRow { counts: false, ..other }]);
    let [(upload, nothing)] = news.as_slice() else { panic!("{news:?}") };
    assert_eq!((upload.get(), nothing.named.len(), nothing.changed.len()), (4, 0, 0));
}

#[test]
fn what_does_not_count_is_let_alone_and_what_is_new_counts_from_now_on() {
    let gone = row(4, &[(3, 9.0)], false);
    let new = ToldRow { counted: false, ..row(5, &[(3, 8.0)], true) };
    let (rows, news) = settle(vec![gone.clone()], vec![new.clone()]);
    assert_eq!(rows, [new, gone]);
    assert_eq!(news.iter().map(|(upload, _)| upload.get()).collect::<Vec<_>>(), [5]);
}
