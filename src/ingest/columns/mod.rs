//! Which column is which field, by the names in the header.
//!
//! Names are compared by their letters and digits alone. Of the names that a field goes by, some are better than
//! others (`account_name` than `customer`): the best that the header has is taken, and two that are equally good
//! are an error, for nothing here may guess. Every column that is not read is told of.

pub(super) mod account;
mod field;
mod maps;

use std::collections::HashMap;

use super::note::Notes;
use super::refusal::{self, quoted};
use crate::error::{Error, Result};
use field::header_key;
pub(super) use field::{Field, Ranks, aliases_named};
use maps::Mapped;

/// The prefix of the columns that a rejects file adds; they are known, and ignored without a word.
pub(super) const RESERVED_PREFIX: &str = "acctsnap_";

/// How many headers an error lists.
const HEADERS_LISTED: usize = 30;

/// Up to so many columns that mean nothing are told of one by one.
const UNKNOWN_APART: usize = 3;

/// What a column was read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnRead {
    /// Its place in the file, from 1.
    pub number: usize,
    /// Its header, as given, trimmed.
    pub header: String,
    /// The field that it was read as; None where it was not read.
    pub field: Option<&'static str>,
}

/// What the columns of a file were read as.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnReading {
    /// Every column, in file order.
    pub columns: Vec<ColumnRead>,
}

/// A header that has been matched with the fields of a kind.
#[derive(Debug)]
pub(super) struct Columns<F> {
    name: String,
    headers: Vec<String>,
    fields: HashMap<F, usize>,
    /// Per column, the column that was taken in its place.
    outdone_by: HashMap<usize, usize>,
    /// What the caller said of columns.
    mapped: Mapped<F>,
    /// What the columns that are no field were read as.
    others_are: Option<&'static str>,
}

