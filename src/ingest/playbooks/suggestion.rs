//! What a file that lacks a column could be read by: the `--map` that would do it, or why none would.
//! It only ever suggests; nothing is read by it.

use std::collections::{BTreeMap, HashSet};

use super::fields::PlaybookField;
use crate::ingest::rows::row::Row;
use crate::model::names::loose_key;
use crate::model::playbook::PlaybookStatus;

/// How many rows are looked at.
const LOOKED_AT: usize = 200;

/// The first rows of the columns that are no field.
#[derive(Debug, Default)]
pub(super) struct Sample {
    rows: usize,
    cells: BTreeMap<usize, (String, Vec<String>)>,
}

impl Sample {
    /// Looks at a row.
    pub(super) fn add(&mut self, row: &Row<'_, PlaybookField>) {
        if self.rows >= LOOKED_AT {
            return;
        }
        self.rows += 1;
        for (column, header) in row.columns.others() {
            let (_, cells) = self.cells.entry(column).or_insert_with(|| (header.to_owned(), Vec::new()));
            cells.push(row.cell_at(column).text().trim().to_owned());
        }
    }

    /// The hint of a file that lacks the id, the state, or both.
    pub(super) fn hint(&self, lacks_id: bool, lacks_state: bool) -> String {
        let (id, state) = (self.find(is_id), self.find(is_state));
        if lacks_state && state.is_none() {
            return "no column holds states such as in-progress, completed, failed or cancelled: nothing tells how \
                    an execution went"
                .to_owned();
        }
        if lacks_id && id.is_none() {
            return "give each row the id that the execution has in its own system, in a column execution_id"
                .to_owned();
        }
        let id = id.filter(|_| lacks_id).map(|header| format!("--map '{header}=execution_id'"));
        let state = state.filter(|_| lacks_state).map(|header| format!("--map '{header}=status'"));
        let maps: Vec<_> = id.into_iter().chain(state).collect();
        format!("if that is what they hold, say so: {}", maps.join(" "))
    }

    fn find(&self, holds: impl Fn(&str, &[String]) -> bool) -> Option<&str> {
        let found = self.cells.values().find(|(header, cells)| holds(header, cells));
        found.map(|(header, _)| header.as_str())
    }
}

/// Whether a column is called an id and tells the rows apart.
fn is_id(header: &str, cells: &[String]) -> bool {
    let distinct: HashSet<_> = cells.iter().filter(|cell| !cell.is_empty()).collect();
    loose_key(header).ends_with("id") && distinct.len() == cells.len()
}

/// Whether a column holds nothing but states.
fn is_state(_: &str, cells: &[String]) -> bool {
    let mut said = cells.iter().filter(|cell| !cell.is_empty()).peekable();
    said.peek().is_some() && said.all(|cell| PlaybookStatus::parse(cell).is_some())
}
