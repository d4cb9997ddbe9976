//! The rejects of a JSON file: its objects as they stood, with the reasons as members behind their own.

use std::io::Write;

use serde_json::Value;

use super::read_by::ReadBy;
use super::reading::READING;
use super::{ADDED, changed, in_line_order, unwritable};
use crate::error::Result;
use crate::ingest::columns::is_reserved;
use crate::ingest::rows::cell::Cell;
use crate::ingest::rows::json::{Document, cell_of, value::members};
use crate::ingest::source::Source;
use crate::model::rejection::{Problem, Rejections};

/// Writes the objects that were set aside, one a line where the source has them so, else as a list; returns how
/// many.
pub(super) fn write(
    source: &Source,
    rejections: &Rejections,
    read_by: ReadBy<'_>,
    out: &mut impl Write,
) -> Result<u64> {
    let earlier = source.said()?.tables().next();
    let reading = read_by.rows_of(0, &[], Vec::new(), b',', earlier).reading;
    let document = Document::read(source, &mut |_| {}, &|_| false)?;
    let rows = in_line_order(&rejections.rows);
    let mut elements = document.elements.iter();
    let (mut written, mut last) = (0, None);
    for rejection in rows.iter().filter(|rejection| last.replace(rejection.line) != Some(rejection.line)) {
        let problem = rejections.problems.get(rejection.problem as usize).ok_or_else(|| changed(source))?;
        let element = elements.find(|element| element.line >= rejection.line);
        let element =
            element.filter(|element| element.line == rejection.line).ok_or_else(|| changed(source))?;
        let raw = with_reasons(document.raw(element), &reading, rejection.line, problem)
            .ok_or_else(|| changed(source))?;
        let (before, text) = match (document.is_lines, written) {
            // Line ends stand between members alone: within a text they are escaped.
            (true, 0) => ("", raw.replace(['\n', '\r'], " ")),
            (true, _) => ("\n", raw.replace(['\n', '\r'], " ")),
            (false, 0) => ("[\n", raw),
            (false, _) => (",\n", raw),
        };
        out.write_all(before.as_bytes()).and_then(|()| out.write_all(text.as_bytes())).map_err(unwritable)?;
        written += 1;
    }
    let end = match (document.is_lines, written) {
        (true, 0) => "",
        (true, _) => "\n",
        (false, 0) => "[]\n",
        (false, _) => "\n]\n",
    };
    out.write_all(end.as_bytes()).and_then(|()| out.flush()).map_err(unwritable)?;
    Ok(written)
}

/// The object with the reasons behind its members; those of an earlier rejects file go.
fn with_reasons(raw: &str, reading: &str, line: u32, problem: &Problem) -> Option<String> {
    let value = problem.column.as_deref().and_then(|column| cell_of(raw, column));
    let value = value.map(|value| Cell::of_json(value).text().into_owned());
    let reasons = [
        Value::from(line),
        Value::from(problem.column.as_deref()),
        Value::from(value),
        Value::from(problem.code),
        Value::from(problem.message.as_str()),
        Value::from(problem.hint.as_deref()),
    ];
    let own = members(raw).ok()?;
    let own = own.iter().filter(|(key, _)| !is_reserved(key));
    let own = own.map(|(key, value)| format!("{}: {value}", Value::from(key.as_str())));
    let reading = (!reading.is_empty()).then(|| (READING, Value::from(reading)));
    let added = reading.into_iter().chain(ADDED.into_iter().zip(reasons));
    let added = added.map(|(key, value)| format!("\"{key}\": {value}"));
    Some(format!("{{{}}}", own.chain(added).collect::<Vec<_>>().join(", ")))
}
