//! The rows of a KPI file account by account, without moving or copying any, for there may be millions; and given up as
//! they are passed.

use std::ops::Range;

use crate::model::kpi::batch::{KpiRow, by_account};
use crate::model::segmented_vec::SegmentedVec;

/// The rows of a batch by account, within one in file order.
#[derive(Debug, Default)]
pub(super) struct AccountOrder {
    rows: SegmentedVec<KpiRow>,
    /// Where the rows stand in that order; None where the file has them in it, as most have.
    places: Option<Vec<u32>>,
    groups: Vec<Range<usize>>,
}

impl AccountOrder {
    /// Finds the order of rows of so many accounts.
    pub(super) fn of(rows: SegmentedVec<KpiRow>, accounts: usize) -> Self {
        if rows.iter().is_sorted_by_key(|row| row.account) {
            let groups = runs(&rows);
            return Self { rows, places: None, groups };
        }
        let (places, mut groups) = by_account(&rows, accounts);
        groups.retain(|group| !group.is_empty());
        Self { rows, places: Some(places), groups }
    }

    /// The row at a place in it.
    pub(super) fn row(&self, place: usize) -> Option<&KpiRow> {
        match &self.places {
            None => self.rows.get(place),
            Some(places) => self.rows.get(*places.get(place)? as usize),
        }
    }

    /// Gives up the memory of the rows before a place, where the file has them in this order.
    pub(super) fn give_up_before(&mut self, place: usize) {
        if self.places.is_none() {
            self.rows.give_up_before(place);
        }
    }

    /// Where the rows of each account begin and end.
    pub(super) fn take_groups(&mut self) -> Vec<Range<usize>> {
        std::mem::take(&mut self.groups)
    }
}

/// Where the runs of rows of one account begin and end.
fn runs(rows: &SegmentedVec<KpiRow>) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut last = None;
    for (place, row) in rows.iter().enumerate() {
        match runs.last_mut().filter(|_| last == Some(row.account)) {
            Some(run) => run.end = place + 1,
            None => runs.push(place..place + 1),
        }
        last = Some(row.account);
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kpi::batch::Cell;

    fn lines_by_account(accounts: &[u32]) -> Vec<(u32, Vec<u32>)> {
        let rows: SegmentedVec<KpiRow> = (1..)
            .zip(accounts)
            .map(|(line, account)| KpiRow::new(Cell::Number(0.0), *account, 0, line))
            .collect();
        let mut order = AccountOrder::of(rows, 6);
        let groups = order.take_groups().into_iter();
        groups
            .map(|group| {
                let lines = group.clone().filter_map(|place| Some(order.row(place)?.line)).collect();
                (order.row(group.start).unwrap().account, lines)
            })
            .collect()
    }

    #[test]
    fn rows_stand_by_account_and_within_one_as_in_the_file() {
        assert_eq!(lines_by_account(&[]), []);
        assert_eq!(lines_by_account(&[0, 0, 2]), [(0, vec![1, 2]), (2, vec![3])]);
        assert_eq!(lines_by_account(&[5, 0, 5, 0]), [(0, vec![2, 4]), (5, vec![1, 3])]);
    }
}
