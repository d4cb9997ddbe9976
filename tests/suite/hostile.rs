//! Hostile words in every field, flag and file name: no command fails on them, none steers a terminal, and the database
//! is sound after all of them.

use crate::secrets::{RUNS, files};
use crate::support::{Outcome, Sandbox};
use acctsnap::report::text::is_treacherous;

/// What names, cells, flags and file names are made of. `{}` in the commands and files of two customers becomes this.
const WORDS: [&str; 6] = [
    "x'); DROP TABLE accounts;--",
    "\u{202e}drow\u{2066}",
    "=cmd|' C'!A0",
    "$(touch pwned)`touch pwned`",
    "%s%n%p{}{0}\\u{1b}",
    "@SUM(1+1)*\u{1f468}\u{200d}\u{1f680}",
];
/// What no name may hold: these files are refused, and the refusals show them.
const CONTROLS: [&str; 4] = ["\u{1b}[2J\u{1b}[31m", "\u{9b}31m", "\u{7}\u{8}\u{8}", "\u{1b}]0;title\u{7}"];

/// Fails where a character steers a terminal.
#[track_caller]
fn steers_nothing(outcome: &Outcome) {
    for text in [&outcome.stdout, &outcome.stderr] {
        let found = text.chars().find(|one| is_treacherous(*one) && *one != '\n' && *one != '\r');
        assert_eq!(found, None, "{}", outcome.transcript());
    }
}

/// Fails where the program came to an end that is none of its own.
#[track_caller]
fn ends_well(outcome: &Outcome) {
    assert!(matches!(outcome.code(), Some(0 | 2..=10)), "{}", outcome.transcript());
    assert!(!outcome.stderr.contains("panicked"), "{}", outcome.transcript());
}

/// Runs every command with a word in each place, in a customer that bears the word too.
fn run_all(sandbox: &Sandbox, word: &str, format: &str) {
    files(sandbox, word, word);
    sandbox.write("short.toml", "[retention.default]\nkeep_all = \"1m\"\nmin = 1\n");
    for (place, (command, arguments)) in RUNS.iter().enumerate() {
        let filled = arguments.iter().map(|argument| match argument.trim_start_matches(['!', '=']) {
            "upload" | "snapshot" | "run" | "id" => "1".to_owned(),
            text => text.replace("{}", word),
        });
        let global = ["--format", format, "--actor", word].map(ToOwned::to_owned);
        let customer = format!("--customer={word} inc");
        let words: Vec<String> =
            command.split(' ').map(ToOwned::to_owned).chain([customer]).chain(global).chain(filled).collect();
        let time = format!("2026-11-22T{:02}:{:02}:00Z", 10 + place / 60, place % 60);
        let outcome = sandbox.command(&words).at(&time).run();
        ends_well(&outcome);
        steers_nothing(&outcome);
    }
}

#[test]
fn hostile_words_in_every_place_are_words() {
    for (number, word) in WORDS.into_iter().enumerate() {
        let sandbox = Sandbox::new();
        let format = ["text", "json", "csv", "jsonl"][number % 4];
        run_all(&sandbox, word, format);
        // One of the two that the files made is erased on the way.
        assert!(sandbox.count("accounts") >= 1, "{word}: something was taken");
        assert!(!sandbox.path("pwned").exists());
        sandbox.command(["verify"]).at("2026-11-23T10:00:00Z").run().ok();
        let customer = format!("--customer={word} inc");
        let erased = sandbox
            .command(["erase", &customer, "--yes", "--format", format])
            .at("2026-11-23T10:00:00Z")
            .run();
        steers_nothing(erased.ok());
        assert_eq!(sandbox.count("accounts"), 0, "{word}: something is left");
        sandbox.command(["verify"]).at("2026-11-23T10:00:00Z").run().ok();
    }
}

#[test]
fn controls_steer_no_terminal_where_files_and_flags_are_refused_for_them() {
    for (number, word) in CONTROLS.into_iter().enumerate() {
        let sandbox = Sandbox::new();
        run_all(&sandbox, word, ["text", "json"][number % 2]);
    }
}

/// Paths that are no files or end nowhere; none leaves the sandbox, for this runs as whoever runs the tests.
const PATHS: [&str; 5] =
    ["/dev/null/x", "home/../tmp", "a/b/c/nowhere.csv", "tmp/../tmp/../missing/x.csv", ""];

#[test]
fn paths_that_lead_nowhere_are_named_and_nothing_is_written() {
    let sandbox = Sandbox::new();
    files(&sandbox, "word", "word");
    sandbox.command(["ingest", "kpis", "word-kpis.csv", "--on-error", "skip"]).run();
    let before = sandbox.count("changes");
    for path in PATHS {
        let calls: [&[&str]; 7] = [
            &["ingest", "kpis", path],
            &["inspect", path],
            &["export", "kpis", path],
            &["restore", path, "--force", "--yes"],
            &["latest", "--all", "-o", path],
            &["verify", "--anchor", path],
            &["config", "check", "--config", path],
        ];
        for words in calls {
            let outcome = sandbox.command(words).run();
            assert!(outcome.code() != Some(0), "{}", outcome.transcript());
            ends_well(&outcome);
            steers_nothing(&outcome);
        }
    }
    assert_eq!(sandbox.count("changes"), before);
}
