//! Ids: one counter row per kind, each from 1 over the whole database, counted inside the transaction.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use crate::error::Result;

/// The counters that one transaction uses; written back before it commits.
#[derive(Default, Clone)]
pub(super) struct Counters {
    values: BTreeMap<&'static str, i64>,
}

impl Counters {
    /// The next id of a kind.
    pub(super) fn next(&mut self, connection: &Connection, kind: &'static str) -> Result<i64> {
        let value = match self.values.get_mut(kind) {
            Some(value) => value,
            None => self.values.entry(kind).or_insert(stored(connection, kind)?),
        };
        *value += 1;
        Ok(*value)
    }

    /// Writes the counters back.
    pub(super) fn save(&self, connection: &Connection) -> Result<()> {
        let mut statement = connection.prepare_cached(
            "INSERT INTO counters (kind, value) VALUES (?1, ?2) ON CONFLICT (kind) DO UPDATE SET value = excluded.value",
        )?;
        for (kind, value) in &self.values {
            statement.execute((kind, value))?;
        }
        Ok(())
    }
}

fn stored(connection: &Connection, kind: &str) -> Result<i64> {
    let value = connection
        .prepare_cached("SELECT value FROM counters WHERE kind = ?1")?
        .query_one([kind], |row| row.get(0))
        .optional()?;
    Ok(value.unwrap_or(0))
}
