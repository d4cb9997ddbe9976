//! A JSON file as a list of objects, each of which is a row, with the physical line on which it begins.
//!
//! An object, a list of objects, one object after the other (JSONL), or an envelope: an object of which one member
//! is a list of objects. It must never guess which of several lists is meant.

use std::ops::Range;

use serde_json::value::RawValue;

use super::limits;
use super::value::{items, members};
use crate::error::{Error, Result};
use crate::ingest::encoding::Blocks;
use crate::ingest::lines::Lines;
use crate::ingest::refusal::{self, quoted};
use crate::ingest::shape::line_number;
use crate::ingest::source::Source;

/// Names under which envelopes hold their rows, and records nothing.
const ROWS: [&str; 8] =
    ["records", "accounts", "companies", "customers", "rows", "data", "items", "executions"];

const GIVE_OBJECTS: &str = "give a list of objects, or one object a line";

/// An object of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ingest) struct Element {
    /// The physical line on which it begins; its number from 1 where lines do not tell the elements apart.
    pub(in crate::ingest) line: u32,
    /// Where its text lies.
    pub(in crate::ingest) place: Range<usize>,
}

/// A JSON file.
#[derive(Debug)]
pub(in crate::ingest) struct Document {
    /// Its text, without the byte order mark.
    pub(in crate::ingest) text: String,
    /// The SHA-256 of its bytes.
    pub(in crate::ingest) sha256: [u8; 32],
    /// Its rows, in file order.
    pub(in crate::ingest) elements: Vec<Element>,
    /// Whether it is one object after the other.
    pub(in crate::ingest) is_lines: bool,
    /// Whether elements share lines, so that their numbers stand for lines.
    pub(in crate::ingest) shares_lines: bool,
    /// What the envelope has beside the rows.
    pub(in crate::ingest) beside: Vec<String>,
}

/// The rows of a text, on the way to a document.
struct Found<'t> {
    objects: Vec<&'t str>,
    is_lines: bool,
    beside: Vec<String>,
}

impl Document {
    /// Reads the file whole. `is_record` says of an object with these keys that it is a row, no envelope.
    ///
    /// # Errors
    /// It is too large, no UTF-8, no JSON, or no list of objects.
    pub(in crate::ingest) fn read(
        source: &Source,
        on_progress: &mut (dyn FnMut(u64) + Send),
        is_record: &dyn Fn(&[&str]) -> bool,
    ) -> Result<Self> {
        limits::check_size(source.name(), source.size())?;
        let (text, sha256) = read_text(source, on_progress)?;
        limits::check_depth(source.name(), &text)?;
        // A second pass, for the rejects, knows no fields: it finds what the first one did.
        let is_record = |keys: &[&str]| source.settle_record(|| is_record(keys));
        let found = find_objects(source.name(), &text, &is_record)?;
        let mut document = Self {
            sha256,
            elements: Vec::with_capacity(found.objects.len()),
            is_lines: found.is_lines,
            shares_lines: false,
            beside: found.beside,
            text: String::new(),
        };
        let (mut line, mut behind) = (1, 0);
        for object in found.objects {
            let start = offset(&text, object);
            line += count_lines(text.get(behind..start).unwrap_or_default());
            behind = start;
            let number = line_number(source.name(), line)?;
            document.shares_lines |= document.elements.last().is_some_and(|last| last.line == number);
            document.elements.push(Element { line: number, place: start..start + object.len() });
        }
        if document.shares_lines {
            (1..).zip(&mut document.elements).for_each(|(number, element)| element.line = number);
        }
        document.text = text;
        Ok(document)
    }

    /// The text of an element.
    pub(in crate::ingest) fn raw(&self, element: &Element) -> &str {
        self.text.get(element.place.clone()).unwrap_or_default()
    }
}

