//! Asking before something is removed or rewritten: on a terminal by a question, elsewhere by `--yes`.

use std::io::BufRead;

use super::session::Session;
use crate::error::{Context, Error, ErrorKind, Result};

/// Goes on where that was agreed to: by `--yes`, by a dry run (which takes everything back), or at the terminal, where
/// `plan` is shown and asked about. `command` is how the error names it: `uploads undo`.
///
/// # Errors
/// `Usage` where nobody can be asked; `Failed` where the answer is not yes.
pub fn confirm(session: &Session, command: &str, plan: &str) -> Result<()> {
    confirm_from(session, command, plan, &mut std::io::stdin().lock())
}

fn confirm_from(session: &Session, command: &str, plan: &str, input: &mut dyn BufRead) -> Result<()> {
    if session.arguments.yes || session.arguments.dry_run {
        return Ok(());
    }
    let terminal = session.environment.terminal;
    if !terminal.stdin || !terminal.stderr {
        let why = format!("{command} removes or rewrites, and there is no terminal to ask at");
        return Err(Error::new(ErrorKind::Usage, why)
            .with_hint(format!("look at what it would do with --dry-run, then give {command} --yes")));
    }
    session.printer.ask(&format!("{}\nGo on? [y/N] ", plan.trim_end()))?;
    let mut answer = String::new();
    input.read_line(&mut answer).context(ErrorKind::IoError, || "the answer cannot be read".to_owned())?;
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Error::new(ErrorKind::Failed, "not agreed to; nothing was changed")),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::args::GlobalArgs;
    use super::super::args::global::{ColourChoice, Format};
    use super::super::environment::{Environment, Terminal};
    use super::super::output::OutputOptions;
    use super::super::printer::Printer;
    use super::super::testing::Captured;
    use super::*;
    use crate::ops::observer::Cancel;

    fn asked(arguments: GlobalArgs, stdin: bool, answer: &str) -> (Result<()>, String) {
        let terminal = Terminal { stdin, stderr: stdin, ..Terminal::default() };
        let environment = Environment { terminal, ..Environment::default() };
        let options = OutputOptions::early(Format::Text, ColourChoice::Never, &environment);
        let stderr = Captured::default();
        let printer = Printer::new(options, Captured::default().stream(), stderr.stream());
        let session = Session::new(arguments, environment, Arc::new(printer), Cancel::new());
        let result = confirm_from(&session, "uploads undo", "3 accounts\n", &mut answer.as_bytes());
        (result, stderr.text())
    }

    #[test]
    fn a_person_is_asked_and_only_yes_is_yes() {
        for (answer, agreed) in
            [("y\n", true), (" YES \n", true), ("\n", false), ("no\n", false), ("", false)]
        {
            let (result, told) = asked(GlobalArgs::default(), true, answer);
            assert_eq!(result.is_ok(), agreed, "{answer:?}");
            assert_eq!(told, "3 accounts\nGo on? [y/N] ");
        }
    }

    #[test]
    fn without_a_terminal_the_flag_agrees() {
        let (result, told) = asked(GlobalArgs::default(), false, "y\n");
        assert_eq!((result.unwrap_err().kind(), told.as_str()), (ErrorKind::Usage, ""));
        for arguments in [
            GlobalArgs { yes: true, ..GlobalArgs::default() },
            GlobalArgs { dry_run: true, ..GlobalArgs::default() },
        ] {
            let (result, told) = asked(arguments, false, "");
            assert_eq!((result.is_ok(), told.as_str()), (true, ""));
        }
    }
}
