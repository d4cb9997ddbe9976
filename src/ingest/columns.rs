//! Which column is which field, by the names in the header.
//!
//! Names are compared by their letters and digits alone. Of the names that a field goes by, some are better than
//! others (`account_name` than `customer`): the best that the header has is taken, and two that are equally good
//! are an error, for nothing here may guess. Every column that is not read is told of.

use std::collections::HashMap;

use super::note::Notes;
use super::refusal::{self, quoted};
use super::table::Record;
use crate::error::Result;
use crate::model::names::loose_key;

/// The prefix of the columns that a rejects file adds; they are known, and ignored without a word.
pub(super) const RESERVED_PREFIX: &str = "acctsnap_";

/// How many headers an error lists.
const HEADERS_LISTED: usize = 30;

/// A field of a kind of file, and the headers by which it goes.
pub(super) trait Field: Copy + Eq + std::hash::Hash + 'static {
    /// Every field of the kind.
    const ALL: &'static [Self];

    /// Its name in settings and messages.
    fn name(self) -> &'static str;

    /// Its headers, as people write them: best first, equally good ones together.
    fn headers(self) -> &'static [&'static [&'static str]];
}

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
}

impl<F: Field> Columns<F> {
    /// Matches a header record of the file called `name`; `aliases` are headers that the settings add.
    ///
    /// # Errors
    /// Two columns are equally good for one field.
    pub(super) fn of_header(name: &str, header: &Record<'_>, aliases: &[(F, String)]) -> Result<Self> {
        let headers: Vec<String> = header.cells().map(|cell| cell.trim().to_owned()).collect();
        let ranks = ranks(aliases);
        let mut candidates: HashMap<F, Vec<(usize, usize)>> = HashMap::new();
        for (column, header) in headers.iter().enumerate() {
            if let Some((field, rank)) = ranks.get(&loose_key(header)).filter(|_| !is_reserved(header)) {
                candidates.entry(*field).or_default().push((*rank, column));
            }
        }
        let mut columns =
            Self { name: name.to_owned(), headers, fields: HashMap::new(), outdone_by: HashMap::new() };
        for field in F::ALL {
            if let Some(found) = candidates.remove(field) {
                columns.choose(*field, found)?;
            }
        }
        Ok(columns)
    }

    /// Takes the best of the columns found for a field, as pairs of rank and column.
    fn choose(&mut self, field: F, mut found: Vec<(usize, usize)>) -> Result<()> {
        found.sort_unstable();
        let mut found = found.into_iter();
        let Some((best_rank, best)) = found.next() else { return Ok(()) };
        for (rank, column) in found {
            if rank == best_rank {
                return Err(self.two_columns(field, best, column));
            }
            self.outdone_by.insert(column, best);
        }
        self.fields.insert(field, best);
        Ok(())
    }

