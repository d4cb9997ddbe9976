//! KPI definitions as CSV: the built-in catalogue's own format, and that of `kpis import`.
//!
//! A file is taken whole or not at all: every fault is collected, with line, column and value, before it is
//! refused.

use std::collections::BTreeMap;
use std::io::Read;

use csv::StringRecord;

use super::KpiDefinition;
use super::definition_row::{Row, fault};
use crate::error::{Detail, Error, ErrorKind, Result};
use crate::model::names::loose_key;

/// The columns of a definition file; all but `aliases` must be there.
pub const COLUMNS: [&str; 9] =
    ["kpi_name", "category", "unit", "direction", "worst", "critical_edge", "healthy_edge", "best", ALIASES];
const ALIASES: &str = "aliases";

/// What a definition file says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DefinitionFile {
    /// The definitions, in file order; their names differ.
    pub definitions: Vec<KpiDefinition>,
    /// Alias and name of the KPI that it leads to, in file order.
    pub aliases: Vec<(String, String)>,
    /// Whether there is a column of aliases; a file without one says nothing of them.
    pub has_aliases: bool,
    /// Headers that mean nothing here, to be told.
    pub ignored_columns: Vec<String>,
}

/// Reads definitions from CSV with the columns of [`COLUMNS`], in any order, case and spaces aside.
///
/// Outer points (worst, best) may be empty: they then lie two gaps beyond their edge. An empty unit takes any
/// number as it stands. Aliases are separated by `;`.
///
/// # Errors
/// `InputRefused` with a detail for each fault (a missing column, an unknown category, unit or direction, points
/// out of order, a name or alias that is there twice), or `IoError` where the reader failed.
pub fn parse_definitions(reader: impl Read) -> Result<DefinitionFile> {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).has_headers(true).from_reader(reader);
    let mut parser = Parser::default();
    match reader.headers() {
        Ok(headers) => parser.take_headers(headers),
        Err(error) => parser.take_csv_error(error)?,
    }
    if parser.faults.is_empty() {
        for record in reader.into_records() {
            match record {
                Ok(record) => parser.take_record(&record),
                Err(error) => parser.take_csv_error(error)?,
            }
        }
    }
    parser.finish()
}

#[derive(Default)]
struct Parser {
    /// Where each of [`COLUMNS`] stands in the file.
    places: BTreeMap<&'static str, usize>,
    file: DefinitionFile,
    /// Line on which each name or alias was first taken, and by which KPI, by loose key.
    taken: BTreeMap<String, (u64, String)>,
    faults: Vec<Detail>,
}

impl Parser {
    fn take_headers(&mut self, headers: &StringRecord) {
        for (place, header) in headers.iter().enumerate() {
            let key = loose_key(header);
            match COLUMNS.into_iter().find(|column| loose_key(column) == key) {
                Some(column) if self.places.contains_key(column) => self.faults.push(Detail {
                    line: Some(1),
                    column: Some(header.to_owned()),
                    value: None,
                    code: "duplicate_column".into(),
                    message: format!("expected one column '{column}', got two"),
                    hint: None,
                    sheet: None,
                }),
                Some(column) => {
                    self.places.insert(column, place);
                }
                None => self.file.ignored_columns.push(header.to_owned()),
            }
        }
        for column in COLUMNS.into_iter().filter(|column| *column != ALIASES) {
            if !self.places.contains_key(column) {
                self.faults.push(missing_column(column));
            }
        }
    }

    /// Text that is not UTF-8 is a fault of its line; a reader that failed ends the reading.
    fn take_csv_error(&mut self, error: csv::Error) -> Result<()> {
        let line = error.position().map(csv::Position::line);
        let message = error.to_string();
        if let csv::ErrorKind::Io(cause) = error.into_kind() {
            return Err(Error::new(ErrorKind::IoError, "cannot read the KPI definitions").with_cause(cause));
        }
        let code = "not_readable".into();
        self.faults.push(Detail { line, column: None, value: None, code, message, hint: None, sheet: None });
        Ok(())
    }

    fn take_record(&mut self, record: &StringRecord) {
        let line = record.position().map_or(0, csv::Position::line);
        let mut row = Row { places: &self.places, record, line, faults: &mut self.faults };
        let definition = row.definition();
        let aliases: Vec<&str> =
            row.cell(ALIASES).split(';').map(str::trim).filter(|alias| !alias.is_empty()).collect();
        let Some(definition) = definition else { return };
        self.claim(line, "kpi_name", &definition.kpi_name, &definition.kpi_name);
        for alias in aliases {
            self.claim(line, ALIASES, alias, &definition.kpi_name);
            self.file.aliases.push((alias.to_owned(), definition.kpi_name.clone()));
        }
        self.file.definitions.push(definition);
    }

    /// Notes that a name or alias leads to this KPI; two KPIs may not claim the same one.
    fn claim(&mut self, line: u64, column: &'static str, name: &str, kpi_name: &str) {
        let key = loose_key(name);
        if let Some((first, owner)) = self.taken.get(&key) {
            if column == ALIASES && owner == kpi_name {
                return;
            }
            let message =
                format!("expected a name that leads to one KPI, got one that line {first} has already");
            let hint = Some(format!("give one of the two another name than '{owner}'"));
            self.faults.push(fault(line, column, name, "duplicate_name", message, hint));
        } else {
            self.taken.insert(key, (line, kpi_name.to_owned()));
        }
    }

