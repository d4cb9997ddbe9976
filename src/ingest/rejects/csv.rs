//! The rejects of a CSV file: its rows as they stood, with the reasons in columns behind them.

use std::io::Write;

use super::{added, changed, in_line_order, unwritable};
use crate::error::Result;
use crate::ingest::columns::is_reserved;
use crate::ingest::region::Region;
use crate::ingest::source::Source;
use crate::ingest::table::Record;
use crate::model::rejection::{Problem, Rejection, Rejections};

/// Writes the rows that were set aside, under the source's header; returns how many.
pub(super) fn write(source: &Source, rejections: &Rejections, out: &mut impl Write) -> Result<u64> {
    let mut no_progress = |_| {};
    let mut table = Region::open_again(source, &mut no_progress)?;
    // Written as UTF-8 with the source's own delimiter, so that the flags that read the source read this, too.
    let (preamble, delimiter) = table.dialect();
    let header = table.header().to_vec();
    let layout = Layout::of(&header, rejections);
    let headers = header.iter().zip(&layout.kept).filter(|(_, kept)| **kept).map(|(header, _)| header);
    out.write_all(preamble.as_bytes()).map_err(unwritable)?;
    let mut writer = csv::WriterBuilder::new().flexible(true).delimiter(delimiter).from_writer(out);
    let (reading, added) = added(source);
    writer.write_record(headers.map(String::as_str).chain(added)).map_err(unwritable)?;
    let mut written = 0;
    let rows = in_line_order(&rejections.rows);
    let mut rejected = rows.iter().copied().peekable();
    while let (Some(next), Some(record)) = (rejected.peek().copied(), table.next_row()?) {
        if record.line < u64::from(next.line) {
            continue;
        }
        let problem = rejections.problems.get(next.problem as usize).ok_or_else(|| changed(source))?;
        if record.line != u64::from(next.line) {
            return Err(changed(source));
        }
        layout.write_row(&mut writer, &record, reading.as_deref(), next, problem).map_err(unwritable)?;
        written += 1;
        while rejected.next_if(|rejection| rejection.line == next.line).is_some() {}
    }
    writer.flush().map_err(unwritable)?;
    if let Some(sha256) = table.finish()? {
        source.confirm_sha256(sha256)?;
    }
    Ok(written)
}

/// What is written of a row.
struct Layout {
    /// Per column of the source, whether it is kept: all but those that an earlier rejects file added.
    kept: Vec<bool>,
    /// Per problem, the column at fault.
    places: Vec<Option<usize>>,
}

impl Layout {
    fn of(header: &[String], rejections: &Rejections) -> Self {
        let place = |problem: &Problem| {
            let column = problem.column.as_deref()?;
            header.iter().position(|cell| cell.trim() == column)
        };
        Self {
            kept: header.iter().map(|cell| !is_reserved(cell)).collect(),
            places: rejections.problems.iter().map(place).collect(),
        }
    }

    fn kept_cells<'r>(&self, record: &Record<'r>) -> impl Iterator<Item = &'r str> {
        record.cells().zip(&self.kept).filter(|(_, kept)| **kept).map(|(cell, _)| cell)
    }

    /// Writes a row and the reasons behind it.
    ///
    /// In a row that does not fit the header no one knows which cell is whose: it is kept whole, and with the
    /// reasons behind it (the hint of a ragged row is never empty) it still does not fit, so it cannot be ingested
    /// unmended.
    fn write_row<W: Write>(
        &self,
        writer: &mut csv::Writer<W>,
        record: &Record<'_>,
        reading: Option<&str>,
        rejection: Rejection,
        problem: &Problem,
    ) -> Result<(), csv::Error> {
        if self.fits(record) {
            self.kept_cells(record).try_for_each(|cell| writer.write_field(cell))?;
        } else {
            record.cells().try_for_each(|cell| writer.write_field(cell))?;
        }
        let place = self.places.get(rejection.problem as usize).copied().flatten();
        reading.into_iter().try_for_each(|reading| writer.write_field(reading))?;
        writer.write_field(rejection.line.to_string())?;
        writer.write_field(problem.column.as_deref().unwrap_or_default())?;
        writer.write_field(place.map_or("", |place| record.cell(place)))?;
        writer.write_field(problem.code)?;
        writer.write_field(&problem.message)?;
        writer.write_field(problem.hint.as_deref().unwrap_or_default())?;
        writer.write_record(None::<&[u8]>)
    }

    /// Whether every cell has a header, but for empty ones at the end.
    fn fits(&self, record: &Record<'_>) -> bool {
        let width = self.kept.len();
        record.len() >= width && record.cells().skip(width).all(|cell| cell.trim().is_empty())
    }
}
