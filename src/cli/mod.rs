//! The command line: arguments, environment, terminal, exit codes.
//!
//! The only room that prints, reads the environment, or names clap and indicatif. It decides nothing about
//! accounts: every command calls one use case of `ops` and hands its outcome to the printer.

pub mod args;
pub mod commands;
pub mod completion;
pub mod confirmation;
pub mod elsewhere;
pub mod environment;
pub mod exit;
pub mod locations;
pub mod man;
pub mod moments;
pub mod output;
pub mod printer;
pub mod progress;
pub mod run;
pub mod session;
pub mod signals;
mod temp_folder;
#[cfg(test)]
mod testing;
pub mod usage;
pub mod workspace;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use environment::Environment;
use exit::Exit;
use output::OutputOptions;
use printer::Printer;
use run::Streams;
use signals::Signals;

use crate::error::{Context, Error, ErrorKind};

/// Runs the program on this process's arguments and streams.
#[must_use]
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if asks_for_version_alone(&arguments) && print_version(&mut std::io::stdout()).is_ok() {
        return ExitCode::SUCCESS;
    }
    let signals = Signals::install()
        .context(ErrorKind::Failed, || "cannot take over the signals that ask to stop".to_owned());
    let exit = match signals.and_then(|signals| Ok((signals, Environment::from_system()?))) {
        Ok((signals, environment)) => run::run(&arguments, environment, Streams::system(), &signals),
        Err(error) => fail_early(&arguments, &error),
    };
    exit.into()
}

/// Whether nothing but the version is asked for: scripts do so before each use, and the arguments of all commands need
/// not be made known for it.
fn asks_for_version_alone(arguments: &[OsString]) -> bool {
    matches!(arguments, [_, only] if only == "--version" || only == "-V")
}

/// The line that clap prints for `--version`; where it cannot be written, the ordinary way says so.
fn print_version(out: &mut impl Write) -> std::io::Result<()> {
    out.write_all(concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"), "\n").as_bytes())?;
    out.flush()
}

/// Tells of an error that came before anything was known.
fn fail_early(arguments: &[OsString], error: &Error) -> Exit {
    let early = usage::Early::read(arguments);
    let options = OutputOptions::early(early.format, early.colour, &Environment::default());
    let (exit, streams) = (Exit::from(error.kind()), Streams::system());
    Printer::new(options, streams.stdout, streams.stderr).fail(error, exit);
    exit
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_version_is_told_as_clap_tells_it() {
        let mut told = Vec::new();
        print_version(&mut told).unwrap();
        assert_eq!(String::from_utf8(told).unwrap(), args::Cli::command().render_version());
    }

    #[test]
    fn only_a_lone_question_for_the_version_goes_the_short_way() {
        let is_lone =
            |words: &[&str]| asks_for_version_alone(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert!(is_lone(&["acctsnap", "--version"]) && is_lone(&["acctsnap", "-V"]));
        assert!(!is_lone(&["acctsnap"]) && !is_lone(&["acctsnap", "--version", "latest"]));
    }
}
