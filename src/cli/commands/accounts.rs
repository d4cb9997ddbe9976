//! `accounts`.

use crate::cli::args::accounts::AccountsArgs;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::error::{Error, ErrorKind, Result};

/// Runs the command.
///
/// # Errors
/// As its own.
pub fn run(_: &AccountsArgs, _: &Session) -> Result<Exit> {
    Err(Error::new(ErrorKind::Failed, "not wired"))
}
