//! The KPIs of accounts as the uploads that count said them, written where they are others than those known so far.
//!
//! An account that took others in is folded after them: what it takes in of them is what counts of them now.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::facts::Changed;
use super::refold::Turn;
use crate::error::Result;
use crate::model::ids::{AccountId, UploadId};
use crate::model::kpi::fold::DayChange;
use crate::model::kpi::replay::Said;
use crate::model::kpi::retell::{Retold, ToldRow, retell};
use crate::model::kpi::state::KpiState;
use crate::model::kpi::taken_in::{Told, settle, wanted};
use crate::store::{Merge, WriteTransaction};

/// An account folded again, and what it takes in of others from now on.
struct Folded {
    account: AccountId,
    retold: Retold,
    taken_in: Vec<(UploadId, DayChange)>,
}

/// Refolds the KPIs of accounts, scores and writes them.
///
/// # Errors
/// Anything that the database says.
pub(in crate::ops) fn refold(
    transaction: &mut WriteTransaction<'_>,
    accounts: &[AccountId],
    turn: Turn,
    mut score: impl FnMut(&mut WriteTransaction<'_>, AccountId, &KpiState) -> Result<()>,
    today: NaiveDate,
) -> Result<Changed> {
    let merges = transaction.merges_under(accounts)?;
    let all: BTreeSet<AccountId> =
        accounts.iter().copied().chain(merges.iter().map(|merge| merge.from)).collect();
    let told = transaction.told_rows(&all.into_iter().collect::<Vec<_>>(), turn.upload, turn.counts)?;
    let folded = fold(accounts, told, &merges);
    let uploads: Vec<UploadId> = folded.iter().filter_map(|folded| folded.retold.values_changed).collect();
    let changes = transaction.changes_of_uploads(&uploads)?;
    let current = transaction.load_kpi_states(accounts)?;
    let mut changed = Changed::new();
    for Folded { account, retold, taken_in } in folded {
        let values_changed = retold.values_changed.and_then(|upload| changes.get(&upload).copied());
        let was_changed = transaction.head(account).and_then(|head| head.kpi_values_change);
        let is_same = current.get(&account).map_or(&[][..], KpiState::entries) == retold.state.entries();
        if is_same && !retold.is_other && values_changed == was_changed && taken_in.is_empty() {
            continue;
        }
        transaction.append_taken_in(account, &taken_in)?;
        transaction.append_retold(account, turn.turned(), &retold, values_changed, today)?;
        match retold.state.entries().is_empty() {
            true => transaction.clear_kpi_state(account)?,
            false => score(transaction, account, &retold.state)?,
        }
        changed.insert(account, retold.differing);
    }
    Ok(changed)
}

/// Folds accounts, those that were merged into others before these.
fn fold(accounts: &[AccountId], mut told: FxHashMap<AccountId, Told>, merges: &[Merge]) -> Vec<Folded> {
    // An account that was merged takes nothing in any more: in the order of the merges, each comes before its other one.
    let places: BTreeMap<AccountId, usize> =
        merges.iter().enumerate().map(|(place, merge)| (merge.from, place)).collect();
    let mut order = accounts.to_vec();
    order.sort_by_key(|account| (places.get(account).copied().unwrap_or(usize::MAX), *account));
    let mut folded = Vec::with_capacity(order.len());
    for account in order {
        let Told { own, taken_in } = told.remove(&account).unwrap_or_default();
        let merged = merges.iter().filter(|merge| merge.into == account);
        let merged = merged.filter_map(|merge| Some((told.get(&merge.from)?, merge.last_upload)));
        let wanted = wanted(&own, merged);
        if own.is_empty() && taken_in.is_empty() && wanted.is_empty() {
            continue;
        }
        let (rows, taken_in) = settle(taken_in, wanted);
        // What others take in of it is what it is from now on.
        let is_taken_in = places.contains_key(&account);
        let kept =
            is_taken_in.then(|| (own.clone(), rows.iter().filter(|row| row.counts).cloned().collect()));
        let retold = retell(own, rows);
        if let Some((mut own, taken_in)) = kept {
            let words: Vec<ToldRow> = retold.retold.iter().filter_map(|word| in_words(&own, word)).collect();
            own.extend(words);
            told.insert(account, Told { own, taken_in });
        }
        folded.push(Folded { account, retold, taken_in });
    }
    folded
}

/// What is retold, as a row beside those of its upload.
fn in_words(own: &[ToldRow], (upload, change): &(UploadId, DayChange)) -> Option<ToldRow> {
    let beside = own.iter().find(|row| row.said.upload == *upload)?;
    let DayChange { observed_on, dated, named, changed, weights, .. } = change.clone();
    let said = Said { observed_on, dated, changed, weights, ..beside.said.clone() };
    Some(ToldRow { said, named, confirmed: Vec::new(), counted: beside.counted, counts: beside.counts })
}
