//! One record to one row, or to the reason why it is none. Of several faults of a row the first is told.

use chrono::NaiveDate;

use super::compact::compact;
use super::context::Contexts;
use super::fields::KpiField;
use super::series::{AllSeries, Series, SeriesCells};
use super::unit_word::is_bare;
use crate::error::Result;
use crate::ingest::accounts::Accounts;
use crate::ingest::columns::Columns;
use crate::ingest::fault::Fault;
use crate::ingest::note::Notes;
use crate::ingest::shape::{check_shape, line_number};
use crate::ingest::table::Record;
use crate::model::kpi::batch::{Cell, GivenAccount, KpiBatch, KpiRow};
use crate::model::kpi::dictionary::KpiDictionary;
use crate::model::rejection::Rejections;
use crate::model::value::{Reading, ValueError, ValueReader, ValueTarget};

/// What rows are read by.
pub(super) struct Rules<'a> {
    pub(super) dictionary: &'a KpiDictionary,
    pub(super) values: &'a ValueReader,
    pub(super) given_account: Option<&'a GivenAccount>,
    pub(super) period: Option<NaiveDate>,
    pub(super) today: NaiveDate,
}

/// What the rows of a file gave.
#[derive(Debug, Default)]
pub(super) struct RowsRead {
    pub(super) batch: KpiBatch,
    pub(super) rejections: Rejections,
    pub(super) records_read: u64,
    pub(super) blanks: u64,
}

/// The place of each field in a record; beyond its end where the file has no such column.
struct Places {
    account: usize,
    external_id: usize,
    kpi: usize,
    value: usize,
    category: usize,
    component: usize,
    weight: usize,
    impact: usize,
    unit: usize,
    product: usize,
    date: usize,
}

impl Places {
    fn of(columns: &Columns<KpiField>) -> Self {
        let place = |field| columns.index(field).unwrap_or(usize::MAX);
        Self {
            account: place(KpiField::Account),
            external_id: place(KpiField::ExternalId),
            kpi: place(KpiField::Kpi),
            value: place(KpiField::Value),
            category: place(KpiField::Category),
            component: place(KpiField::HealthScoreComponent),
            weight: place(KpiField::Weight),
            impact: place(KpiField::ImpactLevel),
            unit: place(KpiField::Unit),
            product: place(KpiField::Product),
            date: place(KpiField::Date),
        }
    }
}

/// Reads the records of one file.
pub(super) struct RowReader<'a> {
    name: &'a str,
    columns: &'a Columns<KpiField>,
    places: Places,
    values: &'a ValueReader,
    accounts: Accounts<'a, KpiField>,
    series: AllSeries<'a>,
    contexts: Contexts,
    rows: Vec<KpiRow>,
    rejections: Rejections,
    records_read: u64,
    blanks: u64,
    blank_records: u64,
    /// A value with the unit column's word behind it.
    joined: String,
}

impl<'a> RowReader<'a> {
    /// A reader of the file called `name`.
    pub(super) fn new(name: &'a str, columns: &'a Columns<KpiField>, rules: &Rules<'a>) -> Self {
        Self {
            name,
            columns,
            places: Places::of(columns),
            values: rules.values,
            accounts: Accounts::new(rules.given_account).without_missing(rules.values),
            series: AllSeries::new(rules.dictionary, rules.values),
            contexts: Contexts::new(rules.period, rules.today),
            rows: Vec::new(),
            rejections: Rejections::default(),
            records_read: 0,
            blanks: 0,
            blank_records: 0,
            joined: String::new(),
        }
    }

    /// Reads one record: a row, a rejection, or nothing where all its cells are empty.
    ///
    /// # Errors
    /// The file has more lines than can be counted.
    pub(super) fn read(&mut self, record: &Record<'_>, notes: &mut Notes) -> Result<()> {
        if record.is_blank() {
            self.blank_records += 1;
            return Ok(());
        }
        let line = line_number(self.name, record.line)?;
        self.records_read += 1;
        match self.row(record, line, notes) {
            Ok(row) => {
                self.blanks += u64::from(row.cell() == Cell::Blank);
                self.rows.push(row);
            }
            Err(fault) => self.reject(record, line, fault),
        }
        Ok(())
    }

    /// What all records gave.
    pub(super) fn finish(self, notes: &mut Notes) -> RowsRead {
        if self.blank_records > 0 {
            let count = self.blank_records;
            notes.add("blank_records", || {
                format!("{count} records have nothing but empty cells and are no rows")
            });
        }
        let names = self.series.names();
        let mut batch = KpiBatch {
            names,
            accounts: self.accounts.into_mentions(),
            kpis: self.series.into_mentions(),
            contexts: self.contexts.into_contexts(),
            rows: self.rows,
        };
        compact(&mut batch);
        let Self { rejections, records_read, blanks, .. } = self;
        RowsRead { batch, rejections, records_read, blanks }
    }

    fn row(&mut self, record: &Record<'_>, line: u32, notes: &mut Notes) -> Result<KpiRow, Fault<KpiField>> {
        check_shape(record, self.columns.width())?;
        let places = &self.places;
        let account = self.accounts.find(record.cell(places.account), record.cell(places.external_id))?;
        let cells = SeriesCells {
            kpi: record.cell(places.kpi),
            product: record.cell(places.product),
            category: record.cell(places.category),
            component: record.cell(places.component),
            unit: record.cell(places.unit),
        };
        let series = self.series.find(cells, notes)?;
        let context = self.contexts.find(
            record.cell(places.date),
            record.cell(places.weight),
            record.cell(places.impact),
        )?;
        let reading = self.value(record.cell(places.value), series)?;
        if reading.unit_ignored {
            self.series.note_unit_ignored(series.number, notes);
        }
        Ok(KpiRow::new(reading.cell, account, series.number, context, line))
    }

    fn value(&mut self, cell: &str, series: Series) -> Result<Reading, Fault<KpiField>> {
        let (field, text) = match series.unit_word.filter(|_| is_bare(cell)) {
            Some(word) => {
                self.joined.clear();
                self.joined.extend([cell.trim(), " ", self.series.unit_word(word)]);
                (KpiField::Unit, self.joined.as_str())
            }
            None => (KpiField::Value, cell),
        };
        self.values.read(text, series.target).map_err(|error| self.value_fault(field, text, series, error))
    }

    /// Why a cell gives no value. Of a wrong unit, the hint is the command by which the very cell can be read.
    fn value_fault(&self, field: KpiField, text: &str, series: Series, error: ValueError) -> Fault<KpiField> {
        let fault = Fault::of(field, error.code(), error.to_string());
        let Some(unit) = error.found_unit() else {
            return match error.hint() {
                Some(hint) => fault.with_hint(hint),
                None => fault,
            };
        };
        let in_that_unit = ValueTarget { unit: Some(unit), best: None, ..series.target };
        match self.values.read(text, in_that_unit) {
            Ok(_) => fault.with_hint(self.series.unit_advice(series.number, unit)),
            // Another unit alone would not do, as for months: what would is what that reading asks for.
            Err(other) => match other.hint().or(error.hint()) {
                Some(hint) => fault.with_hint(hint),
                None => fault,
            },
        }
    }

    fn reject(&mut self, record: &Record<'_>, line: u32, fault: Fault<KpiField>) {
        let value = fault.field.and_then(|field| self.columns.index(field)).map(|place| record.cell(place));
        self.rejections.add(line, fault.into_problem(self.columns), value);
    }
}
