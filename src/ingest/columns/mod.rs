//! Which column is which field, by the names in the header.
//!
//! Names are compared by their letters and digits alone. Of the names that a field goes by, some are better than
//! others (`account_name` than `customer`): the best that the header has is taken, and two that are equally good
//! are an error, for nothing here may guess. Every column that is not read is told of.

pub(super) mod account;
mod field;
mod maps;
mod shape;

use std::collections::HashMap;

use super::note::Notes;
use super::refusal::{self, quoted};
use crate::error::{Choice, Error, Result};
use crate::model::kpi::advice::shell_word;
use field::header_key;
pub(super) use field::{Field, Ranks, aliases_named};
use maps::Mapped;
pub(super) use maps::{column_at, column_of};
pub(super) use shape::Shapes;

/// The prefix of the columns that a rejects file adds; they are known, and ignored without a word.
pub(super) const RESERVED_PREFIX: &str = "acctsnap_";

/// What a column is called that a rejects file says is to be passed over.
pub(super) const PASSED_OVER: &str = "acctsnap_passed_over";

/// How many headers an error lists.
const HEADERS_LISTED: usize = 30;

/// Up to so many columns that mean nothing are told of one by one.
const UNKNOWN_APART: usize = 3;

/// Longer headers than this are not compared letter by letter: no field is called so.
const LONGEST_COMPARED: usize = 60;

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
    /// The keys of the headers of fields that were not found, for close misses.
    lacking: Vec<(String, F)>,
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
        let (name, lacking) = (name.to_owned(), Vec::new());
        let mut columns = Self { name, headers, fields, outdone_by, mapped, others_are, lacking };
        columns.mapped = maps::resolve(&columns.name, &columns.headers, maps, &columns.listed())?;
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
        columns.lacking = ranks.keys_of(|field| !columns.fields.contains_key(&field));
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
        let pass_over = shell_word(&format!("{}=", self.map_name(second))).into_owned();
        let hint = format!("remove or rename one of them, or pass one over: --map {pass_over}");
        let choices =
            [second, first].map(|column| Choice::new("--map", format!("{}=", self.map_name(column)))).into();
        refusal::file(&self.name, &what, &hint).with_choices(choices)
    }

    /// What `--map` calls a column: its header where that is its alone, else its number.
    pub(super) fn map_name(&self, column: usize) -> String {
        let header = self.header_at(column);
        let is_its_alone = self.headers.iter().filter(|other| *other == header).count() == 1;
        if is_its_alone && !header.is_empty() { header.to_owned() } else { format!("column {}", column + 1) }
    }

    /// A column as messages call it: by its header, and by its number too where another has the same one.
    fn called(&self, column: usize) -> String {
        let (header, name) = (self.header_at(column), self.map_name(column));
        if name == header { quoted(header) } else { format!("{} ({name})", quoted(header)) }
    }

    /// `did you mean --map 'Acount=account'?`: the header of a field that the file lacks is near this one.
    fn suggestion(&self, column: usize) -> Option<String> {
        let key = header_key(self.header_at(column));
        let allowed = match key.chars().count() {
            0..=4 => return None,
            5..=8 => 1,
            9..=LONGEST_COMPARED => 2,
            _ => return None,
        };
        let near =
            self.lacking.iter().map(|(known, field)| (strsim::damerau_levenshtein(&key, known), *field));
        let (_, field) =
            near.filter(|(distance, _)| (1..=allowed).contains(distance)).min_by_key(|near| near.0)?;
        let map = format!("{}={}", self.map_name(column), field.name());
        Some(format!("did you mean --map {}?", shell_word(&map)))
    }

    /// The column of a field, from 0.
    pub(super) fn index(&self, field: F) -> Option<usize> {
        self.fields.get(&field).copied()
    }

    /// The header under which a field was found, else its own name; of a column without a name its number.
    pub(super) fn header(&self, field: F) -> String {
        self.index(field).map_or_else(
            || field.name().to_owned(),
            |column| match self.header_at(column) {
                "" => self.map_name(column),
                header => header.to_owned(),
            },
        )
    }

    /// Whether the table begins as acctsnap's own exports do.
    pub(super) fn are_of_export(&self) -> bool {
        const FIRST: [&str; 4] = ["customer", "account_id", "external_account_id", "account_name"];
        self.headers.iter().take(FIRST.len()).eq(FIRST)
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
        let hint = format!(
            "name the account with --account, or the column that does: --map 'COLUMN=account'; it is found by itself where \
             it is called {examples}"
        );
        Err(self.missing("the account", &hint))
    }

    /// The error of a file that lacks a column that is needed.
    pub(super) fn missing(&self, what: &str, hint: &str) -> Error {
        let found = format!("has no column for {what}; its columns are {}", self.listed());
        let unread = (0..self.width()).filter(|column| self.is_other(*column));
        match unread.filter_map(|column| self.suggestion(column)).next() {
            Some(suggestion) => refusal::file(&self.name, &found, &format!("{suggestion} Else {hint}")),
            None => refusal::file(&self.name, &found, hint),
        }
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

    /// Tells of the columns without a name, which are not read unless they are mapped.
    pub(super) fn note_unnamed(&self, notes: &mut Notes) {
        let shapes = Shapes::default();
        (0..self.width()).for_each(|column| self.note_if_unnamed(column, &shapes, notes));
    }

    fn note_if_unnamed(&self, column: usize, shapes: &Shapes, notes: &mut Notes) {
        let is_read = self.field_at(column).is_some();
        if self.header_at(column).is_empty() && !is_read && !self.is_passed_over(column) {
            let number = column + 1;
            notes.add("unnamed_column", || {
                format!("column {number} has no name and was not read{}", shape_of(shapes, column))
            });
        }
    }

    /// Tells of the columns that are not read, and of what was seen in them.
    pub(super) fn note_unread(&self, shapes: &Shapes, notes: &mut Notes) {
        let is_unknown = |column: &usize| self.is_other(*column) && self.outdone_by(*column).is_none();
        let unknown: Vec<usize> = (0..self.width()).filter(is_unknown).collect();
        for column in 0..self.width() {
            self.note_if_unnamed(column, shapes, notes);
            if !self.is_other(column) {
                continue;
            }
            if let Some(better) = self.outdone_by(column) {
                notes.add("column_not_read", || {
                    format!("column {} was not read: {} comes first", self.called(column), quoted(better))
                });
            } else if unknown.len() <= UNKNOWN_APART {
                notes.add("unknown_column", || self.unknown(column, shapes));
            } else if unknown.first() == Some(&column) {
                notes.add("unknown_column", || self.all_unknown(&unknown, shapes));
            }
        }
    }

    fn unknown(&self, column: usize, shapes: &Shapes) -> String {
        let suggestion = self.suggestion(column).map(|text| format!("; {text}")).unwrap_or_default();
        let shape = shape_of(shapes, column);
        format!("column {} means nothing here and was not read{shape}{suggestion}", self.called(column))
    }

    /// `17 columns mean nothing here and were not read: 'a' (12 numbers such as 4.5), 'b'`
    fn all_unknown(&self, unknown: &[usize], shapes: &Shapes) -> String {
        let told = |column: &usize| {
            let suggestion = self.suggestion(*column).map(|text| format!(", {text}")).unwrap_or_default();
            format!("{}{}{suggestion}", self.called(*column), shape_of(shapes, *column))
        };
        let listed = unknown.iter().take(HEADERS_LISTED).map(told).collect::<Vec<_>>().join(", ");
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

/// ` (12 numbers such as 4.5, 3 blank)`, where anything was seen.
fn shape_of(shapes: &Shapes, column: usize) -> String {
    shapes.describe(column).map(|shape| format!(" ({shape})")).unwrap_or_default()
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