impl<F: Field> Columns<F> {
    /// Matches the headers of the file called `name`; `maps` are columns and fields that the caller pairs.
    ///
    /// # Errors
    /// Two columns are equally good for one field; a mapped column or field does not exist.
    pub(super) fn of_headers<'h>(
        name: &str,
        headers: impl IntoIterator<Item = &'h str>,
        ranks: &Ranks<F>,
        maps: &[(String, String)],
    ) -> Result<Self> {
        let headers = headers.into_iter().map(|header| header.trim().to_owned()).collect();
        let (fields, outdone_by) = (HashMap::new(), HashMap::new());
        let (mapped, others_are) = (Mapped::new(), None);
        let mut columns = Self { name: name.to_owned(), headers, fields, outdone_by, mapped, others_are };
        columns.mapped = maps::resolve(name, &columns.headers, maps, &columns.listed())?;
        let mut candidates: HashMap<F, Vec<(usize, usize)>> = HashMap::new();
        for (column, header) in columns.headers.iter().enumerate() {
            if columns.mapped.contains_key(&column) || is_reserved(header) {
                continue;
            }
            if let Some((field, rank)) = ranks.find(header) {
                candidates.entry(field).or_default().push((rank, column));
            }
        }
        for field in F::ALL {
            columns.choose(*field, candidates.remove(field).unwrap_or_default())?;
        }
        Ok(columns)
    }

    /// Takes the best of the columns found for a field, as pairs of rank and column.
    fn choose(&mut self, field: F, mut found: Vec<(usize, usize)>) -> Result<()> {
        found.sort_unstable();
        let mapped =
            self.mapped.iter().find(|(_, mapped)| **mapped == Some(field)).map(|(column, _)| *column);
        if let Some(mapped) = mapped {
            self.outdone_by.extend(found.into_iter().map(|(_, column)| (column, mapped)));
            self.fields.insert(field, mapped);
            return Ok(());
        }
        let mut found = found.into_iter();
        let Some((best_rank, best)) = found.next() else { return Ok(()) };
        for (rank, column) in found {
            if rank == best_rank && !F::ROWS_DECIDE {
                return Err(self.two_columns(field, best, column));
            }
            self.outdone_by.insert(column, best);
        }
        self.fields.insert(field, best);
        Ok(())
    }

    fn two_columns(&self, field: F, first: usize, second: usize) -> Error {
        let what = format!(
            "has two columns for {}: {} (column {}) and {} (column {})",
            field.name(),
            quoted(self.header_at(first)),
            first + 1,
            quoted(self.header_at(second)),
            second + 1
        );
        let hint = format!("remove or rename one of them, or say which: --map '{}='", self.header_at(second));
        refusal::file(&self.name, &what, &hint)
    }

    /// The column of a field, from 0.
    pub(super) fn index(&self, field: F) -> Option<usize> {
        self.fields.get(&field).copied()
    }

    /// The header under which a field was found, else its own name.
    pub(super) fn header(&self, field: F) -> String {
        self.index(field).map_or_else(|| field.name().to_owned(), |column| self.header_at(column).to_owned())
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        self.headers.len()
    }

    /// Does not read a field after all.
    pub(super) fn forget(&mut self, field: F) {
        self.fields.remove(&field);
    }

    /// Reads a column as a field that no header was found for, unless the caller passes it over.
    pub(super) fn take(&mut self, field: F, column: usize) {
        if column < self.width() && !self.is_passed_over(column) {
            self.fields.insert(field, column);
        }
    }

    /// Whether a column of the field was found under one of its last-ranked headers.
    fn is_last_resort(&self, field: F) -> bool {
        let key = header_key(&self.header(field));
        let is_mapped = self.index(field).is_some_and(|column| self.mapped.contains_key(&column));
        let last = field.headers().last().copied().unwrap_or_default();
        !is_mapped && field.headers().len() > 1 && last.iter().any(|header| header_key(header) == key)
    }

    /// Gives up a lone `id` as the account's: it may be the row's, and only beside a name is it the account's.
    pub(super) fn settle_lone_id(&mut self) {
        if self.index(F::ACCOUNT).is_none() && self.is_last_resort(F::EXTERNAL_ID) {
            self.forget(F::EXTERNAL_ID);
        }
    }

    /// Checks that rows name their account, or that the caller has.
    ///
    /// # Errors
    /// Neither does.
    pub(super) fn require_account(&self, account_is_given: bool) -> Result<()> {
        let has_account = [F::ACCOUNT, F::EXTERNAL_ID].iter().any(|field| self.index(*field).is_some());
        if has_account || account_is_given {
            return Ok(());
        }
        let examples = F::ACCOUNT.examples();
        let hint = format!("name the account with --account, or name one of them {examples}");
        Err(self.missing("the account", &hint))
    }

    /// The error of a file that lacks a column that is needed.
    pub(super) fn missing(&self, what: &str, hint: &str) -> Error {
        let found = format!("has no column for {what}; its columns are {}", self.listed());
        refusal::file(&self.name, &found, hint)
    }

    /// The headers, as messages list them.
    fn listed(&self) -> String {
        let listed: Vec<String> =
            self.headers.iter().take(HEADERS_LISTED).map(|header| quoted(header)).collect();
        match self.headers.len().saturating_sub(HEADERS_LISTED) {
            0 => listed.join(", "),
            more => format!("{} and {more} more", listed.join(", ")),
        }
    }

    /// Every column that is no field, with its place and header: not those without a name, nor those that a
    /// rejects file added or the caller passes over.
    pub(super) fn others(&self) -> impl Iterator<Item = (usize, &str)> {
        let headers = self.headers.iter().enumerate().map(|(column, header)| (column, header.as_str()));
        headers.filter(|(column, _)| self.is_other(*column))
    }

    fn is_other(&self, column: usize) -> bool {
        !self.header_at(column).is_empty() && !self.is_passed_over(column) && self.field_at(column).is_none()
    }

    /// Whether a column is to be passed over without a word.
    fn is_passed_over(&self, column: usize) -> bool {
        self.mapped.get(&column).is_some_and(Option::is_none) || is_reserved(self.header_at(column))
    }

    /// Tells of the columns without a name, which are never read.
    pub(super) fn note_unnamed(&self, notes: &mut Notes) {
        (0..self.width()).for_each(|column| self.note_if_unnamed(column, notes));
    }

    fn note_if_unnamed(&self, column: usize, notes: &mut Notes) {
        if self.header_at(column).is_empty() && !self.is_passed_over(column) {
            notes.add("unnamed_column", || format!("column {} has no name and was not read", column + 1));
        }
    }

    /// Tells of the columns that are not read.
    pub(super) fn note_unread(&self, notes: &mut Notes) {
        let is_unknown = |column: &usize| self.is_other(*column) && self.outdone_by(*column).is_none();
        let unknown: Vec<usize> = (0..self.width()).filter(is_unknown).collect();
        for column in 0..self.width() {
            self.note_if_unnamed(column, notes);
            if !self.is_other(column) {
                continue;
            }
            let header = quoted(self.header_at(column));
            if let Some(better) = self.outdone_by(column) {
                notes.add("column_not_read", || {
                    format!("column {header} was not read: {} comes first", quoted(better))
                });
            } else if unknown.len() <= UNKNOWN_APART {
                notes
                    .add("unknown_column", || format!("column {header} means nothing here and was not read"));
            } else if unknown.first() == Some(&column) {
                notes.add("unknown_column", || self.all_unknown(&unknown));
            }
        }
    }

    /// `17 columns mean nothing here and were not read: 'a', 'b'`
    fn all_unknown(&self, unknown: &[usize]) -> String {
        let listed = unknown.iter().take(HEADERS_LISTED).map(|column| quoted(self.header_at(*column)));
        let listed = listed.collect::<Vec<_>>().join(", ");
        let more = match unknown.len().saturating_sub(HEADERS_LISTED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("{} columns mean nothing here and were not read: {listed}{more}", unknown.len())
    }

    /// The header of the column that was taken in the place of this one.
    pub(super) fn outdone_by(&self, column: usize) -> Option<&str> {
        self.outdone_by.get(&column).map(|better| self.header_at(*better))
    }

    /// Says what the columns that are no field are read as.
    pub(super) fn read_others_as(&mut self, what: &'static str) {
        self.others_are = Some(what);
    }

    /// What every column was read as.
    pub(super) fn reading(&self) -> ColumnReading {
        let read = |(column, header): (usize, &String)| ColumnRead {
            number: column + 1,
            header: header.clone(),
            field: self.field_at(column).map(F::name).or(self.others_are.filter(|_| self.is_other(column))),
        };
        ColumnReading { columns: self.headers.iter().enumerate().map(read).collect() }
    }

    fn field_at(&self, column: usize) -> Option<F> {
        F::ALL.iter().copied().find(|field| self.index(*field) == Some(column))
    }

    /// The header of a column; empty where there is none.
    pub(super) fn header_at(&self, column: usize) -> &str {
        self.headers.get(column).map_or("", String::as_str)
    }
}

/// Whether a header is one of those that a rejects file adds.
pub(super) fn is_reserved(header: &str) -> bool {
    header
        .trim()
        .get(..RESERVED_PREFIX.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(RESERVED_PREFIX))
}

#[cfg(test)]
mod tests;
