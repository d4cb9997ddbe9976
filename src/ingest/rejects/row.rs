//! One row of a rejects file, whatever form its source has, as the cells of a CSV record.

use std::io::Write;
use std::iter::Peekable;

use super::ADDED;
use super::read_by::TableRows;
use super::reading::READING;
use crate::ingest::table::Record;
use crate::model::rejection::{Problem, Rejection, Rejections};

/// Writes records of CSV under one header.
pub(super) struct RowWriter<'a, W: Write> {
    writer: csv::Writer<W>,
    headers: &'a [String],
    /// Whether rows say how they were read.
    has_readings: bool,
}

/// A row that is to be written.
pub(super) struct RowOut<'r> {
    pub(super) record: &'r Record<'r>,
    /// The headers of its own table.
    pub(super) own_headers: &'r [String],
    pub(super) table: &'r TableRows,
    /// Its line in the source, or the row of its sheet.
    pub(super) line: u64,
    pub(super) sheet: Option<&'r str>,
    pub(super) problem: &'r Problem,
    /// The columns of the values that were set aside; none: the whole row.
    pub(super) set_aside: &'r [u16],
}

impl<'a, W: Write> RowWriter<'a, W> {
    /// Begins with the header; `more` are columns behind those of the source.
    pub(super) fn new(
        mut writer: csv::Writer<W>,
        headers: &'a [String],
        more: &[&str],
        has_readings: bool,
    ) -> Result<Self, csv::Error> {
        let reading = has_readings.then_some(READING);
        let own = headers.iter().map(String::as_str);
        writer.write_record(own.chain(more.iter().copied()).chain(reading).chain(ADDED))?;
        Ok(Self { writer, headers, has_readings })
    }

    /// Writes a row and the reasons behind it.
    ///
    /// In a row that does not fit the header no one knows which cell is whose: it is kept whole, and with the
    /// reasons behind it (the hint of a ragged row is never empty) it still does not fit, so it cannot be ingested
    /// unmended.
    pub(super) fn write(&mut self, row: &RowOut<'_>) -> Result<(), csv::Error> {
        let RowOut { record, own_headers, table, problem, .. } = *row;
        let width = own_headers.len();
        let fits = record.len() >= width && record.cells().skip(width).all(|cell| cell.trim().is_empty());
        if fits {
            for place in table.places.iter().take(self.headers.len()) {
                let place = place.filter(|place| table.has(*place, row.set_aside));
                self.writer.write_field(place.map_or("", |place| record.cell(place)))?;
            }
        } else {
            record.cells().try_for_each(|cell| self.writer.write_field(cell))?;
        }
        row.sheet.iter().try_for_each(|sheet| self.writer.write_field(sheet))?;
        if self.has_readings {
            self.writer.write_field(&table.reading)?;
        }
        let at_fault = problem.column.as_deref().and_then(|column| {
            own_headers.iter().position(|header| header.trim() == column).map(|place| record.cell(place))
        });
        self.writer.write_field(row.line.to_string())?;
        self.writer.write_field(problem.column.as_deref().unwrap_or_default())?;
        self.writer.write_field(at_fault.unwrap_or_default())?;
        self.writer.write_field(problem.code)?;
        self.writer.write_field(&problem.message)?;
        self.writer.write_field(problem.hint.as_deref().unwrap_or_default())?;
        self.writer.write_record(None::<&[u8]>)
    }

    /// Ends the file.
    pub(super) fn finish(mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}

/// The rejections of the next row, taken from those that are left, and the columns of the values that were set aside:
/// none where one of them is of the whole row.
pub(super) fn next_row<'r>(
    left: &mut Peekable<impl Iterator<Item = &'r Rejection>>,
    rejections: &'r Rejections,
) -> Option<(&'r Problem, Vec<u16>)> {
    let first = *left.peek()?;
    let row = std::iter::from_fn(|| left.next_if(|rejection| rejection.line == first.line));
    // All of the row is taken, also behind one that is of no column.
    let columns: Vec<Option<u16>> = row.map(|rejection| rejection.column).collect();
    let columns: Option<Vec<u16>> = columns.into_iter().collect();
    Some((rejections.problems.get(first.problem as usize)?, columns.unwrap_or_default()))
}
