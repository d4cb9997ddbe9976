//! Appending rows to the tables of the ledger: inserted and taken into the digest in one step.

use rusqlite::CachedStatement;
use rusqlite::types::ValueRef;

use super::ledger::{self, Ledger, Table};
use super::salt::Salt;
use crate::error::Result;

/// Appends rows to one table of the ledger.
pub(super) struct Appender<'a> {
    pub(super) table: Table,
    pub(super) statement: CachedStatement<'a>,
    pub(super) ledger: &'a mut Ledger,
}

impl Appender<'_> {
    /// Appends a row; `key` is the salt of the account by which the table's hashes are keyed.
    pub(super) fn append(&mut self, key: Option<&Salt>, row: &[ValueRef<'_>]) -> Result<()> {
        debug_assert_eq!(key.is_some(), self.table.shape().keyed_by.is_some());
        ledger::insert(&mut self.statement, row)?;
        self.ledger.add(self.table, key, row);
        Ok(())
    }
}

/// Values of a row, short to write.
pub(super) mod value {
    use rusqlite::types::ValueRef;

    pub(in crate::store) fn int(number: i64) -> ValueRef<'static> {
        ValueRef::Integer(number)
    }

    pub(in crate::store) fn maybe(number: Option<i64>) -> ValueRef<'static> {
        number.map_or(ValueRef::Null, ValueRef::Integer)
    }

    pub(in crate::store) fn text(text: &str) -> ValueRef<'_> {
        ValueRef::Text(text.as_bytes())
    }

    pub(in crate::store) fn maybe_text(text: Option<&str>) -> ValueRef<'_> {
        text.map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes()))
    }

    pub(in crate::store) fn count(number: u64) -> ValueRef<'static> {
        ValueRef::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}
