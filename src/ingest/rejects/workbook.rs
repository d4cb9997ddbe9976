//! The rejects of a workbook: its rows as CSV, under the headers of all sheets that rows were set aside of.
//!
//! A sheet's row has blank cells under headers that only other sheets have, and says that they are to be passed over.

use std::io::Write;

use super::read_by::{ReadBy, TableRows};
use super::row::{RowOut, RowWriter, next_row};
use super::{changed, in_line_order, unwritable};
use crate::error::Result;
use crate::ingest::columns::is_reserved;
use crate::ingest::records::Records;
use crate::ingest::region::Region;
use crate::ingest::source::Source;
use crate::model::rejection::{Rejection, Rejections, SHEET_STRIDE};

/// The column that names the sheet.
const SHEET: &str = "acctsnap_sheet";

/// Writes the rows that were set aside; returns how many.
pub(super) fn write(
    source: &Source,
    rejections: &Rejections,
    read_by: ReadBy<'_>,
    out: &mut impl Write,
) -> Result<u64> {
    let rows: Vec<Rejection> = in_line_order(&rejections.rows).iter().copied().collect();
    let number_of = |rejection: &Rejection| (rejection.line / SHEET_STRIDE) as usize;
    let mut headers = Headers::default();
    let mut sheets = Vec::new();
    for rows in rows.chunk_by(|a, b| number_of(a) == number_of(b)) {
        let Some(number) = rows.first().map(number_of) else { continue };
        let own_headers = open(source, number)?.header().to_vec();
        let own_columns = headers.add(&own_headers);
        sheets.push(SheetRows { number, own_headers, own_columns, rows });
    }
    let headers = headers.names();
    let mut of_sheets = Vec::new();
    for sheet in &sheets {
        let earlier = source.said()?.parts(sheet.number).first().map(|part| part.table);
        let places = sheet.places(headers.len());
        of_sheets.push(read_by.rows_of(sheet.number, &headers, places, b',', earlier));
    }
    let has_readings = of_sheets.iter().any(|rows| !rows.reading.is_empty());
    if has_readings {
        of_sheets.iter_mut().for_each(TableRows::say_in_full);
    }
    let writer = csv::WriterBuilder::new().flexible(true).from_writer(out);
    let mut writer = RowWriter::new(writer, &headers, &[SHEET], has_readings).map_err(unwritable)?;
    let mut written = 0;
    for (sheet, table) in sheets.iter().zip(&of_sheets) {
        written += sheet.write(source, rejections, table, &mut writer)?;
    }
    writer.finish().map_err(unwritable)?;
    Ok(written)
}

/// A sheet of the workbook again.
fn open(source: &Source, number: usize) -> Result<Region<'_>> {
    let sheet = source.workbook()?.and_then(|workbook| workbook.sheets.get(number));
    let sheet = sheet.ok_or_else(|| changed(source))?;
    Region::again(source, number, Records::of_sheet(sheet))
}

/// A sheet of which rows were set aside.
struct SheetRows<'r> {
    number: usize,
    own_headers: Vec<String>,
    /// For each column, the one that is written for it; None of those that an earlier rejects file added.
    own_columns: Vec<Option<usize>>,
    rows: &'r [Rejection],
}

impl SheetRows<'_> {
    /// For each column that is written, the sheet's own.
    fn places(&self, width: usize) -> Vec<Option<usize>> {
        (0..width).map(|column| self.own_columns.iter().position(|own| *own == Some(column))).collect()
    }

    fn write<W: Write>(
        &self,
        source: &Source,
        rejections: &Rejections,
        table: &TableRows,
        writer: &mut RowWriter<'_, W>,
    ) -> Result<u64> {
        let mut region = open(source, self.number)?;
        let (mut left, mut written) = (self.rows.iter().peekable(), 0);
        while let (Some(next), Some(record)) = (left.peek(), region.next_row()?) {
            let (sheet, line) = rejections.place(u64::from(next.line));
            if record.line < line {
                continue;
            }
            let found = next_row(&mut left, rejections).filter(|_| record.line == line);
            let (problem, set_aside) = found.ok_or_else(|| changed(source))?;
            let (own_headers, set_aside) = (self.own_headers.as_slice(), set_aside.as_slice());
            let sheet = Some(sheet.unwrap_or_default());
            let row = RowOut { record: &record, own_headers, table, line, sheet, problem, set_aside };
            writer.write(&row).map_err(unwritable)?;
            written += 1;
        }
        Ok(written)
    }
}

/// The headers of all sheets, each once; one that a sheet has twice stands twice.
#[derive(Default)]
struct Headers(Vec<(String, usize)>);

impl Headers {
    /// Adds those of a sheet, and gives where each of them is.
    fn add(&mut self, own: &[String]) -> Vec<Option<usize>> {
        let mut places = Vec::with_capacity(own.len());
        for (at, header) in own.iter().enumerate() {
            let nth = own.iter().take(at).filter(|earlier| *earlier == header).count();
            let known = self.0.iter().position(|(name, other)| name == header && *other == nth);
            places.push((!is_reserved(header)).then(|| {
                known.unwrap_or_else(|| {
                    self.0.push((header.clone(), nth));
                    self.0.len() - 1
                })
            }));
        }
        places
    }

    fn names(self) -> Vec<String> {
        self.0.into_iter().map(|(name, _)| name).collect()
    }
}
