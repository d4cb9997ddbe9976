//! Reading the rows of a wide table, cell by cell. Nothing is allocated for a cell that is taken.

use super::percent::Fractions;
use super::{HEADER, ValueColumn, Wide};
use crate::error::Result;
use crate::ingest::columns::Field;
use crate::ingest::convention::Place;
use crate::ingest::fault::Fault;
use crate::ingest::kpis::fields::KpiField;
use crate::ingest::kpis::reader::{KpiReader, ValueCells};
use crate::ingest::kpis::series::SeriesCells;
use crate::ingest::note::Notes;
use crate::ingest::shape::{check_shape, line_number};
use crate::ingest::table::Record;
use crate::ingest::tables::OpenTable;

impl Wide {
    /// Reads every row of the table. Each cell of a column of values is one value, taken or set aside by itself; of a
    /// row that as a whole cannot be taken each is set aside.
    ///
    /// # Errors
    /// It cannot be read to its end, or has more lines than can be counted.
    pub(in crate::ingest::kpis) fn read(
        &self,
        table: &mut OpenTable<'_>,
        reader: &mut KpiReader<'_>,
        notes: &mut Notes,
    ) -> Result<()> {
        let (name, first) = (table.region.name(), table.first_line());
        let mut fractions = vec![Fractions::default(); self.values.len()];
        while let Some(record) = table.next_row()? {
            let line = line_number(name, first + record.line)?;
            reader.look(self.table, &record);
            match check_shape::<KpiField>(&record, self.columns.width()) {
                Ok(()) => self.take(line, &record, reader, &mut fractions, notes),
                Err(fault) => self.reject_row(line, &fault, reader),
            }
        }
        for (value, fractions) in self.values.iter().zip(fractions) {
            fractions.note(value, self.columns.header_at(value.column), notes);
        }
        Ok(())
    }

    fn take(
        &self,
        line: u32,
        record: &Record<'_>,
        reader: &mut KpiReader<'_>,
        fractions: &mut [Fractions],
        notes: &mut Notes,
    ) {
        for (value, fractions) in self.values.iter().zip(fractions) {
            match reader.take(line, &self.cells(record, value), notes) {
                Ok(cell) if value.is_percent => fractions.observe(record.cell(value.column), cell),
                Ok(_) => {}
                Err(fault) => self.reject(line, record, value, fault, reader),
            }
        }
    }

    /// The cells that make the value of a column.
    fn cells<'r>(&'r self, record: &Record<'r>, value: &'r ValueColumn) -> ValueCells<'r> {
        let places = &self.places;
        let said = |header: &'r str, place| if header.is_empty() { record.cell(place) } else { header };
        let cell = record.cell(value.column);
        let (date, date_at) = match value.date.as_str() {
            "" => (record.cell(places.date), places.date),
            // A blank cell says nothing of its period, which may not even have begun.
            _ if cell.trim().is_empty() => ("", HEADER),
            date => (date, HEADER),
        };
        let at = |column| Place { table: self.table, column };
        ValueCells {
            account: said(&value.account, places.account),
            external_id: record.cell(places.external_id),
            series: SeriesCells {
                kpi: said(&value.kpi, places.kpi),
                product: record.cell(places.product),
                category: record.cell(places.category),
                component: record.cell(places.component),
                unit: record.cell(places.unit),
            },
            date,
            date_at: at(date_at),
            weight: record.cell(places.weight),
            impact: record.cell(places.impact),
            wide_column: u16::try_from(value.column).ok(),
            value: cell,
            value_at: at(value.column),
        }
    }

    /// Sets a cell aside; what its header says, it says itself.
    fn reject(
        &self,
        line: u32,
        record: &Record<'_>,
        value: &ValueColumn,
        fault: Fault<KpiField>,
        reader: &mut KpiReader<'_>,
    ) {
        let is_header = match fault.field {
            Some(KpiField::Value | KpiField::Unit) => true,
            Some(KpiField::Kpi) => !value.kpi.is_empty(),
            Some(KpiField::Date) => !value.date.is_empty(),
            Some(KpiField::ACCOUNT) => !value.account.is_empty(),
            _ => false,
        };
        let column = match fault.field {
            Some(field) if !is_header => self.columns.index(field),
            Some(_) => Some(value.column),
            None => fault.column,
        };
        let fault = Fault { column, field: fault.field.filter(|_| column.is_none()), ..fault };
        let (cell, problem) = (u16::try_from(value.column).ok(), fault.into_problem(&self.columns));
        reader.reject(line, cell, problem, column.map(|column| record.cell(column)));
    }

    /// Sets every cell of a row aside.
    fn reject_row(&self, line: u32, fault: &Fault<KpiField>, reader: &mut KpiReader<'_>) {
        for _ in &self.values {
            reader.reject(line, None, fault.clone().into_problem(&self.columns), None);
        }
    }
}
