//! JSON files as rows with cells: the columns are all keys of all rows, in order of first appearance.
//!
//! A file is held whole, within limits; its objects are cut into cells one after the other.

mod document;
mod flat;
mod limits;
pub(in crate::ingest) mod value;

use std::collections::HashMap;

use crate::error::{Error, Result};
use crate::ingest::note::Notes;
use crate::ingest::refusal::{self, quoted};
use crate::ingest::source::Source;
pub(in crate::ingest) use document::{Document, each_object};
use flat::{Unfit, flatten};
pub(in crate::ingest) use flat::{cell_of, is_metadata};

/// Where the text of each cell lies in the document; an empty place is no cell.
type Places = Vec<(usize, usize)>;

/// The rows of a JSON file.
#[derive(Debug)]
pub(in crate::ingest) struct JsonRows {
    document: Document,
    columns: Vec<String>,
    numbers: HashMap<String, usize>,
    next: usize,
    places: Places,
}

/// One row; it stands until the next one is read.
#[derive(Debug, Clone, Copy)]
pub(in crate::ingest) struct JsonRow<'r> {
    /// The physical line on which it begins, from 1.
    pub(in crate::ingest) line: u32,
    text: &'r str,
    /// The whole object.
    pub(in crate::ingest) raw: &'r str,
    places: &'r [(usize, usize)],
}

impl<'r> JsonRow<'r> {
    /// The text of a cell; empty where there is none.
    pub(in crate::ingest) fn cell(&self, column: usize) -> &'r str {
        self.places.get(column).and_then(|(start, end)| self.text.get(*start..*end)).unwrap_or_default()
    }
}

impl JsonRows {
    /// Reads a file and finds its columns; see [`Document::read`].
    ///
    /// # Errors
    /// Those of [`Document::read`]; a key stands twice in an object, a text is no Unicode, the columns are too many.
    pub(in crate::ingest) fn open(
        source: &Source,
        on_progress: &mut (dyn FnMut(u64) + Send),
        is_record: &dyn Fn(&[&str]) -> bool,
        notes: &mut Notes,
    ) -> Result<Self> {
        let document = Document::read(source, on_progress, is_record)?;
        note_document(&document, notes);
        let (columns, numbers, places) = Default::default();
        let mut rows = Self { document, columns, numbers, next: 0, places };
        let mut metadata = false;
        for place in 0..rows.document.elements.len() {
            metadata |= rows.cut(place).map_err(|(line, unfit)| refuse(source.name(), line, unfit))?;
            limits::check_columns(source.name(), rows.columns.len())?;
        }
        if metadata {
            notes.add("metadata", || "'attributes' of Salesforce is metadata and was not read".to_owned());
        }
        Ok(rows)
    }

    /// The names of the columns.
    pub(in crate::ingest) fn headers(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(String::as_str)
    }

    /// The SHA-256 of the file.
    pub(in crate::ingest) fn sha256(&self) -> [u8; 32] {
        self.document.sha256
    }

    /// The next row.
    pub(in crate::ingest) fn next_row(&mut self) -> Option<JsonRow<'_>> {
        let place = self.next;
        self.next += 1;
        // What is unfit was found when the columns were.
        self.cut(place).ok()?;
        let element = self.document.elements.get(place)?;
        let (text, raw) = (self.document.text.as_str(), self.document.raw(element));
        Some(JsonRow { line: element.line, text, raw, places: &self.places })
    }

    /// Finds the cells of an element, and columns that are new; says whether metadata was passed over.
    fn cut(&mut self, place: usize) -> Result<bool, (u32, Unfit)> {
        let Self { document, columns, numbers, places, .. } = self;
        let Some(element) = document.elements.get(place) else { return Ok(false) };
        let start = document.text.as_ptr() as usize;
        places.clear();
        places.resize(columns.len(), (0, 0));
        let mut take = |name: &str, value: &str| {
            let column = *numbers.entry(name.to_owned()).or_insert_with(|| {
                columns.push(name.to_owned());
                places.push((0, 0));
                columns.len() - 1
            });
            let from = (value.as_ptr() as usize).saturating_sub(start);
            match places.get_mut(column) {
                Some(place) if *place == (0, 0) => *place = (from, from + value.len()),
                _ => return Err(Unfit::DuplicateKey(name.to_owned())),
            }
            Ok(())
        };
        flatten(document.raw(element), &mut take).map_err(|unfit| (element.line, unfit))
    }
}

