//! A file of any kind but KPIs as rows with cells, whether it is CSV or JSON.
//!
//! A reader opens a [`RowFile`], looks at its columns, takes each row or says why not, and closes it:
//! read = rows taken + rejections. What a cell means is the reader's; nothing here knows any kind.
//!
//! ```text
//! let RowOptions { given_account, zone, .. } = options;
//! let mut accounts = Accounts::new(given_account);
//! let mut file = RowFile::<NoteField>::open(source, &mut options, &mut notes)?;
//! file.columns.require_account(given_account.is_some())?;
//! file.columns.note_unread(&mut notes);
//! file.each(|row| {
//!     let (name, id) = row.account();
//!     let account = accounts.find(&name, &id)?;
//!     rows.push(NoteRow { account, line: row.line, written_at: row.instant(NoteField::Date, zone)?, .. });
//!     Ok(())
//! })?;
//! let end = file.finish(&mut notes)?;        // end.rejections takes those that are found late (twice.rs)
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

use super::columns::{ColumnReading, Columns, Field, Ranks, aliases_named};
use super::fault::Fault;
use super::note::Notes;
use super::options::{KindFile, RowOptions};
use super::refusal;
use super::shape::{check_shape, line_number};
use super::source::Source;
use super::table::{Record, Table};
use crate::error::Result;
use crate::model::rejection::Rejections;
pub(super) use format::is_json;
use json::JsonRows;
use missing::Missing;
use row::{Cells, Row};

/// A file, read row by row.
pub(super) struct RowFile<'a, F> {
    source: &'a Source,
    /// What its columns are.
    pub(super) columns: Columns<F>,
    /// What was set aside.
    pub(super) rejections: Rejections,
    missing: Missing,
    input: Input<'a>,
    records_read: u64,
    blank_records: u64,
}

enum Input<'a> {
    Csv(Box<Table<'a>>),
    Json(Box<JsonRows>),
}

/// What is left of a file once its rows are read.
#[derive(Debug)]
pub(super) struct RowsEnd {
    sha256: [u8; 32],
    pub(super) rejections: Rejections,
    records_read: u64,
    columns: ColumnReading,
}

impl RowsEnd {
    /// The file with the batch that its rows gave. Rejections that came late are put in order.
    pub(super) fn into_file<B>(mut self, batch: B, notes: Notes) -> KindFile<B> {
        self.rejections.rows.sort_by_key(|rejection| rejection.line);
        self.rejections.examples.sort_by_key(|example| example.line);
        let Self { sha256, rejections, records_read, columns } = self;
        KindFile { sha256, batch, rejections, records_read, notes: notes.finish(), columns }
    }
}

impl<'a, F: Field> RowFile<'a, F> {
    /// Opens a file and matches its columns; a lone `id` is given up where no name stands beside it.
    ///
    /// # Errors
    /// The file as a whole cannot be read, or its columns cannot be told apart.
    pub(super) fn open(
        source: &'a Source,
        options: &'a mut RowOptions<'_>,
        notes: &mut Notes,
    ) -> Result<Self> {
        let ranks = Ranks::new(&aliases_named(options.column_aliases)?);
        let (maps, missing) = (options.maps, Missing::new(options.missing));
        let name = source.name();
        let (mut columns, input) = if is_json(source)? {
            let is_record = |keys: &[&str]| is_record(&ranks, keys);
            let rows = JsonRows::open(source, options.on_progress, &is_record, notes)?;
            (Columns::of_headers(name, rows.headers(), &ranks, maps)?, Input::Json(Box::new(rows)))
        } else {
            let mut table = Table::open(source, options.on_progress)?;
            table.note_dialect(notes);
            (read_header(name, &mut table, &ranks, maps)?, Input::Csv(Box::new(table)))
        };
        source.note_encoding(notes);
        columns.settle_lone_id();
        let rejections = Rejections::default();
        Ok(Self { source, columns, rejections, missing, input, records_read: 0, blank_records: 0 })
    }

    /// Gives every row to `take`, and sets aside those of which it says why they cannot be taken.
    ///
    /// # Errors
    /// The file cannot be read to its end.
    pub(super) fn each(&mut self, mut take: impl FnMut(&Row<'_, F>) -> Result<(), Fault<F>>) -> Result<()> {
        let Self { source, columns, rejections, missing, input, records_read, blank_records } = self;
        let (columns, missing, name) = (&*columns, &*missing, source.name());
        loop {
            let (line, cells) = match input {
                Input::Csv(table) => match table.next_record()? {
                    Some(record) => (line_number(name, record.line)?, Cells::Csv(record)),
                    None => return Ok(()),
                },
                Input::Json(rows) => match rows.next_row() {
                    Some(row) => (row.line, Cells::Json(row)),
                    None => return Ok(()),
                },
            };
            let row = Row { line, columns, missing, cells };
            if (0..row.width()).all(|column| row.cell_at(column).is_blank()) {
                *blank_records += 1;
                continue;
            }
            *records_read += 1;
            let fits = match &row.cells {
                Cells::Csv(record) => check_shape(record, columns.width()),
                Cells::Json(_) => Ok(()),
            };
            if let Err(fault) = fits.and_then(|()| take(&row)) {
                reject(rejections, &row, fault);
            }
        }
    }

    /// Closes the file once its rows are read.
    ///
    /// # Errors
    /// It has no rows, or was changed while it was read.
    pub(super) fn finish(self, notes: &mut Notes) -> Result<RowsEnd> {
        let Self { source, columns, rejections, missing, input, records_read, blank_records } = self;
        if blank_records > 0 {
            notes.add("blank_records", || {
                format!("{blank_records} records have nothing but empty cells and are no rows")
            });
        }
        missing.note(notes);
        if records_read == 0 {
            return Err(refusal::file(source.name(), "has no rows", "give a file with one record a row"));
        }
        let sha256 = match input {
            Input::Csv(table) => table.finish()?,
            Input::Json(rows) => rows.sha256(),
        };
        source.confirm_sha256(sha256)?;
        Ok(RowsEnd { sha256, rejections, records_read, columns: columns.reading() })
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

fn read_header<F: Field>(
    name: &str,
    table: &mut Table<'_>,
    ranks: &Ranks<F>,
    maps: &[(String, String)],
) -> Result<Columns<F>> {
    let header = table.next_record()?;
    let Some(header) = header.filter(|header: &Record<'_>| !header.is_blank()) else {
        let what = "has no header in its first record";
        return Err(refusal::file(name, what, "take out what stands above the header, or give rows"));
    };
    Columns::of_headers(name, header.cells(), ranks, maps)
}

#[cfg(test)]
mod tests;
