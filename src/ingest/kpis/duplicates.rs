//! Rows of one file that speak of the same account, KPI, product and date.
//!
//! Rows that say the same stay; rows that contradict each other are all set aside, for nothing says which is right,
//! unless the caller says what is to be made of them. A blank value says nothing, so it contradicts nothing. It never
//! allocates for a row that has no duplicate.

use std::fmt;

use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};

use super::compact::compact;
use crate::ingest::duplicates::{Duplicates, Merged};
use crate::ingest::twice::{beside_bad, reject_cells};
use crate::model::kpi::batch::{Cell, KpiBatch, KpiMatter, KpiRow, by_account};
use crate::model::rejection::{Problem, Rejections};

/// Moves rows that contradict each other, and of which the policy makes nothing, from the batch to the rejections;
/// both stay in file order. To be called again where two accounts of the batch have become one.
pub fn find_duplicates(batch: &mut KpiBatch, rejections: &mut Rejections, policy: Duplicates) {
    let mut rejected = Vec::new();
    each_group(batch, |group| {
        if let Some(differing) = refused(batch, group, policy) {
            reject(batch, group, differing, policy, rejections);
            rejected.extend(group.iter().copied().filter(|index| speaks(batch, *index)));
        }
    });
    if policy != Duplicates::Refuse {
        reject_beside_bad(batch, policy, rejections, &mut rejected);
    }
    if rejected.is_empty() {
        return;
    }
    rejected.sort_unstable();
    rejected.dedup();
    remove(batch, &rejected);
    compact(batch);
    rejections.sort_by_line();
}

/// Sets the rows aside that one value was to be made of with a row that cannot be taken: mended, that one would
/// otherwise stand alone, in the place of what was made without it.
fn reject_beside_bad(
    batch: &KpiBatch,
    policy: Duplicates,
    rejections: &mut Rejections,
    rejected: &mut Vec<u32>,
) {
    let mut lines: FxHashMap<(u32, KpiMatter), u32> = FxHashMap::default();
    for bad in &batch.bad {
        lines.entry((bad.account, bad.matter)).or_insert(bad.line);
    }
    if lines.is_empty() {
        return;
    }
    let gone: FxHashSet<u32> = rejected.iter().copied().collect();
    for (index, row) in (0_u32..).zip(&batch.rows) {
        let key = (row.account, matter(batch, row));
        let Some(line) = lines.get(&key).filter(|_| speaks(batch, index) && !gone.contains(&index)) else {
            continue;
        };
        let problem = beside_bad("account, KPI and date", policy, &rejections.said(*line));
        let said = Said(row.cell()).to_string();
        rejections.add_cell(row.line, batch.context(row).column, problem, Some(&said));
        rejected.push(index);
    }
}

/// Makes one value of the rows that speak of the same, by the policy; each of them says it then, so that the first
/// one counts and the others are unchanged. To be called once, when every name has led to its account.
pub fn merge_duplicates(batch: &mut KpiBatch, policy: Duplicates) -> Merged {
    let (mut merged, mut settled) = (Merged::default(), Vec::new());
    if policy == Duplicates::Refuse {
        return merged;
    }
    each_group(batch, |group| {
        let rows: Vec<&KpiRow> = speaking(batch, group).collect();
        let Some(value) = policy.settle(batch, &rows) else { return };
        merged.values += 1;
        merged.rows += rows.len() as u64;
        settled.extend(group.iter().copied().filter(|index| speaks(batch, *index)).map(|row| (row, value)));
    });
    for (index, value) in settled {
        if let Some(row) = batch.rows.get_mut(index as usize) {
            *row = KpiRow::new(value.cell(), row.account, value.context, row.line);
        }
    }
    merged
}

impl Duplicates {
    /// What rows of one matter are to say; None where they stay as they are.
    fn settle(self, batch: &KpiBatch, rows: &[&KpiRow]) -> Option<KpiRow> {
        let [first, .., last] = rows else { return None };
        let with = |number| KpiRow::new(Cell::Number(number), first.account, first.context, first.line);
        let taken = match self {
            Self::Refuse => return None,
            Self::First => **first,
            Self::Last => **last,
            Self::Mean => return sum(rows).map(|sum| with(sum / numbers(rows).count() as f64)),
            Self::Sum => return sum(rows).map(with),
        };
        rows.iter().any(|row| !says_the_same(batch, row, &taken)).then_some(taken)
    }
}

fn numbers(rows: &[&KpiRow]) -> impl Iterator<Item = f64> {
    rows.iter().filter_map(|row| match row.cell() {
        Cell::Number(number) => Some(number),
        Cell::Withdrawn | Cell::Blank => None,
    })
}

/// The sum of numbers as people write them: 0.1 and 0.2 are 0.3. None where there is no number, or no finite sum.
fn sum(rows: &[&KpiRow]) -> Option<f64> {
    numbers(rows).next()?;
    let add = |sum: Decimal, number: f64| sum.checked_add(number.to_string().parse().ok()?);
    let exact = numbers(rows).try_fold(Decimal::ZERO, add);
    let sum: f64 = match exact.and_then(|sum| sum.to_string().parse().ok()) {
        Some(sum) => sum,
        None => numbers(rows).sum(),
    };
    sum.is_finite().then_some(sum)
}

/// Whether two rows say the same value beside the same weight and impact.
fn says_the_same(batch: &KpiBatch, a: &KpiRow, b: &KpiRow) -> bool {
    let beside = |row: &KpiRow| batch.context(row).beside();
    a.cell() == b.cell() && (a.context == b.context || beside(a) == beside(b))
}

