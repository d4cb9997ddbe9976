//! How the values of a table are laid out, and what its columns are for that.

use super::fields::KpiField;
use super::long::Long;
use super::reader::{KpiReader, Rules};
use crate::error::Result;
use crate::ingest::columns::{ColumnReading, Columns, Ranks};
use crate::ingest::note::Notes;
use crate::ingest::source::Source;
use crate::ingest::tables::OpenTable;

/// How a table is read.
pub(super) enum Plan {
    /// One value a row.
    Long(Long),
}

impl Plan {
    /// Finds out how a table is laid out, unless the caller says so.
    ///
    /// # Errors
    /// It lacks a column that every layout needs, or its columns cannot be told apart.
    pub(super) fn of(
        source: &Source,
        table: &OpenTable<'_>,
        ranks: &Ranks<KpiField>,
        maps: &[(String, String)],
        rules: &Rules<'_>,
    ) -> Result<Self> {
        let headers = table.region.header().iter().map(String::as_str);
        let columns = Columns::of_headers(source.name(), headers, ranks, maps)?;
        Long::new(table.number, columns, rules.given_account.is_some()).map(Self::Long)
    }

    /// Tells of the columns that are not read.
    pub(super) fn note(&self, notes: &mut Notes) {
        match self {
            Self::Long(long) => long.columns.note_unread(notes),
        }
    }

    /// Reads every row of the table.
    ///
    /// # Errors
    /// It cannot be read to its end.
    pub(super) fn read(
        &self,
        table: &mut OpenTable<'_>,
        reader: &mut KpiReader<'_>,
        notes: &mut Notes,
    ) -> Result<()> {
        match self {
            Self::Long(long) => long.read(table, reader, notes),
        }
    }

    /// What every column was read as.
    pub(super) fn reading(&self) -> ColumnReading {
        match self {
            Self::Long(long) => long.columns.reading(),
        }
    }
}
