//! Attributes: every column of a profile file that is no field, under its own header.

use std::collections::HashSet;

use serde_json::Value;

use super::fields::{COMPANY_REVENUE, ProfileColumn};
use super::words::Words;
use crate::error::Result;
use crate::ingest::columns::{Columns, Field};
use crate::ingest::fault::Fault;
use crate::ingest::note::Notes;
use crate::ingest::refusal::{self, quoted};
use crate::ingest::rows::cell::Cell;
use crate::ingest::rows::row::Row;
use crate::ingest::text::clean_name;
use crate::model::names::loose_key;

/// How many attributes a note names.
const NAMES_TOLD: usize = 12;

/// What an attribute says: None empties it.
type Said = Option<Value>;

/// The columns that are attributes, with the names under which they are kept.
pub(super) struct Attributes {
    columns: Vec<(usize, String)>,
}

impl Attributes {
    /// Finds the columns; `file` is the file's name.
    ///
    /// # Errors
    /// A header is no name.
    pub(super) fn of(file: &str, columns: &Columns<ProfileColumn>, notes: &mut Notes) -> Result<Self> {
        let mut names = HashSet::new();
        let mut found = Vec::new();
        if let Some(column) = columns.index(ProfileColumn::CompanyRevenue) {
            names.insert(COMPANY_REVENUE.to_owned());
            found.push((column, COMPANY_REVENUE.to_owned()));
            note_company_revenue(columns, notes);
        }
        for (column, header) in columns.others().filter(|(column, _)| !is_our_id(columns, *column)) {
            let name = clean_name(header).map_err(|fault| {
                let what =
                    format!("has a header that is no name, column {}: {}", column + 1, fault.message());
                refusal::file(file, &what, "rename the column")
            })?;
            let name = unused(&name, &names);
            names.insert(name.clone());
            found.push((column, name));
        }
        note_kept(columns, &found, notes);
        Ok(Self { columns: found })
    }

    /// What a row says of each.
    pub(super) fn read(
        &self,
        row: &Row<'_, ProfileColumn>,
        words: &Words<'_>,
    ) -> Result<Vec<(String, Said)>, Fault<ProfileColumn>> {
        let mut said = Vec::new();
        for (column, name) in &self.columns {
            let cell = row.cell_at(*column);
            if words.clears(&cell) {
                said.push((name.clone(), None));
            } else if let Some(value) = keep(row, cell).and_then(|cell| cell.to_value()) {
                if has_control(&value) {
                    let message = "expected text, found a control character in it";
                    return Err(Fault::of_column(*column, "control_character", message));
                }
                said.push((name.clone(), Some(value)));
            }
        }
        Ok(said)
    }
}

/// A cell that says something; `none` is an answer where no one knows what the column asks.
fn keep<'r>(row: &Row<'r, ProfileColumn>, cell: Cell<'r>) -> Option<Cell<'r>> {
    match &cell {
        Cell::Text(text) if text.trim().eq_ignore_ascii_case("none") => Some(cell),
        _ => row.not_missing(cell),
    }
}

/// Whether a text has a character that a terminal would obey; line ends and tabs are text.
fn has_control(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')),
        Value::Array(items) => items.iter().any(has_control),
        Value::Object(members) => members.iter().any(|(_, value)| has_control(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether the column is our own id in one of our exports, where the account's external id stands beside it.
fn is_our_id(columns: &Columns<ProfileColumn>, column: usize) -> bool {
    loose_key(columns.header_at(column)) == "accountid"
        && columns.outdone_by(column).is_some_and(|better| loose_key(better) == "externalaccountid")
}

/// The name, with a number behind it where another column has it.
fn unused(name: &str, names: &HashSet<String>) -> String {
    let numbered = (2_u32..).map(|number| format!("{name} ({number})"));
    let mut candidates = std::iter::once(name.to_owned()).chain(numbered);
    candidates.find(|name| !names.contains(name)).unwrap_or_default()
}

fn note_company_revenue(columns: &Columns<ProfileColumn>, notes: &mut Notes) {
    let header = columns.header(ProfileColumn::CompanyRevenue);
    if loose_key(&header) != loose_key(ProfileColumn::CompanyRevenue.name()) {
        notes.add("company_revenue", || {
            format!("column {} is the client's own revenue, kept as {COMPANY_REVENUE}", quoted(&header))
        });
    }
}

fn note_kept(columns: &Columns<ProfileColumn>, found: &[(usize, String)], notes: &mut Notes) {
    for (column, header) in columns.others() {
        let Some(better) = columns.outdone_by(column) else { continue };
        let (header, better) = (quoted(header), quoted(better));
        if is_our_id(columns, column) {
            notes.add("column_not_read", || {
                format!("column {header} is acctsnap's own id and was not read: {better} counts")
            });
        } else {
            notes.add("column_kept", || format!("column {header} is an attribute: {better} comes first"));
        }
    }
    let names: Vec<String> = found.iter().map(|(_, name)| quoted(name)).collect();
    if names.is_empty() {
        return;
    }
    let more = names.len().saturating_sub(NAMES_TOLD);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    notes.add("attributes", || {
        format!("kept as attributes: {}{more}", names.get(..NAMES_TOLD).unwrap_or(&names).join(", "))
    });
}
