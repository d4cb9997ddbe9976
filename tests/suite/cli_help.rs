//! The help of the program and of every command, as a person sees it.
//!
//! New commands come into it by themselves; `UPDATE_GOLDEN=1` writes their files.

use std::path::Path;

use crate::support::Sandbox;
use acctsnap::cli::args::Cli;
use clap::CommandFactory;

/// The words of every command that is shown, the program's own none.
fn commands(command: &clap::Command, words: &[String], into: &mut Vec<Vec<String>>) {
    into.push(words.to_vec());
    for below in command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help")
    {
        let words = [words, &[below.get_name().to_owned()]].concat();
        commands(below, &words, into);
    }
}

fn all_commands() -> Vec<Vec<String>> {
    let mut all = Vec::new();
    commands(&Cli::command(), &[], &mut all);
    all
}

fn golden_name(words: &[String]) -> String {
    if words.is_empty() { "acctsnap".to_owned() } else { words.join("-") }
}

#[test]
fn every_help_is_as_it_was() {
    let sandbox = Sandbox::new();
    for words in all_commands() {
        let help = sandbox.command(&words).arg("--help").run();
        help.ok().matches_golden(&format!("help/{}", golden_name(&words)));
        assert_eq!(help.stderr, "", "{words:?}");
        assert!(help.stdout.lines().all(|line| line.chars().count() <= 110), "{words:?}");
    }
}

#[test]
fn no_golden_help_is_of_a_command_that_is_gone() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli_golden/help");
    let names: Vec<_> = all_commands().iter().map(|words| format!("{}.txt", golden_name(words))).collect();
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(names.contains(&name), "{name} tells of no command");
    }
}

#[test]
fn the_short_help_is_shorter_and_help_is_never_json() {
    let sandbox = Sandbox::new();
    let long = sandbox.run(["--help"]).ok().stdout.clone();
    let short = sandbox.run(["-h"]).ok().stdout.clone();
    assert!(short.lines().count() < long.lines().count());
    assert_eq!(sandbox.run(["--json", "--help"]).ok().stdout, long);
}
