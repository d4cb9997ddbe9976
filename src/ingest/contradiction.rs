//! Rows of one file that say different things of one matter: all of them are set aside, for nothing tells which is
//! right.
//!
//! A blank cell says nothing, so it contradicts nothing; rows that say the same all stay. Everything is told in
//! terms of lines, so that it may run again once several names have turned out to be one account.

use std::fmt;

use super::duplicates::{Duplicates, Merged};
use super::twice::reject_contradicting;
use crate::model::rejection::{Problem, Rejections};

/// Characters of a value that are told.
const VALUE_TOLD: usize = 20;

/// A row that another of the same matter could contradict.
pub(super) trait Statement {
    /// What a file may speak of once only: account and month, account and note id.
    type Matter<'r>: Ord
    where
        Self: 'r;

    /// What the matter is called: `account and month`.
    const MATTER: &'static str;

    /// The names of what it says, in one order for all rows.
    const FIELDS: &'static [&'static str];

    /// What it speaks of.
    fn matter(&self) -> Self::Matter<'_>;

    /// Physical line on which the record begins, from 1.
    fn line(&self) -> u32;

    /// What it says of one of [`Self::FIELDS`]; None: nothing.
    fn said(&self, field: usize) -> Option<String>;

    /// Says what another one says; where that says nothing, it goes on saying its own.
    fn say_after(&mut self, other: &Self);
}

/// Moves rows that contradict each other from the batch to the rejections, unless the policy makes something of them;
/// both keep their order, the rejections that of the file.
pub(super) fn set_contradictions_aside<S: Statement>(
    rows: &mut Vec<S>,
    rejections: &mut Rejections,
    policy: Duplicates,
) {
    if policy != Duplicates::Refuse {
        return;
    }
    let mut rejected = vec![false; rows.len()];
    for group in groups(rows) {
        let statements: Vec<&S> = group.iter().filter_map(|index| rows.get(*index)).collect();
        let Some(field) = (0..S::FIELDS.len()).find(|field| is_contradicted(&statements, *field)) else {
            continue;
        };
        let speaking: Vec<&S> = statements.iter().copied().filter(|statement| speaks(*statement)).collect();
        reject_contradicting(rejections, &problem::<S>(field), told(&speaking, field).into_iter());
        for (index, statement) in group.iter().zip(statements) {
            if let Some(rejected) = rejected.get_mut(*index) {
                *rejected = speaks(statement);
            }
        }
    }
    if !rejected.contains(&true) {
        return;
    }
    let mut rejected = rejected.into_iter();
    rows.retain(|_| rejected.next() != Some(true));
    rejections.sort_by_line();
}

/// Makes rows that contradict each other say the same, field by field: what the first of them says, or the last. They
/// stay as many as they were, for every row read is counted. To be called once, when every name led to its account.
pub(super) fn merge_contradictions<S: Statement + Clone>(rows: &mut [S], policy: Duplicates) -> Merged {
    let mut merged = Merged::default();
    if policy == Duplicates::Refuse {
        return merged;
    }
    for mut group in groups(rows) {
        let statements: Vec<&S> = group.iter().filter_map(|index| rows.get(*index)).collect();
        if !(0..S::FIELDS.len()).any(|field| is_contradicted(&statements, field)) {
            continue;
        }
        group.retain(|index| rows.get(*index).is_some_and(speaks));
        if policy == Duplicates::First {
            group.reverse();
        }
        let said = group.iter().filter_map(|index| rows.get(*index)).cloned().reduce(|mut earlier, later| {
            earlier.say_after(&later);
            earlier
        });
        let Some(said) = said else { continue };
        (merged.rows, merged.values) = (merged.rows + group.len() as u64, merged.values + 1);
        for index in group {
            if let Some(row) = rows.get_mut(index) {
                row.say_after(&said);
            }
        }
    }
    merged
}

/// The places of two or more rows of one matter, each group in file order.
fn groups<S: Statement>(rows: &[S]) -> Vec<Vec<usize>> {
    let matter = |index: &usize| rows.get(*index).map(Statement::matter);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| matter(a).cmp(&matter(b)));
    let groups = order.chunk_by(|a, b| matter(a) == matter(b));
    groups.filter(|group| group.len() > 1).map(<[usize]>::to_vec).collect()
}

fn speaks<S: Statement>(statement: &S) -> bool {
    (0..S::FIELDS.len()).any(|field| statement.said(field).is_some())
}

fn is_contradicted<S: Statement>(group: &[&S], field: usize) -> bool {
    let mut said = group.iter().filter_map(|statement| statement.said(field));
    let first = said.next();
    said.any(|other| Some(&other) != first.as_ref())
}

fn problem<S: Statement>(field: usize) -> Problem {
    let field = S::FIELDS.get(field).copied().unwrap_or_default();
    Problem {
        code: "duplicate_row",
        column: None,
        message: format!("the same {} stand in the file twice with different values of {field}", S::MATTER),
        hint: Some("keep one of the rows, or say which one counts: --duplicates first|last".to_owned()),
    }
}

/// What rows say of a field, and in which line: the first one, then what differs from it, then the rest.
fn told<S: Statement>(rows: &[&S], field: usize) -> Vec<(u32, Said)> {
    let mut told: Vec<(u32, Said)> = rows.iter().map(|row| (row.line(), Said(row.said(field)))).collect();
    told.sort_by_key(|(_, said)| said.0.is_none());
    let Some((first, others)) = told.split_first_mut() else { return told };
    others.sort_by_key(|(_, said)| said.0.is_none() || said == &first.1);
    told
}

