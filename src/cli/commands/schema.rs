//! `schema NAME`: the JSON Schema of an answer; JSON whatever the format asked for.

use crate::cli::args::schema::SchemaArgs;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::report::{json, schema};

/// Prints the schema.
///
/// # Errors
/// [`ErrorKind::Usage`] for a name that is no answer.
pub fn run(arguments: &SchemaArgs, session: &Session) -> Result<Exit> {
    let schema = schema::schema(&arguments.name).ok_or_else(|| unknown(&arguments.name))?;
    session.printer.answer_data(&json::pretty(&schema)?)?;
    Ok(Exit::Done)
}

fn unknown(name: &str) -> Error {
    let names = schema::names().collect::<Vec<_>>().join(", ");
    Error::new(ErrorKind::Usage, format!("expected the name of an answer, got '{name}'"))
        .with_hint(format!("there are {names}"))
}