/// Shows every two or more rows of the same account, KPI, product and day, in file order.
fn each_group(batch: &KpiBatch, mut look: impl FnMut(&[u32])) {
    if is_strictly_ascending(batch) {
        return;
    }
    let (order, accounts) = by_account(&batch.rows, batch.accounts.len());
    // Each row is looked up once: a sort would look at it a dozen times, and it lies far from the others.
    let (mut keyed, mut group) = (Vec::new(), Vec::new());
    for account in accounts {
        let rows = order.get(account).unwrap_or_default();
        keyed.clear();
        keyed.extend(rows.iter().filter_map(|index| {
            let row = batch.rows.get(*index as usize)?;
            Some((matter(batch, row), *index))
        }));
        keyed.sort_unstable();
        for same in keyed.chunk_by(|(a, _), (b, _)| a == b).filter(|same| same.len() > 1) {
            group.clear();
            group.extend(same.iter().map(|(_, index)| *index));
            look(&group);
        }
    }
}

/// Whether the rows are sorted by account, KPI and day, each once, as a file written by a program mostly is.
fn is_strictly_ascending(batch: &KpiBatch) -> bool {
    let key = |row: &KpiRow| (row.account, matter(batch, row));
    batch.rows.iter().is_sorted_by(|a, b| key(a) < key(b))
}

/// What a row's value is of beside its account.
fn matter(batch: &KpiBatch, row: &KpiRow) -> KpiMatter {
    let context = batch.context(row);
    (context.kpi, context.observed_on)
}

/// Whether a row says anything about its value.
fn speaks(batch: &KpiBatch, index: u32) -> bool {
    batch.rows.get(index as usize).is_some_and(|row| row.cell() != Cell::Blank)
}

fn speaking<'b>(batch: &'b KpiBatch, group: &'b [u32]) -> impl Iterator<Item = &'b KpiRow> {
    let rows = group.iter().filter_map(|index| batch.rows.get(*index as usize));
    rows.filter(|row| row.cell() != Cell::Blank)
}

/// What rows of the same account, KPI, product and day differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Differing {
    Values,
    WeightsOrImpacts,
    Both,
    /// Nothing that matters, but their numbers cannot be added up.
    TooLarge,
}

/// Why nothing is made of the rows of a group; None where they agree or the policy makes something of them.
fn refused(batch: &KpiBatch, group: &[u32], policy: Duplicates) -> Option<Differing> {
    let differing = contradiction(batch, group);
    match policy {
        Duplicates::Refuse => differing,
        Duplicates::First | Duplicates::Last => None,
        // A mean or a sum has one weight and one impact.
        Duplicates::Mean | Duplicates::Sum => {
            let rows: Vec<&KpiRow> = speaking(batch, group).collect();
            let is_too_large = || numbers(&rows).next().is_some() && sum(&rows).is_none();
            differing
                .filter(|differing| *differing != Differing::Values)
                .or_else(|| is_too_large().then_some(Differing::TooLarge))
        }
    }
}

/// What the rows that speak differ in.
fn contradiction(batch: &KpiBatch, group: &[u32]) -> Option<Differing> {
    let mut rows = speaking(batch, group);
    let first = rows.next()?;
    let beside = |row: &KpiRow| batch.context(row).beside();
    let (mut cells_differ, mut contexts_differ) = (false, false);
    for row in rows {
        cells_differ |= row.cell() != first.cell();
        contexts_differ |= beside(row) != beside(first);
    }
    match (cells_differ, contexts_differ) {
        (false, false) => None,
        (true, false) => Some(Differing::Values),
        (false, true) => Some(Differing::WeightsOrImpacts),
        (true, true) => Some(Differing::Both),
    }
}

/// Adds the rows of a group to the rejections; the examples say what the rows say, and where.
fn reject(
    batch: &KpiBatch,
    group: &[u32],
    differing: Differing,
    policy: Duplicates,
    rejections: &mut Rejections,
) {
    let is_merged = policy != Duplicates::Refuse;
    let what = match differing {
        Differing::TooLarge => "values whose sum is no finite number",
        Differing::WeightsOrImpacts => "different weights or impacts",
        Differing::Both if is_merged => "different weights or impacts",
        Differing::Values | Differing::Both => "different values",
    };
    let hint = match is_merged {
        true => "give the rows one weight and one impact, or take one of them: --duplicates first|last",
        false => {
            "keep one of the rows, or give each its date or product, or say which one counts: --duplicates"
        }
    };
    let problem = Problem {
        code: "duplicate_row",
        column: None,
        message: format!("the same account, KPI and date stand in the file twice with {what}"),
        hint: Some(hint.to_owned()),
    };
    let rows = group.iter().filter_map(|index| batch.rows.get(*index as usize));
    let speaking = rows.filter(|row| row.cell() != Cell::Blank);
    let told = speaking.map(|row| (row.line, batch.context(row).column, Said(row.cell())));
    reject_cells(rejections, &problem, told);
}

/// What a row says, as messages have it.
struct Said(Cell);

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Cell::Number(number) => write!(f, "{number}"),
            Cell::Withdrawn | Cell::Blank => f.write_str("no value"),
        }
    }
}

/// Takes out the rows at these indexes, which ascend.
fn remove(batch: &mut KpiBatch, rejected: &[u32]) {
    let mut rejected = rejected.iter().copied().peekable();
    let mut index = 0_u32;
    batch.rows.retain(|_| {
        let keep = rejected.next_if_eq(&index).is_none();
        index = index.saturating_add(1);
        keep
    });
}

#[cfg(test)]
mod tests;
