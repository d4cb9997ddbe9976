//! How answers and messages look, settled once from flags, environment and terminal.

use super::args::GlobalArgs;
use super::args::global::{ColourChoice, Format, LogFormat};
use super::environment::{ColourVariables, Environment};
use crate::error::Result;

/// How answers and messages look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutputOptions {
    /// Form of the answer.
    pub format: Format,
    /// Form of the messages.
    pub log_format: LogFormat,
    /// On success nothing but an answer that was asked for.
    pub quiet: bool,
    /// Tell of every account.
    pub verbose: bool,
    /// Progress bars may be drawn on stderr.
    pub bars: bool,
    /// Text on stdout bears colour.
    pub colour_stdout: bool,
    /// Text on stderr bears colour.
    pub colour_stderr: bool,
    /// Stdout is a terminal.
    pub stdout_is_terminal: bool,
    /// Columns of the terminal that the answer goes to; None where it goes elsewhere.
    pub width: Option<usize>,
}

impl OutputOptions {
    /// What flags and surroundings come to. `unattended_quiet` is for commands that are silent by themselves
    /// where neither stdout nor stderr is a terminal; `--verbose` lifts that.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Usage`] where `--json` and `--format` contradict each other.
    pub fn resolve(
        arguments: &GlobalArgs,
        environment: &Environment,
        unattended_quiet: bool,
    ) -> Result<Self> {
        let format = arguments.answer_format()?;
        let log_format = arguments.log_format.unwrap_or_default();
        let choice = arguments.color.unwrap_or_default();
        Ok(Self::settled(arguments, environment, unattended_quiet, format, log_format, choice))
    }

    /// What is known before the command line was understood: for help and usage errors.
    #[must_use]
    pub fn early(format: Format, choice: ColourChoice, environment: &Environment) -> Self {
        Self::settled(&GlobalArgs::default(), environment, false, format, LogFormat::Text, choice)
    }

    fn settled(
        arguments: &GlobalArgs,
        environment: &Environment,
        unattended_quiet: bool,
        format: Format,
        log_format: LogFormat,
        choice: ColourChoice,
    ) -> Self {
        let terminal = environment.terminal;
        let unattended = unattended_quiet && !terminal.stdout && !terminal.stderr;
        let quiet = arguments.quiet || (unattended && !arguments.verbose);
        let colour = environment.colour;
        let to_terminal = terminal.stdout && arguments.output.is_none();
        let bars_allowed = !quiet && !arguments.no_progress && log_format == LogFormat::Text;
        Self {
            format,
            log_format,
            quiet,
            verbose: arguments.verbose,
            bars: terminal.stderr && bars_allowed && !colour.dumb,
            colour_stdout: colour_wanted(choice, colour, to_terminal),
            colour_stderr: colour_wanted(choice, colour, terminal.stderr),
            stdout_is_terminal: to_terminal,
            width: if to_terminal { terminal.width } else { None },
        }
    }
}

/// `--color`, then `NO_COLOR`, `CLICOLOR_FORCE`, `CLICOLOR=0`, `TERM=dumb`, then whether the stream is a terminal.
#[must_use]
pub fn colour_wanted(choice: ColourChoice, variables: ColourVariables, is_terminal: bool) -> bool {
    match choice {
        ColourChoice::Always => true,
        ColourChoice::Never => false,
        ColourChoice::Auto if variables.no_color => false,
        ColourChoice::Auto if variables.clicolor_force => true,
        ColourChoice::Auto => is_terminal && !variables.clicolor_off && !variables.dumb,
    }
}

#[cfg(test)]
mod tests {
    use super::super::environment::Terminal;
    use super::*;

    const NOTHING: ColourVariables =
        ColourVariables { no_color: false, clicolor_force: false, clicolor_off: false, dumb: false };

    #[test]
    fn colour_is_settled_in_the_documented_order() {
        use ColourChoice::{Always, Auto, Never};
        let all = ColourVariables { no_color: true, clicolor_force: true, clicolor_off: true, dumb: true };
        let cases = [
            (Always, all, false, true),
            (Never, ColourVariables { clicolor_force: true, ..NOTHING }, true, false),
            (Auto, all, true, false),
            (Auto, ColourVariables { no_color: false, ..all }, false, true),
            (Auto, ColourVariables { clicolor_off: true, ..NOTHING }, true, false),
            (Auto, ColourVariables { dumb: true, ..NOTHING }, true, false),
            (Auto, NOTHING, true, true),
            (Auto, NOTHING, false, false),
        ];
        for (choice, variables, is_terminal, wanted) in cases {
            assert_eq!(colour_wanted(choice, variables, is_terminal), wanted, "{choice:?} {variables:?}");
        }
    }

    fn resolved(arguments: &GlobalArgs, stdout: bool, stderr: bool, unattended_quiet: bool) -> OutputOptions {
        let terminal = Terminal { stdin: true, stdout, stderr, width: Some(80) };
        let environment = Environment { terminal, ..Environment::default() };
        OutputOptions::resolve(arguments, &environment, unattended_quiet).unwrap()
    }

    #[test]
    fn streams_are_settled_each_for_itself() {
        let options = resolved(&GlobalArgs::default(), false, true, false);
        assert_eq!((options.colour_stdout, options.colour_stderr, options.width), (false, true, None));
        let into_file = GlobalArgs { output: Some("x".into()), ..GlobalArgs::default() };
        let options = resolved(&into_file, true, true, false);
        assert_eq!((options.colour_stdout, options.width), (false, None));
        assert_eq!(resolved(&GlobalArgs::default(), true, true, false).width, Some(80));
    }

    #[test]
    fn bars_need_a_terminal_and_nobody_against_them() {
        let bars = |arguments: &GlobalArgs, stderr| resolved(arguments, true, stderr, false).bars;
        let plain = GlobalArgs::default();
        assert!(bars(&plain, true));
        assert!(!bars(&plain, false));
        assert!(!bars(&GlobalArgs { quiet: true, ..plain.clone() }, true));
        assert!(!bars(&GlobalArgs { no_progress: true, ..plain.clone() }, true));
        assert!(!bars(&GlobalArgs { log_format: Some(LogFormat::Json), ..plain }, true));
    }

    #[test]
    fn unattended_commands_are_quiet_only_where_nobody_looks() {
        let quiet =
            |stdout, stderr, unattended| resolved(&GlobalArgs::default(), stdout, stderr, unattended).quiet;
        assert!(quiet(false, false, true));
        assert!(!quiet(true, false, true));
        assert!(!quiet(false, true, true));
        assert!(!quiet(false, false, false));
        let verbose = GlobalArgs { verbose: true, ..GlobalArgs::default() };
        assert!(!resolved(&verbose, false, false, true).quiet, "asked for is asked for");
    }
}
