//! What a user would notice of reading a value: tables of cells, and properties that hold for any cell.

mod properties;
mod refusals;
mod tables;

use super::{DecimalMark, MISSING_TOKENS, Reading, ValueError, ValueReader, ValueTarget};
use crate::model::kpi::{Unit, batch::Cell};

fn reader(decimal: DecimalMark) -> ValueReader {
    ValueReader::new(&MISSING_TOKENS.map(str::to_owned), "USD", decimal)
}

fn of(unit: Unit) -> ValueTarget {
    ValueTarget { unit: Some(unit), ..ValueTarget::default() }
}

fn read(cell: &str, target: ValueTarget) -> Result<Reading, ValueError> {
    reader(DecimalMark::Point).read(cell, target)
}

fn number(cell: &str, target: ValueTarget) -> Result<Cell, ValueError> {
    read(cell, target).map(|reading| reading.cell)
}

const NO_UNIT: ValueTarget = ValueTarget { unit: None, best: None, given: None };

fn assert_numbers(target: ValueTarget, cases: &[(&str, f64)]) {
    for (cell, expected) in cases {
        assert_eq!(number(cell, target), Ok(Cell::Number(*expected)), "{cell:?} as {:?}", target.unit);
    }
}

fn assert_errors(target: ValueTarget, cases: &[(&str, ValueError)]) {
    for (cell, expected) in cases {
        assert_eq!(read(cell, target), Err(*expected), "{cell:?} as {:?}", target.unit);
    }
}
