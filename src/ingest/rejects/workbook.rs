//! The rejects of a workbook: its rows as CSV, under the headers of all sheets that rows were set aside of.
//!
//! A sheet's row has blank cells under headers that only other sheets have: a blank cell says nothing.

use std::io::Write;

use super::{added, changed, in_line_order, unwritable};
use crate::error::Result;
use crate::ingest::columns::is_reserved;
use crate::ingest::records::Records;
use crate::ingest::region::Region;
use crate::ingest::source::Source;
use crate::model::rejection::{Rejection, Rejections, SHEET_STRIDE};

/// The column that names the sheet.
const SHEET: &str = "acctsnap_sheet";

/// Writes the rows that were set aside; returns how many.
pub(super) fn write(source: &Source, rejections: &Rejections, out: &mut impl Write) -> Result<u64> {
    let Some(workbook) = source.workbook()? else { return Ok(0) };
    let rows = in_line_order(&rejections.rows);
    let mut sheets: Vec<(usize, Vec<Rejection>)> = Vec::new();
    for rejection in rows.iter() {
        let number = (rejection.line / SHEET_STRIDE) as usize;
        match sheets.last_mut().filter(|(known, _)| *known == number) {
            Some((_, rows)) => rows.push(*rejection),
            None => sheets.push((number, vec![*rejection])),
        }
    }
    let open = |number: usize| {
        let sheet = workbook.sheets.get(number).ok_or_else(|| changed(source))?;
        Region::again(source, number, Records::of_sheet(sheet))
    };
    let mut headers: Vec<String> = Vec::new();
    for (number, _) in &sheets {
        let region = open(*number)?;
        let new = region.header().iter().filter(|header| !header.trim().is_empty() && !is_reserved(header));
        for header in new {
            if !headers.contains(header) {
                headers.push(header.clone());
            }
        }
    }
    let (reading, added) = added(source);
    let mut writer = csv::Writer::from_writer(out);
    let all = headers.iter().map(String::as_str).chain([SHEET]).chain(added);
    writer.write_record(all).map_err(unwritable)?;
    let mut written = 0;
    for (number, rows) in &sheets {
        let mut region = open(*number)?;
        let header = region.header().to_vec();
        let mut rows = rows.iter().copied().peekable();
        while let (Some(next), Some(record)) = (rows.peek().copied(), region.next_row()?) {
            let (sheet, line) = rejections.place(u64::from(next.line));
            if record.line < line {
                continue;
            }
            let problem = rejections.problems.get(next.problem as usize).ok_or_else(|| changed(source))?;
            let cell = |name: &str| {
                let place = header.iter().position(|header| header == name);
                place.map_or("", |place| record.cell(place))
            };
            let at_fault = problem.column.as_deref().and_then(|column| {
                header.iter().position(|header| header.trim() == column).map(|place| record.cell(place))
            });
            let number = line.to_string();
            let told = [
                number.as_str(),
                problem.column.as_deref().unwrap_or_default(),
                at_fault.unwrap_or_default(),
                problem.code,
                &problem.message,
                problem.hint.as_deref().unwrap_or_default(),
            ];
            let cells = headers.iter().map(|header| cell(header)).chain(sheet);
            writer.write_record(cells.chain(reading.as_deref()).chain(told)).map_err(unwritable)?;
            written += 1;
            while rows.next_if(|rejection| rejection.line == next.line).is_some() {}
        }
    }
    writer.flush().map_err(unwritable)?;
    Ok(written)
}
