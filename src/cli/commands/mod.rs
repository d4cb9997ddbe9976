//! The commands, one file each: arguments in, one use case called, its outcome handed to the printer.

pub mod accounts;
pub mod backup;
pub mod chosen;
pub mod compare;
pub mod completions;
pub mod config;
pub mod context;
pub mod customers;
pub mod erase;
pub mod events;
pub mod explain;
pub mod export;
pub mod flush;
pub mod health;
pub mod history;
pub mod ingest;
pub mod inspect;
pub mod kpis;
pub mod latest;
pub mod man;
pub mod notes;
mod reading;
pub mod restore;
pub mod retention;
pub mod scheduled;
pub mod schema;
pub mod snapshot;
pub mod status;
pub mod tags;
pub mod uploads;
pub mod verify;

use std::path::Path;

use serde::Serialize;

use super::args::global::Format;
use super::exit::Exit;
use super::session::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::report::{csv, json};

/// Hands an answer to the printer in the format asked for; CSV has one row, under the object's own keys.
///
/// # Errors
/// Where the answer cannot be written.
pub fn answer<T: Serialize>(session: &Session, view: &T, text: impl FnOnce() -> String) -> Result<()> {
    match session.printer.options().format {
        Format::Text => session.printer.answer_text(&text()),
        _ => answer_data(session, view),
    }
}

/// As [`answer`], for what a write did: text is silent with `--quiet`.
///
/// # Errors
/// Where the answer cannot be written.
pub fn summary<T: Serialize>(session: &Session, view: &T, text: impl FnOnce() -> String) -> Result<()> {
    match session.printer.options().format {
        Format::Text => session.printer.summary_text(&text()),
        _ => answer_data(session, view),
    }
}

fn answer_data<T: Serialize>(session: &Session, view: &T) -> Result<()> {
    let printer = &session.printer;
    match printer.options().format {
        Format::Json | Format::Text => printer.answer_data(&json::pretty(view)?),
        Format::Jsonl => printer.answer_data(&json::line(view)?),
        Format::Csv => {
            let value = to_value(view)?;
            let headers: Vec<&str> =
                value.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
            printer.answer_data(&text_of(&csv::bytes(&headers, [&value])?))
        }
    }
}

/// What text says where a condition holds for nothing.
pub const NO_MATCH: &str = "no account matches\n";

/// Hands a list to the printer: an envelope in JSON, bare items in JSON Lines, a row an item in CSV.
///
/// # Errors
/// Where the answer cannot be written.
pub fn answer_list<T: Serialize + Sync>(
    session: &Session,
    list: &crate::report::list::List<T>,
    headers: &[&str],
    text: impl FnOnce() -> String,
) -> Result<()> {
    let printer = &session.printer;
    match printer.options().format {
        Format::Text => printer.answer_text(&text()),
        Format::Json => printer.answer_data(&json::pretty(list)?),
        Format::Jsonl => printer.answer_data(&list.json_lines()?),
        Format::Csv => {
            let values = list.items.iter().map(to_value).collect::<Result<Vec<_>>>()?;
            printer.answer_data(&text_of(&csv::bytes(headers, &values)?))
        }
    }
}

fn to_value<T: Serialize>(view: &T) -> Result<serde_json::Value> {
    serde_json::to_value(view)
        .map_err(|error| Error::new(ErrorKind::Failed, "the answer has no JSON").with_cause(error))
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An exit code for something of which part was done.
#[must_use]
pub const fn done_or(partly: bool) -> Exit {
    if partly { Exit::Partly } else { Exit::Done }
}

/// Refuses an answer that would be written over something that the command reads: its input, or the settings.
///
/// # Errors
/// `Usage`, before anything is done.
pub fn protect_inputs<'p>(session: &Session, inputs: impl IntoIterator<Item = &'p Path>) -> Result<()> {
    let Some(output) = session.arguments.output.as_deref() else { return Ok(()) };
    let is_config = session.config_file().is_some_and(|config| is_same_file(&config.value, output));
    match is_config || inputs.into_iter().any(|path| is_same_file(path, output)) {
        true => Err(Error::new(ErrorKind::Usage, format!("-o would write over {}", output.display()))
            .with_hint("name another file")),
        false => Ok(()),
    }
}

/// Whether two paths lead to one file, or would.
#[must_use]
pub fn is_same_file(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// The text of what a write did, with a line that nothing of it stays where this is a dry run.
#[must_use]
pub fn dry_run_said(session: &Session, mut text: String) -> String {
    if session.arguments.dry_run {
        text.push_str("dry run: nothing was written\n");
    }
    text
}
