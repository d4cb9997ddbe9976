//! What the fuzz targets call: the rooms that nothing outside sees, and what must hold of them whatever the bytes.
//!
//! It is compiled for fuzzing alone.

use std::io::Cursor;

use super::convention::{Conventions, Place};
use super::note::Notes;
use super::records::Records;
use super::region::{HeaderJudge, Region};
use super::source::Source;
use super::table::{Dialect, Table};
use super::table_options::TableOptions;
use super::text_options::TextOptions;
use super::workbook::{Workbook, is_workbook};

/// Knows a few names, so that headers are found by them too.
struct Fields;

impl HeaderJudge for Fields {
    fn knows(&self, cell: &str) -> bool {
        ["account", "kpi", "value", "date"].contains(&cell.trim())
    }
}

/// Reads bytes as the records of a text: they go forward, and their cells lie within them.
pub fn text(bytes: &[u8], options: TextOptions) {
    let Ok(source) = Source::spool("fuzz", bytes) else { return };
    let source = source.written_as(options);
    let mut no_progress = |_| {};
    let Ok(mut table) = Table::open(&source, &mut no_progress) else { return };
    let mut line = 0;
    while let Ok(true) = table.advance() {
        let Ok(record) = table.record() else { return };
        assert!(record.line > line, "records go forward");
        line = record.line;
        assert_eq!(record.cells().count(), record.len());
    }
}

/// Finds the table in a text, and once more as a second pass does: both times the same rows.
pub fn region(bytes: &[u8], table: &TableOptions) {
    let Ok(source) = Source::spool("fuzz", bytes) else { return };
    let source = source.laid_out_as(table.clone());
    let (mut first, mut second) = (|_| {}, |_| {});
    let Ok(records) = Records::open(&source, &mut first) else { return };
    let Ok(region) = Region::of(&source, 0, records, &Fields) else { return };
    let Some(rows) = rows_of(region) else { return };
    let again = Region::open_again(&source, &mut second).ok().and_then(rows_of);
    assert_eq!(Some(rows), again);
}

fn rows_of(mut region: Region<'_>) -> Option<Vec<(u64, Vec<String>)>> {
    let mut rows = Vec::new();
    while let Some(record) = region.next_row().ok()? {
        rows.push((record.line, record.cells().map(str::to_owned).collect()));
    }
    region.note(&mut Notes::default());
    Some(rows)
}

/// Finds the dialect of a sample: one that can part cells.
pub fn dialect(sample: &[u8], is_whole: bool) {
    let dialect = Dialect::find(sample, is_whole, None);
    assert!([b',', b';', b'\t', b'|'].contains(&dialect.delimiter));
}

/// Reads texts as the dates and numbers of a column.
pub fn dates(cells: &[&str]) {
    let conventions = Conventions::default();
    for (line, cell) in (1..).zip(cells) {
        let place = Place { table: 0, column: 0 };
        let days = conventions.days(place, line, cell);
        assert!(days.is_none_or(|(first, last)| first <= last), "{cell:?}");
        let _ = conventions.instant(place, line, cell, chrono_tz::America::Sao_Paulo);
        let read = |mark| cell.trim().parse::<f64>().map_err(|_| mark);
        let _ = conventions.number(Place { table: 0, column: 1 }, line, cell, read);
    }
}

/// Reads bytes as a workbook: its rows go forward, and their cells lie within them.
pub fn workbook(bytes: &[u8]) {
    if !is_workbook(bytes, "fuzz.xlsx") {
        return;
    }
    let Ok(workbook) = Workbook::read("fuzz.xlsx", Cursor::new(bytes), bytes.len() as u64) else { return };
    for sheet in &workbook.sheets {
        let mut number = 0;
        for row in (0..sheet.rows()).filter_map(|place| sheet.row(place)) {
            assert!(row.number > number, "rows go forward");
            number = row.number;
            assert!(row.bounds.iter().all(|(start, end)| row.text.get(*start..*end).is_some()));
        }
    }
}
