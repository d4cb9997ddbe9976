//! Erasing: a person's words, or everything of an account or of a customer, out of the whole history and out of free space.
//!
//! What goes leaves the hash with which it stands in the digest of its change, so that the ledger and every anchor
//! written down earlier still hold; the salt that was hashed with it is thrown away, so that nothing can be guessed from
//! what is left. It must never touch another customer, nor change a number.

mod account;
mod customer;
mod hashes;
mod person;
mod words;

use super::Store;
use super::failure;
use super::ledger::{SHAPES, Shape, Table};
use crate::error::{Error, ErrorKind, Result};

/// What an erasure did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    /// Accounts that it touched.
    pub accounts: u64,
    /// By table: rows that are gone, or whose words were taken out.
    pub rows: Vec<(&'static str, u64)>,
    /// Where the words still stand: texts of rules and KPIs, which are no data of people.
    pub left: Vec<String>,
}

impl Erased {
    fn count(&mut self, table: &'static str) {
        match self.rows.iter_mut().find(|(name, _)| *name == table) {
            Some((_, rows)) => *rows += 1,
            None => self.rows.push((table, 1)),
        }
    }
}

/// The column that names the account of a table's rows; None of a table whose rows are no account's.
fn account_column(shape: &Shape) -> Option<&'static str> {
    match shape.name {
        "accounts" => Some("id"),
        _ => shape.columns.iter().find(|column| **column == "account_id").copied(),
    }
}

/// The customer whose a row `r` of a table is, as SQL.
fn owner_of(shape: &Shape) -> String {
    match (account_column(shape), shape.name) {
        (Some(column), _) => format!("(SELECT a.customer_id FROM accounts a WHERE a.id = r.{column})"),
        (None, "sightings") => "(SELECT u.customer_id FROM uploads u WHERE u.id = r.upload_id)".to_owned(),
        (None, "customers") => "r.id".to_owned(),
        (None, _) => "r.customer_id".to_owned(),
    }
}

/// The tables whose rows are an account's each.
fn tables_of_accounts() -> impl Iterator<Item = (Table, &'static str)> {
    Table::ALL.into_iter().filter_map(|table| Some((table, account_column(table.shape())?)))
}

impl Store {
    /// Makes ready to erase: what is deleted is overwritten, and nothing of it goes into temporary files.
    ///
    /// # Errors
    /// Anything that the database says.
    pub fn prepare_to_erase(&self) -> Result<()> {
        self.connection.execute_batch("PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY")?;
        Ok(())
    }

    /// Writes the whole file anew without its free space, and empties the log: what was erased is in neither then.
    ///
    /// # Errors
    /// `Busy` where others read or write on for too long; `DiskFull` and their like. What was erased stays erased.
    pub fn scrub(&self) -> Result<()> {
        self.connection.execute_batch("PRAGMA temp_store = FILE; VACUUM")?;
        let busy: i64 = self.connection.query_one("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        match busy {
            0 => Ok(()),
            _ => Err(Error::new(ErrorKind::Busy, "others still read the log, which holds what was erased")
                .with_hint("close them, then give the same command again: it empties the log")),
        }
    }
}

/// The place of a column among a table's.
fn place_of(shape: &Shape, column: &str) -> Result<usize> {
    let place = shape.columns.iter().position(|name| *name == column);
    place.ok_or_else(|| failure::damaged(format!("{} has no {column}", shape.name)))
}

/// The table of a place in the digest's order.
fn table_at(place: usize) -> Result<Table> {
    Table::ALL
        .get(place)
        .copied()
        .ok_or_else(|| failure::damaged(format!("there are {} tables", SHAPES.len())))
}