/// Shows each object of a list, or of lines, with its line, to one who looks before the file is read; of a file that
/// is no JSON none.
///
/// # Errors
/// The file cannot be read, or is too large; those of `look`.
pub(in crate::ingest) fn each_object(
    source: &Source,
    mut look: impl FnMut(u64, &str) -> Result<()>,
) -> Result<()> {
    limits::check_size(source.name(), source.size())?;
    let (text, _) = read_text(source, &mut |_| {})?;
    limits::check_depth(source.name(), &text)?;
    let values = serde_json::Deserializer::from_str(&text).into_iter::<&RawValue>();
    for value in values.map_while(std::result::Result::ok).map(RawValue::get) {
        for object in items(value).unwrap_or_else(|_| vec![value]) {
            look(1 + count_lines(text.get(..offset(&text, object)).unwrap_or_default()), object)?;
        }
    }
    Ok(())
}

fn read_text(source: &Source, on_progress: &mut (dyn FnMut(u64) + Send)) -> Result<(String, [u8; 32])> {
    let mut blocks = Blocks::open(source, on_progress)?;
    let (mut text, mut lines) = (String::new(), Lines::start());
    loop {
        let length = blocks.bytes().len();
        lines.pass(blocks.bytes());
        blocks.consume(length);
        text.push_str(blocks.consumed(length).unwrap_or_default());
        // The file may have grown since its size was asked, or be packed.
        limits::check_size(source.name(), text.len() as u64)?;
        if !blocks.fill(lines)? {
            break;
        }
    }
    let sha256 = blocks.finish()?;
    source.confirm_sha256(sha256)?;
    Ok((text, sha256))
}

fn find_objects<'t>(name: &str, text: &'t str, is_record: &dyn Fn(&[&str]) -> bool) -> Result<Found<'t>> {
    let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let values: Vec<&str> = values
        .map(|value| value.map(RawValue::get))
        .collect::<Result<_, _>>()
        .map_err(|error| no_json(name, &error))?;
    let found = match values.as_slice() {
        [] => return Err(refusal::file(name, "is empty", GIVE_OBJECTS)),
        [only] if only.starts_with('[') => {
            let objects = items(only).map_err(|error| no_json(name, &error))?;
            Found { objects, is_lines: false, beside: Vec::new() }
        }
        [only] if only.starts_with('{') => open_envelope(name, only, is_record)?,
        _ => Found { objects: values, is_lines: true, beside: Vec::new() },
    };
    if let Some(other) = found.objects.iter().find(|object| !object.starts_with('{')) {
        let line = 1 + count_lines(text.get(..offset(text, other)).unwrap_or_default());
        let what = format!("expected an object, found {}", quoted(other));
        return Err(refusal::line(name, line, "no_object", &what, GIVE_OBJECTS));
    }
    Ok(found)
}

/// The rows of a lone object: those of its one list of objects, or itself.
fn open_envelope<'t>(name: &str, object: &'t str, is_record: &dyn Fn(&[&str]) -> bool) -> Result<Found<'t>> {
    let itself = Found { objects: vec![object], is_lines: false, beside: Vec::new() };
    let members = members(object).map_err(|error| no_json(name, &error))?;
    let keys: Vec<&str> = members.iter().map(|(key, _)| key.as_str()).collect();
    let lists: Vec<(&str, Vec<&str>)> = members
        .iter()
        .filter(|(_, value)| value.starts_with('['))
        .filter_map(|(key, value)| Some((key.as_str(), items(value).ok()?)))
        .filter(|(_, items)| !items.is_empty() && items.iter().all(|item| item.starts_with('{')))
        .collect();
    let is_named = lists.iter().any(|(key, _)| ROWS.iter().any(|rows| rows.eq_ignore_ascii_case(key)));
    if lists.is_empty() || (!is_named && is_record(&keys)) {
        return Ok(itself);
    }
    match <[_; 1]>::try_from(lists) {
        Ok([(rows, objects)]) => {
            let beside = keys.into_iter().filter(|key| *key != rows).map(str::to_owned).collect();
            Ok(Found { objects, is_lines: false, beside })
        }
        Err(lists) => {
            let names: Vec<String> = lists.iter().map(|(key, _)| quoted(key)).collect();
            let what = format!("has several lists of objects: {}", names.join(", "));
            Err(refusal::file(name, &what, "give a file with the one that holds the rows"))
        }
    }
}

