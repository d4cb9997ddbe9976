//! A file of any kind but KPIs as rows with cells, whether it is CSV, JSON or sheets of a workbook.
//!
//! [`read_rows`] gives a reader each table's columns, then each row, which it takes or says why not:
//! read = rows taken + rejections. What a cell means is the reader's; nothing here knows any kind.
//!
//! ```text
//! let mut accounts = Accounts::new(given_account);
//! let fit = |columns: &mut Columns<NoteField>, notes: &mut Notes| {
//!     columns.require_account(given_account.is_some())?;
//!     columns.note_unread(&Shapes::default(), notes);
//!     Ok(())
//! };
//! let end = read_rows(source, options, conventions, &mut notes, fit, |row, ()| {
//!     let (name, id) = row.account();
//!     let account = accounts.find(&name, &id)?;
//!     rows.push(NoteRow { account, line: row.line, written_at: row.instant(NoteField::Date, zone)?, .. });
//!     Ok(())
//! })?;                                       // end.rejections takes those that are found late (twice.rs)
//! let mut accounts = accounts.into_mentions();
//! let numbers = keep_used(&mut accounts, rows.iter().map(|row| row.account));
//! rows.iter_mut().for_each(|row| numbers.apply(&mut row.account));
//! Ok(end.into_file(batch, notes))
//! ```

pub(super) mod cell;
mod format;
pub(super) mod json;
mod missing;
pub(super) mod row;

use std::cell::RefCell;

use super::columns::{Columns, Field, Ranks, aliases_named};
use super::convention::{Conventions, SettledConventions};
use super::examples::Examples;
use super::fault::Fault;
use super::note::Notes;
use super::options::{KindFile, RowOptions, TableRead};
use super::refusal;
use super::region::{HeaderJudge, named_by};
use super::shape::{check_shape, line_number};
use super::source::Source;
use super::tables::{OpenTable, each_table};
use crate::error::Result;
use crate::model::rejection::Rejections;
pub(super) use format::is_json;
use json::JsonRows;
use missing::Missing;
use row::{Cells, Row};

/// What is left of a file once its rows are read.
#[derive(Debug)]
pub(super) struct RowsEnd<F> {
    sha256: [u8; 32],
    /// What was set aside.
    pub(super) rejections: Rejections,
    records_read: u64,
    /// The columns of each table that was read; there is at least one.
    tables: Vec<(TableRead, Columns<F>)>,
}

impl<F: Field> RowsEnd<F> {
    /// The file with the batch that its rows gave. Rejections that came late are put in order.
    pub(super) fn into_file<B>(mut self, batch: B, notes: Notes) -> KindFile<B> {
        self.rejections.sort_by_line();
        let Self { sha256, rejections, records_read, tables } = self;
        let tables =
            tables.into_iter().map(|(read, columns)| TableRead { columns: columns.reading(), ..read });
        let (tables, notes) = (tables.collect(), notes.finish());
        let conventions = SettledConventions::default();
        KindFile { sha256, batch, rejections, records_read, notes, tables, conventions }
    }

    /// Sets a row aside that was found out late.
    pub(super) fn reject(&mut self, line: u32, fault: Fault<F>) {
        let Some((_, columns)) = self.tables.first() else { return };
        self.rejections.add(line, fault.into_problem(columns), None);
    }

    /// The columns of every table.
    pub(super) fn columns(&self) -> impl Iterator<Item = &Columns<F>> {
        self.tables.iter().map(|(_, columns)| columns)
    }
}

/// What headers of a kind say.
struct Judge<'a, F> {
    ranks: &'a Ranks<F>,
    maps: &'a [(String, String)],
}

impl<F: Field> HeaderJudge for Judge<'_, F> {
    fn knows(&self, cell: &str) -> bool {
        self.ranks.find(cell).is_some()
    }

    fn named(&self) -> Vec<&str> {
        named_by(self.maps)
    }
}

