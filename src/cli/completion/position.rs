//! Where in the command line the cursor stands: which command it is in, and what is expected there.
//!
//! It walks clap's own tree, so that new commands and flags complete by themselves.

use clap::{Arg, ArgAction, Command};

use super::line::Line;

/// What is expected at the cursor.
#[derive(Debug, Clone, Copy)]
pub(super) enum Expected<'c> {
    /// A command below the present one.
    Command,
    /// A flag.
    Flag,
    /// A value of this argument.
    Value(&'c Arg),
    /// Nothing that is known.
    Nothing,
}

/// Where the cursor stands.
#[derive(Debug, Clone)]
pub(super) struct Position<'c> {
    /// The command that the words so far lead to.
    pub(super) command: &'c Command,
    /// What is expected.
    pub(super) expected: Expected<'c>,
    /// How much of the cursor's word, in bytes, stands before the value: `--account=`.
    pub(super) prefix: usize,
    /// The cursor's word from there on.
    pub(super) typed: String,
    /// The values of the flags so far, by the flag's id.
    pub(super) globals: Vec<(String, String)>,
}

/// The walk along the words that are done.
struct Walk<'c> {
    command: &'c Command,
    pending: Option<&'c Arg>,
    positionals: usize,
    only_values: bool,
    values: Vec<(String, String)>,
}

impl<'c> Position<'c> {
    /// Walks a line; the first word is the program's name.
    pub(super) fn of(root: &'c Command, line: &Line) -> Self {
        let mut walk =
            Walk { command: root, pending: None, positionals: 0, only_values: false, values: Vec::new() };
        line.words.iter().skip(1).for_each(|word| walk.pass(word));
        let (expected, prefix) = walk.expected(&line.current);
        let typed = line.current.get(prefix..).unwrap_or_default().to_owned();
        Self { command: walk.command, expected, prefix, typed, globals: walk.values }
    }
}

impl<'c> Walk<'c> {
    fn pass(&mut self, word: &str) {
        if self.only_values || !word.starts_with('-') || word == "-" {
            return self.pass_value(word);
        }
        self.pending = None;
        if word == "--" {
            self.only_values = true;
        } else if let Some(long) = word.strip_prefix("--") {
            let (name, value) =
                long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
            let Some(flag) = flag_of_long(self.command, name) else { return };
            match value {
                Some(value) => self.note(flag, value),
                None => self.pending = takes_value(flag).then_some(flag),
            }
        } else {
            self.pass_shorts(word.trim_start_matches('-'));
        }
    }

    /// `-na`: the first one that takes a value takes the rest of the word, or the next one.
    fn pass_shorts(&mut self, shorts: &str) {
        for (place, short) in shorts.char_indices() {
            let Some(flag) = self.command.get_arguments().find(|flag| flag.get_short() == Some(short)) else {
                return;
            };
            if takes_value(flag) {
                let rest = shorts.get(place + short.len_utf8()..).unwrap_or_default();
                match rest {
                    "" => self.pending = Some(flag),
                    rest => self.note(flag, rest.trim_start_matches('=')),
                }
                return;
            }
        }
    }

    fn pass_value(&mut self, word: &str) {
        if let Some(flag) = self.pending.filter(|_| !self.only_values) {
            self.note(flag, word);
            if !takes_several(flag) {
                self.pending = None;
            }
            return;
        }
        let below = self
            .command
            .get_subcommands()
            .find(|below| below.get_name() == word || below.get_all_aliases().any(|alias| alias == word));
        match below {
            Some(below) if self.positionals == 0 && !self.only_values => self.command = below,
            _ => self.positionals += 1,
        }
    }

    fn note(&mut self, flag: &Arg, value: &str) {
        self.values.push((flag.get_id().to_string(), value.to_owned()));
    }

