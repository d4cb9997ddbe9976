//! Which rows are set aside, which stay, and what is made of them where the caller says how.

use proptest::prelude::*;

use super::*;
use crate::model::kpi::batch::{AccountMention, KpiMention, RowContext};
use crate::model::segmented_vec::SegmentedVec;

/// Rows of (account, KPI, what stands beside, value); 0 and 1 are of one day, 2 of another.
fn batch(rows: &[(u32, u32, u32, Cell)]) -> KpiBatch {
    let day = |text: &str| Some(text.parse().unwrap());
    let account = |name: &str| AccountMention { name: Some(name.to_owned()), external_id: None };
    let kpi = |name: &str| KpiMention {
        name: name.to_owned(),
        product: None,
        category: None,
        unit: None,
        definition: None,
    };
    let contexts = |kpi| {
        [("2026-10-31", None), ("2026-10-31", Some(2.0)), ("2026-09-30", None)]
            .map(|(on, weight)| RowContext { observed_on: day(on), weight, ..RowContext::of(kpi) })
    };
    KpiBatch {
        names: Vec::new(),
        bad: SegmentedVec::default(),
        accounts: ["a", "b"].map(account).to_vec(),
        kpis: ["k", "l"].map(kpi).to_vec(),
        contexts: (0..2).flat_map(contexts).collect(),
        rows: (2..)
            .zip(rows)
            .map(|(line, (account, kpi, beside, cell))| KpiRow::new(*cell, *account, kpi * 3 + beside, line))
            .collect(),
    }
}

fn lines_left(rows: &[(u32, u32, u32, Cell)]) -> (Vec<u32>, Rejections) {
    let mut batch = batch(rows);
    let mut rejections = Rejections::default();
    find_duplicates(&mut batch, &mut rejections, Duplicates::Refuse);
    (batch.rows.iter().map(|row| row.line).collect(), rejections)
}

const ONE: Cell = Cell::Number(1.0);
const TWO: Cell = Cell::Number(2.5);

#[test]
fn equal_rows_stay_and_contradictions_go() {
    let (left, rejections) = lines_left(&[(0, 0, 0, ONE), (1, 0, 0, ONE), (0, 0, 0, ONE)]);
    assert_eq!((left, rejections.len()), (vec![2, 3, 4], 0));

    let (left, rejections) = lines_left(&[(0, 0, 0, ONE), (1, 0, 0, ONE), (0, 0, 0, TWO), (0, 1, 0, TWO)]);
    assert_eq!(left, [3, 5]);
    assert_eq!(rejections.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4]);
    assert_eq!(rejections.problems.len(), 1);
    for example in &rejections.examples {
        assert_eq!(example.value.as_deref(), Some("1 (line 2) and 2.5 (line 4)"));
    }
}

#[test]
fn another_date_is_no_duplicate_but_another_weight_contradicts() {
    assert_eq!(lines_left(&[(0, 0, 2, ONE), (0, 0, 0, TWO)]).0, [2, 3]);
    let (left, rejections) = lines_left(&[(0, 0, 1, ONE), (0, 0, 0, ONE)]);
    assert!(left.is_empty());
    assert!(rejections.problems[0].message.ends_with("weights or impacts"));
}

#[test]
fn a_blank_contradicts_nothing_and_a_withdrawal_does() {
    assert_eq!(lines_left(&[(0, 0, 0, Cell::Blank), (0, 0, 0, ONE), (0, 0, 1, Cell::Blank)]).0, [2, 3, 4]);
    let rows = [(0, 0, 0, Cell::Withdrawn), (0, 0, 0, ONE), (0, 0, 0, Cell::Blank), (0, 0, 0, ONE)];
    let (left, rejections) = lines_left(&rows);
    assert_eq!(left, [4]);
    let told = rejections.examples[0].value.as_deref();
    assert_eq!(told, Some("no value (line 2), 1 (line 3) and 1 more"));
}

fn merged(rows: &[(u32, u32, u32, Cell)], policy: Duplicates) -> (Vec<(Cell, u32)>, Merged, Rejections) {
    let (mut batch, mut rejections) = (batch(rows), Rejections::default());
    find_duplicates(&mut batch, &mut rejections, policy);
    let merged = merge_duplicates(&mut batch, policy);
    (batch.rows.iter().map(|row| (row.cell(), row.context % 3)).collect(), merged, rejections)
}

