//! One run: arguments and surroundings in, exit code out. Everything between can be called from a test.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use clap::{CommandFactory, FromArgMatches};

use super::args::scheduled::ScheduledCommand;
use super::args::{Cli, Command, alone};
use super::commands;
use super::environment::Environment;
use super::exit::Exit;
use super::output::OutputOptions;
use super::printer::{Printer, Stream};
use super::session::Session;
use super::signals::Signals;
use super::temp_folder;
use super::usage::{Early, Refusal, refusal};
use crate::error::{Error, ErrorKind, Result};
use crate::report::text::{DEFAULT_WIDTH, escape_text};

/// Where a run writes.
pub struct Streams {
    /// The answer.
    pub stdout: Stream,
    /// Messages and errors.
    pub stderr: Stream,
}

impl Streams {
    /// The process's own.
    #[must_use]
    pub fn system() -> Self {
        Self { stdout: Box::new(std::io::stdout()), stderr: Box::new(std::io::stderr()) }
    }
}

/// Runs one command line.
#[must_use]
pub fn run(arguments: &[OsString], environment: Environment, streams: Streams, signals: &Signals) -> Exit {
    let early = Early::read(arguments);
    let early = OutputOptions::early(early.format, early.colour, &environment);
    let understood = parse(arguments, &environment).and_then(|cli| {
        let unattended_quiet = is_for_timers(&cli.command);
        let options = OutputOptions::resolve(&cli.global, &environment, unattended_quiet);
        options.map(|options| (cli, options)).map_err(Refusal::Wrong)
    });
    let (cli, options) = match understood {
        Ok(understood) => understood,
        Err(refusal) => {
            let printer = Printer::new(early, streams.stdout, streams.stderr);
            return match refusal {
                Refusal::Wrong(error) if is_for_monitor(arguments) => answer_monitor(&error, &printer),
                refusal => answer_refusal(&refusal, &printer),
            };
        }
    };
    let printer = Arc::new(Printer::new(options, streams.stdout, streams.stderr));
    let outcome = carry_out(cli, environment, &printer, signals);
    conclude(outcome, &printer, signals)
}

fn parse(arguments: &[OsString], environment: &Environment) -> std::result::Result<Cli, Refusal> {
    if let Some(cli) = alone::parse(arguments) {
        return Ok(cli);
    }
    let width = environment.terminal.width.unwrap_or(DEFAULT_WIDTH);
    let mut command = Cli::command().term_width(width);
    let matches = command.try_get_matches_from_mut(arguments);
    let cli = matches.and_then(|matches| Cli::from_arg_matches(&matches));
    cli.map_err(|error| refusal(&shown(error, arguments, &mut command)))
}

/// Clap drops from its messages what would steer a terminal. Parsed again with those characters written out, the
/// same mistake shows what was really typed.
fn shown(error: clap::Error, arguments: &[OsString], command: &mut clap::Command) -> clap::Error {
    let escaped = arguments.iter().map(|argument| escape_text(&argument.to_string_lossy()).into_owned());
    let again = command.try_get_matches_from_mut(escaped).err();
    again.unwrap_or_else(|| error.format(command))
}

/// A monitor knows four exit codes, also where the command line makes no sense.
fn is_for_monitor(arguments: &[OsString]) -> bool {
    ["status", "--nagios"].iter().all(|word| arguments.iter().any(|argument| argument == word))
}

fn answer_monitor(error: &Error, printer: &Printer) -> Exit {
    commands::status::unknown(error, printer).unwrap_or(Exit::MonitorUnknown)
}

fn answer_refusal(refusal: &Refusal, printer: &Printer) -> Exit {
    match refusal {
        Refusal::Asked(text) => match printer.answer_text(text) {
            Ok(()) => Exit::Done,
            Err(error) => fail(&error, printer),
        },
        Refusal::NoCommand(help, error) => {
            printer.help(help);
            fail(error, printer)
        }
        Refusal::Wrong(error) => fail(error, printer),
    }
}

fn fail(error: &Error, printer: &Printer) -> Exit {
    let exit = Exit::from(error.kind());
    printer.fail(error, exit);
    exit
}

