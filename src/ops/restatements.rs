//! What an upload corrected of the past, with the words for it: for the answer of an ingest and for `uploads show`.

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::model::ids::{AccountId, CustomerId, UploadId};
use crate::model::kpi::{Category, Unit};
use crate::model::score::Score;
use crate::report::restatements::{OVERALL, Restatement, Restatements};
use crate::store::{Reader, RestatedKpi, RestatedScore, WriteTransaction};

/// What the upload of this transaction corrected; `accounts`: the only ones of which it can have corrected something.
///
/// # Errors
/// Anything that the database says.
pub(super) fn of_ingest(
    transaction: &WriteTransaction<'_>,
    upload: UploadId,
    accounts: &mut Vec<AccountId>,
) -> Result<Restatements> {
    if accounts.is_empty() {
        return Ok(Restatements::default());
    }
    accounts.sort_unstable();
    accounts.dedup();
    let (reader, customer) = (transaction.reader(), transaction.customer());
    of_upload(&reader, customer, upload, Some(accounts))
}

/// What an upload corrected, from the ledger.
///
/// # Errors
/// Anything that the database says.
pub(super) fn of_upload(
    reader: &Reader<'_>,
    customer: CustomerId,
    upload: UploadId,
    accounts: Option<&[AccountId]>,
) -> Result<Restatements> {
    let (kpis, scores) = (reader.restated_kpis(upload, accounts)?, reader.restated_health(upload)?);
    if kpis.is_empty() && scores.is_empty() {
        return Ok(Restatements::default());
    }
    let series = reader.series(customer)?;
    let named = kpis.iter().map(|kpi| kpi.account).chain(scores.iter().map(|score| score.account));
    let names = reader.account_names(&named.collect::<Vec<_>>())?;
    let mut list: Vec<Restatement> = kpis
        .into_iter()
        .filter_map(|kpi| {
            let words = series.get(kpi.restated.series)?;
            Some(of_kpi(&kpi, &names, words.kpi.clone(), words.product.clone(), words.unit))
        })
        .collect();
    list.extend(scores.iter().map(|score| of_score(score, &names)));
    Ok(Restatements::new(list))
}

fn name(names: &FxHashMap<AccountId, String>, account: AccountId) -> String {
    names.get(&account).cloned().unwrap_or_default()
}

fn of_kpi(
    found: &RestatedKpi,
    names: &FxHashMap<AccountId, String>,
    kpi: String,
    product: Option<String>,
    unit: Option<Unit>,
) -> Restatement {
    Restatement {
        account_id: found.account,
        account_name: name(names, found.account),
        kpi,
        product,
        unit,
        date: found.restated.day.to_string(),
        old: found.restated.old,
        new: found.restated.new,
        snapshots: found.snapshots,
    }
}

fn of_score(found: &RestatedScore, names: &FxHashMap<AccountId, String>) -> Restatement {
    let points = |score: Score| Some(f64::from(score.hundredths()) / 100.0);
    Restatement {
        account_id: found.account,
        account_name: name(names, found.account),
        kpi: found.category.map_or(OVERALL, Category::name).to_owned(),
        product: None,
        unit: Some(Unit::Score),
        date: found.month.to_string(),
        old: points(found.old),
        new: points(found.new),
        snapshots: found.snapshots,
    }
}