    fn two_columns(&self, field: F, first: usize, second: usize) -> crate::error::Error {
        let what = format!(
            "has two columns for {}: {} (column {}) and {} (column {})",
            field.name(),
            quoted(self.header_at(first)),
            first + 1,
            quoted(self.header_at(second)),
            second + 1
        );
        refusal::file(&self.name, &what, "remove or rename one of them")
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

    /// Whether a column of the field was found under one of its last-ranked headers.
    pub(super) fn is_last_resort(&self, field: F) -> bool {
        let key = loose_key(&self.header(field));
        field.headers().last().is_some_and(|headers| headers.iter().any(|header| loose_key(header) == key))
    }

    /// The error of a file that lacks a column that is needed.
    pub(super) fn missing(&self, what: &str, hint: &str) -> crate::error::Error {
        let listed: Vec<String> =
            self.headers.iter().take(HEADERS_LISTED).map(|header| quoted(header)).collect();
        let more = match self.headers.len().saturating_sub(HEADERS_LISTED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let found = format!("has no column for {what}; its columns are {}{more}", listed.join(", "));
        refusal::file(&self.name, &found, hint)
    }

    /// Tells of the columns that are not read.
    pub(super) fn note_unread(&self, notes: &mut Notes) {
        for (column, header) in self.headers.iter().enumerate() {
            if self.field_at(column).is_some() || is_reserved(header) {
                continue;
            }
            if header.is_empty() {
                notes.add("unnamed_column", || format!("column {} has no name and was not read", column + 1));
            } else if let Some(better) = self.outdone_by.get(&column) {
                let better = quoted(self.header_at(*better));
                notes.add("column_not_read", || {
                    format!("column {} was not read: {better} comes first", quoted(header))
                });
            } else {
                notes.add("unknown_column", || {
                    format!("column {} means nothing here and was not read", quoted(header))
                });
            }
        }
    }

    /// What every column was read as.
    pub(super) fn reading(&self) -> ColumnReading {
        let read = |(column, header): (usize, &String)| ColumnRead {
            number: column + 1,
            header: header.clone(),
            field: self.field_at(column).map(F::name),
        };
        ColumnReading { columns: self.headers.iter().enumerate().map(read).collect() }
    }

    fn field_at(&self, column: usize) -> Option<F> {
        F::ALL.iter().copied().find(|field| self.index(*field) == Some(column))
    }

    fn header_at(&self, column: usize) -> &str {
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

/// Every header's key with its field and rank, 0 the best; the settings' aliases are as good as the best.
fn ranks<F: Field>(aliases: &[(F, String)]) -> HashMap<String, (F, usize)> {
    let mut ranks = HashMap::new();
    for field in F::ALL {
        for (rank, headers) in field.headers().iter().enumerate() {
            ranks.extend(headers.iter().map(|header| (loose_key(header), (*field, rank))));
        }
    }
    ranks.extend(aliases.iter().map(|(field, header)| (loose_key(header), (*field, 0))));
    ranks.remove("");
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::table::Table;

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    enum Pet {
        Name,
        Age,
    }

    impl Field for Pet {
        const ALL: &'static [Self] = &[Self::Name, Self::Age];

        fn name(self) -> &'static str {
            match self {
                Self::Name => "name",
                Self::Age => "age",
            }
        }

        fn headers(self) -> &'static [&'static [&'static str]] {
            match self {
                Self::Name => &[&["pet name", "name"], &["animal"]],
                Self::Age => &[&["age"]],
            }
        }
    }

    fn columns(header: &str) -> Result<Columns<Pet>> {
        let mut progress = |_| {};
        let mut table = Table::new(header.as_bytes(), "pets.csv", &mut progress);
        let record = table.next_record()?.unwrap();
        Columns::of_header("pets.csv", &record, &[(Pet::Name, "Tier".to_owned())])
    }

    fn notes(columns: &Columns<Pet>) -> Vec<String> {
        let mut notes = Notes::default();
        columns.note_unread(&mut notes);
        notes.finish().into_iter().map(|note| note.message).collect()
    }

    #[test]
    fn case_spaces_and_punctuation_make_no_difference() {
        for header in ["pet name", "Pet_Name*", " PET-NAME ", "Pet/Name (%)", "pet.name", "tier"] {
            assert_eq!(columns(&format!("x,{header}\n")).unwrap().index(Pet::Name), Some(1), "{header:?}");
        }
    }

    #[test]
    fn the_better_header_wins_and_the_other_is_told() {
        let columns = columns("Animal,Name,,colour,ACCTSNAP_line\n").unwrap();
        assert_eq!(columns.index(Pet::Name), Some(1));
        assert_eq!(
            notes(&columns),
            [
                "column 'Animal' was not read: 'Name' comes first",
                "column 3 has no name and was not read",
                "column 'colour' means nothing here and was not read",
            ]
        );
        assert_eq!(columns.reading().columns[1].field, Some("name"));
        assert_eq!(columns.reading().columns[0].field, None);
    }

    #[test]
    fn two_equal_columns_are_an_error_that_names_both() {
        let error = columns("name,age,Pet Name\n").unwrap_err();
        assert_eq!(
            error.message(),
            "pets.csv has two columns for name: 'name' (column 1) and 'Pet Name' (column 3)"
        );
        assert!(columns("age,Age\n").is_err());
    }

    #[test]
    fn a_missing_column_lists_what_was_found() {
        let error = columns("b,c\n").unwrap().missing("the name", "name one");
        assert_eq!(error.message(), "pets.csv has no column for the name; its columns are 'b', 'c'");
        assert!(
            columns(&format!("{}z\n", "b,".repeat(40)))
                .unwrap()
                .missing("x", "y")
                .message()
                .ends_with("and 11 more")
        );
    }
}
