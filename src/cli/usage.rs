//! Before the command line is understood: what can be known of it, and clap's own answers as ours.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, Error as ClapError, ErrorKind as ClapKind};

use super::args::global::{ColourChoice, Format};
use super::elsewhere;
use crate::error::{Error, ErrorKind};

/// What is read off the raw arguments, so that even an error of parsing takes the form asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Early {
    /// The form of the answer.
    pub format: Format,
    /// When text bears colour.
    pub colour: ColourChoice,
}

impl Early {
    /// Looks for `--json`, `--format F` and `--color C` up to a `--`.
    #[must_use]
    pub fn read(arguments: &[OsString]) -> Self {
        let words: Vec<_> = arguments.iter().map(|word| word.to_string_lossy()).collect();
        let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
        let words = words.get(..end).unwrap_or(&words);
        let value = |flag: &str| {
            let pairs = words.iter().zip(words.iter().skip(1));
            let apart = pairs.filter(|(word, _)| *word == flag).map(|(_, value)| value.to_string());
            let joined =
                words.iter().filter_map(|word| Some(word.strip_prefix(flag)?.strip_prefix('=')?.to_owned()));
            apart.chain(joined).next_back()
        };
        let format = match value("--format").as_deref() {
            _ if words.iter().any(|word| word == "--json") => Format::Json,
            Some("json") => Format::Json,
            Some("jsonl") => Format::Jsonl,
            _ => Format::Text,
        };
        let colour = match value("--color").as_deref() {
            Some("always") => ColourChoice::Always,
            Some("never") => ColourChoice::Never,
            _ => ColourChoice::Auto,
        };
        Self { format, colour }
    }
}

/// What clap had to say.
#[derive(Debug)]
pub enum Refusal {
    /// Help or the version was asked for: text for stdout.
    Asked(String),
    /// No command was given: help for people, the error for programs.
    NoCommand(String, Error),
    /// The command line makes no sense.
    Wrong(Error),
}

/// Sorts clap's errors into what was asked for and what is wrong.
#[must_use]
pub fn refusal(error: &ClapError) -> Refusal {
    match error.kind() {
        ClapKind::DisplayHelp | ClapKind::DisplayVersion => Refusal::Asked(error.render().ansi().to_string()),
        ClapKind::DisplayHelpOnMissingArgumentOrSubcommand | ClapKind::MissingSubcommand => {
            let help = error.render();
            Refusal::NoCommand(help.ansi().to_string(), no_command(&help.to_string()))
        }
        _ => Refusal::Wrong(wrong(&error.render().to_string(), unknown_command(error))),
    }
}

fn no_command(rendered: &str) -> Error {
    let usage = usage_line(rendered).unwrap_or("acctsnap <COMMAND>");
    let help = usage.split(" [").next().unwrap_or("acctsnap").split(" <").next().unwrap_or("acctsnap");
    Error::new(ErrorKind::Usage, format!("expected a command, got none (usage: {usage})"))
        .with_hint(format!("'{help} --help' lists them"))
}

/// The word in the place of a command that is none.
fn unknown_command(error: &ClapError) -> Option<&str> {
    match error.get(ContextKind::InvalidSubcommand)? {
        ContextValue::String(word) => Some(word),
        _ => None,
    }
}

/// Clap's blocks (message, tips, usage), as our message and hint. What a command is called elsewhere says more than
/// the likeness of letters, which finds `event` for `delete`.
fn wrong(rendered: &str, unknown_command: Option<&str>) -> Error {
    let body = rendered.strip_prefix("error: ").unwrap_or(rendered);
    let message = body.split("\n\n").next().unwrap_or(body);
    let message = message.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let usage = usage_line(body);
    let is_first = usage.is_some_and(|usage| usage.starts_with("acctsnap [OPTIONS] <"));
    let mut tips: Vec<String> =
        body.lines().filter_map(|line| line.trim().strip_prefix("tip: ")).map(did_you_mean).collect();
    let known = unknown_command.filter(|_| is_first || tips.is_empty()).and_then(elsewhere::command_for);
    if let Some(command) = known {
        tips = vec![format!("did you mean '{command}'?")];
    }
    let hints: Vec<String> = tips.into_iter().chain(usage.map(|usage| format!("usage: {usage}"))).collect();
    Error::new(ErrorKind::Usage, message).with_hint(if hints.is_empty() {
        "see acctsnap --help".to_owned()
    } else {
        hints.join("; ").replace("?; ", "? ")
    })
}