    /// What is expected of the word at the cursor, and where in it the value begins.
    fn expected(&self, current: &str) -> (Expected<'c>, usize) {
        if let Some(flag) = self.pending.filter(|flag| !current.starts_with('-') || !takes_several(flag)) {
            return (Expected::Value(flag), 0);
        }
        if !self.only_values && current.starts_with('-') {
            let joined = current.strip_prefix("--").and_then(|long| long.split_once('='));
            return match joined {
                None => (Expected::Flag, 0),
                Some((name, _)) => match flag_of_long(self.command, name).filter(|flag| takes_value(flag)) {
                    Some(flag) => (Expected::Value(flag), name.len() + "--=".len()),
                    None => (Expected::Nothing, 0),
                },
            };
        }
        if self.command.has_subcommands() && self.positionals == 0 && !self.only_values {
            return (Expected::Command, 0);
        }
        let positionals: Vec<&Arg> = self.command.get_positionals().collect();
        let at = positionals.get(self.positionals).copied();
        let last = positionals.last().copied().filter(|last| takes_several(last));
        (at.or(last).map_or(Expected::Nothing, Expected::Value), 0)
    }
}

fn flag_of_long<'c>(command: &'c Command, name: &str) -> Option<&'c Arg> {
    command.get_arguments().find(|flag| {
        flag.get_long() == Some(name) || flag.get_all_aliases().is_some_and(|aliases| aliases.contains(&name))
    })
}

fn takes_value(flag: &Arg) -> bool {
    matches!(flag.get_action(), ArgAction::Set | ArgAction::Append)
}

fn takes_several(argument: &Arg) -> bool {
    let more_than_one = argument.get_num_args().is_some_and(|range| range.max_values() > 1);
    more_than_one || (argument.is_positional() && matches!(argument.get_action(), ArgAction::Append))
}

#[cfg(test)]
mod tests {
    use super::super::super::args::Cli;
    use super::*;
    use clap::CommandFactory as _;

    /// The command, what is expected, and the typed part of the value.
    fn at(text: &str) -> (String, String, String) {
        let mut root = Cli::command();
        root.build();
        let position = Position::of(&root, &Line::read(text, "="));
        let expected = match position.expected {
            Expected::Command => "command".to_owned(),
            Expected::Flag => "flag".to_owned(),
            Expected::Value(value) => value.get_id().to_string(),
            Expected::Nothing => "nothing".to_owned(),
        };
        (position.command.get_name().to_owned(), expected, position.typed)
    }

    #[test]
    fn the_cursor_is_found_in_the_tree() {
        for (text, command, expected, typed) in [
            ("acctsnap ", "acctsnap", "command", ""),
            ("acctsnap lat", "acctsnap", "command", "lat"),
            ("acctsnap --customer a lat", "acctsnap", "command", "lat"),
            ("acctsnap accounts sh", "accounts", "command", "sh"),
            ("acctsnap account show Te", "show", "account", "Te"),
            ("acctsnap latest --al", "latest", "flag", "--al"),
            ("acctsnap latest -a Te", "latest", "account", "Te"),
            ("acctsnap latest -qa Te", "latest", "account", "Te"),
            ("acctsnap latest -a One Tw", "latest", "account", "Tw"),
            ("acctsnap latest -a One --fo", "latest", "flag", "--fo"),
            ("acctsnap latest --account=Te", "latest", "account", "Te"),
            ("acctsnap latest --all=Te", "latest", "nothing", "--all=Te"),
            ("acctsnap --tenant ac", "acctsnap", "customer", "ac"),
            ("acctsnap ingest kpis a.csv b", "kpis", "files", "b"),
            ("acctsnap snapshot show 5 x", "show", "nothing", "x"),
            ("acctsnap compare -- fr", "compare", "from", "fr"),
            ("acctsnap compare x t", "compare", "to", "t"),
        ] {
            let told = at(text);
            assert_eq!(
                (told.0.as_str(), told.1.as_str(), told.2.as_str()),
                (command, expected, typed),
                "{text}"
            );
        }
    }

    #[test]
    fn the_values_of_flags_are_noted_wherever_they_stand() {
        let mut root = Cli::command();
        root.build();
        let line = Line::read("acctsnap --db 'my file.db' latest --tenant=acme -a ", "=");
        let noted = Position::of(&root, &line).globals;
        assert_eq!(
            noted,
            [("db".to_owned(), "my file.db".to_owned()), ("customer".to_owned(), "acme".to_owned())]
        );
    }
}