    fn finish(self) -> Result<DefinitionFile> {
        if self.faults.is_empty() {
            let has_aliases = self.places.contains_key(ALIASES);
            return Ok(DefinitionFile { has_aliases, ..self.file });
        }
        let total = self.faults.len();
        let message = match self.faults.as_slice() {
            [only] => format!("the KPI definitions were refused: {}", only.message),
            _ => format!("the KPI definitions were refused: {total} faults"),
        };
        Err(Error::new(ErrorKind::InputRefused, message)
            .with_hint("mend the file; nothing of it was taken")
            .with_details(self.faults, total as u64))
    }
}

fn missing_column(column: &str) -> Detail {
    Detail {
        line: Some(1),
        column: Some(column.to_owned()),
        value: None,
        code: "missing_column".into(),
        message: format!("expected a column '{column}', got none"),
        hint: None,
        sheet: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kpi::Category;

    const HEADER: &str = "kpi_name,category,unit,direction,worst,critical_edge,healthy_edge,best,aliases";

    fn parse(rows: &str) -> Result<DefinitionFile> {
        parse_definitions(format!("{HEADER}\n{rows}\n").as_bytes())
    }

    /// Line, column and code of each fault.
    fn faults(rows: &str) -> Vec<(u64, String, String)> {
        let error = parse(rows).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InputRefused);
        assert_eq!(error.details_total(), error.details().len() as u64);
        let place = |d: &Detail| (d.line.unwrap(), d.column.clone().unwrap(), d.code.clone());
        error.details().iter().map(place).collect()
    }

    #[test]
    fn headers_in_any_order_case_and_spelling() {
        let text = "Best,Healthy Edge,critical-edge,WORST,Direction,Unit,Category,KPI name,owner\n\
                    ,80,50,,Higher,,support kpi,Seats Used,Ann\n";
        let file = parse_definitions(text.as_bytes()).unwrap();
        let [definition] = file.definitions.as_slice() else { panic!("{file:?}") };
        assert_eq!(definition.kpi_name, "Seats Used");
        assert_eq!((definition.category, definition.unit), (Some(Category::Support), None));
        assert_eq!(definition.scale.map(|scale| scale.points()), Some([-10.0, 50.0, 80.0, 140.0]));
        assert_eq!(file.ignored_columns, ["owner"]);
    }

    #[test]
    fn aliases_are_split_at_semicolons() {
        let file = parse("Seats Used,Support,count,higher,0,50,80,100, SU ; Plätze;").unwrap();
        let expected = [("SU".into(), "Seats Used".into()), ("Plätze".into(), "Seats Used".into())];
        assert_eq!(file.aliases, expected);
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let rows = "A,Sales,count,higher,0,50,80,100\n\
                    B,Support,miles,sideways,0,x,80,\n\
                    ,Support,%,lower,100,25,10,0\n\
                    C,Support,%,higher,0,80,50,100\n\
                    D,Support,%,higher,0,50,inf,100";
        let expected = [
            (2, "category", "unknown_category"),
            (3, "unit", "unknown_unit"),
            (3, "direction", "unknown_direction"),
            (3, "critical_edge", "not_a_number"),
            (4, "kpi_name", "missing_name"),
            (5, "healthy_edge", "points_out_of_order"),
            (6, "healthy_edge", "not_a_number"),
        ]
        .map(|(line, column, code)| (line, column.to_owned(), code.to_owned()));
        assert_eq!(faults(rows), expected);
    }

    #[test]
    fn a_name_may_lead_to_one_kpi_only() {
        let row = |name: &str, alias: &str| format!("{name},Support,%,higher,0,50,80,100,{alias}\n");
        let twice = [(3, "kpi_name".to_owned(), "duplicate_name".to_owned())];
        assert_eq!(faults(&(row("Seats Used", "") + &row("seats-used", ""))), twice);
        let alias_twice = [(3, "aliases".to_owned(), "duplicate_name".to_owned())];
        assert_eq!(faults(&(row("A", "x") + &row("B", "X"))), alias_twice);
        assert!(parse(&row("Seats Used", "seats used;SEATS USED")).is_ok());
    }

    #[test]
    fn a_missing_column_is_the_only_fault() {
        let error = parse_definitions(
            "kpi_name,category,unit,direction,worst,critical_edge,best\nA,,,,,,\n".as_bytes(),
        )
        .unwrap_err();
        assert_eq!(
            error.message(),
            "the KPI definitions were refused: expected a column 'healthy_edge', got none"
        );
        assert_eq!(parse_definitions(&b""[..]).unwrap_err().details_total(), 8);
    }

    #[test]
    fn outer_points_beyond_all_numbers_are_refused() {
        let rows = "A,Support,,higher,,-1e308,1e308,";
        assert_eq!(faults(rows), [(2, "worst".to_owned(), "points_out_of_order".to_owned())]);
    }

    #[test]
    fn bytes_that_are_no_text_are_a_fault_of_their_line() {
        let mut bytes = format!("{HEADER}\n").into_bytes();
        bytes.extend_from_slice(b"caf\xe9,Support,%,higher,0,50,80,100,\n");
        let error = parse_definitions(bytes.as_slice()).unwrap_err();
        assert_eq!(error.details().first().and_then(|detail| detail.line), Some(2));
    }
}
