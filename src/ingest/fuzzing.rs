//! What the fuzz targets call: the rooms that nothing outside sees, and what must hold of them whatever the bytes.
//!
//! It is compiled for fuzzing alone.

use super::convention::{Conventions, Place, settled};
use super::note::Notes;
use super::region::{HeaderJudge, Region};
use super::source::Source;
use super::table::{Dialect, Table};
use super::table_options::TableOptions;
use super::text_options::TextOptions;
use crate::model::reading::DateOrder;

struct Fields;

impl HeaderJudge for Fields {
    fn knows(&self, cell: &str) -> bool {
        ["account", "kpi", "value", "date"].contains(&cell.trim())
    }
}

/// Reads bytes as the records of a text; every record's cells lie within it.
pub fn text(bytes: &[u8], options: TextOptions) {
    let Ok(source) = Source::spool("fuzz", bytes) else { return };
    let source = source.written_as(options);
    let mut no_progress = |_| {};
    let Ok(mut table) = Table::open(&source, &mut no_progress) else { return };
    let mut line = 0;
    while let Ok(true) = table.advance() {
        let Ok(record) = table.record() else { return };
        assert!(record.line > line, "records go forward");
        line = record.line + record.line_breaks;
        assert_eq!(record.cells().count(), record.len());
    }
}

/// Finds the table in a text, twice: both times the same rows, as many as there are.
pub fn region(bytes: &[u8], table: &TableOptions) {
    let read = || -> Option<Vec<(u64, Vec<String>)>> {
        let source = Source::spool("fuzz", bytes).ok()?.laid_out_as(table.clone());
        let mut no_progress = |_| {};
        let mut region = Region::open(&source, &Fields, &mut no_progress).ok()?;
        let mut rows = Vec::new();
        while let Some(record) = region.next_row().ok()? {
            rows.push((record.line, record.cells().map(str::to_owned).collect()));
        }
        region.note(&mut Notes::default());
        Some(rows)
    };
    assert_eq!(read(), read());
}

/// Finds the dialect of a sample; whatever it is, it is one that can part cells.
pub fn dialect(sample: &[u8], is_whole: bool) {
    let dialect = Dialect::find_in(sample, is_whole);
    assert!([b',', b';', b'\t', b'|'].contains(&dialect.delimiter));
}
