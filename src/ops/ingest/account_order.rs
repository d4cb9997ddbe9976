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
}

impl AccountOrder {
    /// Finds the order of rows of so many accounts.
    pub(super) fn of(rows: SegmentedVec<KpiRow>, accounts: usize) -> Self {
        let is_in_order = rows.iter().is_sorted_by_key(|row| row.account);
        let places = (!is_in_order).then(|| by_account(&rows, accounts).0);
        Self { rows, places }
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
    pub(super) fn groups(&self) -> Vec<Range<usize>> {
        let mut groups: Vec<Range<usize>> = Vec::new();
        let mut last = None;
        for place in 0..self.rows.len() {
            let account = self.row(place).map(|row| row.account);
            match groups.last_mut().filter(|_| last == account) {
                Some(group) => group.end = place + 1,
                None => groups.push(place..place + 1),
            }
            last = account;
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kpi::batch::Cell;

    fn lines_by_account(accounts: &[u32]) -> Vec<(u32, Vec<u32>)> {
        let rows: SegmentedVec<KpiRow> = (1..)
            .zip(accounts)
            .map(|(line, account)| KpiRow::new(Cell::Number(0.0), *account, 0, 0, line))
            .collect();
        let order = AccountOrder::of(rows, 6);
        let groups = order.groups().into_iter();
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
