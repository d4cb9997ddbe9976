//! Cells to values, or to the reason why they are none. Of several faults of a value the first is told.

use chrono::NaiveDate;

use super::compact::compact;
use super::context::Contexts;
use super::fields::KpiField;
use super::series::{AllSeries, Series, SeriesCells};
use super::unit_word::is_bare;
use crate::ingest::accounts::Accounts;
use crate::ingest::convention::{Conventions, Place};
use crate::ingest::examples::Examples;
use crate::ingest::fault::Fault;
use crate::ingest::note::Notes;
use crate::ingest::options::Example;
use crate::ingest::table::Record;
use crate::model::kpi::batch::{Cell, GivenAccount, KpiBatch, KpiMatter, KpiRow};
use crate::model::kpi::dictionary::KpiDictionary;
use crate::model::plain_number::push_number;
use crate::model::rejection::{BadRow, Problem, Rejections};
use crate::model::segmented_vec::SegmentedVec;
use crate::model::value::{DecimalMark, Reading, ValueError, ValueReader, ValueTarget};

/// What rows are read by.
pub(super) struct Rules<'a> {
    pub(super) dictionary: &'a KpiDictionary,
    pub(super) values: &'a ValueReader,
    pub(super) given_account: Option<&'a GivenAccount>,
    pub(super) period: Option<NaiveDate>,
    pub(super) today: NaiveDate,
    pub(super) conventions: &'a Conventions,
}

/// What the rows of a file gave.
#[derive(Debug, Default)]
pub(super) struct RowsRead {
    pub(super) batch: KpiBatch,
    pub(super) rejections: Rejections,
    pub(super) records_read: u64,
    pub(super) blanks: u64,
}

/// The cells that make one value.
pub(super) struct ValueCells<'r> {
    pub(super) account: &'r str,
    pub(super) external_id: &'r str,
    pub(super) series: SeriesCells<'r>,
    /// Its date or period, and the column that it stands in.
    pub(super) date: &'r str,
    pub(super) date_at: Place,
    pub(super) weight: &'r str,
    pub(super) impact: &'r str,
    /// Where the value stands in a wide table.
    pub(super) wide_column: Option<u16>,
    /// The value, and the column that it stands in.
    pub(super) value: &'r str,
    pub(super) value_at: Place,
}

/// Takes the values of one file, table after table.
pub(super) struct KpiReader<'a> {
    values: &'a ValueReader,
    conventions: &'a Conventions,
    accounts: Accounts<'a, KpiField>,
    series: AllSeries<'a>,
    contexts: Contexts<'a>,
    rows: SegmentedVec<KpiRow>,
    bad: SegmentedVec<BadRow<KpiMatter>>,
    rejections: Rejections,
    blanks: u64,
    examples: Examples,
    /// A value with the unit column's word behind it.
    joined: String,
}

impl<'a> KpiReader<'a> {
    /// A reader of the tables of one file.
    pub(super) fn new(rules: &Rules<'a>) -> Self {
        Self {
            values: rules.values,
            conventions: rules.conventions,
            accounts: Accounts::new(rules.given_account).without_missing(rules.values),
            series: AllSeries::new(rules.dictionary, rules.values),
            contexts: Contexts::new(rules.period, rules.today, rules.conventions),
            rows: SegmentedVec::default(),
            bad: SegmentedVec::default(),
            rejections: Rejections::default(),
            blanks: 0,
            examples: Examples::default(),
            joined: String::new(),
        }
    }

    /// What all values gave: read = values of the batch + rejections.
    pub(super) fn finish(self) -> RowsRead {
        let records_read = self.rows.len() as u64 + self.rejections.len();
        let mut batch = KpiBatch {
            names: self.series.names(),
            accounts: self.accounts.into_mentions(),
            kpis: self.series.into_mentions(),
            contexts: self.contexts.into_contexts(),
            rows: self.rows,
            bad: self.bad,
        };
        compact(&mut batch);
        let Self { rejections, blanks, .. } = self;
        RowsRead { batch, rejections, records_read, blanks }
    }

