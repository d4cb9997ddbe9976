//! The ledger: every fact, event, decision and snapshot is appended here, hashed, and bound into its change's digest.
//!
//! A change's digest is SHA-256 over the customer's previous digest, the change's own row, and for each table in
//! fixed order the digest of the hashes of the rows it appended. A row's hash is SHA-256 over the table's tag, the
//! salt of its account where the table is keyed by one, and its columns without trailing NULLs; so a column that a
//! later version adds leaves old hashes as they are. Nothing else may insert into these tables.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection};
use sha2::{Digest, Sha256};

mod tables;

pub(super) use tables::{SHAPES, Shape, Table};

use super::salt::Salt;
use crate::error::Result;
use tables::TABLES_OF_VERSION;

/// What one transaction appended, on its way to a digest.
#[derive(Clone)]
pub(super) struct Ledger {
    tables: [Option<(Sha256, u64)>; SHAPES.len()],
    buffer: Vec<u8>,
}

impl Ledger {
    pub(super) fn new() -> Self {
        Self { tables: [const { None }; SHAPES.len()], buffer: Vec::with_capacity(4096) }
    }

    /// Whether nothing was appended.
    pub(super) fn is_empty(&self) -> bool {
        self.tables.iter().all(Option::is_none)
    }

    /// Takes a row into the digest.
    pub(super) fn add(&mut self, table: Table, key: Option<&Salt>, row: &[ValueRef<'_>]) {
        let hash = row_hash(table, key, row, &mut self.buffer);
        self.add_hash(table, hash);
    }

    /// Takes a row into the digest of which the hash is known.
    pub(super) fn add_hash(&mut self, table: Table, hash: [u8; 32]) {
        let (digest, count) = self.tables[table as usize].get_or_insert_with(|| (Sha256::new(), 0));
        digest.update(hash);
        *count += 1;
    }

    /// The digest of the change: over the previous one, the change's own columns and all that was appended.
    pub(super) fn digest(self, previous: &[u8], change: &[ValueRef<'_>]) -> [u8; 32] {
        let mut bytes = Vec::with_capacity(256);
        encode(change, &mut bytes);
        let mut whole = Sha256::new();
        whole.update(previous);
        whole.update(&bytes);
        for (shape, table) in SHAPES.iter().zip(self.tables) {
            if let Some((digest, count)) = table {
                whole.update([shape.tag]);
                whole.update(count.to_be_bytes());
                whole.update(digest.finalize());
            }
        }
        whole.finalize().into()
    }
}

/// A row's hash.
pub(super) fn row_hash(
    table: Table,
    key: Option<&Salt>,
    row: &[ValueRef<'_>],
    buffer: &mut Vec<u8>,
) -> [u8; 32] {
    buffer.clear();
    buffer.push(table.shape().tag);
    if let Some(salt) = key {
        buffer.extend_from_slice(salt);
    }
    encode(row, buffer);
    Sha256::digest(&*buffer).into()
}

/// Columns as bytes: a type letter each, fixed-width numbers, length before text and blobs, no trailing NULLs.
fn encode(row: &[ValueRef<'_>], bytes: &mut Vec<u8>) {
    let filled = row.iter().rposition(|value| !matches!(value, ValueRef::Null)).map_or(0, |last| last + 1);
    for value in &row[..filled] {
        match value {
            ValueRef::Null => bytes.push(b'N'),
            ValueRef::Integer(number) => {
                bytes.push(b'I');
                bytes.extend_from_slice(&number.to_be_bytes());
            }
            ValueRef::Real(number) => {
                bytes.push(b'R');
                bytes.extend_from_slice(&number.to_bits().to_be_bytes());
            }
            ValueRef::Text(text) => sized(b'T', text, bytes),
            ValueRef::Blob(blob) => sized(b'B', blob, bytes),
        }
    }
}

fn sized(letter: u8, content: &[u8], bytes: &mut Vec<u8>) {
    bytes.push(letter);
    bytes.extend_from_slice(&(content.len() as u64).to_be_bytes());
    bytes.extend_from_slice(content);
}

/// Inserts a row: the only way into a table of the ledger.
pub(super) fn insert(statement: &mut CachedStatement<'_>, row: &[ValueRef<'_>]) -> Result<()> {
    for (place, value) in row.iter().enumerate() {
        statement.raw_bind_parameter(place + 1, ToSqlOutput::Borrowed(*value))?;
    }
    statement.raw_execute()?;
    Ok(())
}

/// Refuses UPDATE, DELETE and a second INSERT under a taken id, from any client.
///
/// REPLACE deletes without a DELETE trigger where recursive triggers are off, so a guard stands before INSERT.
fn create_guards<'t>(connection: &Connection, tables: impl Iterator<Item = &'t str>) -> Result<()> {
    for table in tables {
        for verb in ["UPDATE", "DELETE"] {
            guard_against(connection, verb, table)?;
        }
        connection.execute_batch(&format!(
            "CREATE TRIGGER {table}_refuse_replace BEFORE INSERT ON {table} \
             WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) \
             BEGIN SELECT RAISE(ABORT, '{table}: history is immutable'); END",
        ))?;
    }
    Ok(())
}

fn guard_against(connection: &Connection, verb: &str, table: &str) -> Result<()> {
    connection.execute_batch(&format!(
        "CREATE TRIGGER {table}_refuse_{verb} BEFORE {verb} ON {table} \
         BEGIN SELECT RAISE(ABORT, '{table}: history is immutable'); END",
    ))?;
    Ok(())
}

/// Opens the door through which rows of a table leave, until [`forbid_removal`] closes it within the same transaction.
pub(super) fn permit_removal(connection: &Connection, table: Table) -> Result<()> {
    let name = table.shape().name;
    connection.execute_batch(&format!("DROP TRIGGER {name}_refuse_DELETE"))?;
    Ok(())
}

/// Closes the door again; the guard is the one that was there.
pub(super) fn forbid_removal(connection: &Connection, table: Table) -> Result<()> {
    guard_against(connection, "DELETE", table.shape().name)
}

/// Opens the door through which rows of a table are redacted, until [`forbid_rewriting`] closes it again.
pub(super) fn permit_rewriting(connection: &Connection, table: &str) -> Result<()> {
    connection.execute_batch(&format!("DROP TRIGGER {table}_refuse_UPDATE"))?;
    Ok(())
}

/// Closes the door again; the guard is the one that was there.
pub(super) fn forbid_rewriting(connection: &Connection, table: &str) -> Result<()> {
    guard_against(connection, "UPDATE", table)
}

/// Guards the tables that came with a version.
pub(super) fn guard_tables_of(connection: &Connection, version: usize) -> Result<()> {
    let range = version.checked_sub(1).and_then(|place| TABLES_OF_VERSION.get(place)).cloned();
    let tables = range.and_then(|range| SHAPES.get(range)).unwrap_or_default().iter().map(|shape| shape.name);
    // The changes themselves are no table of rows that enter a digest.
    create_guards(connection, tables.chain((version == 1).then_some("changes")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_stand_in_the_order_of_the_tables_with_tags_of_their_own() {
        for (place, table) in Table::ALL.into_iter().enumerate() {
            assert_eq!(table as usize, place);
            assert_eq!(usize::from(table.shape().tag), place + 1);
            assert_eq!(table.shape().columns[0], "id");
        }
    }

    #[test]
    fn every_table_came_with_one_version() {
        let places: Vec<usize> = TABLES_OF_VERSION.into_iter().flatten().collect();
        assert_eq!(places, (0..SHAPES.len()).collect::<Vec<_>>());
    }

    #[test]
    fn a_row_hash_sees_every_column_and_the_salt_but_no_trailing_null() {
        let mut buffer = Vec::new();
        let row = [ValueRef::Integer(1), ValueRef::Text(b"ab"), ValueRef::Null];
        let hash = row_hash(Table::Events, None, &row, &mut buffer);
        assert_eq!(hash, row_hash(Table::Events, None, &row[..2], &mut buffer));
        assert_ne!(hash, row_hash(Table::Events, Some(&[1; 16]), &row, &mut buffer));
        assert_ne!(hash, row_hash(Table::Decisions, None, &row, &mut buffer));
        let moved = [ValueRef::Integer(1), ValueRef::Text(b"a"), ValueRef::Text(b"b")];
        assert_ne!(hash, row_hash(Table::Events, None, &moved, &mut buffer));
    }

    #[test]
    fn the_digest_depends_on_the_previous_one_and_on_order_within_a_table() {
        let digest = |previous: &[u8], rows: &[i64]| {
            let mut ledger = Ledger::new();
            for row in rows {
                ledger.add(Table::Customers, None, &[ValueRef::Integer(*row)]);
            }
            ledger.digest(previous, &[ValueRef::Integer(1)])
        };
        assert_ne!(digest(&[], &[1, 2]), digest(&[0], &[1, 2]));
        assert_ne!(digest(&[], &[1, 2]), digest(&[], &[2, 1]));
        assert_eq!(digest(&[], &[1, 2]), digest(&[], &[1, 2]));
    }
}
