//! What the command line takes and refuses.

use clap::error::ErrorKind as Clap;
use clap::{CommandFactory, Parser};

use super::global::Format;
use super::*;

fn parse(line: &[&str]) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("acctsnap").chain(line.iter().copied()))
}

fn refusal(line: &[&str]) -> Clap {
    parse(line).map(|cli| panic!("{line:?} was taken: {cli:?}")).unwrap_err().kind()
}

#[test]
fn verify_cli() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_has_help_and_an_example() {
    fn check(command: &clap::Command, path: &str) {
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
            let path = format!("{path} {}", sub.get_name());
            assert!(sub.get_about().is_some(), "{path} has no help");
            let examples = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(examples.starts_with("Example") && examples.contains("\n  "), "{path} has no example");
            for argument in sub.get_arguments() {
                assert!(argument.get_help().is_some(), "{path} {argument} has no help");
            }
            check(sub, &path);
        }
    }
    check(&Cli::command(), "acctsnap");
}

/// The lines of every example, so that none shows what is not taken.
#[test]
fn every_example_parses() {
    fn lines(command: &clap::Command, into: &mut Vec<String>) {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        into.extend(help.lines().filter_map(|line| line.strip_prefix("  acctsnap ").map(str::to_owned)));
        command.get_subcommands().for_each(|sub| lines(sub, into));
    }
    let mut examples = Vec::new();
    lines(&Cli::command(), &mut examples);
    assert!(examples.len() > 30);
    for example in examples {
        let first = example.split(" && ").next().unwrap_or("").split("   (").next().unwrap_or("").to_owned();
        let mut quoted = first.split('\'').enumerate().flat_map(|(index, part)| match index % 2 {
            0 => part.split_whitespace().collect::<Vec<_>>(),
            _ => vec![part],
        });
        let words: Vec<&str> = quoted.by_ref().collect();
        parse(&words).map_err(|error| panic!("{example}: {error}")).unwrap();
    }
}

#[test]
fn singular_plural_and_aliases_work() {
    for line in [
        ["snapshots", "list"],
        ["snapshot", "list"],
        ["account", "list"],
        ["customer", "list"],
        ["event", "list"],
        ["kpi", "list"],
    ] {
        parse(&line).unwrap();
    }
    for word in ["ingest", "upload", "import"] {
        assert!(matches!(parse(&[word, "kpis", "-"]).unwrap().command, Command::Ingest(_)));
    }
}

#[test]
fn global_flags_stand_before_or_after_the_command() {
    for line in [&["--tenant", "acme", "-n", "flush"][..], &["flush", "--customer", "acme", "--dry-run"]] {
        let global = parse(line).unwrap().global;
        assert_eq!((global.customer.as_deref(), global.dry_run), (Some("acme"), true));
    }
    let global = parse(&["uploads", "list", "--at", "2026-11-22T12:00:00+02:00"]).unwrap().global;
    assert_eq!(global.at.map(|at| at.to_string()).as_deref(), Some("2026-11-22T10:00:00.000Z"));
}

#[test]
fn json_and_format_must_agree() {
    let format = |line: &[&str]| parse(line).unwrap().global.answer_format();
    assert_eq!(format(&["flush"]).unwrap(), Format::Text);
    assert_eq!(format(&["--json", "flush"]).unwrap(), Format::Json);
    assert_eq!(format(&["--json", "flush", "--format", "json"]).unwrap(), Format::Json);
    assert_eq!(format(&["flush", "--format", "jsonl"]).unwrap(), Format::Jsonl);
    let error = format(&["--format", "csv", "flush", "--json"]).unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::Usage);
}

#[test]
fn accounts_are_selected_by_name_or_all_and_not_both() {
    assert_eq!(refusal(&["latest"]), Clap::MissingRequiredArgument);
    assert_eq!(refusal(&["latest", "--all", "-a", "x"]), Clap::ArgumentConflict);
    assert_eq!(refusal(&["history"]), Clap::MissingRequiredArgument);
    let Command::Snapshot(args) = parse(&["snapshot", "create", "-a", "A", "B", "-a", "C"]).unwrap().command
    else {
        panic!("another command");
    };
    let snapshot::SnapshotCommand::Create(create) = args.command else { panic!("another command") };
    assert_eq!(create.selection.account, ["A", "B", "C"]);
}

#[test]
fn nonsense_is_refused() {
    assert_eq!(refusal(&["frobnicate"]), Clap::InvalidSubcommand);
    assert_eq!(refusal(&["uploads", "list", "--limit", "0"]), Clap::ValueValidation);
    assert_eq!(refusal(&["flush", "--at", "yesterday"]), Clap::ValueValidation);
    assert_eq!(refusal(&["flush", "--customer", ""]), Clap::InvalidValue);
    assert_eq!(refusal(&["ingest", "kpis", "x", "--defer", "--no-events"]), Clap::ArgumentConflict);
    assert_eq!(refusal(&["ingest", "kpis"]), Clap::MissingRequiredArgument);
}

#[test]
fn reserved_words_take_anything() {
    assert!(matches!(parse(&["report", "--html", "x", "-a"]).unwrap().command, Command::Report(_)));
    assert!(matches!(parse(&["mcp"]).unwrap().command, Command::Mcp(_)));
}
