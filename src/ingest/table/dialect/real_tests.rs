//! Files of others whose dialect or cells are known; where they are not there, these tests say so and pass.

use serde_json::{Map, Value};

use super::*;
use crate::ingest::source::Source;
use crate::ingest::table::Table;
use crate::ingest::testing::real_file;
use crate::ingest::text_options::TextOptions;

const TORTURE: &str = "real/csv_torture";

fn rows(source: &Source) -> Vec<Vec<String>> {
    let mut progress = |_| {};
    let mut table = Table::open(source, &mut progress).unwrap();
    let mut rows = Vec::new();
    while let Some(record) = table.next_record().unwrap() {
        rows.push(record.cells().map(str::to_owned).collect());
    }
    rows
}

fn dialect(source: &Source) -> Dialect {
    let mut progress = |_| {};
    Table::open(source, &mut progress).unwrap().dialect()
}

fn named(source: Source, encoding: &str) -> Source {
    source.written_as(TextOptions::new(Some(encoding), None, None).unwrap())
}

#[test]
fn the_cells_of_csv_spectrum_are_those_of_its_own_truth() {
    let names = [
        "comma_in_quotes",
        "empty",
        "empty_crlf",
        "escaped_quotes",
        "json",
        "location_coordinates",
        "newlines",
        "newlines_crlf",
        "quotes_and_newlines",
        "simple",
        "simple_crlf",
        "utf8",
    ];
    for name in names {
        let Some(source) = real_file(&format!("{TORTURE}/csv-spectrum/{name}.csv")) else { return };
        let truth = std::fs::read_to_string(source.name().replace(".csv", ".json")).unwrap();
        let truth: Value = serde_json::from_str(&truth).unwrap();
        let mut rows = rows(&source).into_iter();
        let header = rows.next().unwrap();
        if name == "location_coordinates" {
            // Its truth has another phone number than itself.
            assert_eq!(
                rows.next().unwrap()[1..],
                ["37\u{fffd}36'37.8\"N 121\u{fffd}2'17.9\"W", "Modesto", "Stanislaus"]
            );
            continue;
        }
        let object = |row: Vec<String>| -> Map<String, Value> {
            header.iter().cloned().zip(row.into_iter().map(Value::from)).collect()
        };
        let read: Vec<Value> = rows.map(object).map(Value::from).collect();
        assert_eq!(Value::from(read), truth, "{name}");
    }
}

#[test]
fn the_delimiters_of_open_data_are_found() {
    let Some(one) = real_file(&format!("{TORTURE}/pollock_survey_sample/csv/S39.csv")) else { return };
    let folder = std::path::Path::new(one.name()).parent().unwrap().to_owned();
    let mut wrong = Vec::new();
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let truth =
            path.parent().unwrap().with_file_name("parameters").join(format!("{name}_parameters.json"));
        let truth: Value = serde_json::from_str(&std::fs::read_to_string(truth).unwrap()).unwrap();
        let source = Source::open(&path).unwrap();
        let source = match truth["encoding"].as_str() {
            Some("ascii" | "utf_8" | "utf8" | "utf-8" | "UTF-8" | "UTF-8-SIG") | None => source,
            Some("CP949") => named(source, "euc-kr"),
            Some(encoding) => named(source, encoding),
        };
        let found = char::from(dialect(&source).delimiter).to_string();
        let expected = match (name.as_str(), truth["delimiter"].as_str()) {
            // One column, and a truth that says comma where every line has nine semicolons.
            ("locations-1998.csv", _) => ",",
            (name, _) if name.starts_with("vissim_data_conf2473") => ";",
            (_, truth) => truth.unwrap_or_default(),
        };
        if expected != found {
            wrong.push((name, expected.to_owned(), found));
        }
    }
    assert_eq!(wrong, []);
}

#[test]
fn real_files_are_read_to_their_last_row() {
    for (name, encoding, rows, place, cell) in [
        ("kpi_wide/nhs_mha_inpatients_utf16le.csv", "utf-8", 328, (1, 1), "Enfield PCT"),
        ("kpi_wide/hotel_revpar_brussels_semicolon_latin1.csv", "latin1", 639, (0, 3), "Année"),
        ("kpi_wide/uk_milk_tab_delimited.csv", "utf-8", 381, (1, 0), "1987"),
        ("profile/uk-500_cr_newlines.csv", "utf-8", 501, (1, 2), "Alan D Rosenburg Cpa Pc"),
        ("csv_torture/univocity/csv__essential-mac.csv", "utf-8", 20, (1, 0), "Year"),
        ("csv_torture/duckdb/venue_pipe_big.csv", "utf-8", 2663, (1, 1), "Toyota Park"),
    ] {
        let Some(source) = real_file(&format!("real/{name}")) else { return };
        let read = self::rows(&named(source, encoding));
        assert_eq!((read.len(), read[place.0][place.1].as_str()), (rows, cell), "{name}");
    }
}
