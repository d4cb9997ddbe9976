//! What may stand at the cursor. What cannot be found out is not offered, and not told either.

use clap::{Arg, Command};

use super::position::{Expected, Position};
use crate::cli::session::Session;
use crate::cli::workspace::load_config;
use crate::error::Result;
use crate::model::snapshot::SnapshotType;
use crate::ops::completion::{Kind, Known, known};
use crate::report::schema;

/// A word, and what it is where that is worth a remark.
pub(super) type Word = (String, String);

/// What is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Candidates {
    /// The shell's own files.
    Files,
    /// These.
    Words(Vec<Word>),
}

/// What may stand at a position.
pub(super) fn at(position: &Position<'_>, session: &Session) -> Candidates {
    match position.expected {
        Expected::Nothing => Candidates::Words(Vec::new()),
        Expected::Command => Candidates::Words(commands(position.command)),
        Expected::Flag => Candidates::Words(flags(position.command)),
        Expected::Value(argument) => values(argument, position, session),
    }
}

fn commands(command: &Command) -> Vec<Word> {
    let shown = command.get_subcommands().filter(|below| !below.is_hide_set());
    shown.map(|below| (below.get_name().to_owned(), first_line(below.get_about()))).collect()
}

fn flags(command: &Command) -> Vec<Word> {
    let shown = command.get_arguments().filter(|flag| !flag.is_hide_set());
    shown.filter_map(|flag| Some((format!("--{}", flag.get_long()?), first_line(flag.get_help())))).collect()
}

fn first_line(text: Option<&clap::builder::StyledStr>) -> String {
    text.map(ToString::to_string).unwrap_or_default().lines().next().unwrap_or_default().to_owned()
}

/// The values of an argument: those that clap knows, else by what its help calls them.
fn values(argument: &Arg, position: &Position<'_>, session: &Session) -> Candidates {
    let possible = argument.get_possible_values();
    if !possible.is_empty() {
        let shown = possible.iter().filter(|value| !value.is_hide_set());
        let words = shown.map(|value| (value.get_name().to_owned(), first_line(value.get_help())));
        return Candidates::Words(words.collect());
    }
    let called =
        argument.get_value_names().and_then(<[_]>::first).map(ToString::to_string).unwrap_or_default();
    let stored = |kinds: &[Kind]| Candidates::Words(stored(kinds, session));
    match (position.command.get_name(), argument.get_id().as_str(), called.as_str()) {
        (_, _, "FILE" | "DIR" | "FOLDER") => Candidates::Files,
        (_, _, "ACCOUNT") => accounts(&position.typed, session),
        (_, "customer" | "old_name", _) => stored(&[Kind::Customers]),
        (_, _, "KPI" | "K") | ("rename", "old", _) => stored(&[Kind::Kpis]),
        (_, _, "TAG") | ("tag" | "untag", _, "NAME") => stored(&[Kind::Tags]),
        (_, _, "FROM" | "TO") => moments(session),
        (_, _, "TYPE") => fixed(SnapshotType::ALL.iter().map(|kind| kind.code())),
        ("schema", ..) => fixed(schema::names()),
        (_, "fields", _) => fields(answer_of(position.command)),
        (_, "ignore", _) | (_, _, "FIELD") => fields("snapshot"),
        _ => Candidates::Words(Vec::new()),
    }
}

fn fixed(words: impl Iterator<Item = impl Into<String>>) -> Candidates {
    Candidates::Words(words.map(|word| (word.into(), String::new())).collect())
}

/// The fields of an answer, from its schema; of a list, its items'.
fn fields(name: &str) -> Candidates {
    fixed(schema::field_names(name).unwrap_or_default().into_iter())
}

/// The schema of what a command answers, for its `--field`.
fn answer_of(command: &Command) -> &'static str {
    let words = command.get_bin_name().and_then(|path| path.split_once(' ')).map(|(_, words)| words);
    match words.unwrap_or_default() {
        "uploads list" => "uploads",
        "uploads show" => "upload",
        "events list" => "events",
        "accounts list" => "accounts",
        "accounts show" => "account",
        "customers list" => "customers",
        "kpis list" => "kpis",
        "kpis show" => "kpi",
        "kpis unknown" => "unknown_kpis",
        "kpis suggest" => "kpi_suggestions",
        "tags list" => "tags",
        "notes list" => "notes",
        "retention plan" => "retention_plan",
        "scheduled plan" => "schedule_plan",
        "explain" => "explain",
        "compare" => "compare",
        "status" => "status",
        _ => "snapshot",
    }
}

/// Names, and external ids beside them; `ext:` and `name:` say which.
fn accounts(typed: &str, session: &Session) -> Candidates {
    let behind = |kind, way: &str| {
        let words = stored(&[kind], session).into_iter();
        words.map(|(word, note)| (format!("{way}{word}"), note)).collect()
    };
    Candidates::Words(match typed.split_once(':') {
        Some(("ext", _)) => behind(Kind::ExternalIds, "ext:"),
        Some(("name", _)) => behind(Kind::Accounts, "name:"),
        _ => stored(&[Kind::Accounts, Kind::ExternalIds], session),
    })
}

/// What stands for a snapshot, numbers and dates aside.
fn moments(session: &Session) -> Candidates {
    let words =
        [("latest", "the newest snapshot"), ("previous", "the one before"), ("now", "the live state")];
    let words = words.map(|(word, note)| (word.to_owned(), note.to_owned()));
    Candidates::Words(words.into_iter().chain(stored(&[Kind::Tags], session)).collect())
}

/// Names from the database; none where it cannot be read.
fn stored(kinds: &[Kind], session: &Session) -> Vec<Word> {
    let found = |kind: &Kind| -> Result<Vec<Known>> {
        let config = load_config(session)?;
        known(*kind, &config.database().value, &config.customer().value)
    };
    let all = kinds.iter().flat_map(|kind| found(kind).unwrap_or_default());
    all.map(|known| (known.word, known.note)).collect()
}
