//! Asking before something is removed or rewritten: on a terminal; elsewhere `--yes` must have been said.

use std::io::BufRead as _;

use super::session::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::report::text::escape_text;

/// Shows what will be done and asks whether to go on; a dry run is not asked about, nothing stays of it.
///
/// # Errors
/// `Usage` where nobody can be asked and nobody said `--yes`, and where the answer was no.
pub fn confirm(session: &Session, plan: &str) -> Result<()> {
    if session.arguments.yes || session.arguments.dry_run {
        return Ok(());
    }
    let terminal = session.environment.terminal;
    if !(terminal.stdin && terminal.stderr) {
        let told = plan.replace('\n', ", ");
        return Err(Error::new(
            ErrorKind::Usage,
            format!("nobody can be asked whether to go on: this {told}"),
        )
        .with_hint("--yes says so beforehand; --dry-run shows what would be done"));
    }
    for line in plan.lines() {
        session.printer.ask(&format!("{}\n", escape_text(line)));
    }
    session.printer.ask("go on? [y/N] ");
    let mut answer = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| Error::new(ErrorKind::IoError, "cannot read the answer").with_cause(error))?;
    match is_yes(&answer) {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::Usage, "not agreed to; nothing was changed")),
    }
}

fn is_yes(answer: &str) -> bool {
    ["y", "yes"].contains(&answer.trim().to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::is_yes;

    #[test]
    fn only_yes_is_yes() {
        assert!(["y", "Yes\n", " YES "].into_iter().all(is_yes));
        assert!(!["", "\n", "n", "yep", "yes please"].into_iter().any(is_yes));
    }
}
