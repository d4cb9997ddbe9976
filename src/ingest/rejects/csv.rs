//! The rejects of a CSV file: its rows as they stood, with the reasons in columns behind them.

use std::io::Write;

use super::read_by::{ReadBy, TableRows};
use super::reading::READING;
use super::row::{RowOut, RowWriter, next_row};
use super::{changed, in_line_order, unwritable};
use crate::error::Result;
use crate::ingest::columns::is_reserved;
use crate::ingest::region::Region;
use crate::ingest::source::Source;
use crate::ingest::table::Record;
use crate::model::rejection::Rejections;

/// Writes the rows that were set aside, under the source's header; returns how many.
pub(super) fn write(
    source: &Source,
    rejections: &Rejections,
    read_by: ReadBy<'_>,
    out: &mut impl Write,
) -> Result<u64> {
    let mut no_progress = |_| {};
    let mut table = Region::open_again(source, &mut no_progress)?;
    // Written as UTF-8 with the source's own delimiter, so that the flags that read the source read this, too.
    let (preamble, delimiter) = table.dialect();
    let own_headers = table.header().to_vec();
    let parts = Parts::of(source, &own_headers, read_by, delimiter)?;
    out.write_all(preamble.as_bytes()).map_err(unwritable)?;
    // What was said to part the cells may not be found again.
    let is_told = preamble.ends_with('\n');
    if let Some(delimiter) = source.delimiter().filter(|_| !is_told) {
        writeln!(out, "sep={delimiter}").map_err(unwritable)?;
    }
    let writer = csv::WriterBuilder::new().flexible(true).delimiter(delimiter).from_writer(out);
    let mut writer =
        RowWriter::new(writer, &parts.headers, &[], parts.say_something()).map_err(unwritable)?;
    let mut written = 0;
    let rows = in_line_order(&rejections.rows);
    let mut left = rows.iter().peekable();
    while let (Some(next), Some(record)) = (left.peek(), table.next_row()?) {
        let line = u64::from(next.line);
        if record.line < line {
            continue;
        }
        let found = next_row(&mut left, rejections).filter(|_| record.line == line);
        let (problem, set_aside) = found.ok_or_else(|| changed(source))?;
        let rows = parts.of_row(&record);
        let own_headers = &own_headers;
        let row = RowOut {
            record: &record,
            own_headers,
            table: rows,
            line,
            sheet: None,
            problem,
            set_aside: &set_aside,
        };
        writer.write(&row).map_err(unwritable)?;
        written += 1;
    }
    writer.finish().map_err(unwritable)?;
    if let Some(sha256) = table.finish()? {
        source.confirm_sha256(sha256)?;
    }
    Ok(written)
}

/// What is written of the rows: of a source that is a rejects file itself, of each of its parts.
struct Parts {
    /// The headers that are written: all but those that an earlier rejects file added.
    headers: Vec<String>,
    /// The column that told the parts apart, and what it says in each.
    reading_at: Option<usize>,
    first: TableRows,
    others: Vec<(String, TableRows)>,
}

impl Parts {
    fn of(source: &Source, own_headers: &[String], read_by: ReadBy<'_>, delimiter: u8) -> Result<Self> {
        let kept = || own_headers.iter().enumerate().filter(|(_, header)| !is_reserved(header));
        let headers: Vec<String> = kept().map(|(_, header)| header.clone()).collect();
        let places = || kept().map(|(place, _)| Some(place)).collect();
        let earlier = source.said()?.parts(0);
        let rows = |number: usize, said| read_by.rows_of(number, &headers, places(), delimiter, said);
        let first = rows(0, earlier.first().map(|part| part.table));
        let others = earlier.iter().enumerate().skip(1);
        let others =
            others.map(|(number, part)| (part.text.to_owned(), rows(number, Some(part.table)))).collect();
        let reading_at = own_headers.iter().position(|header| header.trim() == READING);
        let mut parts = Self { headers, reading_at, first, others };
        if parts.say_something() {
            let all = parts.others.iter_mut().map(|(_, rows)| rows).chain([&mut parts.first]);
            all.filter(|rows| rows.reading.is_empty()).for_each(TableRows::say_in_full);
        }
        Ok(parts)
    }

    fn say_something(&self) -> bool {
        let mut all = self.others.iter().map(|(_, rows)| rows).chain([&self.first]);
        all.any(|rows| !rows.reading.is_empty())
    }

    /// The part of a row; one that is of none belongs to the first.
    fn of_row(&self, record: &Record<'_>) -> &TableRows {
        let cell = self.reading_at.map_or("", |column| record.cell(column).trim());
        self.others.iter().find(|(text, _)| text == cell).map_or(&self.first, |(_, rows)| rows)
    }
}
