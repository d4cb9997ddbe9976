//! Changes that took uploads back, or let them count again: what is known of the accounts that they named is folded again
//! from the rows of the uploads that counted then.

use rusqlite::Connection;
use rustc_hash::{FxHashMap, FxHashSet};

use super::account::AccountFacts;
use super::cells::LedgerRow;
use super::facts::Facts;
use super::walk::Change;
use crate::error::Result;
use crate::model::ids::{KpiChangeId, UploadId};
use crate::model::upload::UploadKind;
use crate::store::heads::id_list;
use crate::store::read::told::for_each_told;
use crate::store::undoings::{naming, table_of};

/// Every kind of upload.
const KINDS: [UploadKind; 5] =
    [UploadKind::Kpis, UploadKind::Profiles, UploadKind::Playbooks, UploadKind::Health, UploadKind::Notes];

/// Takes in what a change took back or let count again, after its rows were taken in.
///
/// # Errors
/// Anything that the database says; `Damaged` where a row cannot be read.
pub(super) fn take(sql: &Connection, change: &Change, rows: &[LedgerRow], facts: &mut Facts) -> Result<()> {
    refold_kpis(sql, rows, facts)?;
    for row in rows.iter().filter(|row| row.shape().name == "upload_undoings") {
        let Some(upload) = row.int("upload_id") else { continue };
        let Some(kind) = facts.kind_of(upload) else { continue };
        let mut accounts = named_by(sql, upload, kind)?;
        accounts.extend(over(sql, &accounts)?);
        take_newest(sql, change, &accounts, kind, facts)?;
    }
    // What no upload of this change brought was folded, be it of a merge of which nothing else is left.
    if rows.iter().all(|row| row.shape().name != "uploads") {
        for kind in KINDS {
            let table = table_of(kind);
            let folded =
                rows.iter().filter(|row| row.shape().name == table && row.int("upload_id").is_some());
            let accounts: FxHashSet<i64> = folded.filter_map(LedgerRow::account).collect();
            let accounts: Vec<i64> = accounts.into_iter().collect();
            take_newest(sql, change, &accounts, kind, facts)?;
        }
    }
    Ok(())
}

fn take_newest(
    sql: &Connection,
    change: &Change,
    accounts: &[i64],
    kind: UploadKind,
    facts: &mut Facts,
) -> Result<()> {
    for (account, newest) in newest_uploads(sql, change, accounts, kind)? {
        if let Some(known) = facts.accounts.get_mut(&account) {
            *named(known, kind) = newest;
            known.has_news = true;
        }
    }
    Ok(())
}

/// The KPIs of accounts of which the change told values again.
fn refold_kpis(sql: &Connection, rows: &[LedgerRow], facts: &mut Facts) -> Result<()> {
    let retold = rows.iter().filter(|row| row.shape().name == "kpi_changes" && row.int("retold").is_some());
    // The rows of an account stand in the order of their ids, so that its last one stays.
    let newest: FxHashMap<i64, i64> = retold.filter_map(|row| Some((row.account()?, row.id()))).collect();
    let newest: Vec<KpiChangeId> = newest.into_values().map(KpiChangeId::new).collect();
    if newest.is_empty() {
        return Ok(());
    }
    for_each_told(sql, &newest, |account, told| {
        let (state, values_changed) = told.last();
        let values_change = values_changed.and_then(|upload| facts.change_of(upload));
        if let Some(known) = facts.accounts.get_mut(&account.get()) {
            (known.kpis, known.values_change) = (state, values_change);
        }
        Ok(())
    })
}

/// The accounts that an upload named.
fn named_by(sql: &Connection, upload: i64, kind: UploadKind) -> Result<Vec<i64>> {
    let table = table_of(kind);
    let mut accounts = sql.prepare_cached(&format!(
        "SELECT account_id FROM {table} WHERE upload_id = ?1 \
         UNION SELECT account_id FROM confirmations WHERE upload_id = ?1"
    ))?;
    let accounts = accounts.query_map([upload], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(accounts)
}

/// The accounts into which these were merged.
fn over(sql: &Connection, accounts: &[i64]) -> Result<Vec<i64>> {
    let mut statement = sql.prepare_cached(
        "SELECT DISTINCT t.into_id FROM json_each(?1) j CROSS JOIN account_merges t ON t.account_id = j.value",
    )?;
    let over = statement
        .query_map([id_list(accounts.iter().copied())], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(over)
}

/// For each of the accounts, the newest upload of a kind that named it and counted after a change.
fn newest_uploads(
    sql: &Connection,
    change: &Change,
    accounts: &[i64],
    kind: UploadKind,
) -> Result<Vec<(i64, Option<UploadId>)>> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = sql.prepare_cached(&format!(
        "SELECT k.account_id, max(k.upload_id) FROM ({}) k WHERE (SELECT z.undone FROM upload_undoings z \
         WHERE z.upload_id = k.upload_id AND z.change_id <= ?2 ORDER BY z.id DESC LIMIT 1) IS NOT 1 \
         GROUP BY k.account_id",
        naming(kind)
    ))?;
    let list = id_list(accounts.iter().copied());
    let newest: FxHashMap<i64, i64> = statement
        .query_map((list, change.id), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let of_account = |account: i64| (account, newest.get(&account).copied().map(UploadId::new));
    Ok(accounts.iter().copied().map(of_account).collect())
}

fn named(known: &mut AccountFacts, kind: UploadKind) -> &mut Option<UploadId> {
    match kind {
        UploadKind::Kpis => &mut known.uploads.kpis,
        UploadKind::Profiles => &mut known.uploads.profile,
        UploadKind::Playbooks => &mut known.uploads.playbooks,
        UploadKind::Health => &mut known.uploads.health,
        UploadKind::Notes => &mut known.uploads.notes,
    }
}
