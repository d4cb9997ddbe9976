//! How many cells the records of a sample have in some dialect.

use std::collections::BTreeMap;

use super::Dialect;

/// How many records are looked at.
const MAX_RECORDS: usize = 1000;

/// How evenly a dialect parts the records of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    records: u64,
    /// The number of cells that most of the parted records have, how many have it, and whether the first one has.
    cells: usize,
    alike: u64,
    begins_so: bool,
}

impl Count {
    /// Whether this speaks more clearly for its dialect: a larger share of records of one width, then more cells.
    pub(super) fn is_better(&self, than: &Self) -> bool {
        let (ours, theirs) = (self.alike * than.records, than.alike * self.records);
        (ours, self.cells) > (theirs, than.cells)
    }

    /// Whether it is no accident: half of the records have the width, and either the first one has it too or there
    /// are at least three cells. A column of texts with a bar here and there is one column.
    pub(super) fn is_clear(&self) -> bool {
        self.alike * 2 >= self.records && self.alike > 0 && (self.begins_so || self.cells > 2)
    }
}

/// Counts the cells of the records of a sample; the last one may be cut unless the sample is the whole file.
pub(super) fn count_cells(sample: &[u8], is_whole: bool, dialect: Dialect) -> Count {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(dialect.delimiter)
        .quote(dialect.quote)
        .escape(dialect.escapes.then_some(b'\\'))
        .from_reader(sample);
    let mut record = csv::ByteRecord::new();
    let mut widths = Vec::new();
    while widths.len() < MAX_RECORDS && reader.read_byte_record(&mut record).unwrap_or(false) {
        // A remark above or below a table has no cells to be parted.
        let is_remark = record.len() == 1 && record.get(0).is_some_and(|cell| cell.starts_with(b"#"));
        if !is_remark {
            widths.push(record.len());
        }
    }
    if !is_whole && widths.len() > 1 && widths.len() < MAX_RECORDS {
        widths.pop();
    }
    let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
    for width in widths.iter().filter(|width| **width > 1) {
        *counts.entry(*width).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(cells, alike)| (*alike, *cells));
    let (cells, alike) = most.unwrap_or_default();
    let begins_so = alike > 0 && widths.first() == Some(&cells);
    Count { records: widths.len() as u64, cells, alike, begins_so }
}
