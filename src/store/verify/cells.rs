//! Rows as they really stand in the file, whatever their types: nothing is converted, so nothing can go wrong.

use rusqlite::Row as SqlRow;
use rusqlite::types::ValueRef;

use crate::model::canonical::hex;
use crate::store::ledger::{SHAPES, Shape};

/// A stored value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(Vec<u8>),
    Blob(Vec<u8>),
}

impl Cell {
    pub(super) fn from_ref(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Integer(number),
            ValueRef::Real(number) => Self::Real(number),
            ValueRef::Text(text) => Self::Text(text.to_vec()),
            ValueRef::Blob(bytes) => Self::Blob(bytes.to_vec()),
        }
    }

    pub(super) fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
            Self::Text(text) => ValueRef::Text(text),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }
    }

    /// A text.
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.as_bytes().to_vec())
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => f.write_str("nothing"),
            Self::Integer(number) => number.fmt(f),
            Self::Real(number) => number.fmt(f),
            Self::Text(text) => write!(f, "'{}'", String::from_utf8_lossy(text)),
            Self::Blob(bytes) => f.write_str(&hex(bytes)),
        }
    }
}

/// All values of a row whose columns begin at `first`.
pub(super) fn cells(row: &SqlRow<'_>, columns: usize) -> rusqlite::Result<Vec<Cell>> {
    (0..columns).map(|place| Ok(Cell::from_ref(row.get_ref(place)?))).collect()
}

/// A row of a table of the ledger.
#[derive(Debug, Clone)]
pub(super) struct LedgerRow {
    /// The table's place in the digest's order.
    pub(super) table: usize,
    pub(super) cells: Vec<Cell>,
}

impl LedgerRow {
    pub(super) fn shape(&self) -> &'static Shape {
        SHAPES.get(self.table).unwrap_or(&SHAPES[0])
    }

    fn cell(&self, column: &str) -> &Cell {
        let place = self.shape().columns.iter().position(|name| *name == column);
        place.and_then(|place| self.cells.get(place)).unwrap_or(&Cell::Null)
    }

    pub(super) fn int(&self, column: &str) -> Option<i64> {
        if let Cell::Integer(number) = self.cell(column) { Some(*number) } else { None }
    }

    pub(super) fn text(&self, column: &str) -> Option<&str> {
        if let Cell::Text(text) = self.cell(column) { std::str::from_utf8(text).ok() } else { None }
    }

    pub(super) fn blob(&self, column: &str) -> Option<&[u8]> {
        if let Cell::Blob(bytes) = self.cell(column) { Some(bytes) } else { None }
    }

    /// Its id; 0, which no row has, where it is no number.
    pub(super) fn id(&self) -> i64 {
        self.int("id").unwrap_or(0)
    }

    /// The change that wrote it; 0 where it is no number.
    pub(super) fn change(&self) -> i64 {
        self.int("change_id").unwrap_or(0)
    }

    /// The account of a row that is one account's.
    pub(super) fn account(&self) -> Option<i64> {
        match self.shape().name {
            "accounts" => self.int("id"),
            _ => self.int("account_id"),
        }
    }

    /// The values as the ledger hashes them.
    pub(super) fn values(&self) -> Vec<ValueRef<'_>> {
        self.cells.iter().map(Cell::as_ref).collect()
    }
}