/// `a similar argument exists: '--now'` as a question; other tips as they are.
fn did_you_mean(tip: &str) -> String {
    let names = tip.split_once(" exists: ").or_else(|| tip.split_once(" exist: "));
    match names.filter(|(what, _)| what.contains("similar")) {
        Some((_, names)) => format!("did you mean {}?", names.replace("', '", "' or '")),
        None => tip.to_owned(),
    }
}

fn usage_line(rendered: &str) -> Option<&str> {
    rendered.lines().find_map(|line| line.strip_prefix("Usage: "))
}

#[cfg(test)]
mod tests {
    use super::super::args::Cli;
    use super::*;
    use clap::Parser;

    fn early(line: &[&str]) -> Early {
        Early::read(&line.iter().map(OsString::from).collect::<Vec<_>>())
    }

    fn refused(line: &[&str]) -> Refusal {
        refusal(&Cli::try_parse_from(line).unwrap_err())
    }

    fn told(line: &[&str]) -> (String, String) {
        match refused(line) {
            Refusal::Wrong(error) | Refusal::NoCommand(_, error) => {
                (error.message().to_owned(), error.hint().unwrap_or("").to_owned())
            }
            Refusal::Asked(text) => panic!("an answer: {text}"),
        }
    }

    #[test]
    fn the_form_is_known_before_parsing() {
        assert_eq!(early(&["acctsnap", "latest", "--json"]).format, Format::Json);
        assert_eq!(early(&["acctsnap", "--format", "jsonl", "x"]).format, Format::Jsonl);
        assert_eq!(early(&["acctsnap", "--format=json"]).format, Format::Json);
        assert_eq!(early(&["acctsnap", "--format"]).format, Format::Text);
        assert_eq!(early(&["acctsnap", "ingest", "--", "--json"]).format, Format::Text);
        assert_eq!(early(&["acctsnap", "--color=never", "--color", "always"]).colour, ColourChoice::Never);
    }

    #[test]
    fn help_and_version_are_answers() {
        for (line, start) in
            [(["acctsnap", "--version"], "acctsnap 0.1.0\n"), (["acctsnap", "--help"], "Remembers")]
        {
            let Refusal::Asked(text) = refused(&line) else { panic!("{line:?} is wrong") };
            assert!(crate::report::style::plain(&text).starts_with(start), "{text}");
        }
    }

    #[test]
    fn a_wrong_flag_is_told_with_clap_s_tip_and_the_usage() {
        let (message, hint) = told(&["acctsnap", "flush", "--nowe"]);
        assert_eq!(message, "unexpected argument '--nowe' found");
        assert!(hint.starts_with("did you mean '--now'? usage: acctsnap flush"), "{hint}");
    }

    #[test]
    fn a_mistyped_command_is_guessed_at_by_its_letters_or_by_what_it_does_elsewhere() {
        for (line, meant) in [
            (&["acctsnap", "latst"][..], "did you mean 'latest'?"),
            (&["acctsnap", "snapshots", "lst"], "did you mean 'list'?"),
            (&["acctsnap", "accounts", "ls"], "did you mean 'list'?"),
            (&["acctsnap", "diff"], "did you mean 'acctsnap compare'?"),
            (&["acctsnap", "delete"], "did you mean 'acctsnap accounts archive'?"),
            (&["acctsnap", "accounts", "delete"], "did you mean 'acctsnap accounts archive'?"),
            (&["acctsnap", "xyzzy"], "usage: acctsnap"),
        ] {
            let (_, hint) = told(line);
            assert!(hint.starts_with(meant), "{line:?}: {hint}");
        }
    }

    #[test]
    fn messages_of_several_lines_become_one() {
        let (message, hint) = told(&["acctsnap", "history"]);
        assert_eq!(message, "the following required arguments were not provided: --account <ACCOUNT>");
        assert!(hint.starts_with("usage: acctsnap history"), "{hint}");
    }

    #[test]
    fn a_missing_command_is_told_with_its_help() {
        let (message, hint) = told(&["acctsnap", "snapshot"]);
        assert!(message.starts_with("expected a command, got none (usage: acctsnap snapshot"), "{message}");
        assert_eq!(hint, "'acctsnap snapshot --help' lists them");
        assert_eq!(told(&["acctsnap"]).1, "'acctsnap --help' lists them");
    }
}
