//! Customers: who they are, by which names they are found, and their place in the ledger.

use rusqlite::{Connection, OptionalExtension};

use super::append::value::{int, text};
use super::counters::Counters;
use super::ledger::{self, Ledger, Table};
use super::salt::SaltSource;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::{ChangeId, CustomerId, ScoringConfigId, UploadId};
use crate::model::names::name_key;
use crate::model::time::Timestamp;

/// A customer and the last change of its ledger.
#[derive(Debug, Clone)]
pub(super) struct CustomerHead {
    pub(super) id: CustomerId,
    pub(super) name: String,
    pub(super) change: Option<ChangeId>,
    pub(super) recorded_at: Option<Timestamp>,
    pub(super) digest: Vec<u8>,
    pub(super) scoring_config: Option<ScoringConfigId>,
    pub(super) upload: Option<UploadId>,
}

/// The customer that a name leads to.
pub(super) fn find(sql: &Connection, name: &str) -> Result<Option<CustomerId>> {
    let id = sql
        .prepare_cached(
            "SELECT customer_id FROM customer_names WHERE name_key = ?1 ORDER BY id DESC LIMIT 1",
        )?
        .query_one([name_key(name)], |row| row.get(0).map(CustomerId::new))
        .optional()?;
    Ok(id)
}

/// The error for a name that leads nowhere; it names no other customer.
pub(super) fn unknown(sql: &Connection, name: &str) -> Error {
    let list = "name one with --customer; `acctsnap customers list` shows them";
    let hint = match last_erasure(sql) {
        // Nobody can tell any more whether it was this one.
        Ok(Some(at)) => format!("a customer was erased at {at}, its name with it; {list}"),
        _ => list.to_owned(),
    };
    Error::new(ErrorKind::UnknownCustomer, format!("no customer '{name}'")).with_hint(hint)
}

/// When a customer was last erased.
fn last_erasure(sql: &Connection) -> Result<Option<String>> {
    let at = sql
        .prepare_cached(
            "SELECT g.recorded_text FROM changes g WHERE g.command = 'erase' \
             AND NOT EXISTS (SELECT 1 FROM customers c WHERE c.id = g.customer_id) ORDER BY g.id DESC LIMIT 1",
        )?
        .query_one([], |row| row.get(0))
        .optional()?;
    Ok(at)
}

/// A customer's head; it must be there.
pub(super) fn load_head(sql: &Connection, id: CustomerId) -> Result<CustomerHead> {
    let head = sql
        .prepare_cached(
            "SELECT name, change_id, recorded_at, digest, scoring_config_id, upload_id \
             FROM customer_heads WHERE customer_id = ?1",
        )?
        .query_one([id.get()], |row| {
            Ok(CustomerHead {
                id,
                name: row.get(0)?,
                change: Some(ChangeId::new(row.get(1)?)),
                recorded_at: Some(Timestamp::from_millis(row.get(2)?)),
                digest: row.get(3)?,
                scoring_config: row.get::<_, Option<i64>>(4)?.map(ScoringConfigId::new),
                upload: row.get::<_, Option<i64>>(5)?.map(UploadId::new),
            })
        })
        .optional()?;
    head.ok_or_else(|| super::failure::damaged(format!("customer {id} has no head")))
}

/// Makes a customer.
pub(super) fn create(
    sql: &Connection,
    name: &str,
    change: ChangeId,
    counters: &mut Counters,
    salts: &mut SaltSource,
    ledger: &mut Ledger,
) -> Result<CustomerHead> {
    let id = counters.next(sql, "customer")?;
    let salt = salts.next()?;
    let mut append = |table: Table, row: &[rusqlite::types::ValueRef<'_>]| -> Result<()> {
        ledger::insert(&mut sql.prepare_cached(table.insert_sql())?, row)?;
        ledger.add(table, None, row);
        Ok(())
    };
    append(Table::Customers, &[int(id), int(change.get()), rusqlite::types::ValueRef::Blob(&salt)])?;
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let key = name_key(&name);
    let (name_id, name_salt) = (counters.next(sql, "customer_name")?, salts.next()?);
    append(
        Table::CustomerNames,
        &[
            int(name_id),
            int(id),
            int(change.get()),
            text(&name),
            text(&key),
            rusqlite::types::ValueRef::Blob(&name_salt),
        ],
    )?;
    Ok(CustomerHead {
        id: CustomerId::new(id),
        name,
        change: None,
        recorded_at: None,
        digest: Vec::new(),
        scoring_config: None,
        upload: None,
    })
}

/// Writes a customer's head after a change.
pub(super) fn save_head(
    sql: &Connection,
    head: &CustomerHead,
    change: ChangeId,
    recorded_at: Timestamp,
    digest: &[u8],
) -> Result<()> {
    sql.prepare_cached(
        "INSERT INTO customer_heads (customer_id, name, change_id, recorded_at, digest, scoring_config_id, upload_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (customer_id) DO UPDATE SET name = excluded.name, \
         change_id = excluded.change_id, recorded_at = excluded.recorded_at, digest = excluded.digest, \
         scoring_config_id = excluded.scoring_config_id, upload_id = excluded.upload_id",
    )?
    .execute((
        head.id.get(),
        &head.name,
        change.get(),
        recorded_at.millis(),
        digest,
        head.scoring_config.map(ScoringConfigId::get),
        head.upload.map(UploadId::get),
    ))?;
    Ok(())
}
