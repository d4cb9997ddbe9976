//! The worked examples of HEALTH.md, "Reading a value", read by the unit that the catalogue gives to their KPI.

use std::collections::HashMap;

use acctsnap::model::kpi::batch::Cell;
use acctsnap::model::value::{DecimalMark, MISSING_TOKENS, ValueReader, ValueTarget};
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    input: String,
    kpi: String,
    expected: Option<f64>,
}

fn catalogue() -> csv::Result<HashMap<String, ValueTarget>> {
    #[derive(Deserialize)]
    struct Row {
        kpi_name: String,
        unit: acctsnap::model::kpi::Unit,
        best: f64,
    }
    csv::Reader::from_reader(include_str!("../../src/model/kpi/catalogue.csv").as_bytes())
        .deserialize()
        .map(|row| {
            let row: Row = row?;
            Ok((row.kpi_name, ValueTarget { unit: Some(row.unit), best: Some(row.best), given: None }))
        })
        .collect()
}

#[test]
fn every_worked_example_is_read_as_written() {
    let golden: Golden =
        serde_json::from_str(include_str!("../golden/parse_values.json")).expect("the golden file");
    let catalogue = catalogue().expect("the catalogue");
    let reader = ValueReader::new(&MISSING_TOKENS.map(str::to_owned), "USD", DecimalMark::Point);
    assert!(!golden.cases.is_empty());
    for case in golden.cases {
        let target = catalogue.get(&case.kpi).copied().unwrap_or_default();
        let number = match reader.read(&case.input, target).map(|reading| reading.cell) {
            Ok(Cell::Number(number)) => Some(number),
            _ => None,
        };
        assert_eq!(number, case.expected, "{:?} for {}", case.input, case.kpi);
    }
}