    /// Takes one value, and gives what it was read as.
    ///
    /// # Errors
    /// Why it cannot be taken.
    pub(super) fn take(
        &mut self,
        line: u32,
        cells: &ValueCells<'_>,
        notes: &mut Notes,
    ) -> Result<Cell, Fault<KpiField>> {
        let account = self.accounts.find(cells.account, cells.external_id)?;
        let series = self.series.find(cells.series, notes)?;
        let read = self.contexts.find_beside(line, cells.date_at, cells.date, cells.weight, cells.impact);
        let read = read.and_then(|beside| Ok((beside, self.value(line, cells, series)?)));
        let (beside, reading) = match read {
            Ok(read) => read,
            Err(fault) => {
                self.keep_bad(line, account, series.number, cells);
                return Err(fault);
            }
        };
        if reading.unit_ignored {
            self.series.note_unit_ignored(series.number, notes);
        }
        if self.examples.is_looked_at(cells.value_at) {
            self.show(cells, reading.cell, beside);
        }
        self.blanks += u64::from(reading.cell == Cell::Blank);
        let context = self.contexts.find(beside, series.number, cells.wide_column);
        self.rows.push(KpiRow::new(reading.cell, account, context, line));
        Ok(reading.cell)
    }

    /// Keeps what a row is of whose value, weight or impact cannot be taken; one without a day is of none.
    fn keep_bad(&mut self, line: u32, account: u32, kpi: u32, cells: &ValueCells<'_>) {
        if let Ok(beside) = self.contexts.find_beside(line, cells.date_at, cells.date, "", "") {
            let matter = (kpi, self.contexts.day_of(beside));
            self.bad.push(BadRow { account, matter, line });
        }
    }

    /// Looks at the cells of a row, for those who look before they read.
    pub(super) fn look(&mut self, table: usize, record: &Record<'_>) {
        if self.examples.next_row(table) {
            for (column, cell) in record.cells().enumerate() {
                self.examples.add(Place { table, column }, cell, None);
            }
        }
    }

    /// Keeps how a value and its date were read.
    fn show(&mut self, cells: &ValueCells<'_>, read: Cell, beside: u32) {
        let read = match read {
            Cell::Number(number) => {
                let mut text = String::new();
                push_number(&mut text, number);
                Some(text)
            }
            Cell::Withdrawn => Some("no value".to_owned()),
            Cell::Blank => None,
        };
        self.examples.add(cells.value_at, cells.value, read.as_deref());
        let day = self.contexts.day_of(beside).map(|day| day.to_string());
        self.examples.add(cells.date_at, cells.date, day.as_deref());
    }

    /// The first values of each column of a table.
    pub(super) fn examples(&mut self, table: usize, columns: usize) -> Vec<Vec<Example>> {
        self.examples.of_table(table, columns)
    }

    /// Names a sheet, by its number.
    pub(super) fn name_sheet(&mut self, number: usize, name: &str) {
        self.rejections.name_sheet(u32::try_from(number).unwrap_or(u32::MAX), name);
    }

    /// Sets a value aside: that in a column of a wide table, or a row.
    pub(super) fn reject(&mut self, line: u32, column: Option<u16>, problem: Problem, value: Option<&str>) {
        self.rejections.add_cell(line, column, problem, value);
    }

    fn value(
        &mut self,
        line: u32,
        cells: &ValueCells<'_>,
        series: Series,
    ) -> Result<Reading, Fault<KpiField>> {
        let cell = cells.value;
        let (field, text) = match series.unit_word.filter(|_| is_bare(cell)) {
            Some(word) => {
                self.joined.clear();
                self.joined.extend([cell.trim(), " ", self.series.unit_word(word)]);
                (KpiField::Unit, self.joined.as_str())
            }
            None => (KpiField::Value, cell),
        };
        let read = self.conventions.number(cells.value_at, line, cell, |mark| {
            self.values.read_by(mark, text, series.target).map_err(|error| (mark, error))
        });
        read.map_err(|(mark, error)| self.value_fault(field, (mark, text), series, error))
    }

    /// Why a cell gives no value. Of a wrong unit, the hint is the command by which the very cell can be read.
    fn value_fault(
        &self,
        field: KpiField,
        (mark, text): (DecimalMark, &str),
        series: Series,
        error: ValueError,
    ) -> Fault<KpiField> {
        let fault = Fault::of(field, error.code(), error.to_string());
        let Some(unit) = error.found_unit() else {
            return match error.hint() {
                Some(hint) => fault.with_hint(hint),
                None => fault,
            };
        };
        let in_that_unit = ValueTarget { unit: Some(unit), best: None, ..series.target };
        match self.values.read_by(mark, text, in_that_unit) {
            Ok(_) => fault.with_hint(self.series.unit_advice(series.number, unit)),
            // Another unit alone would not do, as for months: what would is what that reading asks for.
            Err(other) => match other.hint().or(error.hint()) {
                Some(hint) => fault.with_hint(hint),
                None => fault,
            },
        }
    }
}
