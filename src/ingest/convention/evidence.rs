//! What the cells of a file say of its columns, collected in one pass. It must never grow with the file's rows.

use std::collections::BTreeMap;

use super::Place;
use super::dates::DateColumn;
use super::marks::NumberColumn;
use super::outcome::{ColumnConvention, SettledConventions};
use super::sighting::Subject;
use crate::error::Result;
use crate::ingest::refusal::quoted;
use crate::model::rejection::SHEET_STRIDE;
use crate::model::value::DecimalMark;

/// The evidence of one pass.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) tables: BTreeMap<usize, TableFacts>,
    pub(super) dates: BTreeMap<Place, DateColumn>,
    pub(super) numbers: BTreeMap<Place, NumberColumn>,
}

/// What is known of a table before its rows are read.
#[derive(Debug, Default)]
pub(super) struct TableFacts {
    /// The sheet that it is; None of a text.
    pub(super) sheet: Option<String>,
    pub(super) headers: Vec<String>,
    /// What parts its cells; None where they come apart by themselves, as in a workbook.
    pub(super) delimiter: Option<u8>,
}

/// What a pass settled.
pub(super) struct Verdict {
    pub(super) settled: SettledConventions,
    /// What the next pass assumes.
    pub(super) assumed: Evidence,
    /// Whether cells were read otherwise than they should have been.
    pub(super) is_news: bool,
}

impl Evidence {
    /// What all cells of the file called `name` settle.
    ///
    /// # Errors
    /// The cells of a column contradict each other, or leave open how they are to be read.
    pub(super) fn settle(&self, name: &str) -> Result<Verdict> {
        let mut verdict =
            Verdict { settled: SettledConventions::default(), assumed: Self::default(), is_news: false };
        let mut columns = BTreeMap::new();
        for (place, column) in &self.dates {
            let found = column.settle(&self.subject(name, *place))?;
            verdict.is_news |= found.is_news;
            verdict.assumed.dates.insert(*place, DateColumn::assuming(found.order));
            if found.matters {
                let entry = columns.entry(*place).or_insert_with(|| self.column(*place));
                (entry.date_order, entry.dates) = (Some(found.order), found.cells);
            }
        }
        for (place, column) in &self.numbers {
            let mark = self.mark(name, *place, column)?;
            verdict.is_news |= column.is_news(mark);
            verdict.assumed.numbers.insert(*place, NumberColumn::assuming(mark));
            if column.says_something() {
                columns.entry(*place).or_insert_with(|| self.column(*place)).decimal = Some(mark);
            }
        }
        verdict.settled.columns = columns.into_values().collect();
        Ok(verdict)
    }

    /// The mark of a column: its own, else what the delimiter lets expect; what other columns show says nothing of it.
    fn mark(&self, name: &str, place: Place, column: &NumberColumn) -> Result<DecimalMark> {
        let subject = self.subject(name, place);
        if let Some(mark) = column.shown(&subject)? {
            return Ok(mark);
        }
        if !column.is_ambiguous() {
            return Ok(DecimalMark::Point);
        }
        let delimiter = self.tables.get(&place.table).and_then(|table| table.delimiter);
        column.by_delimiter(delimiter, &subject)
    }

    fn column(&self, place: Place) -> ColumnConvention {
        ColumnConvention::of(place, self.header(place))
    }

    fn header(&self, place: Place) -> Option<String> {
        self.tables.get(&place.table).and_then(|table| table.headers.get(place.column)).cloned()
    }

    /// A line of a table: of a sheet, its row.
    pub(super) fn line(&self, place: Place, line: u32) -> u32 {
        let is_sheet = self.tables.get(&place.table).is_some_and(|table| table.sheet.is_some());
        if is_sheet { line % SHEET_STRIDE } else { line }
    }

    fn subject(&self, name: &str, place: Place) -> Subject {
        let header = self.header(place);
        let column = match &header {
            Some(header) => format!("column {}", quoted(header)),
            None => "header".to_owned(),
        };
        let sheet = self.tables.get(&place.table).and_then(|table| table.sheet.as_ref());
        let column =
            sheet.map_or_else(|| column.clone(), |sheet| format!("sheet {}, {column}", quoted(sheet)));
        Subject { file: name.to_owned(), header, column }
    }
}