fn note_document(document: &Document, notes: &mut Notes) {
    if !document.beside.is_empty() {
        let beside: Vec<String> = document.beside.iter().take(10).map(|key| quoted(key)).collect();
        notes.add("beside_rows", || format!("beside the rows, {} was not read", beside.join(", ")));
    }
    if document.shares_lines {
        notes.add("shared_lines", || {
            "records share lines: where a line is named, the number of the record is meant".to_owned()
        });
    }
}

fn refuse(name: &str, line: u32, unfit: Unfit) -> Error {
    let (code, what, hint) = match unfit {
        Unfit::DuplicateKey(key) => (
            "duplicate_key",
            format!("the key {} stands twice in an object", quoted(&key)),
            "keep one of them",
        ),
        Unfit::BrokenText(key) => {
            let what = format!("a text under {} has half of a character (\\ud800 to \\udfff)", quoted(&key));
            ("broken_text", what, "export the file again as UTF-8")
        }
    };
    refusal::line(name, u64::from(line), code, &what, hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> Result<(JsonRows, Vec<String>)> {
        let mut notes = Notes::default();
        let source = Source::spool("a.json", text.as_bytes()).unwrap();
        let rows = JsonRows::open(&source, &mut |_| {}, &|_| false, &mut notes)?;
        Ok((rows, notes.finish().into_iter().map(|note| note.message).collect()))
    }

    #[test]
    fn columns_are_all_keys_in_order_of_first_appearance() {
        let (mut rows, notes) = open("[{\"a\": 1, \"b\": {\"c\": 2}},\n{\"d\": 3, \"a\": \"x\"}]").unwrap();
        assert_eq!(rows.headers().collect::<Vec<_>>(), ["a", "b.c", "d"]);
        let cells = |row: JsonRow<'_>| (row.line, (0..4).map(|column| row.cell(column).to_owned()).collect());
        let first: (u32, Vec<String>) = rows.next_row().map(cells).unwrap();
        assert_eq!(first, (1, ["1", "2", "", ""].map(str::to_owned).to_vec()));
        assert_eq!(rows.next_row().map(cells).unwrap().1, ["\"x\"", "", "3", ""].map(str::to_owned).to_vec());
        assert!(rows.next_row().is_none() && notes.is_empty());
    }

    #[test]
    fn what_is_passed_over_is_told() {
        let (_, notes) =
            open("{\"done\": true, \"records\": [{\"attributes\": {\"type\": \"A\"}}, {\"a\": 1}]}").unwrap();
        assert_eq!(
            notes,
            [
                "beside the rows, 'done' was not read",
                "records share lines: where a line is named, the number of the record is meant",
                "'attributes' of Salesforce is metadata and was not read",
            ]
        );
    }

    #[test]
    fn objects_that_no_row_can_hold_refuse_the_file() {
        let refused = |text: &str| open(text).unwrap_err().message().to_owned();
        assert_eq!(
            refused("{\"a\": 1}\n{\"a\": 1, \"a\": 2}"),
            "a.json, line 2: the key 'a' stands twice in an object"
        );
        assert_eq!(
            refused("{\"a.b\": 1, \"a\": {\"b\": 2}}"),
            "a.json, line 1: the key 'a.b' stands twice in an object"
        );
        assert!(refused("{\"a\": \"\\ud800\"}").contains("half of a character"));
        let many: Vec<String> = (0..2001).map(|number| format!("\"k{number}\": 1")).collect();
        assert_eq!(refused(&format!("{{{}}}", many.join(","))), "a.json has more than 2000 distinct columns");
    }
}
