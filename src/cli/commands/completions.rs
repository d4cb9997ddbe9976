//! `completions SHELL`: the script that makes a shell ask for completions; and `__complete`, which it asks.

use crate::cli::args::completions::{CompleteArgs, CompletionsArgs};
use crate::cli::args::global::Format;
use crate::cli::completion::answer;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::error::{Error, ErrorKind, Result};

/// Prints a shell's script.
///
/// # Errors
/// `Usage` where another form than text is asked for: a script has one.
pub fn run(arguments: &CompletionsArgs, session: &Session) -> Result<Exit> {
    let format = session.printer.options().format;
    if format != Format::Text {
        let message = format!("expected the text format for a script, got --format {}", format.name());
        return Err(Error::new(ErrorKind::Usage, message).with_hint("leave the format out"));
    }
    session.printer.answer_text(arguments.shell.script())?;
    Ok(Exit::Done)
}

/// Answers a shell's script.
///
/// # Errors
/// Where the answer cannot be written.
pub fn complete(arguments: &CompleteArgs, session: &Session) -> Result<Exit> {
    let answer = answer(arguments.shell, &arguments.line, &arguments.breaks, session);
    session.printer.answer_data(&answer)?;
    Ok(Exit::Done)
}
