//! Keeps of a batch only the accounts, KPIs and contexts that a row of it uses.

use rustc_hash::FxHashSet;

use crate::ingest::used::keep_used;
use crate::model::kpi::batch::KpiBatch;

/// Drops what no row uses and renumbers the rest, in the same order; with an account or KPI that no good row has go
/// the bad ones of it.
pub(super) fn compact(batch: &mut KpiBatch) {
    let contexts = keep_used(&mut batch.contexts, batch.rows.iter().map(|row| row.context));
    keep_bad_beside_good(batch);
    let accounts = keep_used(&mut batch.accounts, batch.rows.iter().map(|row| row.account));
    let kpis = keep_used(&mut batch.kpis, batch.contexts.iter().map(|context| context.kpi));
    for row in &mut batch.rows {
        accounts.apply(&mut row.account);
        contexts.apply(&mut row.context);
    }
    for context in &mut batch.contexts {
        kpis.apply(&mut context.kpi);
    }
    for bad in &mut batch.bad {
        accounts.apply(&mut bad.account);
        kpis.apply(&mut bad.matter.0);
    }
}

/// Contexts are those of good rows alone by now.
fn keep_bad_beside_good(batch: &mut KpiBatch) {
    if batch.bad.is_empty() {
        return;
    }
    let accounts: FxHashSet<u32> = batch.rows.iter().map(|row| row.account).collect();
    let kpis: FxHashSet<u32> = batch.contexts.iter().map(|context| context.kpi).collect();
    batch.bad.retain(|bad| accounts.contains(&bad.account) && kpis.contains(&bad.matter.0));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kpi::batch::{AccountMention, Cell, KpiRow, RowContext};
    use crate::model::rejection::BadRow;

    fn bad(account: u32, line: u32) -> BadRow<(u32, Option<chrono::NaiveDate>)> {
        BadRow { account, matter: (0, None), line }
    }

    #[test]
    fn what_no_row_uses_goes_and_rows_still_mean_the_same() {
        let account = |name: &str| AccountMention { name: Some(name.to_owned()), external_id: None };
        let context = RowContext::of(0);
        let mut batch = KpiBatch {
            names: Vec::new(),
            bad: [bad(2, 3), bad(1, 4)].into_iter().collect(),
            accounts: ["a", "b", "c"].map(account).to_vec(),
            kpis: Vec::new(),
            contexts: vec![context, RowContext { weight: Some(1.0), ..context }],
            rows: [KpiRow::new(Cell::Blank, 2, 1, 5), KpiRow::new(Cell::Blank, 0, 1, 6)]
                .into_iter()
                .collect(),
        };
        compact(&mut batch);
        assert_eq!(batch.accounts, ["a", "c"].map(account));
        assert_eq!(batch.contexts[0].weight, Some(1.0));
        assert_eq!(batch.bad, vec![bad(1, 3)]);
        assert_eq!(
            batch.rows.iter().map(|row| (row.account, row.context)).collect::<Vec<_>>(),
            [(1, 0), (0, 0)]
        );
    }
}
