//! Keeps of a batch only the accounts, KPIs and contexts that a row of it uses: an account that only rejected
//! rows name is not in the batch, so nothing can come into being by it.

use crate::model::kpi::batch::KpiBatch;

/// Drops what no row uses and renumbers the rest, in the same order.
pub(super) fn compact(batch: &mut KpiBatch) {
    let mut accounts = vec![false; batch.accounts.len()];
    let mut kpis = vec![false; batch.kpis.len()];
    let mut contexts = vec![false; batch.contexts.len()];
    for row in &batch.rows {
        mark(&mut accounts, row.account);
        mark(&mut kpis, row.kpi);
        mark(&mut contexts, row.context);
    }
    if [&accounts, &kpis, &contexts].into_iter().flatten().all(|used| *used) {
        return;
    }
    let accounts = keep(&mut batch.accounts, &accounts);
    let kpis = keep(&mut batch.kpis, &kpis);
    let contexts = keep(&mut batch.contexts, &contexts);
    for row in &mut batch.rows {
        renumber(&mut row.account, &accounts);
        renumber(&mut row.kpi, &kpis);
        renumber(&mut row.context, &contexts);
    }
}

fn mark(used: &mut [bool], number: u32) {
    if let Some(used) = used.get_mut(number as usize) {
        *used = true;
    }
}

/// Keeps the used items; returns the new number of each old one.
fn keep<T>(items: &mut Vec<T>, used: &[bool]) -> Vec<u32> {
    let mut marks = used.iter();
    items.retain(|_| marks.next().copied().unwrap_or(false));
    used.iter()
        .scan(0, |next, used| {
            let number = *next;
            *next += u32::from(*used);
            Some(number)
        })
        .collect()
}

fn renumber(number: &mut u32, numbers: &[u32]) {
    if let Some(new) = numbers.get(*number as usize) {
        *number = *new;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kpi::batch::{AccountMention, Cell, KpiRow, RowContext};

    #[test]
    fn what_no_row_uses_goes_and_rows_still_mean_the_same() {
        let account = |name: &str| AccountMention { name: Some(name.to_owned()), external_id: None };
        let context = RowContext { observed_on: None, weight: None, impact: None };
        let mut batch = KpiBatch {
            accounts: ["a", "b", "c"].map(account).to_vec(),
            kpis: Vec::new(),
            contexts: vec![context, RowContext { weight: Some(1.0), ..context }],
            rows: vec![KpiRow::new(Cell::Blank, 2, 0, 1, 5), KpiRow::new(Cell::Blank, 0, 0, 1, 6)],
        };
        compact(&mut batch);
        assert_eq!(batch.accounts, ["a", "c"].map(account));
        assert_eq!(batch.contexts[0].weight, Some(1.0));
        assert_eq!(
            batch.rows.iter().map(|row| (row.account, row.context)).collect::<Vec<_>>(),
            [(1, 0), (0, 0)]
        );
    }
}