fn carry_out(cli: Cli, environment: Environment, printer: &Arc<Printer>, signals: &Signals) -> Result<Exit> {
    if let Some(path) = cli.global.output.as_deref().filter(|path| !is_standard_output(path)) {
        printer.redirect(path)?;
    }
    let temp = environment.temp_folder.clone();
    let session = Session::new(cli.global, environment, Arc::clone(printer), signals.cancel());
    let exit = dispatch(&cli.command, &session).map_err(|error| match session.database.get() {
        Some(database) => temp_folder::explain(error.naming_database(database), temp.as_deref(), database),
        None => error,
    });
    let exit = exit.map_err(|error| naming_origin(error, &session))?;
    printer.finish(exit)?;
    Ok(exit)
}

/// A customer that is not there, and that no flag named: who did is said, be it that it was erased since.
fn naming_origin(error: Error, session: &Session) -> Error {
    match session.customer_named_by.get() {
        Some((name, origin))
            if error.kind() == ErrorKind::UnknownCustomer
                && error.message() == format!("no customer '{name}'") =>
        {
            let message = format!("{}, whom {origin} names", error.message());
            error.with_message(message)
        }
        _ => error,
    }
}

/// Standard output by one of its names; a file that stands behind it is never replaced.
fn is_standard_output(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path.as_os_str() == *name)
}

/// The one place that turns an outcome into the process's end.
fn conclude(outcome: Result<Exit>, printer: &Printer, signals: &Signals) -> Exit {
    match outcome {
        Ok(exit) => exit,
        Err(error) => {
            let exit = match error.kind() {
                ErrorKind::Interrupted => signals.exit(),
                kind => Exit::from(kind),
            };
            printer.fail(&error, exit);
            exit
        }
    }
}

/// Which function serves which command; nothing else happens here.
fn dispatch(command: &Command, session: &Session) -> Result<Exit> {
    match command {
        Command::Completions(arguments) => commands::completions::run(arguments, session),
        Command::Complete(arguments) => commands::completions::complete(arguments, session),
        Command::Man(arguments) => commands::man::run(arguments, session),
        Command::Schema(arguments) => commands::schema::run(arguments, session),
        Command::Report(_) => Err(reserved("report")),
        Command::Mcp(_) => Err(reserved("mcp")),
        Command::Ingest(arguments) => commands::ingest::run(arguments, session),
        Command::Inspect(arguments) => commands::inspect::run(arguments, session),
        Command::Latest(arguments) => commands::latest::run(arguments, session),
        Command::Flush(arguments) => commands::flush::run(arguments, session),
        Command::Retention(arguments) => commands::retention::run(arguments, session),
        Command::Health(arguments) => commands::health::run(arguments, session),
        Command::Scheduled(arguments) => commands::scheduled::run(arguments, session),
        Command::Tags(arguments) => commands::tags::run(arguments, session),
        Command::Status(arguments) => commands::status::run(arguments, session),
        Command::Snapshot(arguments) => commands::snapshot::run(arguments, session),
        Command::Uploads(arguments) => commands::uploads::run(arguments, session),
        Command::Compare(arguments) => commands::compare::run(arguments, session),
        Command::Context(arguments) => commands::context::run(arguments, session),
        Command::Explain(arguments) => commands::explain::run(arguments, session),
        Command::History(arguments) => commands::history::run(arguments, session),
        Command::Accounts(arguments) => commands::accounts::run(arguments, session),
        Command::Customers(arguments) => commands::customers::run(arguments, session),
        Command::Events(arguments) => commands::events::run(arguments, session),
        Command::Kpis(arguments) => commands::kpis::run(arguments, session),
        Command::Notes(arguments) => commands::notes::run(arguments, session),
        Command::Backup(arguments) => commands::backup::run(arguments, session),
        Command::Restore(arguments) => commands::restore::run(arguments, session),
        Command::Erase(arguments) => commands::erase::run(arguments, session),
        Command::Export(arguments) => commands::export::run(arguments, session),
        Command::Verify(arguments) => commands::verify::run(arguments, session),
        Command::Config(arguments) => commands::config::run(arguments, session),
    }
}

/// Commands that cron runs: there a good run says nothing.
fn is_for_timers(command: &Command) -> bool {
    match command {
        Command::Flush(_) => true,
        Command::Scheduled(arguments) => matches!(arguments.command, ScheduledCommand::Run),
        _ => false,
    }
}

fn reserved(word: &str) -> Error {
    Error::new(ErrorKind::Usage, format!("'{word}' is reserved for a later version and does nothing yet"))
        .with_hint("'acctsnap --help' lists the commands that are there")
}

#[cfg(test)]
mod tests;
