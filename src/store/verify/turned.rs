//! Changes that took uploads back, or let them count again: what is known of the accounts that they named is folded again
//! from the rows of the uploads that counted then.

use rusqlite::Connection;
use rustc_hash::FxHashMap;

use super::account::AccountFacts;
use super::cells::LedgerRow;
use super::facts::Facts;
use super::walk::Change;
use crate::error::Result;
use crate::model::ids::{KpiChangeId, UploadId};
use crate::model::upload::UploadKind;
use crate::store::heads::id_list;
use crate::store::read::told::for_each_told;
use crate::store::undoings::table_of;

/// Takes in what a change took back or let count again, after its rows were taken in.
///
/// # Errors
/// Anything that the database says; `Damaged` where a row cannot be read.
pub(super) fn take(sql: &Connection, change: &Change, rows: &[LedgerRow], facts: &mut Facts) -> Result<()> {
    refold_kpis(sql, rows, facts)?;
    for row in rows.iter().filter(|row| row.shape().name == "upload_undoings") {
        let Some(upload) = row.int("upload_id") else { continue };
        let Some(kind) = facts.kind_of(upload) else { continue };
        for (account, newest) in newest_uploads(sql, change, upload, kind)? {
            if let Some(known) = facts.accounts.get_mut(&account) {
                *named(known, kind) = newest;
                known.has_news = true;
            }
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

/// For each account that an upload named, the newest upload of its kind that named it and counted after a change.
fn newest_uploads(
    sql: &Connection,
    change: &Change,
    upload: i64,
    kind: UploadKind,
) -> Result<Vec<(i64, Option<UploadId>)>> {
    let table = table_of(kind);
    let mut accounts = sql.prepare_cached(&format!(
        "SELECT account_id FROM {table} WHERE upload_id = ?1 \
         UNION SELECT account_id FROM confirmations WHERE upload_id = ?1"
    ))?;
    let accounts: Vec<i64> =
        accounts.query_map([upload], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut statement = sql.prepare_cached(&format!(
        "SELECT k.account_id, max(k.upload_id) FROM (SELECT account_id, upload_id, change_id FROM {table} \
         WHERE upload_id IS NOT NULL UNION ALL SELECT c.account_id, c.upload_id, c.change_id FROM confirmations c \
         JOIN uploads u ON u.id = c.upload_id WHERE u.kind = ?3) k \
         WHERE k.account_id IN (SELECT value FROM json_each(?1)) AND k.change_id <= ?2 AND \
         (SELECT z.undone FROM upload_undoings z WHERE z.upload_id = k.upload_id AND z.change_id <= ?2 \
         ORDER BY z.id DESC LIMIT 1) IS NOT 1 GROUP BY k.account_id"
    ))?;
    let list = id_list(accounts.iter().copied());
    let newest: FxHashMap<i64, i64> = statement
        .query_map((list, change.id, kind.number()), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let of_account = |account: i64| (account, newest.get(&account).copied().map(UploadId::new));
    Ok(accounts.into_iter().map(of_account).collect())
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
