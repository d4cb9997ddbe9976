use proptest::prelude::*;

use super::*;
use crate::model::kpi::replay::replay;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A row of one upload that says one value of the only series.
fn said(upload: i64, ingested_on: &str, observed_on: &str, value: f64) -> (KpiChangeId, Said) {
    let said = Said {
        observed_on: day(observed_on),
        dated: true,
        ingested_on: day(ingested_on),
        upload: UploadId::new(upload),
        changed: vec![(SeriesId::new(1), Some(value))],
        weights: Vec::new(),
    };
    (KpiChangeId::new(upload * 10), said)
}

fn of_last(rows: &[(KpiChangeId, Said)]) -> Vec<Restated> {
    restated(rows, rows.last().unwrap().1.upload)
}

#[test]
fn another_value_of_a_past_day_is_a_correction_and_a_new_day_is_none() {
    let may = said(1, "2026-06-02", "2026-05-31", 100.0);
    let june = said(2, "2026-07-02", "2026-06-30", 110.0);
    assert_eq!(of_last(std::slice::from_ref(&may)), []);
    assert_eq!(of_last(&[may.clone(), june.clone()]), []);
    let found = of_last(&[may.clone(), june.clone(), said(3, "2026-07-10", "2026-05-31", 120.0)]);
    let [correction] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((correction.old, correction.new), (Some(100.0), Some(120.0)));
    let held = [10, 19, 20, 29].map(|row| correction.was_in(KpiChangeId::new(row)));
    assert_eq!(held, [true, true, false, false], "until June came");
    assert_eq!(of_last(&[may.clone(), june, said(3, "2026-07-10", "2026-05-31", 100.0)]), []);
}

#[test]
fn a_day_that_is_not_over_and_an_undated_row_correct_nothing() {
    let first = said(1, "2026-06-10", "2026-06-30", 100.0);
    assert_eq!(of_last(&[first.clone(), said(2, "2026-06-30", "2026-06-30", 120.0)]), []);
    let mut undated = said(2, "2026-07-02", "2026-06-30", 120.0);
    undated.1.dated = false;
    assert_eq!(of_last(&[first.clone(), undated]), []);
    assert_eq!(of_last(&[first, said(2, "2026-07-01", "2026-06-30", 120.0)]).len(), 1);
}

#[test]
fn of_several_corrections_only_the_last_value_is_the_old_one() {
    let rows = [
        said(1, "2026-06-02", "2026-05-31", 100.0),
        said(2, "2026-06-03", "2026-05-31", 110.0),
        said(3, "2026-06-04", "2026-05-31", 120.0),
    ];
    let found = of_last(&rows);
    let held = |row| found.iter().any(|correction| correction.was_in(KpiChangeId::new(row)));
    assert_eq!([10, 20, 29, 30].map(held), [false, true, true, false]);
}

proptest! {
    /// The old value was in force exactly where the state that is folded from the rows until then says so.
    #[test]
    fn held_is_what_the_fold_says(
        sayings in prop::collection::vec((1_u64..50, 0_u64..60, 0..3_i32), 1..8),
    ) {
        let begin = day("2026-05-01");
        let mut ingested_on = begin;
        let mut rows = Vec::new();
        for (number, (later, back, value)) in sayings.into_iter().enumerate() {
            ingested_on = ingested_on + chrono::Days::new(later);
            // Some days lie ahead: a period that still ran.
            let observed_on = ingested_on + chrono::Days::new(20) - chrono::Days::new(back);
            let upload = i64::try_from(number).unwrap() + 1;
            rows.push(said(upload, &ingested_on.to_string(), &observed_on.to_string(), f64::from(value)));
        }
        let found = of_last(&rows);
        prop_assert!(found.len() <= 1);
        for correction in found {
            let said: Vec<Said> = rows.iter().map(|(_, said)| said.clone()).collect();
            for place in (0..rows.len() - 1).rev() {
                // Only what was said since the value last became the old one counts.
                let known = said[..=place].iter().rev().find(|said| said.observed_on == correction.day);
                if known.is_none_or(|said| said.changed[0].1 != correction.old) {
                    break;
                }
                let state = replay(&said[..=place]);
                let entry = state.find(SeriesId::new(1)).unwrap();
                let holds = (entry.observed_on, entry.value) == (correction.day, correction.old);
                prop_assert_eq!(correction.was_in(rows[place].0), holds, "row {}", place);
            }
        }
    }
}
