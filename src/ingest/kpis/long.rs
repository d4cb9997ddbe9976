//! The long layout: one value a row, its account, KPI and date beside it.

use super::fields::KpiField;
use super::places::Places;
use super::reader::{KpiReader, ValueCells};
use super::series::SeriesCells;
use crate::error::Result;
use crate::ingest::columns::{Columns, Field, Shapes};
use crate::ingest::convention::Place;
use crate::ingest::note::Notes;
use crate::ingest::shape::{check_shape, line_number};
use crate::ingest::table::Record;
use crate::ingest::tables::OpenTable;
use crate::model::formula::unguarded;

/// How a table in the long layout is read.
pub(super) struct Long {
    table: usize,
    pub(super) columns: Columns<KpiField>,
    places: Places,
    /// Whether text may bear the mark that keeps spreadsheets from taking it for a formula.
    may_be_guarded: bool,
}

impl Long {
    /// Checks that what a row needs is there: an account, a KPI and a value.
    ///
    /// # Errors
    /// One of them is not.
    pub(super) fn new(table: usize, mut columns: Columns<KpiField>, account_is_given: bool) -> Result<Self> {
        columns.settle_lone_id();
        columns.require_account(account_is_given)?;
        for (field, what) in [(KpiField::Kpi, "the KPI"), (KpiField::Value, "the value")] {
            if columns.index(field).is_none() {
                return Err(columns.missing(what, &format!("name one of them {}", field.examples())));
            }
        }
        let (places, may_be_guarded) = (Places::of(&columns), columns.are_of_export());
        Ok(Self { table, columns, places, may_be_guarded })
    }

    /// Reads every row of the table, and tells of the columns that are not read.
    ///
    /// # Errors
    /// It cannot be read to its end, or has more lines than can be counted.
    pub(super) fn read(
        &self,
        table: &mut OpenTable<'_>,
        reader: &mut KpiReader<'_>,
        notes: &mut Notes,
    ) -> Result<()> {
        let (name, first) = (table.region.name(), table.first_line());
        let mut shapes = Shapes::default();
        while let Some(record) = table.next_row()? {
            shapes.observe(record.cells());
            reader.look(self.table, &record);
            let line = line_number(name, first + record.line)?;
            let taken = check_shape(&record, self.columns.width())
                .and_then(|()| reader.take(line, &self.cells(&record), notes).map(|_| ()));
            if let Err(fault) = taken {
                let place = fault.field.and_then(|field| self.columns.index(field));
                let value = place.map(|place| record.cell(place));
                reader.reject(line, None, fault.into_problem(&self.columns), value);
            }
        }
        self.columns.note_unread(&shapes, notes);
        Ok(())
    }

    fn cells<'r>(&self, record: &Record<'r>) -> ValueCells<'r> {
        let places = &self.places;
        let at = |column| Place { table: self.table, column };
        let text = |place| match self.may_be_guarded {
            true => unguarded(record.cell(place)),
            false => record.cell(place),
        };
        ValueCells {
            account: text(places.account),
            external_id: text(places.external_id),
            series: SeriesCells {
                kpi: text(places.kpi),
                product: text(places.product),
                category: record.cell(places.category),
                component: record.cell(places.component),
                unit: record.cell(places.unit),
            },
            date: record.cell(places.date),
            date_at: at(places.date),
            weight: record.cell(places.weight),
            impact: record.cell(places.impact),
            wide_column: None,
            value: record.cell(places.value),
            value_at: at(places.value),
        }
    }
}
