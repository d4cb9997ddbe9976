//! What a file says by itself of how its rows were read, where it is a rejects file. It must never take a file for one
//! that has no column of that name.

use std::collections::BTreeMap;

use super::reading::{READING, RowReading, RowsFlags, TableSaid};
use crate::error::Result;
use crate::ingest::records::Records;
use crate::ingest::refusal;
use crate::ingest::rows::is_json;
use crate::ingest::rows::json::each_object;
use crate::ingest::rows::json::value::members;
use crate::ingest::source::Source;

/// Among so many records the header of a rejects file stands: people write little above it.
const RECORDS_LOOKED_AT: usize = 8;
/// How many readings the rows of one file may have: those of the sheets of a workbook.
const MOST_READINGS: usize = 64;

/// What a file says of how its rows were read; of most files nothing.
#[derive(Debug, Default)]
pub struct Said {
    readings: Vec<(String, RowReading)>,
    /// Which of them rows of each table have.
    by_table: BTreeMap<usize, Vec<usize>>,
}

/// The rows of a table that were read alike.
#[derive(Debug, Clone, Copy)]
pub(in crate::ingest) struct Part<'s> {
    /// What their cells say.
    pub(in crate::ingest) text: &'s str,
    pub(in crate::ingest) table: &'s TableSaid,
}

impl Said {
    /// What was said of all rows; None where the file is no rejects file, or one that says nothing.
    #[must_use]
    pub fn flags(&self) -> Option<&RowsFlags> {
        self.readings.first().map(|(_, reading)| &reading.flags)
    }

    /// What was said or found out of the tables that the rows stood in, each kind of them once.
    pub fn tables(&self) -> impl Iterator<Item = &TableSaid> {
        self.readings.iter().map(|(_, reading)| &reading.table)
    }

    /// The parts of a table, in order of their first rows.
    pub(in crate::ingest) fn parts(&self, table: usize) -> Vec<Part<'_>> {
        let places = self.by_table.get(&table).into_iter().flatten();
        let readings = places.filter_map(|place| self.readings.get(*place));
        readings.map(|(text, reading)| Part { text, table: &reading.table }).collect()
    }

    /// Looks for it in a file.
    ///
    /// # Errors
    /// The file cannot be read; its rows say what means nothing, or were read in ways that exclude each other.
    pub(in crate::ingest) fn of(source: &Source) -> Result<Self> {
        let mut said = Self::default();
        if let Some(workbook) = source.workbook()? {
            for (number, sheet) in workbook.sheets.iter().enumerate() {
                said.look_at_records(source.name(), number, Records::of_sheet(sheet))?;
            }
        } else if is_json(source)? {
            said.look_at_objects(source)?;
        } else {
            let mut no_progress = |_| {};
            said.look_at_records(source.name(), 0, Records::open(source, &mut no_progress)?)?;
        }
        said.check(source.name())?;
        Ok(said)
    }

    fn look_at_records(&mut self, name: &str, table: usize, mut records: Records<'_>) -> Result<()> {
        let mut column = None;
        for _ in 0..RECORDS_LOOKED_AT {
            if column.is_some() || !records.advance()? {
                break;
            }
            column = records.record()?.cells().position(|cell| cell.trim() == READING);
        }
        let Some(column) = column else { return Ok(()) };
        while records.advance()? {
            let record = records.record()?;
            self.add(name, table, record.line, record.cell(column))?;
        }
        Ok(())
    }

    fn look_at_objects(&mut self, source: &Source) -> Result<()> {
        if !source.holds(READING.as_bytes())? {
            return Ok(());
        }
        each_object(source, |line, object| {
            let members = members(object).unwrap_or_default();
            let text = members.iter().find(|(key, _)| key == READING).map(|(_, raw)| *raw);
            let text: Option<String> = text.and_then(|raw| serde_json::from_str(raw).ok());
            text.map_or(Ok(()), |text| self.add(source.name(), 0, line, &text))
        })
    }

    fn add(&mut self, name: &str, table: usize, line: u64, cell: &str) -> Result<()> {
        let text = cell.trim();
        let known = self.readings.iter().position(|(known, _)| known == text);
        let place = match known {
            Some(place) => place,
            None => match RowReading::parse(text) {
                Ok(None) => return Ok(()),
                Ok(Some(reading)) => {
                    self.readings.push((text.to_owned(), reading));
                    self.readings.len() - 1
                }
                Err(word) => {
                    let what = format!("line {line}, column {READING}: '{word}' means nothing here");
                    return Err(refusal::file(name, &what, "write the cell as it was, or leave it empty"));
                }
            },
        };
        if self.readings.len() > MOST_READINGS {
            let what = format!("has rows of more than {MOST_READINGS} readings in column {READING}");
            return Err(refusal::file(name, &what, "ingest the rejects of each file by themselves"));
        }
        let places = self.by_table.entry(table).or_default();
        if !places.contains(&place) {
            places.push(place);
        }
        Ok(())
    }

    /// What was said of a whole file is the same of all its rows.
    fn check(&self, name: &str) -> Result<()> {
        let mut readings = self.readings.iter();
        let Some((first, reading)) = readings.next() else { return Ok(()) };
        match readings.find(|(_, other)| other.flags != reading.flags) {
            None => Ok(()),
            Some((other, _)) => {
                let what = format!("has rows that were read by '{first}' and others by '{other}'");
                Err(refusal::file(name, &what, "ingest the rejects of each file by themselves"))
            }
        }
    }
}
