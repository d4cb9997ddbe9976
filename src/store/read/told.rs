//! All that was said of the KPIs of an account until a row, and what was known at each row of it.
//!
//! Where uploads were taken back, every moment has a fold of its own: of the uploads that counted then, in upload order.

use rusqlite::{Connection, Row};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::Result;
use crate::model::ids::{AccountId, ChangeId, KpiChangeId, UploadId};
use crate::model::kpi::replay::{Said, follow};
use crate::model::kpi::retell::{ToldRow, in_upload_order, retold_state};
use crate::model::kpi::state::KpiState;
use crate::store::failure::damaged;
use crate::store::heads::id_list;
use crate::store::undoings::said;

/// A row of what uploads said of an account.
struct SaidRow {
    id: KpiChangeId,
    change: ChangeId,
    said: Said,
    /// Whether a taking back or a merge wrote it.
    is_retold: bool,
    /// Whether it was said of an account that was merged into this one: it stands in the place of an earlier such row
    /// of its upload and day.
    is_taken_in: bool,
    /// The changes at which its upload was taken back (true) or let count again.
    turns: Vec<(ChangeId, bool)>,
}

impl SaidRow {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (retold, turns): (Option<i64>, Option<String>) = (row.get(9)?, row.get(10)?);
        let turns: Vec<(i64, i64)> = turns
            .as_deref()
            .map_or(Ok(Vec::new()), serde_json::from_str)
            .map_err(|error| damaged(format!("the takings back of an upload cannot be read ({error})")))?;
        Ok(Self {
            id: KpiChangeId::new(row.get(6)?),
            change: ChangeId::new(row.get(8)?),
            said: said(row)?,
            is_retold: retold.is_some(),
            is_taken_in: retold == Some(2),
            turns: turns.into_iter().map(|(change, undone)| (ChangeId::new(change), undone == 1)).collect(),
        })
    }

    fn counted_at(&self, moment: ChangeId) -> bool {
        self.turns.iter().rev().find(|(change, _)| *change <= moment).is_none_or(|(_, undone)| !undone)
    }
}

/// What uploads said of an account until a row, oldest first.
pub(in crate::store) struct ToldRows(Vec<SaidRow>);

impl ToldRows {
    /// What was known at each of the wanted rows.
    pub(super) fn states(
        &self,
        wanted: &FxHashSet<KpiChangeId>,
        found: &mut FxHashMap<KpiChangeId, KpiState>,
    ) {
        let is_retold = self.0.iter().any(|row| row.is_retold);
        let mut state = KpiState::default();
        for row in &self.0 {
            if !is_retold {
                follow(&mut state, &row.said);
            }
            if wanted.contains(&row.id) {
                let known = if is_retold { retold_state(self.told_at(row)).0 } else { state.clone() };
                found.insert(row.id, known);
            }
        }
    }

    /// What was known at the last row, and which upload that counted last changed a value.
    pub(in crate::store) fn last(&self) -> (KpiState, Option<UploadId>) {
        self.0.last().map(|last| retold_state(self.told_at(last))).unwrap_or_default()
    }

    /// All that counted at the last row, in upload order.
    pub(super) fn counting(&self) -> Vec<Said> {
        let told = self.0.last().map(|last| self.told_at(last)).unwrap_or_default();
        in_upload_order(told).into_iter().filter(|row| row.counts).map(|row| row.said).collect()
    }

    fn told_at(&self, newest: &SaidRow) -> Vec<ToldRow> {
        let mut replaced = FxHashSet::default();
        let mut told: Vec<ToldRow> = Vec::new();
        for row in self.0.iter().rev().filter(|row| row.id <= newest.id) {
            let place = (row.said.upload, row.said.dated, row.said.observed_on);
            if row.is_taken_in && !replaced.insert(place) {
                continue;
            }
            let counts = row.counted_at(newest.change);
            told.push(ToldRow { counted: counts, counts, ..ToldRow::counting(row.said.clone()) });
        }
        told.reverse();
        told
    }
}

/// Visits accounts with what was said of each until its newest row; those without rows are not visited.
pub(in crate::store) fn for_each_told(
    sql: &Connection,
    newest: &[KpiChangeId],
    mut visit: impl FnMut(AccountId, &ToldRows) -> Result<()>,
) -> Result<()> {
    let mut statement = sql.prepare_cached(include_str!("../sql/kpi_rows_until.sql"))?;
    let mut rows = statement.query([id_list(newest.iter().map(|id| id.get()))])?;
    let mut of_account: Option<(AccountId, ToldRows)> = None;
    while let Some(row) = rows.next()? {
        let account = AccountId::new(row.get(7)?);
        let said = SaidRow::from_row(row)?;
        match &mut of_account {
            Some((of, told)) if *of == account => told.0.push(said),
            _ => {
                let before = of_account.replace((account, ToldRows(vec![said])));
                before.map_or(Ok(()), |(account, told)| visit(account, &told))?;
            }
        }
    }
    of_account.map_or(Ok(()), |(account, told)| visit(account, &told))
}