fn number(number: f64) -> Cell {
    Cell::Number(number)
}

#[test]
fn the_first_or_the_last_row_counts_with_its_weight() {
    let rows =
        [(0, 0, 1, ONE), (0, 0, 0, Cell::Blank), (0, 0, 0, Cell::Withdrawn), (0, 0, 0, TWO), (0, 1, 0, ONE)];
    let (left, counts, rejections) = merged(&rows, Duplicates::First);
    assert_eq!(left, [(ONE, 1), (Cell::Blank, 0), (ONE, 1), (ONE, 1), (ONE, 0)]);
    assert_eq!((counts, rejections.len()), (Merged { rows: 3, values: 1 }, 0));
    let (left, ..) = merged(&rows, Duplicates::Last);
    assert_eq!(left, [(TWO, 0), (Cell::Blank, 0), (TWO, 0), (TWO, 0), (ONE, 0)]);
    let (_, counts, _) = merged(&[(0, 0, 0, ONE), (0, 0, 0, ONE)], Duplicates::Last);
    assert_eq!(counts, Merged::default(), "equal rows are one");
}

#[test]
fn numbers_are_added_up_as_people_write_them_and_equal_ones_too() {
    let rows =
        [(0, 0, 0, number(0.1)), (0, 0, 0, number(0.2)), (0, 0, 0, Cell::Withdrawn), (0, 0, 0, number(0.1))];
    let (left, counts, _) = merged(&rows, Duplicates::Sum);
    assert_eq!(left, [(number(0.4), 0); 4]);
    assert_eq!(counts, Merged { rows: 4, values: 1 });
    let (left, ..) = merged(&[(0, 0, 0, number(1.0)), (0, 0, 0, number(2.5))], Duplicates::Mean);
    assert_eq!(left, [(number(1.75), 0); 2]);
    let withdrawn = [(0, 0, 0, Cell::Withdrawn), (0, 0, 0, Cell::Withdrawn)];
    assert_eq!(merged(&withdrawn, Duplicates::Sum).0, [(Cell::Withdrawn, 0); 2]);
}

#[test]
fn what_cannot_be_added_up_is_set_aside() {
    let (left, counts, rejections) = merged(&[(0, 0, 0, ONE), (0, 0, 1, ONE)], Duplicates::Sum);
    assert_eq!((left.len(), counts, rejections.len()), (0, Merged::default(), 2));
    let hint = rejections.problems[0].hint.as_deref().unwrap_or_default();
    assert!(rejections.problems[0].message.ends_with("weights or impacts") && hint.contains("first|last"));
    let huge = number(f64::MAX);
    let (left, _, rejections) = merged(&[(0, 0, 0, huge), (0, 0, 0, huge)], Duplicates::Mean);
    assert_eq!((left.len(), rejections.len()), (0, 2));
}

fn any_rows() -> impl Strategy<Value = Vec<(u32, u32, u32, Cell)>> {
    let cell = prop_oneof![Just(ONE), Just(TWO), Just(Cell::Blank), Just(Cell::Withdrawn)];
    proptest::collection::vec((0_u32..2, 0_u32..2, 0_u32..3, cell), 0..12)
}

proptest! {
    #[test]
    fn it_agrees_with_comparing_every_pair(rows in any_rows()) {
        let original = batch(&rows);
        let same_place = |a: &KpiRow, b: &KpiRow| {
            (a.account, matter(&original, a)) == (b.account, matter(&original, b))
        };
        let differ = |a: &KpiRow, b: &KpiRow| {
            a.cell() != b.cell() || original.context(a).weight != original.context(b).weight
        };
        let speaks = |row: &KpiRow| row.cell() != Cell::Blank;
        let contradicted = |row: &KpiRow| {
            let group: Vec<&KpiRow> =
                original.rows.iter().filter(|other| speaks(other) && same_place(row, other)).collect();
            speaks(row) && group.iter().any(|a| group.iter().any(|b| differ(a, b)))
        };
        let expected: Vec<u32> =
            original.rows.iter().filter(|row| !contradicted(row)).map(|row| row.line).collect();
        let (left, rejections) = lines_left(&rows);
        prop_assert_eq!(&left, &expected);
        prop_assert_eq!(left.len() as u64 + rejections.len(), rows.len() as u64);
    }
}