/// Reads every row of a file.
///
/// `fit` looks at the columns of a table, once a lone `id` is given up where no name stands beside it, and says how
/// its rows are to be taken; `take` takes each, or says why it cannot be taken.
///
/// # Errors
/// The file as a whole cannot be read, its columns cannot be told apart, or it has no rows; those of `fit`.
pub(super) fn read_rows<F: Field, P>(
    source: &Source,
    options: &mut RowOptions<'_>,
    conventions: &Conventions,
    notes: &mut Notes,
    mut fit: impl FnMut(&mut Columns<F>, &mut Notes) -> Result<P>,
    mut take: impl FnMut(&Row<'_, F>, &P) -> Result<(), Fault<F>>,
) -> Result<RowsEnd<F>> {
    let ranks = Ranks::new(&aliases_named(options.column_aliases)?);
    let (maps, missing) = (options.maps, Missing::new(options.missing));
    let mut taking = Taking {
        missing: &missing,
        conventions,
        rejections: Rejections::default(),
        records_read: 0,
        examples: RefCell::default(),
    };
    let mut tables = Vec::new();
    let mut fitted = |mut columns: Columns<F>, notes: &mut Notes| {
        columns.settle_lone_id();
        fit(&mut columns, notes).map(|plan| (columns, plan))
    };
    let sha256 = if is_json(source)? {
        let is_record = |keys: &[&str]| is_record(&ranks, keys);
        let mut rows = JsonRows::open(source, options.on_progress, &is_record, notes)?;
        source.note_encoding(notes);
        let (columns, plan) =
            fitted(Columns::of_headers(source.name(), rows.headers(), &ranks, maps)?, notes)?;
        conventions.open_table(0, rows.headers(), None, None, source.said()?.tables().next());
        while let Some(row) = rows.next_row() {
            taking.row(row.line, 0, &columns, Cells::Json(row), |row| take(row, &plan));
        }
        let examples = taking.examples.borrow_mut().of_table(0, columns.width());
        tables.push((TableRead { examples, ..TableRead::default() }, columns));
        source.confirm_sha256(rows.sha256())?;
        rows.sha256()
    } else {
        let fit = |table: &mut OpenTable<'_>, notes: &mut Notes| {
            let headers = table.header().iter().map(String::as_str);
            fitted(Columns::of_headers(source.name(), headers, &ranks, maps)?, notes)
        };
        let judge = Judge { ranks: &ranks, maps };
        each_table(source, &judge, options.on_progress, notes, fit, |table, (columns, plan), _| {
            table.tell(conventions);
            let (number, first) = (table.number, table.first_line());
            while let Some(record) = table.next_row()? {
                let line = line_number(source.name(), first + record.line)?;
                taking.row(line, number, &columns, Cells::Csv(record), |row| take(row, &plan));
            }
            if let Some(sheet) = table.sheet {
                taking.rejections.name_sheet(u32::try_from(table.number).unwrap_or(u32::MAX), sheet);
            }
            let examples = taking.examples.borrow_mut().of_table(table.number, columns.width());
            tables.push((TableRead { examples, ..table.read() }, columns));
            Ok(())
        })?
    };
    let Taking { rejections, records_read, .. } = taking;
    missing.note(notes);
    if records_read == 0 {
        return Err(refusal::file(source.name(), "has no rows", "give a file with one record a row"));
    }
    Ok(RowsEnd { sha256, rejections, records_read, tables })
}

/// What has been taken so far, and what not.
struct Taking<'a> {
    missing: &'a Missing,
    conventions: &'a Conventions,
    rejections: Rejections,
    records_read: u64,
    examples: RefCell<Examples>,
}

impl Taking<'_> {
    /// Gives a row to `take`, and sets it aside where it says why it cannot be taken; a blank one is no row.
    fn row<F: Field>(
        &mut self,
        line: u32,
        table: usize,
        columns: &Columns<F>,
        cells: Cells<'_>,
        take: impl FnOnce(&Row<'_, F>) -> Result<(), Fault<F>>,
    ) {
        let is_looked_at = self.examples.get_mut().next_row(table);
        let (missing, conventions, examples) = (self.missing, self.conventions, &self.examples);
        let row = Row { line, table, columns, missing, conventions, examples, cells };
        if (0..row.width()).all(|column| row.cell_at(column).is_blank()) {
            return;
        }
        self.records_read += 1;
        if is_looked_at {
            row.show_cells();
        }
        let fits = match &row.cells {
            Cells::Csv(record) => check_shape(record, columns.width()),
            Cells::Json(_) => Ok(()),
        };
        if let Err(fault) = fits.and_then(|()| take(&row)) {
            reject(&mut self.rejections, &row, fault);
        }
    }
}

/// Whether an object with these keys is a row itself, whatever lists it holds: two of its keys are fields.
fn is_record<F: Field>(ranks: &Ranks<F>, keys: &[&str]) -> bool {
    let mut fields = keys.iter().filter_map(|key| ranks.find(key)).map(|(field, _)| field);
    let first = fields.next();
    fields.any(|field| Some(field) != first)
}

/// Sets a row aside, with the cell at fault.
pub(super) fn reject<F: Field>(rejections: &mut Rejections, row: &Row<'_, F>, fault: Fault<F>) {
    let cell = fault
        .field
        .map_or_else(|| fault.column.map(|column| row.cell_at(column)), |field| Some(row.cell(field)));
    let value = cell.as_ref().map(cell::Cell::text);
    rejections.add(row.line, fault.into_problem(row.columns), value.as_deref());
}

#[cfg(test)]
mod tests;