/// What a row says of a field, as messages have it.
#[derive(Debug, Clone, PartialEq)]
struct Said(Option<String>);

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(said) = &self.0 else { return f.write_str("no value") };
        match said.char_indices().nth(VALUE_TOLD) {
            Some((end, _)) => write!(f, "{}…", said.get(..end).unwrap_or_default()),
            None => f.write_str(said),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Matter, line, and two things said of it.
    #[derive(Debug, Clone, PartialEq)]
    struct Claim(u8, u32, [Option<u8>; 2]);

    impl Statement for Claim {
        type Matter<'r> = u8;
        const MATTER: &'static str = "town and year";
        const FIELDS: &'static [&'static str] = &["people", "cars"];

        fn matter(&self) -> u8 {
            self.0
        }

        fn line(&self) -> u32 {
            self.1
        }

        fn said(&self, field: usize) -> Option<String> {
            self.2.get(field).copied().flatten().map(|said| said.to_string())
        }

        fn say_after(&mut self, other: &Self) {
            for (own, other) in self.2.iter_mut().zip(other.2) {
                *own = other.or(*own);
            }
        }
    }

    fn lines_left(claims: &[(u8, [Option<u8>; 2])]) -> (Vec<u32>, Rejections) {
        let mut rows: Vec<Claim> =
            (2..).zip(claims).map(|(line, (matter, said))| Claim(*matter, line, *said)).collect();
        let mut rejections = Rejections::default();
        set_contradictions_aside(&mut rows, &mut rejections, Duplicates::Refuse);
        (rows.iter().map(|row| row.1).collect(), rejections)
    }

    #[test]
    fn equal_and_complementary_rows_stay() {
        let one = [Some(1), None];
        let (left, rejections) =
            lines_left(&[(7, one), (8, [Some(2), None]), (7, one), (7, [None, Some(3)])]);
        assert_eq!((left, rejections.len()), (vec![2, 3, 4, 5], 0));
    }

    #[test]
    fn contradictions_go_and_name_each_others_line() {
        let rows = [
            (7, [Some(1), Some(4)]),
            (7, [None, None]),
            (8, [Some(1), None]),
            (7, [Some(1), Some(5)]),
            (7, [None, Some(6)]),
        ];
        let (left, rejections) = lines_left(&rows);
        assert_eq!(left, [3, 4]);
        let [problem] = rejections.problems.as_slice() else { panic!("{:?}", rejections.problems) };
        assert_eq!(
            problem.message,
            "the same town and year stand in the file twice with different values of cars"
        );
        let told: Vec<_> = rejections.examples.iter().map(|row| (row.line, row.value.as_deref())).collect();
        let value = Some("4 (line 2), 5 (line 5) and 1 more");
        assert_eq!(told, [(2, value), (5, value), (6, value)]);
    }

    #[test]
    fn the_first_or_the_last_holds_field_by_field_and_every_row_stays() {
        let claims = [
            Claim(7, 2, [Some(1), None]),
            Claim(7, 3, [None, None]),
            Claim(8, 4, [Some(9), None]),
            Claim(7, 5, [Some(2), Some(3)]),
            Claim(7, 6, [None, Some(4)]),
            Claim(8, 7, [None, Some(9)]),
        ];
        for (policy, holds) in
            [(Duplicates::First, [Some(1), Some(3)]), (Duplicates::Last, [Some(2), Some(4)])]
        {
            let mut rows = claims.to_vec();
            set_contradictions_aside(&mut rows, &mut Rejections::default(), policy);
            assert_eq!(merge_contradictions(&mut rows, policy), Merged { rows: 3, values: 1 });
            let said: Vec<_> = rows.iter().map(|row| row.2).collect();
            let [one, blank, other] = [claims[2].2, [None, None], claims[5].2];
            assert_eq!(said, [holds, blank, one, holds, holds, other], "{policy:?}");
        }
        let mut rows = claims.to_vec();
        assert_eq!(merge_contradictions(&mut rows, Duplicates::Refuse), Merged::default());
        assert_eq!(rows, claims);
    }

    #[test]
    fn what_differs_is_told_first_and_long_values_by_their_beginning() {
        let rows = [(7, [None, Some(4)]), (7, [Some(1), None]), (7, [Some(1), None]), (7, [Some(2), None])];
        let (left, rejections) = lines_left(&rows);
        assert!(left.is_empty());
        assert_eq!(rejections.examples[0].value.as_deref(), Some("1 (line 3), 2 (line 5) and 2 more"));
        assert_eq!(Said(Some("x".repeat(21))).to_string(), format!("{}…", "x".repeat(20)));
        assert_eq!(Said(None).to_string(), "no value");
    }

    proptest! {
        #[test]
        fn it_agrees_with_comparing_every_pair(rows in proptest::collection::vec(
            (0_u8..3, [proptest::option::of(0_u8..2), proptest::option::of(0_u8..2)]), 0..12)
        ) {
            let differ = |a: &[Option<u8>; 2], b: &[Option<u8>; 2]| {
                a.iter().zip(b).any(|(a, b)| a.is_some() && b.is_some() && a != b)
            };
            let contradicted = |row: &(u8, [Option<u8>; 2])| {
                let group: Vec<_> = rows.iter().filter(|other| other.0 == row.0).collect();
                row.1 != [None, None] && group.iter().any(|a| group.iter().any(|b| differ(&a.1, &b.1)))
            };
            let kept = (2_u32..).zip(&rows).filter(|(_, row)| !contradicted(row)).map(|(line, _)| line);
            let (left, rejections) = lines_left(&rows);
            prop_assert_eq!(&left, &kept.collect::<Vec<_>>());
            prop_assert_eq!(left.len() as u64 + rejections.len(), rows.len() as u64);
        }
    }
}
