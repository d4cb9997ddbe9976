//! A cell, read in every unit and by both decimal marks.

#![no_main]

use acctsnap::model::kpi::Unit;
use acctsnap::model::kpi::batch::Cell;
use acctsnap::model::value::{DecimalMark, MISSING_TOKENS, ValueReader, ValueTarget};
use libfuzzer_sys::fuzz_target;

const UNITS: [Option<Unit>; 5] =
    [None, Some(Unit::Percent), Some(Unit::Days), Some(Unit::Hours), Some(Unit::Score)];

fuzz_target!(|cell: &str| {
    let tokens = MISSING_TOKENS.map(str::to_owned);
    for mark in [DecimalMark::Point, DecimalMark::Comma] {
        let reader = ValueReader::new(&tokens, "EUR", mark);
        for unit in UNITS {
            let target = ValueTarget { unit, best: Some(5.0), given: None };
            if let Ok(reading) = reader.read(cell, target)
                && let Cell::Number(number) = reading.cell
            {
                assert!(number.is_finite(), "{cell:?}");
            }
        }
    }
});