/// The error of a text that is no JSON.
fn no_json(name: &str, error: &serde_json::Error) -> Error {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let what = error.to_string().replace(&place, "");
    let what = format!("column {}: this is no JSON: {what}", error.column());
    refusal::line(name, error.line() as u64, "invalid_json", &what, "mend the file, or export it again")
}

/// Where a part of the text begins in it.
fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

fn count_lines(text: &str) -> u64 {
    memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Document> {
        let source = Source::spool("a.json", text.as_bytes()).unwrap();
        Document::read(&source, &mut |_| {}, &|keys| keys.contains(&"id"))
    }

    fn rows(text: &str) -> Vec<(u32, String)> {
        let document = read(text).unwrap();
        document.elements.iter().map(|element| (element.line, document.raw(element).to_owned())).collect()
    }

    fn refused(text: &str) -> String {
        read(text).unwrap_err().message().to_owned()
    }

    fn row(line: u32, text: &str) -> (u32, String) {
        (line, text.to_owned())
    }

    #[test]
    fn every_form_gives_rows_with_their_lines() {
        let (a, b) = ("{\"a\": 1}", "{\"a\": 2}");
        for text in [
            format!("{a}\n{b}\n"),
            format!("\u{feff}[{a},\n{b}]"),
            format!("{{\"records\": [{a},\n{b}], \"done\": true, \"tags\": [1], \"none\": []}}"),
        ] {
            assert_eq!(rows(&text), [row(1, a), row(2, b)], "{text}");
        }
        assert_eq!(rows(&format!("\n\n  {a}")), [row(3, a)]);
        let document = read("{\"total\": 1, \"rows\": [{}]}").unwrap();
        assert_eq!((document.beside, document.is_lines), (vec!["total".to_owned()], false));
        assert!(read("{}\n{}").unwrap().is_lines);
    }

    #[test]
    fn rows_that_share_a_line_are_numbered() {
        assert_eq!(rows("\n[{}, {}]"), [row(1, "{}"), row(2, "{}")]);
        assert!(read("[{}, {}]").unwrap().shares_lines);
        assert!(!read("[{},\n{}]").unwrap().shares_lines);
    }

    #[test]
    fn an_object_that_is_a_record_is_no_envelope() {
        assert_eq!(rows("{\"id\": 1, \"results\": [{}]}").len(), 1);
        assert_eq!(rows("{\"number\": 1}").len(), 1);
        assert_eq!(rows("{\"id\": 1, \"Accounts\": [{}, {}]}").len(), 2);
        assert_eq!(refused("{\"a\": [{}], \"b\": [{}]}"), "a.json has several lists of objects: 'a', 'b'");
    }

    #[test]
    fn what_is_no_list_of_objects_says_where() {
        assert_eq!(refused(" "), "a.json is empty");
        assert_eq!(refused("[{},\n\n5]"), "a.json, line 3: expected an object, found '5'");
        assert_eq!(refused("{}\n[]"), "a.json, line 2: expected an object, found '[]'");
        assert_eq!(refused("\"a\""), "a.json, line 1: expected an object, found '\"a\"'");
        assert_eq!(
            refused("[{\"a\": 1,\n}]"),
            "a.json, line 2: column 1: this is no JSON: key must be a string"
        );
        assert_eq!(refused("{\"a\": NaN}"), "a.json, line 1: column 7: this is no JSON: expected value");
        assert!(refused("[{}, {").contains("EOF while parsing"), "{}", refused("[{}, {"));
        assert!(refused(&"[".repeat(100_000)).contains("64 deep"));
    }
    fn json_like() -> impl Strategy<Value = String> {
        let parts = ["{", "}", "[", "]", "\"a\"", ":", ",", "1e9", "null", "\\u00e9", "\n", " ", "\"", "é"];
        proptest::collection::vec(proptest::sample::select(parts.to_vec()), 0..30)
            .prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_elements_are_objects(text in json_like()) {
            if let Ok(document) = read(&text) {
                for element in &document.elements {
                    prop_assert!(members(document.raw(element)).is_ok());
                }
            }
        }
    }
}
