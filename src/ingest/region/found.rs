//! Where the table of a file begins: its header, and what stands above and below it among the first records.

use super::HeaderJudge;
use super::aside::{AsideKind, Asides};
use super::class::Class;
use super::head::Head;
use super::header::{Finder, is_ours};
use super::header_rows::HeaderRows;
use super::held::{Held, Looked, Sample};
use crate::error::{Error, Result};
use crate::ingest::refusal;
use crate::model::reading::HeaderRow;

/// From so many records on, a header that fits none of them is told of once and not for each.
const ROWS_THAT_SHOW: usize = 3;

/// A header, and the first records below it.
pub(super) struct Found {
    pub(super) head: Head,
    pub(super) rows: Vec<Held>,
}

/// Finds the header in a sample, as `said` where that is said; what is no row is set aside.
///
/// # Errors
/// There is no header where it shall be, or none at all, or it does not fit its rows.
pub(super) fn find(
    name: &str,
    sample: Sample,
    judge: &dyn HeaderJudge,
    said: HeaderRow,
    asides: &mut Asides,
) -> Result<Found> {
    let finder = Finder::new(&sample, judge);
    let is_ours = sample.records.first().is_some_and(is_ours);
    let header = match said {
        HeaderRow::None if !is_ours => {
            let width = usual_width(&sample.records);
            let head = Head { cells: Head::numbered(width), width, next_line: 1, ..Head::default() };
            return Ok(Found { head, rows: sample.records.into_iter().map(|record| record.held).collect() });
        }
        HeaderRow::Row(line) if !is_ours => row_on(name, &sample, line)?,
        _ => finder.find().ok_or_else(|| no_header(name, &sample, judge))?,
    };
    let rows = HeaderRows::around(&finder, &sample.records, header, said == HeaderRow::Auto);
    let below = sample.records.get(rows.places.end..).unwrap_or_default();
    let line = sample.records.get(header).map_or(1, |record| record.held.line);
    let cells = without_spare(rows.cells, below);
    check_width(name, line, cells.len(), below)?;
    let width = cells.len().max(usual_width(below));
    let mut head = Head { line: Some(line), width, cells, ..Head::default() };
    let mut left = Vec::new();
    for (place, record) in sample.records.into_iter().enumerate() {
        if place >= rows.places.end {
            left.push(record.held);
            continue;
        }
        (head.last_line, head.next_line) = (record.held.line, record.held.next_line());
        if place < rows.places.start {
            asides.add(&record.held.record(), AsideKind::Preamble);
            continue;
        }
        head.rows.push(record.held.record().cells().map(str::to_owned).collect());
        if place != header {
            asides.add(&record.held.record(), AsideKind::HeaderRow);
        }
    }
    Ok(Found { head, rows: left })
}

/// The width that most records have, the wider of equal ones.
fn usual_width(records: &[Looked]) -> usize {
    let count = |width: usize| records.iter().filter(|record| record.len() == width).count();
    records.iter().map(Looked::len).max_by_key(|width| (count(*width), *width)).unwrap_or_default()
}

fn row_on(name: &str, sample: &Sample, line: u32) -> Result<usize> {
    let line = u64::from(line);
    if sample.records.first().is_some_and(|record| record.held.line == line) {
        return Ok(0);
    }
    let what = match (sample.blanks.contains(&line), sample.records.first()) {
        (true, _) => {
            format!("has nothing but empty cells on line {line}, where --header says that the header is")
        }
        (_, Some(next)) => format!(
            "has no record that begins on line {line}; the next one begins on line {}",
            next.held.line
        ),
        (_, None) => format!("ends before line {line}, where --header says that the header is"),
    };
    Err(refusal::file(name, &what, "name the line of the header with --header, or leave --header out"))
}

/// The header without empty cells at its end, where rows are that much shorter and say nothing there.
fn without_spare(mut cells: Vec<String>, below: &[Looked]) -> Vec<String> {
    let used = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(cells.len(), |last| last + 1);
    let is_short = |record: &Looked| record.filled > 1 && record.len() < cells.len();
    let is_silent = |record: &Looked| (used..record.len()).all(|column| record.class(column) == Class::Blank);
    if below.iter().any(is_short) && below.iter().all(is_silent) {
        cells.truncate(used);
    }
    cells
}

/// Refuses a file whose header has more or fewer cells than each of its rows.
fn check_width(name: &str, line: u64, width: usize, below: &[Looked]) -> Result<()> {
    let rows = || below.iter().filter(|record| record.filled > 1);
    let Some(first) = rows().next() else { return Ok(()) };
    let misfits = |record: &Looked| {
        record.len() < width || (width..record.len()).any(|column| record.class(column) != Class::Blank)
    };
    let is_alike = rows().all(|record| record.len() == first.len() && misfits(record));
    if rows().count() < ROWS_THAT_SHOW || !is_alike {
        return Ok(());
    }
    let (rows, first) = (first.len(), first.held.line);
    let what = format!("the header has {width} cells, but the rows from line {first} on have {rows}");
    let hint = "look in the header for a delimiter or a quote that is missing or too many, or name its line with --header";
    Err(refusal::line(name, line, "header_width", &what, hint))
}

/// The refusal of a file whose first record is data like all others.
fn no_header(name: &str, sample: &Sample, judge: &dyn HeaderJudge) -> Error {
    let line = sample.records.first().map_or(1, |record| record.held.line);
    let what = format!(
        "seems to have no header: its first record, on line {line}, has numbers or dates where the records below have them"
    );
    let columns = 0..sample.records.first().map_or(0, Looked::len);
    let of_class = |class| {
        let is_it = |column: &usize| {
            let found = sample.records.iter().map(|record| record.class(*column));
            found.into_iter().find(|found| !matches!(found, Class::Blank | Class::Missing)) == Some(class)
        };
        columns.clone().find(is_it)
    };
    let fields = [("account", Class::Text), ("date", Class::When), ("value", Class::Number)];
    let maps = fields.iter().filter(|(field, _)| judge.knows(field)).filter_map(|(field, class)| {
        of_class(*class).map(|column| format!(" --map 'column {}={field}'", column + 1))
    });
    let maps: String = maps.collect();
    let hint = format!(
        "say what its columns are, as in --header none{maps}, or with --account in place of an account column; where it has a \
         header, name its line: --header N"
    );
    refusal::file(name, &what, &hint)
}
