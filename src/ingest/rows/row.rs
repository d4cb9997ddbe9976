//! One row of any kind of file, and its cells read as what fields hold.
//!
//! A blank cell, or a word for no value, gives None; what cannot be read gives the fault that sets the row aside.

use std::borrow::Cow;
use std::cell::RefCell;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde_json::{Map, Value};

use super::cell::Cell;
use super::json::value::{members, value_of};
use super::json::{JsonRow, is_metadata};
use super::missing::Missing;
use crate::ingest::columns::{Columns, Field, is_reserved};
use crate::ingest::convention::{Conventions, Place};
use crate::ingest::examples::Examples;
use crate::ingest::fault::Fault;
use crate::ingest::score::read_score;
use crate::ingest::table::Record;
use crate::ingest::text::clean_name;
use crate::model::score::Score;
use crate::model::time::Timestamp;
use crate::model::value::{DecimalMark, ValueError, ValueReader, is_excel_date, whole_number};

/// One row; it stands until the next one is read.
pub(in crate::ingest) struct Row<'r, F> {
    /// The physical line on which it begins, from 1.
    pub(in crate::ingest) line: u32,
    /// What the columns of its file are.
    pub(in crate::ingest) columns: &'r Columns<F>,
    pub(super) missing: &'r Missing,
    /// Its table's place among those of the file, from 0.
    pub(super) table: usize,
    pub(super) conventions: &'r Conventions,
    pub(super) examples: &'r RefCell<Examples>,
    pub(super) cells: Cells<'r>,
}

