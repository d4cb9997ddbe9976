//! The rejects file: the rows that were set aside, as they stood, with the reasons beside them.
//!
//! It is written by a second pass over the source, so that rejected rows are never held. Mended, it is ingested as
//! it is: the reasons stand in columns that every reader knows and passes over. Nothing of a row is ever left out.

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

use super::columns::is_reserved;
use super::refusal;
use super::source::Source;
use super::table::{Record, Table};
use crate::error::{Error, Result};
use crate::model::rejection::{Problem, Rejection, Rejections};

/// The columns that are added, in order.
const ADDED: [&str; 6] = [
    "acctsnap_line",
    "acctsnap_column",
    "acctsnap_value",
    "acctsnap_code",
    "acctsnap_message",
    "acctsnap_hint",
];

/// Writes the rows of `source` that were set aside, as CSV with the source's header and the reasons; returns how
/// many. A row that several problems befell is written once, with the first.
///
/// # Errors
/// The source cannot be read, or was changed since it was read; the output cannot be written.
pub fn write_rejects(source: &Source, rejections: &Rejections, out: &mut impl Write) -> Result<u64> {
    let mut no_progress = |_| {};
    let mut table = Table::new(source.reader()?, source.name(), &mut no_progress);
    let Some(header) = table.next_record()? else { return Ok(0) };
    let layout = Layout::of(&header);
    let mark = if table.has_bom() { "\u{feff}" } else { "" };
    out.write_all(mark.as_bytes()).map_err(unwritable)?;
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(out);
    writer.write_record(layout.kept_headers().chain(ADDED)).map_err(unwritable)?;
    let mut written = 0;
    let rows = in_line_order(&rejections.rows);
    let mut rejected = rows.iter().copied().peekable();
    while let (Some(next), Some(record)) = (rejected.peek().copied(), table.next_record()?) {
        if record.line < u64::from(next.line) {
            continue;
        }
        let problem = rejections.problems.get(next.problem as usize).ok_or_else(|| changed(source))?;
        if record.line != u64::from(next.line) {
            return Err(changed(source));
        }
        layout.write_row(&mut writer, &record, problem).map_err(unwritable)?;
        written += 1;
        while rejected.next_if(|rejection| rejection.line == next.line).is_some() {}
    }
    writer.flush().map_err(unwritable)?;
    source.confirm_sha256(table.finish()?)?;
    Ok(written)
}

/// The rejections by line; copied (8 bytes each) only where they are not so already.
fn in_line_order(rows: &[Rejection]) -> Cow<'_, [Rejection]> {
    if rows.is_sorted_by_key(|rejection| rejection.line) {
        return Cow::Borrowed(rows);
    }
    let mut sorted = rows.to_vec();
    sorted.sort_by_key(|rejection| rejection.line);
    Cow::Owned(sorted)
}

fn unwritable(error: impl Into<std::io::Error>) -> Error {
    Error::io(Path::new("the rejects file"), "write", error.into())
}

fn changed(source: &Source) -> Error {
    refusal::file(source.name(), "was changed after it was read", "run it again when nothing writes it")
}

/// Which cells of a row are kept.
struct Layout {
    headers: Vec<String>,
}

impl Layout {
    fn of(header: &Record<'_>) -> Self {
        Self { headers: header.cells().map(str::to_owned).collect() }
    }

    /// The headers but those that an earlier rejects file added.
    fn kept_headers(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().map(String::as_str).filter(|header| !is_reserved(header))
    }

    fn write_row<W: Write>(
        &self,
        writer: &mut csv::Writer<W>,
        record: &Record<'_>,
        problem: &Problem,
    ) -> Result<(), csv::Error> {
        // In a row that does not fit no one knows which cell is whose: it is kept whole, and with the reasons behind
        // it (the hint of a ragged row is never empty) it still does not fit, so it cannot be ingested unmended.
        let fits = self.fits(record);
        for (place, cell) in record.cells().enumerate() {
            if !fits || self.headers.get(place).is_some_and(|header| !is_reserved(header)) {
                writer.write_field(cell)?;
            }
        }
        for field in self.reasons(record, problem) {
            writer.write_field(field.as_ref())?;
        }
        writer.write_record(None::<&[u8]>)
    }

    /// Whether every cell has a header, but for empty ones at the end.
    fn fits(&self, record: &Record<'_>) -> bool {
        let width = self.headers.len();
        record.len() >= width && record.cells().skip(width).all(|cell| cell.trim().is_empty())
    }

    fn reasons<'r>(&self, record: &Record<'r>, problem: &'r Problem) -> [Cow<'r, str>; 6] {
        let column = problem.column.as_deref().unwrap_or_default();
        let place = self.headers.iter().position(|header| header.trim() == column && !column.is_empty());
        [
            record.line.to_string().into(),
            column.into(),
            place.map_or("", |place| record.cell(place)).into(),
            problem.code.into(),
            problem.message.as_str().into(),
            problem.hint.as_deref().unwrap_or_default().into(),
        ]
    }
}
