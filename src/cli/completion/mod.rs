//! Completion of a command line in a shell: commands and flags from clap's own tree, names from the database.
//!
//! The scripts of `completions SHELL` ask the hidden command `__complete` with the line up to the cursor. It only
//! reads, makes no database, waits for nobody, and says nothing of what goes wrong: a key press is no place for
//! errors. No word of the line is ever run or expanded, and no name is offered that a shell could not be given
//! safely. clap's own dynamic completion hands names to bash unquoted, which is why this is ours.

mod candidates;
mod line;
mod position;
mod quoting;
mod scripts;

use std::path::PathBuf;
use std::sync::Arc;

use clap::{CommandFactory as _, ValueEnum};

use super::args::Cli;
use super::session::Session;
use candidates::Candidates;
use line::Line;
use position::Position;

/// A shell that completion is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// bash, from 4.0 on
    Bash,
    /// zsh
    Zsh,
    /// fish, from 3.4 on
    Fish,
}

impl Shell {
    /// What the shell runs when it starts, so that it asks for completions.
    #[must_use]
    pub const fn script(self) -> &'static str {
        scripts::script(self)
    }
}

/// What the shell's script is answered: `files` where the shell shall offer files, else `words` and a line each.
/// `breaks` are bash's `COMP_WORDBREAKS`.
#[must_use]
pub fn answer(shell: Shell, line: &str, breaks: &str, session: &Session) -> String {
    let line = Line::read(line, breaks);
    let mut command = Cli::command();
    command.build();
    let position = Position::of(&command, &line);
    let session = with_globals(session, &position);
    match candidates::at(&position, &session) {
        Candidates::Files => "files\n".to_owned(),
        Candidates::Words(words) => quoting::lines(shell, &line, position.prefix, &words),
    }
}

/// The session as the flags of the line would have it.
fn with_globals(session: &Session, position: &Position<'_>) -> Session {
    let mut arguments = session.arguments.clone();
    let value = |flag: &str| position.globals.iter().rev().find(|(name, _)| name == flag).map(|(_, it)| it);
    arguments.db = value("db").map(PathBuf::from).or(arguments.db);
    arguments.config = value("config").map(PathBuf::from).or(arguments.config);
    arguments.customer = value("customer").cloned().or(arguments.customer);
    Session::new(arguments, session.environment.clone(), Arc::clone(&session.printer), session.cancel.clone())
}