/// Where the cells of a row are.
pub(super) enum Cells<'r> {
    Csv(Record<'r>),
    Json(JsonRow<'r>),
}

/// The fault of a number that Excel turned into a date.
pub(in crate::ingest) fn excel_date<F: Field>(field: F) -> Fault<F> {
    let error = ValueError::ExcelDate;
    let fault = Fault::of(field, error.code(), error.to_string());
    error.hint().into_iter().fold(fault, Fault::with_hint)
}

impl<'r, F: Field> Row<'r, F> {
    /// The cell in a column, from 0.
    pub(in crate::ingest) fn cell_at(&self, column: usize) -> Cell<'r> {
        match &self.cells {
            Cells::Csv(record) => Cell::of_text(record.cell(column)),
            Cells::Json(row) => Cell::of_json(row.cell(column)),
        }
    }

    /// The cell of a field; blank where the file has no such column.
    pub(in crate::ingest) fn cell(&self, field: F) -> Cell<'r> {
        self.columns.index(field).map_or(Cell::Blank, |column| self.cell_at(column))
    }

    /// Where in its file the column of a field is.
    pub(in crate::ingest) fn place(&self, field: F) -> Place {
        Place { table: self.table, column: self.columns.index(field).unwrap_or(usize::MAX) }
    }

    /// The cell of a field, unless it says nothing: a word for no value is counted.
    pub(in crate::ingest) fn said(&self, field: F) -> Option<Cell<'r>> {
        self.not_missing(self.cell(field))
    }

    /// The cell, unless it says nothing: a word for no value is counted.
    pub(in crate::ingest) fn not_missing(&self, cell: Cell<'r>) -> Option<Cell<'r>> {
        if cell.is_blank() {
            return None;
        }
        let is_missing = matches!(&cell, Cell::Text(text) if self.missing.is_token(text));
        if is_missing {
            self.missing.count();
        }
        (!is_missing).then_some(cell)
    }

    /// Keeps its cells as examples of their columns.
    pub(super) fn show_cells(&self) {
        let mut examples = self.examples.borrow_mut();
        for column in 0..self.columns.width() {
            let at = Place { table: self.table, column };
            examples.add(at, &self.cell_at(column).text(), None);
        }
    }

    /// How many cells it has, those beyond the header included.
    pub(super) fn width(&self) -> usize {
        match &self.cells {
            Cells::Csv(record) => record.len(),
            Cells::Json(_) => self.columns.width(),
        }
    }

    /// How many of its named columns are blank.
    pub(in crate::ingest) fn blanks(&self) -> u32 {
        let named = (0..self.columns.width()).filter(|column| {
            let header = self.columns.header_at(*column);
            !header.is_empty() && !is_reserved(header)
        });
        // A key that an object of JSON lacks is no cell.
        let is_there = |column: &usize| match &self.cells {
            Cells::Csv(_) => true,
            Cells::Json(row) => !row.cell(*column).is_empty(),
        };
        let blank = named.filter(is_there).filter(|column| self.cell_at(*column).is_blank());
        u32::try_from(blank.count()).unwrap_or(u32::MAX)
    }

    /// The whole object of a row of JSON, without what a rejects file or Salesforce added; None of CSV.
    pub(in crate::ingest) fn element(&self) -> Option<Map<String, Value>> {
        let Cells::Json(row) = &self.cells else { return None };
        let members = members(row.raw).ok()?.into_iter();
        let kept = members.filter(|(key, raw)| !is_reserved(key) && !is_metadata(key, raw));
        kept.map(|(key, raw)| Some((key, value_of(raw)?))).collect()
    }

    /// Texts of the cells that name the account: name and external id.
    pub(in crate::ingest) fn account(&self) -> (Cow<'r, str>, Cow<'r, str>) {
        let text = |field| match self.cell(field) {
            Cell::Text(text) => text,
            Cell::Number(digits) => Cow::Borrowed(digits),
            other => Cow::Owned(other.text().into_owned()),
        };
        (text(F::ACCOUNT), text(F::EXTERNAL_ID))
    }

    /// Keeps how a cell was read, for those who look before they read.
    fn show(&self, field: F, raw: &str, read: impl FnOnce() -> Option<String>) {
        let at = self.place(field);
        let mut examples = self.examples.borrow_mut();
        if examples.is_looked_at(at) {
            examples.add(at, raw, read().as_deref());
        }
    }

    /// A short text on one line: a name, an id, a word.
    pub(in crate::ingest) fn text(&self, field: F) -> Result<Option<String>, Fault<F>> {
        let Some(cell) = self.said(field) else { return Ok(None) };
        let text = clean_name(&cell.text()).map_err(|fault| Fault::of_name(field, fault))?.into_owned();
        Ok((!text.is_empty()).then_some(text))
    }

    /// The first and last day of a date or period that stands in a field's column, or the hint for one that is none.
    pub(in crate::ingest) fn days(
        &self,
        field: F,
        text: &str,
    ) -> Result<(NaiveDate, NaiveDate), &'static str> {
        let days = self.conventions.days(self.place(field), self.line, text);
        self.show(field, text, || days.map(|(_, last)| last.to_string()));
        days.ok_or_else(|| self.conventions.date_hint(text))
    }

    /// A day; a time behind it is checked and dropped.
    pub(in crate::ingest) fn day(&self, field: F) -> Result<Option<NaiveDate>, Fault<F>> {
        let Some(cell) = self.said(field) else { return Ok(None) };
        let text = cell.text();
        let day = self.conventions.day(self.place(field), self.line, text.trim());
        self.show(field, &text, || day.map(|day| day.to_string()));
        day.map(Some).ok_or_else(|| {
            let hint = self.conventions.date_hint(text.trim());
            Fault::of(field, "bad_date", "expected a date such as 2026-10-31").with_hint(hint)
        })
    }

    /// An instant; without an offset it is of `zone`, and a date alone is its first instant there.
    pub(in crate::ingest) fn instant(&self, field: F, zone: Tz) -> Result<Option<Timestamp>, Fault<F>> {
        let Some(cell) = self.said(field) else { return Ok(None) };
        self.instant_of(field, cell.text().trim(), zone).map(Some)
    }

    /// The instant that a trimmed text of a field's column is.
    pub(in crate::ingest) fn instant_of(
        &self,
        field: F,
        text: &str,
        zone: Tz,
    ) -> Result<Timestamp, Fault<F>> {
        let at = self.conventions.instant(self.place(field), self.line, text, zone);
        self.show(field, text, || at.map(|at| at.to_string()));
        at.ok_or_else(|| {
            let expected = "expected a date or an instant such as 2026-10-31 or 2026-10-31T10:00:00Z";
            Fault::of(field, "bad_date", expected).with_hint(self.conventions.date_hint(text))
        })
    }

    /// What `read` makes of a cell of a field's column by the column's decimal mark; numbers of JSON have a point.
    pub(in crate::ingest) fn number<T>(
        &self,
        field: F,
        cell: &Cell<'_>,
        mut read: impl FnMut(&str, DecimalMark) -> Result<T, Fault<F>>,
    ) -> Result<T, Fault<F>> {
        let text = cell.text();
        match cell {
            Cell::Number(_) => read(&text, DecimalMark::Point),
            _ => self.conventions.number(self.place(field), self.line, &text, |mark| {
                let number = read(&text, mark);
                let is_comma = mark == DecimalMark::Comma && number.is_ok();
                self.show(field, &text, || is_comma.then(|| text.replace('.', "").replace(',', ".")));
                number
            }),
        }
    }

    /// A whole number from 0; `5.0` is one, too.
    pub(in crate::ingest) fn whole_number(&self, field: F) -> Result<Option<u32>, Fault<F>> {
        let Some(cell) = self.said(field) else { return Ok(None) };
        self.number(field, &cell, |text, mark| {
            whole_number(text, mark).map(Some).ok_or_else(|| match is_excel_date(text) {
                true => excel_date(field),
                false => {
                    Fault::of(field, "not_a_whole_number", "expected a whole number of 0 or more, such as 5")
                }
            })
        })
    }

    /// A score of 0 to 100 points: `72.5`, `72.5%` or `72.5/100`, kept with two decimals.
    pub(in crate::ingest) fn score(&self, field: F, values: &ValueReader) -> Result<Option<Score>, Fault<F>> {
        let Some(cell) = self.said(field) else { return Ok(None) };
        self.number(field, &cell, |text, mark| read_score(text, field, values, mark))
    }

    /// A list of texts, trimmed, each once; None where there is no item.
    pub(in crate::ingest) fn list(&self, field: F) -> Result<Option<Vec<String>>, Fault<F>> {
        let Some(cell) = self.said(field) else { return Ok(None) };
        let items: Vec<String> = cell
            .items()
            .iter()
            .map(|item| clean_name(item).map(Cow::into_owned).map_err(|fault| Fault::of_name(field, fault)))
            .collect::<Result<_, _>>()?;
        Ok((!items.is_empty()).then_some(items))
    }
}
